"""Writing an answer clause by clause, and every other step of a request."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.machine import Moved, Refused
from core.web.asking import form_page
from core.web.forms import Form
from escalation.assurance.acting import Acting
from escalation.assurance.forms import AnswerForm, StepForm, as_it_is
from escalation.assurance.models import AssuranceRequest
from escalation.assurance.queries import facts_of, ratings_of
from escalation.assurance.services import take
from escalation.assurance.services.stepping import NOT_NOW
from escalation.assurance.views.gate import acting, asked_of, request_of, unit
from escalation.assurance.wording import standard_of, told_meanwhile
from escalation.assurance.workflow import STEP, TO_ANSWER, Part, Step

ASKED = ["GET", "HEAD", "POST"]
AGAIN = "Your words are here. Look at what has changed, then send them again."


@require_http_methods(ASKED)
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every clause in one form; kept as often as one likes, and sent once."""
    by = acting(request)
    found = asked_of(by, uuid)
    if found.status not in TO_ANSWER:
        return _not_now(request, found, NOT_NOW)
    sending = request.POST.get("do") == "send"
    clauses = list(found.clauses.all())
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        clauses=clauses,
        sending=sending,
        initial=as_it_is(found, clauses),
    )
    context = {"asked": found, "form": form, "standard": standard_of(found)}
    if form.is_valid():
        step = STEP["answer" if sending else "save"]
        try:
            take(found, step, by=by, seen=form.cleaned_data["seen"], **form.said)
        except Moved as moved:
            context["theirs"] = told_meanwhile(found, clauses, form.said)
            return _again(request, "assurance/answer.html", context, moved)
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, step.banner)
            return redirect(found)
    return form_page(request, "assurance/answer.html", context)


@require_http_methods(ASKED)
def step(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """One row of the step table: what it asks, then what it does."""
    row = STEP[name]
    by = unit(request) if Part.UNIT in row.who else acting(request)
    found = request_of(by, uuid) if Part.UNIT in row.who else asked_of(by, uuid)
    facts = facts_of(found, by)
    if not row.who & facts.parts:
        raise PermissionDenied
    form = StepForm(
        request.POST if request.method == "POST" else None,
        step=row,
        ratings=ratings_of(found),
        initial={"seen": found.version},
    )
    context = {"asked": found, "form": form, "step": row, "standard": standard_of(found)}
    if request.method != "POST" and not row.is_offered(facts):
        return _not_now(request, found, row.refusal(facts) or NOT_NOW)
    if form.is_valid():
        return _taken(request, row, by, context)
    return form_page(request, "assurance/step.html", context)


def _taken(request: HttpRequest, row: Step, by: Acting, context: dict[str, object]) -> HttpResponse:
    form, found = context["form"], context["asked"]
    assert isinstance(form, StepForm)  # noqa: S101 - the view's own
    assert isinstance(found, AssuranceRequest)  # noqa: S101 - the view's own
    try:
        take(found, row, by=by, seen=form.cleaned_data["seen"], **form.said)
    except Moved as moved:
        return _again(request, "assurance/step.html", context, moved)
    except Refused as no:
        form.add_error(no.field, no.sentence)
        return form_page(request, "assurance/step.html", context)
    messages.success(request, row.banner)
    return redirect(found)


def _not_now(request: HttpRequest, found: AssuranceRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(found)


def _again(request: HttpRequest, template: str, context: dict[str, object], moved: Moved) -> HttpResponse:
    """409: somebody was first; what was typed is there, and can be sent again."""
    form, found = context["form"], context["asked"]
    assert isinstance(form, Form)  # noqa: S101 - the views' own
    assert isinstance(found, AssuranceRequest)  # noqa: S101 - the views' own
    form.add_error(None, f"{moved} {AGAIN}")
    form.data = request.POST.copy()
    form.data["seen"] = str(found.version)
    return render(request, template, context, status=HTTPStatus.CONFLICT)
