"""Year to date, and the last four quarters: the sums of a release's quarterly tables, by themselves.

Nothing is counted or rounded here. Each sum stands in the release already, beside the quarter's own figure;
where one of its quarters is not shown, it is not available there, and so not here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from escalation.disclosure.periods import QUARTERS_A_YEAR, Period, Span
from escalation.disclosure.statements import WINDOW
from escalation.policy.quarters import Quarter
from escalation.reporting.models import number_of, quarter_of
from escalation.reporting.tabular import OF_A_CELL


@dataclass(frozen=True)
class Sum:
    """One of the two sums: how an address and a file call it, and as what a cell holds it."""

    name: str
    member: str
    title: str

    def period(self, quarter: Quarter) -> Period:
        """The quarters that are added up to this one."""
        count = quarter.number if self is YEAR_TO_DATE else QUARTERS_A_YEAR
        return Period(number_of(quarter) - count + 1, count)


YEAR_TO_DATE = Sum("year-to-date", "year_to_date", "Year to date")
LAST_FOUR = Sum("last-four-quarters", "last_four", "Last four quarters")
SUMS = (YEAR_TO_DATE, LAST_FOUR)


def summed(told: Mapping[str, Any], wanted: Sum) -> dict[str, Any]:
    """A release's document with sums in place of the quarter's figures; its quarterly tables alone."""
    quarter = Quarter.parse(told["quarter"])
    period = wanted.period(quarter)
    return {
        **told,
        "sum": wanted.member,
        "period": _months(quarter_of(period.first), quarter),
        "in_words": in_words(period.quarters),
        "tables": [
            _table(table, wanted, period) for table in told["tables"] if table["span"] == Span.QUARTER.value
        ],
    }


def in_words(quarters: int) -> str:
    """How a sum over so many quarters came about, and how far off it can be."""
    if quarters == 1:
        return (
            "One quarter so far: the figures as they were published, rounded to 5 at random. Each is within "
            f"{WINDOW} of the true one. 0 does not mean none."
        )
    return (
        f"Each figure adds up what was published for {quarters} quarters. Those were rounded to 5 at random, "
        f"each within {WINDOW} of the true one, so the sum is within {WINDOW * quarters}. Where one of them "
        "is not shown, there is no sum. 0 does not mean none."
    )


def _months(first: Quarter, last: Quarter) -> str:
    begins, ends = first.start, last.end
    year = "" if begins.year == ends.year else f" {begins.year}"
    return f"{begins:%B}{year} to {ends:%B} {ends.year}"


def _table(table: Mapping[str, Any], wanted: Sum, period: Period) -> dict[str, Any]:
    kept = {name: table[name] for name in ("code", "title", "counts", "date")}
    parts = [{"by": part["by"], "cells": list(_cells(part, wanted))} for part in table["parts"]]
    return {**kept, "span": wanted.member, "quarters": list(period.names), "parts": parts}


def _cells(part: Mapping[str, Any], wanted: Sum) -> Iterator[dict[str, Any]]:
    """Each with its categories and its sum; where there can be none, that it can."""
    for cell in part["cells"]:
        found = cell.get(wanted.member, cell)
        yield {code: cell[code] for code in part["by"]} | {name: found[name] for name in OF_A_CELL}
