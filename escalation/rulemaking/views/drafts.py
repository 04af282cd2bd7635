"""New versions of the policy: begun, looked at, tried with days, offered, and approved by another."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.machine import Moved, Refused
from core.web.asking import form_page
from core.web.dates import LONDON, london_day
from escalation.access.acting import Acting
from escalation.challenges.workflow_docs import LABELS
from escalation.policy import Policy
from escalation.policy.changes import changes
from escalation.policy.writing import toml_text
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import closed_days
from escalation.rulemaking.fitting import follows
from escalation.rulemaking.forms import BeginForm, PreviewForm
from escalation.rulemaking.models import PolicyDraft, State
from escalation.rulemaking.queries import open_draft, our_key, written
from escalation.rulemaking.services import approve, begin, give_up, offer, rearrange, send_back, take_back
from escalation.rulemaking.views.gate import draft_of, unit
from escalation.rulemaking.views.reading import AHEAD, Shelf, told
from escalation.rulemaking.wording import (
    base_choices,
    beside_rows,
    due_tables,
    fault_rows,
    stage_rows,
    state_label,
    word_links,
)

ASKED = ["GET", "HEAD", "POST"]


@require_http_methods(ASKED)
def drafts(request: HttpRequest) -> HttpResponse:
    """The one that is open, those that came to an end, and what a new one can be made from."""
    by = unit(request)
    known = list(PolicyVersion.objects.order_by("key", "-version"))
    shelf = Shelf([each for each in known if each.key == our_key()], by.today)
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        bases=base_choices(known, shelf.current),
        initial={"key": drawn_id("form"), "base": str(shelf.current.pk) if shelf.current else ""},
    )
    if form.is_valid():
        base = next(each for each in known if str(each.pk) == form.cleaned_data["base"])
        try:
            return redirect(begin(base, key=form.cleaned_data["key"], by=by))
        except Refused as no:
            form.add_error(None, no.sentence)
    context = {
        "form": form,
        "open": open_draft(),
        "ended": PolicyDraft.objects.exclude(state__in=(State.DRAFT, State.OFFERED)).select_related("made"),
        "versions": shelf.found,
    }
    return form_page(request, "rulemaking/drafts.html", context)


@require_http_methods(ASKED)
def draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything of one draft: its pieces to change, what is wrong, what is new, and what is next."""
    by, found = unit(request), draft_of(uuid)
    if request.method == "POST":
        return _acted(request, found, by)
    said = written(found, today=by.today)
    before = _before(found)
    may_approve = found.state == State.OFFERED and by.user.pk not in (
        found.written_by_id,
        found.offered_by_id,
    )
    context = {
        "draft": found,
        "policy": said.policy,
        "state": state_label(found, by.user),
        "faults": fault_rows(found, said.faults) if found.is_open else [],
        "stages": stage_rows(found, said.policy),
        "beside": beside_rows(found, said.policy),
        "words": word_links(found),
        "before": before,
        "parts": changes(before.policy, said.policy, LABELS),
        "follows": follows(said.policy),
        "may_approve": may_approve,
        "is_mine": by.user.pk in (found.written_by_id, found.offered_by_id),
    }
    return render(request, "rulemaking/draft.html", context)


def _before(draft: PolicyDraft) -> PolicyVersion:
    """The version that it comes after: ours, where there is one; else what it was made from."""
    ours = PolicyVersion.objects.filter(key=draft.key)
    if draft.made is not None:
        ours = ours.filter(version__lt=draft.made.version)
    return ours.order_by("-version").first() or draft.based_on


