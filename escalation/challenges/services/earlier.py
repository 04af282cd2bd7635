"""A challenge as an earlier log told it, and what it must be to stand in this one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from escalation.accounts.models import Setting, User
from escalation.challenges.services.raising import MOST_ASKED
from escalation.challenges.workflow import ENDED, Status
from escalation.policy.clock import LONDON
from escalation.policy.document import Policy

OPEN = Status.AWAITING_RESPONSE
STATUSES = (OPEN, Status.CLOSED, Status.WITHDRAWN, Status.TRANSFERRED, Status.VOID)
"""What a challenge of an earlier log can be here; open is waiting for an answer, from the beginning."""


@dataclass(frozen=True)
class EarlierCase:
    """One challenge as an earlier log told it. Days are London's; who is not known is None.

    `key` is the same each time the same row is read. `source` says, in codes, where it stood. `raised_by`:
    for an open one, who carries it on. `moved_up`: the day each later stage began, where that was told.
    `child_agreed`: both sides had agreed which child it is. `words` are the raiser's, `notes` all that has
    no place of its own. `facts` are other columns of a challenge: issue, scope, label, our_pointer, ...
    """

    key: UUID
    source: Mapping[str, object]
    raising: Setting
    asked: tuple[Setting, ...]
    raised_on: date
    stage: int
    status: str
    words: Mapping[str, str]
    facts: Mapping[str, Any]
    supporting: tuple[Setting, ...] = ()
    raised_by: User | None = None
    counterpart: User | None = None
    their_pointer: str = ""
    child_agreed: bool = False
    moved_up: Mapping[int, date] = field(default_factory=dict)
    answer: str = ""
    answered_on: date | None = None
    response: str = ""
    ended_on: date | None = None
    reasons: str = ""
    feedback: str = ""
    withdrawal_reason: str = ""
    notes: str = ""

    @property
    def is_open(self) -> bool:
        return self.status == OPEN

    @property
    def answered_by(self) -> Setting | None:
        """Who answered, where only one was asked."""
        return self.asked[0] if self.answered_on and len(self.asked) == 1 else None


def refusals(earlier: EarlierCase, policy: Policy) -> Iterator[tuple[str, str]]:
    """Why a case cannot stand in this log: the field at fault, and a sentence that says what to do."""
    if not 1 <= len(earlier.asked) <= MOST_ASKED:
        yield "responding", "A challenge asks at least one service, and at most five. Name them."
    if earlier.raising in (*earlier.asked, *earlier.supporting):
        yield "responding", "This is the service that raised it. Name the service whose decision it was."
    if set(earlier.asked) & set(earlier.supporting):
        yield "supporting", "A service cannot both be asked and support. Take it out of one."
    if earlier.stage not in [stage.number for stage in policy.stages]:
        yield "stage", f"The policy “{policy.title}” has no stage {earlier.stage}. Choose one that it has."
    if earlier.status not in STATUSES:
        yield "status", "It can be open, closed, withdrawn, transferred or void. Choose one of these."
    yield from _wrong_days(earlier)
    if earlier.is_open and earlier.raised_by is None:
        yield (
            "raised_by",
            "It is open, and nobody would carry it on. Give the raising service a lead, or close it first.",
        )


def _wrong_days(earlier: EarlierCase) -> Iterator[tuple[str, str]]:
    if earlier.status in ENDED and earlier.ended_on is None:
        yield "ended_on", "It has ended, and the day is missing. Write it, or say that it is open."
    if earlier.is_open and earlier.ended_on is not None:
        yield "ended_on", "It is open, and yet has a day on which it ended. Take the day out, or close it."
    days = {"ended_on": earlier.ended_on, "answered_on": earlier.answered_on}
    days |= {f"stage_{stage}_on": day for stage, day in earlier.moved_up.items()}
    for name, day in days.items():
        if day is not None and day < earlier.raised_on:
            raised = f"{earlier.raised_on:%d/%m/%Y}"
            yield name, f"{day:%d/%m/%Y} is before it was raised ({raised}). Look both up, and correct one."
        if day is not None and earlier.ended_on is not None and day > earlier.ended_on:
            ended = f"{earlier.ended_on:%d/%m/%Y}"
            yield name, f"{day:%d/%m/%Y} is after it ended ({ended}). Look both up, and correct one."


def start_of(day: date) -> datetime:
    """An earlier log tells days; a moment stands for one by its beginning, in London."""
    return datetime.combine(day, time(), tzinfo=LONDON)
