"""One page a step: it asks exactly what the step's row asks, and sends it through the one door.

Nothing typed is lost: a refusal, a mistake, a step that somebody else took first, "save and come back" and a
session that ended meanwhile all keep the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Moved, NotPermitted, Refused, Step
from core.web import late
from core.web.errors import conflict
from core.web.numbered import request_id
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import User
from escalation.challenges.facts import Facts
from escalation.challenges.forms.steps import StepForm, step_form
from escalation.challenges.forms.warnings import patterns_for_page
from escalation.challenges.models import Challenge, KeptWords
from escalation.challenges.queries import CaseView, Reader, kept_words, people_of
from escalation.challenges.services import check, draft_days, drop_kept_words, keep_words, take_step
from escalation.challenges.views.case import heading, log_reading, opened, show_case
from escalation.challenges.wording import step as wording
from escalation.challenges.wording.offers import step_url
from escalation.challenges.workflow import STEP
from escalation.policy import Policy
from escalation.policy.words import london_date
from escalation.rulebook.queries import closed_days, current_policy

AHEAD = timedelta(days=60)
ADD = "add_note"


@dataclass(frozen=True)
class Page:
    """A step, the challenge, and what this person may read of it."""

    request: HttpRequest
    user: User
    standing: Standing
    challenge: Challenge
    view: CaseView
    readers: tuple[Reader, ...]
    step: Step[Facts]


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """Ask what a step asks, or take it."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    if name not in STEP:
        raise Http404
    page = _page(request, request.user, uuid, STEP[name])
    return _send(page) if request.method == "POST" else _ask(page)


def _page(request: HttpRequest, user: User, uuid: UUID, step: Step[Facts]) -> Page:
    challenge, view, readers = opened(request, uuid)
    return Page(request, user, request_standing(request), challenge, view, readers, step)


def _ask(page: Page) -> HttpResponse:
    """The form; or the sentence that says why this can't be done now."""
    form = _form_posted_late(page)
    try:
        check(page.step, page.view.facts)
    except NotPermitted as no:
        return _not_now(page, str(no), HTTPStatus.FORBIDDEN, form)
    except Refused as no:
        return _not_now(page, no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY, form)
    kept = None if form else kept_words(page.challenge, page.user.pk)
    return _form_page(page, form or _form(page, kept=_kept_for(page, kept)), HTTPStatus.OK, kept=kept)


def _form_posted_late(page: Page) -> StepForm | None:
    """What this person sent after their session had ended, as it was typed, and not yet checked."""
    posted = late.take_back(page.request, page.user.pk)
    if posted is None:
        return None
    form = _form(page, data=posted, lenient=posted.get("version") != str(page.view.version))
    form.show_as_typed()
    if words := form.typed():
        keep_words(page.challenge, page.step, by=page.user, words=words, now=timezone.now())
    messages.info(page.request, late.SAID)
    return form


