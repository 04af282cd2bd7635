"""From groups that a database counted to the cells of linked tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any, Protocol

import numpy as np

from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Linked, Plan
from escalation.disclosure.tables import NO_CELL, Ints, Layout
from escalation.policy.clock import LONDON
from escalation.reporting.models import quarter_of

Row = tuple[tuple[str, ...], int]
"""The category of each dimension that was asked for, in their order, and how many cases."""


class GroupBy(Protocol):
    """Counts the cases with a date in [begins, ends), by some dimensions of the plan; one statement."""

    def __call__(self, by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]: ...


@dataclass(frozen=True)
class Counted:
    """True counts that a release is drawn from; a Counter of disclosure control.

    `tables`: of each set of linked tables that is due, and of those for shorter periods within it, by its
    date, first quarter and how many quarters it counts. `totals`: of each date, by the quarter's number, from
    the start of the longest period on.
    """

    tables: Mapping[tuple[str, int, int], Ints]
    totals: Mapping[tuple[str, int], int]

    def __call__(self, layout: Layout, on: Date, period: Period) -> Ints:
        if len(layout) == 1:
            quarters = range(period.first, period.last + 1)
            return np.array([sum(self.totals[on.value, number] for number in quarters)])
        return self.tables[on.value, period.first, period.quarters]

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be stored."""
        return {
            "tables": [[*key, counts.tolist()] for key, counts in self.tables.items()],
            "totals": [[*key, count] for key, count in self.totals.items()],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Counted":
        """What `as_json` gave."""
        return cls(
            {(on, first, quarters): np.array(counts) for on, first, quarters, counts in stored["tables"]},
            {(on, number): count for on, number, count in stored["totals"]},
        )


def count_due(plan: Plan, number: int, group_by: GroupBy) -> Counted:
    """Count all that is due after a quarter, and what was due before within the same periods."""
    due = list(plan.due(number))
    needed = {
        (linked.date.value, period.first, period.quarters): (linked, period)
        for whole, longer in due
        for linked, period in ((whole, longer), *_within(plan, whole, longer))
        if len(linked.layout) > 1
    }
    tables = {key: count_linked(linked, period, group_by) for key, (linked, period) in needed.items()}
    totals = {
        (on.value, quarter): _total(on, quarter, group_by)
        for on in {linked.date for linked, _ in due}
        for quarter in range(_first(plan, on, number), number + 1)
    }
    return Counted(tables, totals)


def _within(plan: Plan, whole: Linked, period: Period) -> Iterator[tuple[Linked, Period]]:
    """The tables of the same date for shorter periods, each of those in a period."""
    for linked in plan.linked:
        length = linked.span.quarters
        if linked.date == whole.date and length < period.quarters:
            for first in range(period.first, period.last + 1, length):
                yield linked, Period(first, length)


def _first(plan: Plan, on: Date, number: int) -> int:
    """The first quarter of the longest period that a quarter lies in."""
    this = Period(number, 1)
    return min(
        linked.period_around(this, since=plan.since).first for linked in plan.linked if linked.date == on
    )


def _total(on: Date, quarter: int, group_by: GroupBy) -> int:
    begins, ends = moments(Period(quarter, 1))
    return sum(count for _, count in group_by((), on, begins, ends))


def count_linked(linked: Linked, period: Period, group_by: GroupBy) -> Ints:
    """The count of each cell; one statement for each table that lies in no other."""
    layout = linked.layout
    begins, ends = moments(period)
    counts = np.zeros(len(layout), dtype=np.int64)
    for table in _widest(layout.tables):
        whole = _array(layout, table, group_by(table, linked.date, begins, ends))
        for part, values in _margins(table, whole):
            numbers = layout.faces[part]
            if values[numbers == NO_CELL].any():
                raise ValueError(f"A case is where the plan says none can be: {' by '.join(part)}.")
            counts[numbers[numbers != NO_CELL]] = values[numbers != NO_CELL]
    return counts


def _widest(tables: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The tables that are no margin of another."""
    return [each for each in dict.fromkeys(tables) if not any(set(each) < set(other) for other in tables)]


def _array(layout: Layout, table: tuple[str, ...], rows: Iterable[Row]) -> Ints:
    categories = [layout.dimensions[code].categories for code in table]
    whole = np.zeros(tuple(len(each) for each in categories), dtype=np.int64)
    for names, count in rows:
        whole[tuple(each.index(name) for each, name in zip(categories, names, strict=True))] += count
    return whole


def _margins(table: tuple[str, ...], whole: Ints) -> Iterator[tuple[tuple[str, ...], Ints]]:
    """Each combination of a table's dimensions with its counts; the table itself and the total too."""
    for size in range(len(table) + 1):
        for part in combinations(table, size):
            away = tuple(at for at, code in enumerate(table) if code not in part)
            yield part, np.asarray(whole.sum(axis=away))


def moments(period: Period) -> tuple[datetime, datetime]:
    """From the first moment of a period's first London day to that of the day after its last."""
    first, last = quarter_of(period.first), quarter_of(period.last)
    return midnight(first.start), midnight(last.end + timedelta(days=1))


def midnight(day: date) -> datetime:
    """The first moment of a London day."""
    return datetime.combine(day, time.min, tzinfo=LONDON)
