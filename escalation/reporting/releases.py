"""A quarter's totals in the shape of the API's first version, read out of what is published.

Programs that were written for it go on; new ones read the release. Nothing is counted here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from escalation.disclosure.periods import Span
from escalation.disclosure.plan import Date
from escalation.policy.quarters import Quarter
from escalation.policy.words import long_date
from escalation.reporting.models import DOCUMENT, Subject, number_of
from escalation.reporting.queries import published_file

SMALLEST_SHOWN = 10
FEW = "fewer than 10"
NOT_PUBLISHED = "not published"

Figure = int | str
"""A published figure of 10 or more; "fewer than 10", which one under that says; or "not published"."""

EXAMPLE = "Write a quarter like 2026-27-Q1, which is April to June 2026."
NEVER_OPEN = "How many were open at the end of a quarter is not published."


@dataclass(frozen=True)
class QuarterlyTotals:
    """One quarter's published totals."""

    quarter: Quarter
    finished: bool
    words: str
    opened: Figure
    closed: Figure
    open: Figure
    definitions: Mapping[str, str]
    disclosure: str


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


def no_figures(quarter: Quarter, *, today: date) -> str:
    """Why nothing is published of a quarter: it is not over; else the same words, whatever the reason."""
    if today <= quarter.end:
        return f"{quarter} is not over: it ends on {long_date(quarter.end)}. Nothing is published before."
    return f"No figures are available for {quarter}."


def quarterly_totals(quarter: Quarter) -> QuarterlyTotals | None:
    """The totals of a published release; None where it has none of this quarter alone. One statement."""
    file = published_file(Subject.CHALLENGES, number_of(quarter), DOCUMENT)
    told = json.loads(bytes(file.content)) if file else {"tables": []}
    found = {date: _total(told, date) for date in Date}
    if file is None or None in found.values():
        return None
    return QuarterlyTotals(
        quarter=quarter,
        finished=True,
        words=f"This quarter ended on {long_date(quarter.end)}. These are its published figures.",
        opened=_shown(found[Date.LOGGED]),
        closed=_shown(found[Date.CLOSED]),
        open=NOT_PUBLISHED,
        definitions={
            "opened": told["definitions"][Date.LOGGED],
            "closed": told["definitions"][Date.CLOSED],
            "open": NEVER_OPEN,
        },
        disclosure=told["in_words"],
    )


def _total(told: Mapping[str, Any], date: Date) -> int | None:
    """The published total of a quarter's cases by that date."""
    tables = (each for each in told["tables"] if (each["date"], each["span"]) == (date, Span.QUARTER))
    parts = (part for table in tables for part in table["parts"] if not part["by"])
    return next((part["cells"][0]["value"] for part in parts), None)


def _shown(published: int | None) -> Figure:
    return published if published is not None and published >= SMALLEST_SHOWN else FEW