def _send(page: Page) -> HttpResponse:
    """Take the step. What cannot be done is said on the same page, with everything as it was typed."""
    seen = _seen(page.request)
    stale = seen is not None and seen != page.view.version
    form = _form(page, data=page.request.POST, lenient=stale)
    if "save" in page.request.POST:
        return _save(page, form)
    if not form.is_valid():
        if stale:
            return _moved(page, form, seen or 0)
        if _was_overtaken(page):
            return _send(_page(page.request, page.user, page.challenge.uuid, page.step))
        return _form_page(page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    taken = STEP[form.step_name]
    try:
        take_step(
            page.challenge,
            taken,
            by=page.user,
            standing=page.standing,
            expected=form.cleaned_data["version"],
            now=timezone.now(),
            answers=form.answers(),
            request_id=request_id(page.request),
        )
    except Moved:
        return _moved(page, form, form.cleaned_data["version"])
    except NotPermitted as no:
        return _not_now(page, str(no), HTTPStatus.FORBIDDEN, form)
    except Refused as no:
        form.refuse(no.sentence, no.field)
        return _form_page(page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    drop_kept_words(page.challenge, by=page.user)
    messages.success(page.request, taken.banner)
    return redirect(page.view.url)


def _was_overtaken(page: Page) -> bool:
    """Whether somebody changed the challenge while it was read here: then the page is half old, half new."""
    return not Challenge.objects.filter(pk=page.challenge.pk, version=page.view.version).exists()


def _seen(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _form(
    page: Page,
    data: Mapping[str, Any] | None = None,
    *,
    kept: Mapping[str, str] | None = None,
    lenient: bool = False,
) -> StepForm:
    party = page.view.facts.party
    people = people_of(party.id) if "person" in page.step.asks and party else ()
    return step_form(
        page.step, page.view, data, people=people, kept=kept, lenient=lenient, warns=_todays(page.view)
    )


def _todays(view: CaseView) -> Policy:
    """Warnings are always today's, whatever the policy the challenge was opened under."""
    return current_policy(timezone.localdate(), view.policy.key).policy


def _kept_for(page: Page, kept: KeptWords | None) -> dict[str, str]:
    """Words kept from last time: as they stood on this page, or all of them for a new entry."""
    if kept is None:
        return {}
    if kept.step == page.step.name:
        return dict(kept.words)
    return {"what": "\n\n".join(kept.words.values())} if page.step.name == ADD else {}


def _save(page: Page, form: StepForm) -> HttpResponse:
    """Keep the words for this person alone, and go back to the challenge."""
    words = form.typed()
    if words:
        keep_words(page.challenge, page.step, by=page.user, words=words, now=timezone.now())
        messages.info(page.request, "Your words are kept. They are not sent yet. Only you can see them.")
    return redirect(page.view.url)


def _moved(page: Page, form: StepForm, version: int) -> HttpResponse:
    """Somebody else was first: say who and when, and keep the words as a draft."""
    now = timezone.now()
    _, view, _ = opened(page.request, page.view.uuid)
    words = form.typed()
    if words:
        keep_words(page.challenge, page.step, by=page.user, words=words, now=now)
    title, happened = wording.who_was_first(view, version)
    log_reading(page.request, view)
    return conflict(
        page.request,
        kept={str(form.fields[name].label): text for name, text in words.items()},
        see_url=view.url,
        add_url=step_url(view, ADD) if words and view.offers(ADD) else "",
        happened=happened,
        title=title if words else title.partition(".")[0],
        draft_days=draft_days(london_date(now)) if words else None,
    )


def _form_page(
    page: Page, form: StepForm, status: HTTPStatus, *, kept: KeptWords | None = None
) -> HttpResponse:
    view = page.view
    context = {
        **_around(page),
        "form": form,
        "kept_at": kept.saved_at if kept and _kept_for(page, kept) else None,
        "owner": late.seal(page.user.pk),
        "button": wording.button(page.step),
        "same_again": wording.same_again(page.step, view, page.readers),
        "worry": wording.worry(view),
        "when_you_send": wording.when_you_send(
            page.step, view, page.readers, _closed(view.now), page.user.full_name
        ),
        "patterns": patterns_for_page(_todays(view)),
        "keeps_words": any(name in form.fields for name in ("what", "what_acted", "reasons")),
    }
    return show_case(page.request, view, "challenges/step.html", context, status)


def _closed(now: datetime) -> Mapping[Any, str]:
    return closed_days(now.date(), (now + AHEAD).date())


def _not_now(page: Page, sentence: str, status: HTTPStatus, form: StepForm | None = None) -> HttpResponse:
    context = {**_around(page), "sentence": sentence, "status": status, "typed": form.typed() if form else {}}
    return render(page.request, "challenges/not_now.html", context, status=status)


def _around(page: Page) -> dict[str, Any]:
    return {
        **heading(page.view),
        "step": page.step,
        "step_heading": wording.heading(page.step),
        "caption": wording.caption(page.view),
        "state": wording.state(page.view),
    }
