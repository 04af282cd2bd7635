"""Staff surveys: opened by the unit, passed on by leads, answered without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.machine import Refused
from core.text.reference import normalised
from core.web.asking import form_page, refusals_at
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.policy.section11 import framework_on
from escalation.surveys.forms import OpenForm, SurveyForm
from escalation.surveys.models import Survey
from escalation.surveys.queries import passes_on, results_of
from escalation.surveys.queries import surveys as all_surveys
from escalation.surveys.services import answer, open_up
from escalation.surveys.wording import shown

ASKED = ["GET", "HEAD", "POST"]


@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """The link to pass on while one is open; what people of the reader's organisations said in the last."""
    by = Acting.by(request, may=passes_on)
    found = all_surveys()
    now_open = next((each for each in found if each.is_open(by.now)), None)
    last = next((each for each in found if each.sealed_at), None)
    context = {
        "open": now_open,
        "address": request.build_absolute_uri(now_open.get_absolute_url()) if now_open else "",
        "last": last,
        "results": [shown(last, each) for each in results_of(last, by.standing)] if last else (),
        "is_unit": by.standing.in_business_unit,
    }
    return render(request, "surveys/surveys.html", context)


@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Shows what is asked, and opens it until a day."""
    by = Acting.by(request, may=passes_on).unit_alone()
    framework = framework_on(by.today)
    form = OpenForm(request.POST if request.method == "POST" else None, initial={"key": drawn_id("form")})
    if form.is_valid():
        said = form.cleaned_data
        with refusals_at(form):
            open_up(closes_on=said["closes_on"], key=said["key"], by=by)
            messages.success(request, "It is open. Leads of every organisation get a mail with the link.")
            return redirect("surveys")
    kind = framework.surveys[0] if framework and framework.surveys else None
    return form_page(request, "surveys/new_survey.html", {"form": form, "kind": kind})


@login_not_required  # staff answer with an account or without
@require_http_methods(ASKED)
def asked(request: HttpRequest, survey: str) -> HttpResponse:
    """The questions; closed before and after its time. Who is signed in is not looked at."""
    row = _found(survey)
    form = SurveyForm(
        request.POST if request.method == "POST" else None,
        survey=row,
        organisations=Organisation.objects.filter(pk__in=row.tallies.values("organisation")),
    )
    if form.is_valid():
        try:
            answer(row, form.cleaned_data["organisation"], form.said, now=timezone.now())
        except Refused as no:
            form.add_error(None, no.sentence)
        else:
            return redirect("survey-thanks", survey=row.code)
    context = {"form": form, "survey": row, "is_open": row.is_open(timezone.now())}
    return form_page(request, "surveys/survey.html", context)


@login_not_required
@require_safe
def thanks(request: HttpRequest, survey: str) -> HttpResponse:
    """After an answer: reading it again changes nothing."""
    _found(survey)
    return render(request, "surveys/survey_thanks.html")


def _found(code: str) -> Survey:
    row = Survey.objects.filter(code=normalised(code)[:8]).first()
    if row is None:
        raise Http404
    return row
