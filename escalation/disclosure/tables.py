"""Tables that are published together, as one set of cells with the sums that link them.

A cell is a combination of categories: `(("outcome", "changed"), ("stage", "2"))`. A cell that names fewer
dimensions is a margin, and `()` is the total, so tables that share a dimension share that margin by
themselves. All cells, margins too, are rounded at once; every sum between them holds before and after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Cell = tuple[tuple[str, str], ...]
"""(dimension, category) pairs in the order of the layout's dimensions."""
TOTAL: Cell = ()
NO_CELL = -1


@dataclass(frozen=True)
class Dimension:
    """What cases are told apart by. `categories` are codes, in the order they are shown in."""

    code: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """A sparse matrix, one row for each sum: 1 for each part, -1 for the whole. Times the counts it is 0."""

    rows: Ints
    columns: Ints
    values: Ints
    count: int

    def times(self, numbers: Floats | Ints) -> Floats:
        """The matrix times one number for each cell; shape (count,)."""
        weights = self.values * numbers[self.columns].astype(np.float64)
        return np.bincount(self.rows, weights, minlength=self.count).astype(np.float64)


class Layout:
    """The cells of linked tables.

    `tables` are the dimensions of each table; all their margins belong to them. `zeros` are cells that no
    case can be in (structural zeros): neither they nor cells inside them exist here. `cells` are in a fixed
    order, the total first; `faces` gives for each combination of dimensions the numbers of its cells, an
    array with one axis for each dimension, NO_CELL where there is none.
    """

    def __init__(
        self, dimensions: Sequence[Dimension], tables: Iterable[Sequence[str]], zeros: Iterable[Cell] = ()
    ) -> None:
        self.dimensions = {dimension.code: dimension for dimension in dimensions}
        self.tables = [self._in_order(table) for table in tables]
        self.zeros = tuple(frozenset(zero) for zero in zeros)
        wanted = {()} | {part for table in self.tables for part in _parts(table)}
        order = list(self.dimensions)
        self.faces: dict[tuple[str, ...], Ints] = {}
        self.cells: list[Cell] = []
        for face in sorted(wanted, key=lambda face: (len(face), [order.index(code) for code in face])):
            self.faces[face] = self._number(face)

    def _in_order(self, codes: Sequence[str]) -> tuple[str, ...]:
        unknown = set(codes) - set(self.dimensions)
        if unknown:
            raise ValueError(f"There is no dimension “{min(unknown)}”.")
        return tuple(code for code in self.dimensions if code in codes)

    def places(self, face: tuple[str, ...]) -> Iterator[Cell]:
        """Every combination of the categories of some dimensions, structural zeros too."""
        names = [self.dimensions[code].categories for code in face]
        return (tuple(zip(face, each, strict=True)) for each in product(*names))

    def _number(self, face: tuple[str, ...]) -> Ints:
        numbers = []
        for cell in self.places(face):
            possible = not any(zero <= set(cell) for zero in self.zeros)
            numbers.append(len(self.cells) if possible else NO_CELL)
            if possible:
                self.cells.append(cell)
        shape = tuple(len(self.dimensions[code].categories) for code in face)
        return np.array(numbers, dtype=np.int64).reshape(shape)

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def index(self) -> dict[Cell, int]:
        """The number of each cell."""
        return {cell: number for number, cell in enumerate(self.cells)}

    @cached_property
    def families(self) -> list[tuple[int, Ints]]:
        """Each sum: a margin, and the cells that add up to it, for each dimension that it leaves out."""
        found = []
        for whole, code in sorted({each for table in self.tables for each in _steps(table)}):
            part = self._in_order((*whole, code))
            parents = self.faces[whole].reshape(-1)
            children = np.moveaxis(self.faces[part], part.index(code), -1).reshape(len(parents), -1)
            for parent, cells in zip(parents, children, strict=True):
                if parent != NO_CELL:
                    found.append((int(parent), cells[cells != NO_CELL]))
        return found

    @cached_property
    def sums(self) -> Sums:
        """The matrix of all sums: the parts of each family less the whole."""
        rows = [np.full(len(parts) + 1, row) for row, (_, parts) in enumerate(self.families)]
        columns = [np.append(parts, whole) for whole, parts in self.families]
        values = [np.append(np.ones(len(parts), dtype=np.int64), -1) for _, parts in self.families]
        none = np.zeros(0, dtype=np.int64)
        joined = [np.concatenate([none, *each]) for each in (rows, columns, values)]
        return Sums(joined[0], joined[1], joined[2], len(self.families))

    @cached_property
    def rows(self) -> list[tuple[int, ...]]:
        """The cells of each row of each table, where more than one category is possible."""
        return [tuple(map(int, parts)) for _, parts in self.families if len(parts) > 1]

    def count(self, cases: Iterable[Mapping[str, str]]) -> Ints:
        """How many cases are in each cell. Each case gives one category for each dimension.

        Raises ValueError for a category the layout does not have, or a case in a structural zero: what a
        plan does not foresee must be given a category by whoever counts, never dropped.
        """
        listed = list(cases)
        places = self._places(listed)
        counts = np.zeros(len(self), dtype=np.int64)
        for face, numbers in self.faces.items():
            shape = numbers.shape
            if face:
                flat = np.ravel_multi_index(tuple(places[code] for code in face), shape)
                found = np.bincount(flat, minlength=numbers.size)
            else:
                found = np.array([len(listed)])
            flat_numbers = numbers.reshape(-1)
            if found[flat_numbers == NO_CELL].any():
                raise ValueError(f"A case is where the plan says none can be: {' by '.join(face)}.")
            counts[flat_numbers[flat_numbers != NO_CELL]] = found[flat_numbers != NO_CELL]
        return counts

    def _places(self, cases: Sequence[Mapping[str, str]]) -> dict[str, Ints]:
        """For each dimension the number of each case's category."""
        places = {}
        for code, dimension in self.dimensions.items():
            numbers = {category: number for number, category in enumerate(dimension.categories)}
            try:
                places[code] = np.array([numbers[case[code]] for case in cases], dtype=np.int64)
            except KeyError as error:
                raise ValueError(f"Dimension “{code}” has no category for {error}.") from None
        return places


def _parts(table: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every combination of a table's dimensions: itself, its margins, the total."""
    return [part for size in range(len(table) + 1) for part in combinations(table, size)]


def _steps(table: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Each margin of a table with each dimension that it leaves out."""
    return [(part, code) for part in _parts(table) for code in table if code not in part]
