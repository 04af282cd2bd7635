"""How organisations see themselves, beside what their staff say."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import NotPermitted, Refused
from core.web.asking import form_page
from escalation.access.organisations import answering_for
from escalation.assurance.forms import SelfRatingForm
from escalation.assurance.queries import framework_now, organisations_rated_by, self_ratings
from escalation.assurance.services import rate_oneself
from escalation.assurance.side_by_side import side_by_side
from escalation.assurance.views.gate import acting
from escalation.policy.section11 import standard_words
from escalation.surveys.queries import by_organisation, last_sealed, results_of


@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    """By standard and organisation: its own word, and what its staff said in the last survey."""
    by = acting(request)
    framework = framework_now(by)
    survey = last_sealed()
    results = by_organisation(results_of(survey, by.standing)) if survey else {}
    shown = organisations_rated_by(by.standing)
    mine = set(answering_for(by.standing).values_list("pk", flat=True))
    context = {
        "standards": side_by_side(framework, shown, self_ratings(framework.name), survey, results, mine)
        if framework
        else (),
        "survey": survey,
        "is_unit": by.standing.in_business_unit,
    }
    return render(request, "assurance/self_ratings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, number: int, standard: int) -> HttpResponse:
    """An organisation's own people say how they see it under a standard."""
    by = acting(request)
    framework = framework_now(by)
    if framework is None or standard not in [each.number for each in framework.standards]:
        raise Http404
    organisation = get_object_or_404(answering_for(by.standing), pk=number)
    last = self_ratings(framework.name).get((organisation.pk, standard))
    form = SelfRatingForm(
        request.POST if request.method == "POST" else None,
        ratings=framework.ratings,
        initial={"rating": last.rating, "words": last.words} if last else {},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            rate_oneself(organisation, standard, rating=said["rating"], words=said["words"], by=by)
        except NotPermitted as no:
            raise PermissionDenied from no
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, "It is kept. Evidence packs have it from now on.")
            return redirect("self-ratings")
    title = framework.standard(standard).title
    words = standard_words(standard, title, framework.name, framework.note)
    return form_page(
        request, "assurance/self_rate.html", {"form": form, "organisation": organisation, "standard": words}
    )
