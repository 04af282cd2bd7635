"""What everybody knows, once figures are published: statements about an unknown list of cases.

Time is a dimension like any other (the quarter a case was logged in, the quarter it closed in), so that
tables of several periods, later versions and facts from outside all speak of the same list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .tables import Ints

Box = tuple[tuple[str, frozenset[str]], ...]
"""For some dimensions the categories a case may be in; () is every case. Sorted by dimension."""
Kind = tuple[str, ...]
"""A case, as far as anything is told of it: its category in each dimension, in their order."""
WINDOW = 4
"""A published multiple of 5 is within this of the true count."""


def box(**sides: str | Iterable[str]) -> Box:
    """`box(stage="2", closed=["Q1", "Q2"])`: cases of stage 2 that closed in either quarter."""
    return tuple(
        (code, frozenset([side] if isinstance(side, str) else side)) for code, side in sorted(sides.items())
    )


@dataclass(frozen=True)
class Statement:
    """`low <= sum of times x cases in the box <= high`, over the terms; `high` None: no limit.

    `middle` is what was published, where something was: a list that meets it exactly is looked for first.
    """

    terms: tuple[tuple[int, Box], ...]
    low: int
    high: int | None
    middle: int | None = None


def published(where: Box, value: int) -> Statement:
    """A published multiple of 5: the true count is within 4 of it, and never below 0."""
    return Statement(((1, where),), max(0, value - WINDOW), value + WINDOW, value)


def exact(where: Box, value: int) -> Statement:
    """A count that somebody else published exactly."""
    return Statement(((1, where),), value, value)


def at_least(where: Box, value: int) -> Statement:
    """A lower bound, such as a case that was told in public."""
    return Statement(((1, where),), value, None)


@dataclass(frozen=True)
class Knowledge:
    """All statements about one list of cases, and what is to be kept from whoever knows them.

    `dimensions`: the categories of each. `impossible`: boxes that hold no case, by definition (structural
    zeros; closed before logged). `cells`: the boxes whose counts must stay uncertain, save those `known`
    from outside. `rows`: for each row of a table the numbers of its cells, where several are possible.
    `quarters`: for each date the category of each quarter.
    """

    dimensions: Mapping[str, tuple[str, ...]]
    statements: tuple[Statement, ...]
    cells: tuple[Box, ...]
    rows: tuple[tuple[int, ...], ...] = ()
    impossible: tuple[Box, ...] = ()
    known: frozenset[Box] = frozenset()
    quarters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def kinds(self, kinds: Iterable[Kind]) -> Ints:
        """Kinds as numbers of categories; shape (kinds, dimensions). KeyError for an unknown category."""
        numbers = [{name: at for at, name in enumerate(names)} for names in self.dimensions.values()]
        listed = [[codes[name] for codes, name in zip(numbers, kind, strict=True)] for kind in kinds]
        return np.array(listed, dtype=np.int64).reshape(len(listed), len(numbers))

    def inside(self, kinds: Ints, where: Box) -> npt.NDArray[np.bool_]:
        """Which of some kinds are in a box; shape (kinds,)."""
        found = np.ones(len(kinds), dtype=bool)
        for code, names in where:
            at = list(self.dimensions).index(code)
            found &= np.isin(self.dimensions[code], list(names))[kinds[:, at]]
        return found
