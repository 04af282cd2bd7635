"""The only writer of new versions of the policy: begun, written by several, offered, approved by another."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from core.machine import Moved, NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.policy.clock import months_after
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.services import PolicyRefused, adopt
from escalation.rulefiles import Fault

from . import documents, events, notifications
from .documents import Document, Path
from .models import PolicyDraft, State
from .queries import our_key, written

THERE_IS_ONE = "A colleague has begun a new version just now. Go on with that one."
CHANGED = "Somebody else has changed this meanwhile."
NOT_NOW = {
    State.OFFERED: "It waits for a second person. Take it back first, then change it.",
    State.APPROVED: "It is approved, and does not change any more. Begin the next version.",
    State.GIVEN_UP: "It was given up, and does not change any more. Begin a new version.",
}
YOURS = "You wrote or offered this, so a colleague has to read and approve it."


class Overtaken(Moved):
    """Somebody else has written this piece meanwhile; `draft` is as it is now."""

    def __init__(self, draft: PolicyDraft) -> None:
        super().__init__(CHANGED)
        self.draft = draft


# Beginning and writing


@transaction.atomic
def begin(base: PolicyVersion, *, key: UUID, by: Acting) -> PolicyDraft:
    """A draft that says what `base` says, as the next version of our policy; it starts next month at first.

    `key` is the form's own: a second click is the same draft. Raises Refused where one is open already.
    """
    _unit_only(by)
    known = PolicyDraft.objects.filter(uuid=key).first()
    if known is not None:
        return known
    start = months_after(by.today.replace(day=1), 1)
    document = documents.begun_from(base.policy, key=our_key(), start=start)
    try:
        with transaction.atomic():
            draft = PolicyDraft.objects.create(
                uuid=key,
                key=our_key(),
                document=document,
                mark=documents.mark(document),
                based_on=base,
                begun_at=by.now,
                written_by=by.user,
                written_at=by.now,
                last_act=events.BEGUN,
            )
    except IntegrityError:
        raise Refused(THERE_IS_ONE) from None
    events.record(draft, events.BEGUN, by=by)
    return draft


@transaction.atomic
def write(draft: PolicyDraft, path: Path, value: Any, *, seen: str, by: Acting) -> PolicyDraft:
    """Say one piece anew. `seen` is the mark of what its writer saw; raises Overtaken where it is other now.

    Writing what stands there already changes nothing: so a second click does no harm.
    """
    now = _mine(draft, by)
    here = documents.piece(now.document, path)
    if here == value:
        return now
    if here is None or documents.mark(here) != seen:
        raise Overtaken(now)
    return _rewrite(now, documents.with_piece(now.document, path, value), f"write:{path}", by=by)


@transaction.atomic
def add(
    draft: PolicyDraft, path: Path, value: Any, *, at: int | None = None, seen: str, by: Acting
) -> PolicyDraft:
    """One more in the list at a path; in it already, as after a second click, it is not added again."""
    now = _mine(draft, by)
    here = documents.piece(now.document, path)
    if here is None:
        raise Overtaken(now)
    if documents.mark(here) != seen:
        if any(_alike(each, value) for each in here):
            return now
        raise Overtaken(now)
    document = documents.with_piece(now.document, path, documents.added(here, value, at=at))
    return _rewrite(now, documents.numbered(document), f"add:{path}", by=by)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both say the same; a time's short name is made anew at each click, and is no difference."""
    apart = ("number", "name") if "label" in one else ("number",)
    return {**one, **dict.fromkeys(apart)} == {**other, **dict.fromkeys(apart)}


@transaction.atomic
def rearrange(draft: PolicyDraft, what: str, *, seen: int, by: Acting) -> PolicyDraft:
    """Move a stage or a time up or down, or take it out: "stage:up:2", "clock:out:1:0" (stage, place).

    `seen` is the draft's version as its writer saw it. Raises Moved, or Refused with what to do.
    """
    now = _mine(draft, by)
    if now.version != seen:
        if (now.version, now.last_act, now.written_by_id) == (seen + 1, what, by.user.pk):
            return now
        raise Moved(f"{now.written_by.full_name} has changed this meanwhile. Look at it, then press again.")
    return _rewrite(now, _rearranged(now.document, what), what, by=by)


MOVE = re.compile(r"(stage|clock):(up|down|out):([0-9]{1,3})(?::([0-9]{1,3}))?")
GONE = "This is not there any more. Look at the list again."


def _rearranged(document: Document, what: str) -> Document:
    said = MOVE.fullmatch(what)
    if said is None or (said[1] == "clock") != (said[4] is not None):
        raise Refused("Choose what to do.")
    stage = int(said[3])
    path: Path = ("stages",) if said[1] == "stage" else documents.clocks_path(stage)
    index = stage - 1 if said[1] == "stage" else int(said[4])
    items = documents.piece(document, path)
    if items is None or not 0 <= index < len(items):
        raise Refused(GONE)
    if said[2] == "out":
        _check_out(document, stage if said[1] == "clock" else None, items[index])
    return documents.numbered(documents.with_piece(document, path, ACTS[said[2]](items, index)))


ACTS: Mapping[str, Callable[[list[Any], int], list[Any]]] = {
    "up": lambda items, index: documents.moved(items, index, -1),
    "down": lambda items, index: documents.moved(items, index, 1),
    "out": documents.removed,
}


def _check_out(document: Document, stage: int | None, item: Mapping[str, Any]) -> None:
    """A policy keeps a stage, and a time that another one starts after. `stage` None: it is a stage."""
    if stage is None:
        if len(document["stages"]) == 1:
            raise Refused("A policy needs a stage. Add another one first.")
        return
    waiting = documents.followers(document, stage, item["name"])
    if waiting:
        names = ", ".join(f"“{label}”" for label in waiting)
        raise Refused(f"{names} starts after this. Let it start after something else first.")


