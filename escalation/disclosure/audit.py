"""What everybody knows once some tables are published, each of its period, with later versions and facts.

All tables are about one unknown list of cases. A table counts those whose date (the day logged, the day
closed) lies in its period; that makes each date a dimension of the list, with quarters as its categories.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .periods import Period
from .statements import Box, Knowledge, Statement, box, published
from .tables import Cell, Ints, Layout

ELSEWHERE = "elsewhere"
"""The category of a date in no quarter that anything is published of; not closed yet, for instance."""


@dataclass(frozen=True)
class Publication:
    """Linked tables as published: a multiple of 5 for each cell, of cases whose `date` is in `quarters`."""

    layout: Layout
    values: Ints
    date: str = ""
    quarters: tuple[str, ...] = ()

    def where(self, cell: Cell) -> Box:
        """The cases that a cell counts."""
        sides: dict[str, str | Iterable[str]] = dict(cell)
        return box(**sides, **({self.date: self.quarters} if self.date else {}))

    @property
    def period(self) -> Period:
        """Its quarters as a period."""
        return Period.named(self.quarters)

    @property
    def statements(self) -> list[Statement]:
        """What it says of each cell."""
        told = zip(self.layout.cells, self.values, strict=True)
        return [published(self.where(cell), int(value)) for cell, value in told]


def gather(
    publications: Sequence[Publication],
    *,
    facts: Sequence[Statement] = (),
    dimensions: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    in_order: tuple[str, str] | None = None,
    from_the_start: bool = False,
) -> Knowledge:
    """All that is published, as one knowledge. Raises ValueError if two layouts differ in a dimension.

    `dimensions`: the categories of those that facts may name and nothing published does.
    `in_order`: a date and one that is never before it, such as logged and closed. `from_the_start`: there
    is no case whose first date is before all that is published. A cell that a fact gives exactly is no
    secret any more; all others are judged given it.
    """
    statements = [told for each in publications for told in each.statements] + list(facts)
    rows = [
        tuple(each.where(each.layout.cells[at]) for at in row)
        for each in publications
        for row in each.layout.rows
    ]
    cells = list(dict.fromkeys(each.where(cell) for each in publications for cell in each.layout.cells))
    zeros = [box(**dict(zero)) for each in publications for zero in each.layout.zeros]
    boxes = [where for told in statements for _, where in told.terms]
    named = {code for where in boxes for code, _ in where}
    told_apart = {code: names for code, names in dimensions.items() if code in named}
    told_apart |= _dimensions(publications)
    dates = {each.date for each in publications} - {""} | named & set(in_order or ())
    merged = _Quarters(dates, boxes)
    number = {merged.where(each): at for at, each in enumerate(cells)}
    return Knowledge(
        dimensions=told_apart | merged.dimensions,
        statements=tuple(
            Statement(tuple((t, merged.where(w)) for t, w in s.terms), s.low, s.high, s.middle)
            for s in statements
        ),
        cells=tuple(number),
        rows=tuple(dict.fromkeys(tuple(number[merged.where(where)] for where in row) for row in rows)),
        impossible=tuple(dict.fromkeys([*zeros, *merged.out_of_order(in_order, from_the_start)])),
        quarters=merged.first,
        known=frozenset(merged.where(s.terms[0][1]) for s in facts if s.low == s.high and len(s.terms) == 1),
    )


def _dimensions(publications: Sequence[Publication]) -> dict[str, tuple[str, ...]]:
    dimensions: dict[str, tuple[str, ...]] = {}
    for each in publications:
        for code, dimension in each.layout.dimensions.items():
            if dimensions.setdefault(code, dimension.categories) != dimension.categories:
                raise ValueError(f"Two tables differ in their categories of “{code}”.")
    return dimensions


class _Quarters:
    """The quarters of each date; those that nothing tells apart are one category, named by the first."""

    def __init__(self, dates: Iterable[str], boxes: Sequence[Box]) -> None:
        self.first: dict[str, dict[str, str]] = {}
        self.dimensions: dict[str, tuple[str, ...]] = {}
        for date in sorted(dates):
            sides = list(dict.fromkeys(side for where in boxes for code, side in where if code == date))
            marks: dict[tuple[bool, ...], str] = {}
            self.first[date] = {
                quarter: marks.setdefault(tuple(quarter in side for side in sides), quarter)
                for quarter in sorted(frozenset().union(*sides))
            }
            self.dimensions[date] = (*dict.fromkeys(self.first[date].values()), ELSEWHERE)

    def where(self, where: Box) -> Box:
        """A box, by the categories of each date."""
        return tuple(
            (code, frozenset(self.first[code][name] for name in side) if code in self.first else side)
            for code, side in where
        )

    def out_of_order(self, in_order: tuple[str, str] | None, from_the_start: bool) -> Iterable[Box]:
        """The boxes of cases whose second date would be before their first."""
        if in_order is None or not set(in_order) <= set(self.first):
            return
        before, after = in_order
        for category in self.dimensions[before][:-1]:
            earlier = [each for each in self.dimensions[after][:-1] if self._last(after, each) < category]
            if earlier:
                yield box(**{before: category, after: earlier})
        if from_the_start:
            yield box(**{before: ELSEWHERE, after: self.dimensions[after][:-1]})

    def _last(self, date: str, category: str) -> str:
        return max(quarter for quarter, first in self.first[date].items() if first == category)
