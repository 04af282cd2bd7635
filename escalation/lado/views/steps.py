"""One page a step: it asks exactly what the step's row asks, and sends it through the one door."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Moved, NotPermitted, Refused, Step
from core.web import late, sure
from core.web.errors import conflict
from core.web.numbered import request_id
from escalation.accounts.models import User
from escalation.lado import wording
from escalation.lado.facts import Facts
from escalation.lado.forms.steps import StepForm
from escalation.lado.models import Referral
from escalation.lado.queries import View
from escalation.lado.services import check, take_step
from escalation.lado.views.gate import team_only, who
from escalation.lado.views.referral import heading, log_reading, opened
from escalation.lado.workflow import STEP, Who

OUT_OF_SIGHT = ("declare_conflict", "hand_over")
"""Steps after which their taker does not see the record any more."""
ASKS_THE_HEAD = ("ask_head", "head_answered")


@dataclass(frozen=True)
class Page:
    """A step, the referral, and what this person may read of it."""

    request: HttpRequest
    user: User
    view: View
    step: Step[Facts]


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """Ask what a step asks, or take it."""
    row = STEP.get(name)
    if row is None or row.who == {Who.REFERRER}:
        raise Http404
    view = opened(request, uuid)
    user, _ = who(request)
    page = Page(request, user, view, row)
    return _send(page) if request.method == "POST" else _ask(page)


def _ask(page: Page) -> HttpResponse:
    """The form; or the sentence that says why this can't be done now."""
    posted = late.take_back(page.request, page.user.pk)
    if posted is not None:
        messages.info(page.request, late.SAID)
    form = _form(page, posted)
    return _stopped(page, form) or _form_page(page, form, HTTPStatus.OK)


def _stopped(page: Page, form: StepForm) -> HttpResponse | None:
    """The page that says why this can't be done now, if it can't."""
    try:
        check(page.step, page.view.facts)
    except NotPermitted as no:
        return _not_now(page, str(no), HTTPStatus.FORBIDDEN, form)
    except Refused as no:
        return _not_now(page, no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY, form)
    return None


def _send(page: Page) -> HttpResponse:
    """Take the step. What cannot be done is said on the same page, with everything as it was typed."""
    form = _form(page, page.request.POST)
    if not form.is_valid():
        return _form_page(page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if page.step.sure and not sure.said_so(page.request):
        changing = sure.would_change(page.request)
        return _form_page(page, form, HTTPStatus.OK) if changing else _ask_if_sure(page, form)
    _, standing = who(page.request)
    try:
        take_step(
            page.view.referral,
            page.step,
            by=page.user,
            standing=standing,
            expected=form.cleaned_data["version"],
            now=timezone.now(),
            answers=form.answers(),
            request_id=request_id(page.request),
        )
    except Moved:
        title = "Someone was first. Your words are here"
        return conflict(page.request, kept=form.typed(), see_url=page.view.url, title=title)
    except NotPermitted as no:
        return _not_now(page, str(no), HTTPStatus.FORBIDDEN, form)
    except Refused as no:
        if wording.in_the_way(page.view, page.step):
            return _not_now(page, no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY, form)
        form.refuse(no.sentence, no.field)
        return _form_page(page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Referral.DoesNotExist:
        raise Http404 from None
    messages.success(page.request, page.step.banner)
    return redirect("lado:list") if page.step.name in OUT_OF_SIGHT else redirect(page.view.url)


def _ask_if_sure(page: Page, form: StepForm) -> HttpResponse:
    """What happens, before what they cannot undo themselves; and what would stop it, at once."""
    if stopped := _stopped(page, form):
        return stopped
    log_reading(page.request, page.view)
    colleague = form.cleaned_data.get("colleague")
    button = "Yes, keep them out" if colleague else "Yes, keep me out"
    context = {
        **heading(page.view),
        **sure.asked(page.request, page.step.sure, button=button),
        "step": page.step,
        "who": wording.name(page.view, int(colleague)) if colleague else "",
    }
    return render(page.request, "lado/sure.html", context)


def _form(page: Page, posted: QueryDict | None) -> StepForm:
    return StepForm(page.step, page.view, posted) if posted is not None else StepForm(page.step, page.view)


def _form_page(page: Page, form: StepForm, status: HTTPStatus) -> HttpResponse:
    log_reading(page.request, page.view)
    policy = page.view.case.policy
    call = policy.head_of_service if page.step.name in ASKS_THE_HEAD else None
    context = {
        **heading(page.view),
        "step": page.step,
        "form": form,
        "owner": late.seal(page.user.pk),
        "call": call,
    }
    return render(page.request, "lado/step.html", context, status=status)


def _not_now(page: Page, sentence: str, status: HTTPStatus, form: StepForm | None = None) -> HttpResponse:
    log_reading(page.request, page.view)
    typed = form.typed() if form else {}
    ways = wording.in_the_way(page.view, page.step) if status == HTTPStatus.UNPROCESSABLE_ENTITY else []
    context = {
        **heading(page.view),
        "step": page.step,
        "sentence": sentence,
        "ways": ways,
        "status": status,
        "typed": typed,
    }
    return render(page.request, "lado/not_now.html", context, status=status)