# Offering, and the second person


@transaction.atomic
def offer(draft: PolicyDraft, *, seen: int, by: Acting) -> PolicyDraft:
    """Ask a second person. What the log cannot work by is put right first."""
    now = _locked(draft, by)
    if now.state == State.OFFERED and now.offered_by_id == by.user.pk:
        return now
    _check_draft(now)
    if now.version != seen:
        raise Moved(f"{now.written_by.full_name} has changed this meanwhile. Read it, then offer it.")
    said = written(now, today=by.today)
    if said.faults:
        raise Refused(_to_mend(said.faults))
    _move(now, State.OFFERED, events.OFFERED, by=by, offered_by=by.user, offered_at=by.now, sent_back="")
    notifications.tell_offered(now, by=by)
    return now


@transaction.atomic
def take_back(draft: PolicyDraft, *, by: Acting) -> PolicyDraft:
    """It is a draft again, to be changed; by whoever wrote or offered it."""
    now = _locked(draft, by)
    if now.state == State.DRAFT:
        return now
    _check_offered(now)
    if by.user.pk not in (now.written_by_id, now.offered_by_id):
        raise Refused("Whoever wrote or offered it takes it back. You can approve it, or send it back.")
    return _move(now, State.DRAFT, events.TAKEN_BACK, by=by, offered_by=None, offered_at=None)


@transaction.atomic
def send_back(draft: PolicyDraft, *, why: str, by: Acting) -> PolicyDraft:
    """Not as it is: a draft again, and its writers read why."""
    now = _locked(draft, by)
    _check_offered(now)
    if not why.strip():
        raise Refused("Say what should be other, so that it can be changed.", field="why")
    notifications.tell_writers(now, notifications.SENT_BACK, by=by)
    return _move(now, State.DRAFT, events.SENT_BACK, by=by, sent_back=why, offered_by=None, offered_at=None)


@transaction.atomic
def approve(draft: PolicyDraft, *, seen: int, by: Acting) -> PolicyDraft:
    """A second person has read it: it is a version now, for challenges from its first day on."""
    now = _locked(draft, by)
    if now.state == State.APPROVED and now.decided_by_id == by.user.pk:
        return now
    _check_offered(now)
    if by.user.pk in (now.written_by_id, now.offered_by_id):
        raise Refused(YOURS)
    if now.version != seen:
        raise Moved("It was taken back and offered anew meanwhile. Read it again, then approve it.")
    said = written(now, today=by.today)
    if said.faults:
        raise Refused(f"{_to_mend(said.faults)} Send it back.")
    try:
        made = adopt(said.policy)
    except PolicyRefused as no:
        raise Refused(f"It cannot be made into a version: {no}. Send it back.") from no
    notifications.tell_writers(now, notifications.APPROVED, by=by)
    whole = {"decided_by": by.user, "decided_at": by.now, "made": made, "digest": made.digest}
    return _move(now, State.APPROVED, events.APPROVED, by=by, **whole)


@transaction.atomic
def give_up(draft: PolicyDraft, *, seen: int, by: Acting) -> PolicyDraft:
    """It comes to nothing, and stays to be read. What waits for a second person is taken back first."""
    now = _locked(draft, by)
    if now.state == State.GIVEN_UP:
        return now
    _check_draft(now)
    if now.version != seen:
        raise Moved(f"{now.written_by.full_name} has changed this meanwhile. Talk to them, then press again.")
    return _move(now, State.GIVEN_UP, events.GIVEN_UP, by=by)


def _to_mend(faults: tuple[Fault, ...]) -> str:
    more = f" More to put right: {len(faults) - 1}." if len(faults) > 1 else ""
    return f"{documents.placed(faults[0])}{more}"


# Under the lock of the draft's row


def _mine(draft: PolicyDraft, by: Acting) -> PolicyDraft:
    now = _locked(draft, by)
    _check_draft(now)
    return now


def _locked(draft: PolicyDraft, by: Acting) -> PolicyDraft:
    _unit_only(by)
    # Of several tables joined, the draft's row alone is held.
    held = PolicyDraft.objects.select_for_update(of=("self",)).select_related("written_by")
    return held.get(pk=draft.pk)


def _unit_only(by: Acting) -> None:
    if not by.standing.in_business_unit:
        raise NotPermitted("The policy is written by the business unit.")


def _check_draft(draft: PolicyDraft) -> None:
    if draft.state != State.DRAFT:
        raise Refused(NOT_NOW[State(draft.state)])


def _check_offered(draft: PolicyDraft) -> None:
    if draft.state == State.DRAFT:
        raise Refused("Nobody asks for a second person now: it is being written again.")
    if draft.state != State.OFFERED:
        raise Refused(NOT_NOW[State(draft.state)])


def _rewrite(now: PolicyDraft, document: Document, act: str, *, by: Acting) -> PolicyDraft:
    faults: list[Fault] = []
    documents.read(document, version=1, faults=faults)
    if faults:
        raise Refused(faults[0].reason)
    now.document, now.mark = document, documents.mark(document)
    now.written_by, now.written_at = by.user, by.now
    now.last_act = act[:60]
    now.version += 1
    now.save(update_fields=["document", "mark", "written_by", "written_at", "last_act", "version"])
    events.record(now, events.WRITTEN, by=by)
    return now


def _move(now: PolicyDraft, state: State, act: str, *, by: Acting, **fields: object) -> PolicyDraft:
    now.state, now.last_act = state, act
    now.version += 1
    for name, value in fields.items():
        setattr(now, name, value)
    now.save(update_fields=["state", "last_act", "version", *fields])
    events.record(now, act, by=by)
    return now
