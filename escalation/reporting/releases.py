"""What may leave the raw counts: figures of 10 or more, and words that say what they are.

A step on the way: part disclosure control, approval and frozen releases replace the inside of this later.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.words import long_date
from escalation.reporting.counts import totals

SMALLEST_SHOWN = 10
FEW = "fewer than 10"

Figure = int | str
"""A number of 10 or more, or "fewer than 10"."""

EXAMPLE = "Write a quarter like 2026-27-Q1, which is April to June 2026."
DEFINITIONS = {
    "opened": "Challenges that were sent in this quarter. Drafts are not counted, nor those of an earlier "
    "log, which counted them itself.",
    "closed": "Challenges that reached an end in this quarter: closed (also with actions still open), "
    "withdrawn, transferred, void or a duplicate. They count on the day it was recorded, once each, "
    "also if reopened since.",
    "open": "Challenges that had not reached an end when this quarter ended, or now if it has not ended yet. "
    "One of an earlier log counts here from the day it was brought in.",
}
DISCLOSURE = (
    "For the partnership's own use. These figures are not released: they go through disclosure control, "
    "quarter by quarter and taken together, before anything is published."
)


@dataclass(frozen=True)
class QuarterlyTotals:
    """One quarter's totals for the partnership's own use. `words` say how far the quarter has come."""

    quarter: Quarter
    finished: bool
    words: str
    opened: Figure
    closed: Figure
    open: Figure


def quarter_named(text: str) -> Quarter:
    """Read "2026-27-Q1"; ValueError has a sentence for the caller, with an example."""
    if not text.isascii():
        raise ValueError(EXAMPLE)
    try:
        quarter = Quarter.parse(text)
    except ValueError as error:
        told = str(error)
        raise ValueError(told if told == EXAMPLE else f"{told} {EXAMPLE}") from error
    try:
        _ = quarter.start, quarter.end
    except (ValueError, OverflowError) as error:
        raise ValueError(f"The calendar does not reach that far. {EXAMPLE}") from error
    return quarter


def quarterly_totals(quarter: Quarter, *, now: datetime) -> QuarterlyTotals:
    """The totals as they may be shown to the business unit and its systems."""
    counted = totals(quarter)
    today = now.astimezone(LONDON).date()
    return QuarterlyTotals(
        quarter=quarter,
        finished=quarter.end < today,
        words=_how_far(quarter, now),
        opened=_shown(counted.opened),
        closed=_shown(counted.closed),
        open=_shown(counted.open),
    )


def _shown(count: int) -> Figure:
    return count if count >= SMALLEST_SHOWN else FEW


def _how_far(quarter: Quarter, now: datetime) -> str:
    today = now.astimezone(LONDON).date()
    if today < quarter.start:
        return f"This quarter has not begun. It starts on {long_date(quarter.start)}."
    if today <= quarter.end:
        return f"This quarter ends on {long_date(quarter.end)}. These are the figures so far."
    return f"This quarter ended on {long_date(quarter.end)}. These are its final figures."
