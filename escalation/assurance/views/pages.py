"""The list of requests, one of them, the standards, and asking."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.web.asking import form_page, refusals_at
from escalation.accounts.models import Organisation
from escalation.assurance.forms import AskForm
from escalation.assurance.models import reads_packs
from escalation.assurance.queries import facts_of, framework_now, requests_of
from escalation.assurance.services import ask
from escalation.assurance.views.gate import acting, request_of, unit
from escalation.assurance.wording import (
    clauses_of,
    groups_of,
    shown_framework,
    standard_of,
    trail_of,
    turn_card,
)


@require_safe
def assurance(request: HttpRequest) -> HttpResponse:
    """Every request in the reader's sight, whose turn it is first."""
    by = acting(request)
    context = {
        "groups": groups_of(requests_of(by.standing), by),
        "is_unit": by.standing.in_business_unit,
        "reads_packs": reads_packs(by.standing),
    }
    return render(request, "assurance/requests.html", context)


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The framework of today: each standard, what shows it, and what can be asked under it."""
    by = acting(request)
    framework = framework_now(by)
    context = {
        "framework": framework,
        "standards": shown_framework(framework) if framework else (),
        "is_unit": by.standing.in_business_unit,
    }
    return render(request, "assurance/standards.html", context)


@require_safe
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A request: whose turn, the clauses, how it was rated, and what has happened."""
    by = acting(request)
    found = request_of(by, uuid)
    facts = facts_of(found, by)
    context = {
        "asked": found,
        "turn": turn_card(found, facts, by),
        "standard": standard_of(found),
        "clauses": clauses_of(found, found.clauses.all(), facts),
        "entries": trail_of(found, found.entries.select_related("by"), by),
        "before": found.retest_of,
        "after": getattr(found, "asked_again", None),
    }
    return render(request, "assurance/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask an organisation; `?about=` is the list of clauses, the first of the framework if none is named."""
    by = unit(request)
    framework = framework_now(by)
    if framework is None:
        raise Http404
    try:
        about = framework.clauses(request.GET.get("about") or framework.lists[0].code)
    except LookupError:
        raise Http404 from None
    form = AskForm(
        request.POST if request.method == "POST" else None,
        organisations=Organisation.objects.all(),
        initial={"key": drawn_id("form"), "question": about.question},
    )
    if form.is_valid():
        with refusals_at(form):
            made = ask(form.asked(about.code), key=form.cleaned_data["key"], by=by)
            messages.success(request, "They are asked. Their heads of service and partners get a mail.")
            return redirect(made)
    context = {
        "form": form,
        "about": about,
        "others": [each for each in framework.lists if each != about],
    }
    return form_page(request, "assurance/ask.html", context)
