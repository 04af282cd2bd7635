"""What everybody knows once some tables are published, each of its period, with later versions and facts.

The tables of one unit are about one unknown list of cases. A table counts those whose date (the day logged,
the day closed) lies in its period; that makes each date a dimension whose categories are periods.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .statements import Box, Knowledge, Statement, box, published
from .tables import Cell, Ints, Layout


@dataclass(frozen=True)
class Publication:
    """Linked tables as published: a multiple of 5 for each cell, of cases whose `date` is in `periods`."""

    layout: Layout
    values: Ints
    date: str = ""
    periods: tuple[str, ...] = ()

    def where(self, cell: Cell) -> Box:
        """The cases that a cell counts."""
        sides: dict[str, str | Iterable[str]] = dict(cell)
        return box(**sides, **({self.date: self.periods} if self.date else {}))


def gather(
    publications: Sequence[Publication],
    *,
    dates: Mapping[str, tuple[str, ...]] | None = None,
    facts: Iterable[Statement] = (),
    impossible: Iterable[Box] = (),
) -> Knowledge:
    """All that is published, as one knowledge. Raises ValueError if two layouts differ in a dimension.

    `dates`: the periods of each date, which must tell apart all that is published. A cell that a fact
    gives exactly is no secret any more, and is not judged; all others are, given it.
    """
    told = tuple(facts)
    known = {each.terms[0][1] for each in told if each.low == each.high and len(each.terms) == 1}
    dimensions = dict(dates or {})
    cells: dict[Box, None] = {}
    rows: dict[tuple[Box, ...], None] = {}
    for each in publications:
        for code, dimension in each.layout.dimensions.items():
            if dimensions.setdefault(code, dimension.categories) != dimension.categories:
                raise ValueError(f"Two tables differ in their categories of “{code}”.")
        boxes = [each.where(cell) for cell in each.layout.cells]
        cells.update(dict.fromkeys(boxes))
        rows.update(dict.fromkeys(tuple(boxes[at] for at in row) for row in each.layout.rows))
        impossible = (*impossible, *(box(**dict(zero)) for zero in each.layout.zeros))
    number = {where: at for at, where in enumerate(cells)}
    return Knowledge(
        dimensions=dimensions,
        statements=told + tuple(_statements(publications)),
        cells=tuple(cells),
        known=frozenset(known),
        rows=tuple(tuple(number[where] for where in row) for row in rows),
        impossible=tuple(dict.fromkeys(impossible)),
    )


def _statements(publications: Sequence[Publication]) -> Iterable[Statement]:
    for each in publications:
        for cell, value in zip(each.layout.cells, each.values, strict=True):
            yield published(each.where(cell), int(value))
