"""The door of the wall for what dip samples found: words that two read and a second person gave, and when.

No record, no number of them, and no answer to a question about one goes through it; what is not given does
not exist here.
"""

from dataclasses import dataclass
from datetime import date

from core.web.dates import london_day
from escalation.lado.models import DipSample, SampleState
from escalation.policy.quarters import Quarter


@dataclass(frozen=True)
class Given:
    """A finding that left the wall: of which employers, of the year up to which quarter, in which words."""

    title: str
    standard: int
    standard_words: str
    until: Quarter
    employers: str
    day: date
    words: str


def given() -> list[Given]:
    """All that left, the newest first; one statement."""
    rows = DipSample.objects.filter(state=SampleState.GIVEN).order_by("-ended_at", "-pk")
    return [
        Given(
            each.title,
            each.standard,
            each.standard_words,
            Quarter.parse(each.quarter),
            each.employers,
            london_day(each.ended_at),
            each.finding,
        )
        for each in rows
        if each.ended_at
    ]
