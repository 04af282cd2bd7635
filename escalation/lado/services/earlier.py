"""A referral as an earlier log told it, and what it must be to stand in this one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from escalation.lado.workflow import ENDED, Status
from escalation.policy.clock import LONDON

ANSWERED = (Status.ADVICE_GIVEN, Status.BELOW_THRESHOLD)
"""Ends at the first answer: nothing was planned."""


@dataclass(frozen=True)
class EarlierReferral:
    """One referral as an earlier log told it. Days are London's.

    `key` is the same each time the same row is read, and nobody outside can make it. `source` says, in codes,
    where it stood. `status` None: it is still open. `met`: it met the threshold. `words` are what was told,
    `notes` all that has no place of its own. `facts` are other columns of a referral: source, sector, ...
    """

    key: UUID
    source: Mapping[str, object]
    told_on: date
    status: Status | None
    met: bool
    words: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    aware_on: date | None = None
    told_in_time: bool | None = None
    meeting_on: date | None = None
    ended_on: date | None = None
    outcome: str = ""
    reasons: str = ""
    nature: str = ""
    non_recent: bool = False
    child_name: str = ""
    child_born: date | None = None
    employer: str = ""
    notes: str = ""

    @property
    def is_open(self) -> bool:
        return self.status is None


def start_of(day: date) -> datetime:
    """An earlier log tells days; a moment stands for one by its beginning, in London."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def refusals(earlier: EarlierReferral) -> Iterator[tuple[str, str]]:
    """Why it cannot stand in this log: the field at fault, and a sentence that says what to do."""
    if earlier.status is not None and earlier.status not in ENDED:
        yield "status", "It can be open, or have ended in one of five ways. Choose one of these."
    if earlier.status is not None and earlier.ended_on is None:
        yield "ended_on", "It has ended, and the day is missing. Write it, or say that it is open."
    if earlier.is_open and earlier.ended_on is not None:
        yield "ended_on", "It is open, and yet has a day on which it ended. Take the day out, or close it."
    if earlier.is_open and earlier.outcome:
        yield "outcome", "It is open, and yet has an outcome. Take the outcome out, or close it."
    if earlier.status not in (None, Status.CLOSED) and earlier.outcome:
        yield "outcome", "It ended without an allegation being decided, and yet has an outcome. Correct one."
    if earlier.status in ANSWERED and earlier.meeting_on:
        yield "meeting_on", "It ended when it was answered, and yet has a meeting. Correct one."
    if not earlier.met and (earlier.outcome or earlier.meeting_on):
        yield "level", "The threshold was not met, and yet it has a meeting or an outcome. Correct one."
    yield from _wrong_days(earlier)


def _wrong_days(earlier: EarlierReferral) -> Iterator[tuple[str, str]]:
    told = f"{earlier.told_on:%d/%m/%Y}"
    for name, day in {"ended_on": earlier.ended_on, "meeting_on": earlier.meeting_on}.items():
        if day is not None and day < earlier.told_on:
            yield (
                name,
                f"{day:%d/%m/%Y} is before the LADO was told ({told}). Look both up, and correct one.",
            )
    if earlier.aware_on is not None and earlier.aware_on > earlier.told_on:
        aware = f"{earlier.aware_on:%d/%m/%Y}"
        yield "aware_on", f"{aware} is after the LADO was told ({told}). Look both up, and correct one."
    if earlier.meeting_on and earlier.ended_on and earlier.meeting_on > earlier.ended_on:
        yield "meeting_on", "The meeting is after it ended. Look both up, and correct one."
