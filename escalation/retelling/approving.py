"""A text on its way: proposed, read by a second person of the business unit, approved; or sent back.

Each app calls these inside its own service, which holds the transaction, and hands in its trail.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from core.machine import Moved, NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User

from .linter import Found
from .models import Retold, TextState
from .sources import may_write

WRITTEN, PROPOSED, APPROVED, SENT_BACK, TAKEN_BACK = (
    "written",
    "proposed",
    "approved",
    "sent_back",
    "taken_back",
)
"""What the trail calls each."""
SAY_WHY = "Change what the log asks about, or say why it may stay: a colleague reads your reason."
NOT_YOURS = "You wrote this, so a colleague has to read and approve it."
NOBODY_ASKS = "Nobody asks for a word on this now."
Text = TypeVar("Text", bound=Retold)
Record = Callable[[Text, str], None]


class Writer(Protocol):
    """Who does it, as what, and when."""

    @property
    def user(self) -> User: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def now(self) -> datetime: ...


def writers_only(by: Writer) -> None:
    if not may_write(by.standing):
        raise NotPermitted("Leads and the business unit write this.")


def unit_only(by: Writer) -> None:
    if not by.standing.in_business_unit:
        raise NotPermitted("The business unit does this.")


def locked(told: Text) -> Text:
    """As it is now, held until the transaction ends."""
    found: Text = type(told)._default_manager.select_for_update().get(pk=told.pk)
    return found


def mine(told: Text, by: Writer) -> Text:
    """Locked, for whoever wrote it and for the unit."""
    now = locked(told)
    if now.written_by_id != by.user.pk and not by.standing.in_business_unit:
        raise NotPermitted("Whoever wrote it, and the business unit, change it.")
    return now


def rewrite(now: Text, fields: dict[str, object], *, seen: int, by: Writer, record: Record[Text]) -> None:
    """Say it anew: a draft again, by whoever changed it last. Raises Moved, or Refused with what to do."""
    if not now.may_change:
        raise Refused("This does not change any more. Write a new one.")
    if now.version != seen:
        raise Moved("Somebody else has changed this meanwhile.")
    words = fields | {"written_by": by.user, "written_at": by.now}
    _move(now, TextState.DRAFT, WRITTEN, record, **words, despite="", decided_by=None, decided_at=None)


def propose(now: Text, finds: Sequence[Found], *, despite: str, record: Record[Text]) -> None:
    """Ask a second person. What the linter finds is changed first, or has a reason that they read."""
    if now.state == TextState.PROPOSED:
        return
    if now.state != TextState.DRAFT:
        raise Refused("This is decided already.")
    if finds and not despite.strip():
        raise Refused(SAY_WHY)
    _move(now, TextState.PROPOSED, PROPOSED, record, despite=despite, sent_back="")


def approve(told: Text, *, is_over: Callable[[Text], bool], by: Writer, record: Record[Text]) -> Text:
    """A second person of the business unit has read it. `is_over`: its challenges are closed."""
    unit_only(by)
    now = locked(told)
    if now.state == TextState.APPROVED and now.decided_by_id == by.user.pk:
        return now
    if now.state != TextState.PROPOSED:
        raise Refused(NOBODY_ASKS)
    if now.written_by_id == by.user.pk:
        raise Refused(NOT_YOURS)
    if not is_over(now):
        raise Refused("It cannot be approved now. Send it back: whoever wrote it can see why.")
    _move(now, TextState.APPROVED, APPROVED, record, decided_by=by.user, decided_at=by.now)
    return now


def send_back(now: Text, *, why: str, by: Writer, record: Record[Text]) -> None:
    """Not as it is; whoever wrote it reads why. They can take it back themselves, too."""
    if now.state != TextState.PROPOSED:
        raise Refused(NOBODY_ASKS)
    if not why.strip() and now.written_by_id != by.user.pk:
        raise Refused("Say what should be other, so that it can be changed.")
    _move(now, TextState.DRAFT, SENT_BACK, record, sent_back=why)


def take_back(now: Text, *, record: Record[Text]) -> None:
    """It is told no more."""
    if now.state != TextState.WITHDRAWN:
        _move(now, TextState.WITHDRAWN, TAKEN_BACK, record)


def _move(now: Text, state: TextState, act: str, record: Record[Text], **fields: object) -> None:
    """Once approved its words never change: they are not written again."""
    now.state = state
    now.version += 1
    for name, value in fields.items():
        setattr(now, name, value)
    now.save(update_fields=["state", "version", *fields])
    record(now, act)