Act = Callable[[PolicyDraft, HttpRequest, Acting], PolicyDraft]
ACTS: Mapping[str, tuple[Act, str]] = {
    "offer": (
        lambda draft, request, by: offer(draft, seen=_seen(request), by=by),
        "It waits for a colleague of the business unit. They get a mail.",
    ),
    "take back": (lambda draft, _, by: take_back(draft, by=by), "It is a draft again."),
    "send back": (
        lambda draft, request, by: send_back(draft, why=request.POST.get("why", "")[:2000], by=by),
        "It is a draft again, and its writers read why.",
    ),
    "approve": (
        lambda draft, request, by: approve(draft, seen=_seen(request), by=by),
        "It is approved. Challenges that are raised from its first day on are under it.",
    ),
    "give up": (
        lambda draft, request, by: give_up(draft, seen=_seen(request), by=by),
        "It is given up. It can still be read here.",
    ),
}
"""What the buttons of a draft's page do, and what is said then. Those that move something name it instead."""


def _acted(request: HttpRequest, draft: PolicyDraft, by: Acting) -> HttpResponse:
    name = request.POST.get("act", "")
    act, said = ACTS.get(name, (_move, ""))
    try:
        act(draft, request, by)
    except (Moved, Refused) as no:
        messages.error(request, str(no))
        if request.POST.get("why"):
            messages.info(request, f"You wrote: {request.POST['why'][:2000]}")
    else:
        if said:
            messages.success(request, said)
    return redirect(draft)


def _move(draft: PolicyDraft, request: HttpRequest, by: Acting) -> PolicyDraft:
    return rearrange(draft, request.POST.get("act", "")[:60], seen=_seen(request), by=by)


def _seen(request: HttpRequest) -> int:
    """The draft's version when the page was made; 0 where the box holds no number."""
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


@require_safe
def as_read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """As everybody will read it."""
    by, found = unit(request), draft_of(uuid)
    policy = written(found, today=by.today).policy
    context = {**told(policy, by.now), "version": policy, "draft": found}
    return render(request, "rulemaking/policy.html", context)


@require_safe
def draft_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """As a file that the log reads back."""
    by, found = unit(request), draft_of(uuid)
    return _file(found.made.policy if found.made else written(found, today=by.today).policy)


@require_safe
def version_file(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a file that the log reads back to the same digest."""
    by = unit(request)
    shelf = Shelf(list(PolicyVersion.objects.filter(key=our_key()).order_by("-version")), by.today)
    return _file(shelf.numbered(number).policy)


def _file(policy: Policy) -> HttpResponse:
    name = f"{policy.key}-{policy.version}.toml"
    return HttpResponse(
        toml_text(policy),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """When each time would end, for a day and an hour, in the version before and in this one."""
    by, found = unit(request), draft_of(uuid)
    asked = "day" in request.GET
    form = PreviewForm(request.GET if asked else None, initial={"day": by.today, "hour": _hour(by.now)})
    start = _start(form) if asked and form.is_valid() else by.now if not asked else None
    context: dict[str, Any] = {"draft": found, "form": form, "start": start, "examples": _examples(by.now)}
    if start is not None:
        closed = closed_days(london_day(start), london_day(start) + AHEAD)
        before = _before(found)
        context["before"] = before
        context["tables"] = list(
            due_tables(before.policy, written(found, today=by.today).policy, start, closed)
        )
    return form_page(request, "rulemaking/preview.html", context)


def _hour(now: datetime) -> time:
    return now.astimezone(LONDON).time().replace(minute=0, second=0, microsecond=0)


def _start(form: PreviewForm) -> datetime:
    return datetime.combine(form.cleaned_data["day"], form.cleaned_data["hour"], tzinfo=LONDON)


def _examples(now: datetime) -> list[tuple[str, str]]:
    """The days before the next Easter and the next Christmas: the words, and what the form takes."""
    today, found = london_day(now), {}
    for day, name in closed_days(today, today + AHEAD).items():
        for holiday, words, back in (("Good Friday", "Easter", 1), ("Christmas Day", "Christmas", 2)):
            begins = day - timedelta(days=back)
            if name == holiday and begins >= today and words not in found:
                found[words] = f"?day={begins:%d}+{begins:%m}+{begins:%Y}&hour=10am"
    return [(f"Before {words}", query) for words, query in found.items()]
