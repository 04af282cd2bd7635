"""A release plan: which tables are published, of which cases, how often. Fixed before its period begins."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from .periods import Period, Span, origin_of, period_ending
from .tables import Cell, Dimension, Layout

APRIL = 4


class Date(StrEnum):
    """The day on which a case counts."""

    LOGGED = "logged"
    CLOSED = "closed"


@dataclass(frozen=True)
class Category:
    """What cases are told apart by. `holds` are the words of the log that come under it, by their codes."""

    code: str
    label: str
    holds: tuple[str, ...]


@dataclass(frozen=True)
class PlanDimension:
    """`rest` is the category of whatever no category holds: the plan gives the categories, never the data."""

    code: str
    label: str
    categories: tuple[Category, ...]
    rest: str
    vocabulary: str

    def category(self, word: str) -> str:
        """The category that a word of the log comes under."""
        return next((each.code for each in self.categories if word in each.holds), self.rest)


@dataclass(frozen=True)
class Percentage:
    """How many of some categories, in percent of all that are counted in others; both of one dimension."""

    of: tuple[str, ...]
    among: tuple[str, ...]


@dataclass(frozen=True)
class PlanTable:
    """One table. `by` is () for a total. `banded`: its categories are bands in order, so it has a median."""

    code: str
    title: str
    by: tuple[str, ...]
    date: Date
    span: Span
    percentage: Percentage | None = None
    banded: bool = False


@dataclass(frozen=True)
class Linked:
    """Tables of one date and one length of period: they share their margins, and are rounded as one."""

    date: Date
    span: Span
    tables: tuple[PlanTable, ...]
    layout: Layout

    @property
    def key(self) -> str:
        """ "closed, year" """
        return f"{self.date}, {self.span}"

    def period_around(self, period: Period, *, since: int) -> Period:
        """Its own period that another begins in."""
        origin = origin_of(self.span, since)
        length = self.span.quarters
        return Period(origin + (period.first - origin) // length * length, length)


@dataclass(frozen=True)
class Plan:
    """A plan as its file gives it. `least` and `most`: the cases a year it is made for; a person chooses."""

    key: str
    title: str
    version: int
    start: date
    unit: str
    least: int
    most: int | None
    dimensions: tuple[PlanDimension, ...]
    tables: tuple[PlanTable, ...]
    zeros: tuple[Cell, ...] = ()

    @property
    def since(self) -> int:
        """The number of its first quarter."""
        return Period.quarter(self.start.year, 1).first

    def dimension(self, code: str) -> PlanDimension:
        """The dimension with this code. Raises StopIteration if there is none."""
        return next(each for each in self.dimensions if each.code == code)

    @cached_property
    def linked(self) -> tuple[Linked, ...]:
        """Its tables as they are rounded, the shortest periods first."""
        order = list(Span)

        def together(table: PlanTable) -> tuple[int, str]:
            return order.index(table.span), table.date

        return tuple(
            self._link(tuple(tables))
            for _, tables in groupby(sorted(self.tables, key=together), key=together)
        )

    def _link(self, tables: tuple[PlanTable, ...]) -> Linked:
        used = {code for table in tables for code in table.by}
        dimensions = [
            Dimension(each.code, tuple(category.code for category in each.categories))
            for each in self.dimensions
            if each.code in used
        ]
        zeros = [zero for zero in self.zeros if {code for code, _ in zero} <= used]
        layout = Layout(dimensions, [table.by for table in tables], zeros)
        return Linked(tables[0].date, tables[0].span, tables, layout)

    def due(self, quarter: int) -> Iterator[tuple[Linked, Period]]:
        """What is published after a quarter, by its number, with the period that each counts."""
        for linked in self.linked:
            period = period_ending(linked.span, quarter, since=self.since)
            if period is not None:
                yield linked, period

    def case(self, words: Mapping[str, str]) -> dict[str, str]:
        """A case by the plan's categories, given the log's words for each dimension."""
        return {each.code: each.category(words.get(each.code, "")) for each in self.dimensions}


def ring(tables: Iterable[Sequence[str]]) -> set[str]:
    """The dimensions of tables that go round in a ring; empty if there is none.

    Tables without a ring (an acyclic hypergraph) that agree in their margins are always the tables of some
    list of cases, which is what makes a certificate certain. Found by taking away, again and again, the
    dimensions that one table alone has and the tables that lie in another (Graham; Yu and Ozsoyoglu).
    """
    left = [set(table) for table in tables]
    while True:
        before = [set(table) for table in left]
        for table in left:
            table -= {code for code in table if sum(code in other for other in left) == 1}
        left = [
            table
            for at, table in enumerate(left)
            if table and not any(table < o or (table == o and at > n) for n, o in enumerate(left))
        ]
        if left == before:
            return set().union(*left)
