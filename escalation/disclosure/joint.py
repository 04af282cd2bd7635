"""An unknown list of cases as unknown tables over cliques of dimensions: columns of a programme.

Tables over cliques that agree where cliques meet can be glued to a list over all dimensions; see cliques.py.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from .cliques import Clique, tree
from .programme import SECONDS, Programme, Rows
from .statements import Box, Kind, Knowledge, Statement
from .tables import Floats, Ints

T = TypeVar("T", bound=np.generic)


class Entries(NamedTuple):
    """Sparse rows, not yet sorted; three arrays of one shape."""

    rows: Ints
    columns: Ints
    values: Ints


class Joint:
    """The columns: every cell of every clique, one clique after another.

    `placed` gives for each statement the smallest clique it is about, and what a case in each cell of that
    clique adds to it, an array of the clique's shape.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        sizes = {code: len(names) for code, names in knowledge.dimensions.items()}
        boxes = [*knowledge.impossible, *knowledge.cells]
        told = [tuple(where for _, where in each.terms) for each in knowledge.statements]
        groups = [_codes(where) for where in boxes] + [_codes(*each) for each in told]
        self.cliques = tree(sizes, groups)
        self.shapes = [tuple(sizes[code] for code in clique.dimensions) for clique in self.cliques]
        self.first = np.concatenate([[0], np.cumsum([int(np.prod(shape)) for shape in self.shapes])])
        self.size = int(self.first[-1])
        self.placed = [self._place(each) for each in knowledge.statements]

    def homes(self, *boxes: Box) -> list[int]:
        """The cliques that have all dimensions of some boxes, the smallest first."""
        codes = _codes(*boxes)
        found = [at for at, clique in enumerate(self.cliques) if codes <= set(clique.dimensions)]
        return sorted(found, key=lambda at: int(np.prod(self.shapes[at])))

    def mask(self, number: int, where: Box) -> npt.NDArray[np.bool_]:
        """Which cells of a clique are inside a box, as far as the clique's dimensions tell."""
        mask = np.ones(self.shapes[number], dtype=bool)
        for code, names in where:
            if code in self.cliques[number].dimensions:
                shape = [1] * mask.ndim
                shape[self.cliques[number].dimensions.index(code)] = -1
                mask &= np.isin(self.knowledge.dimensions[code], list(names)).reshape(shape)
        return mask

    def columns(self, number: int, cells: npt.NDArray[np.bool_]) -> Ints:
        """The columns of some cells of a clique."""
        return np.asarray(self.first[number] + np.flatnonzero(cells))

    @cached_property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Which columns are in no box that is impossible; shape (columns,)."""
        possible = np.ones(self.size, dtype=bool)
        for where in self.knowledge.impossible:
            for number in self.homes(where):
                possible[self.columns(number, self.mask(number, where))] = False
        return possible

    @cached_property
    def statement_entries(self) -> Entries:
        """One row for each statement: what it sums."""
        parts = []
        for row, (number, weights) in enumerate(self.placed):
            columns = self.columns(number, weights != 0)
            parts.append((np.full(len(columns), row), columns, weights[weights != 0]))
        return _joined(parts)

    @cached_property
    def meeting_entries(self) -> Entries:
        """One row for each cell that a clique shares with its parent: its own cases less its parent's."""
        parts, row = [], 0
        for number, clique in enumerate(self.cliques):
            if clique.parent is None:
                continue
            keys, count = self._shared(number, clique)
            theirs, _ = self._shared(clique.parent, clique)
            for side, sign, at in ((keys, 1, number), (theirs, -1, clique.parent)):
                columns = self.first[at] + np.arange(len(side))
                parts.append((row + side, columns, np.full(len(side), sign)))
            row += count
        return _joined(parts)

    def _shared(self, number: int, clique: Clique) -> tuple[Ints, int]:
        """For each cell of a clique the number of its shared cell, and how many of these there are."""
        places = np.indices(self.shapes[number]).reshape(len(self.shapes[number]), -1)
        key, count = np.zeros(int(np.prod(self.shapes[number])), dtype=np.int64), 1
        for code in clique.shared:
            axis = self.cliques[number].dimensions.index(code)
            size = self.shapes[number][axis]
            key, count = key * size + places[axis], count * size
        return key, count

    def _place(self, statement: Statement) -> tuple[int, Ints]:
        number = self.homes(*(where for _, where in statement.terms))[0]
        weights = np.zeros(self.shapes[number], dtype=np.int64)
        for times, where in statement.terms:
            weights += times * self.mask(number, where)
        return number, weights

    def programme(
        self,
        low: Floats,
        high: Floats,
        *,
        integer: bool = True,
        seconds: float = SECONDS,
        more: Entries | None = None,
        room: Floats | None = None,
    ) -> Programme:
        """Lists with each statement's sum between `low` and `high`; shapes (statements,).

        `more` are entries of further columns in the statements' rows; these are between 0 and `room`.
        """
        told = self.statement_entries
        if more is not None:
            told = _joined([told, more])
        entries = by_row(told, self.meeting_entries, len(low))
        nothing = np.zeros(int(self.meeting_entries.rows.max(initial=-1)) + 1)
        rows = Rows(
            entries.rows,
            entries.columns,
            entries.values.astype(np.float64),
            np.concatenate([low, nothing]),
            np.concatenate([high, nothing]),
        )
        most = np.concatenate([np.where(self.possible, np.inf, 0.0), [] if room is None else room])
        return Programme(np.zeros(len(most)), most, rows, integer=integer, seconds=seconds)

    def counting(self, cells: Iterable[Box]) -> Floats:
        """What each column adds to the number of cases in some boxes; shape (columns,)."""
        weights = np.zeros(self.size)
        for where in cells:
            number = self.homes(where)[0]
            weights[self.columns(number, self.mask(number, where))] += 1
        return weights

    def split(self, columns: npt.NDArray[T]) -> list[npt.NDArray[T]]:
        """An array over all columns as one array for each clique, of its shape."""
        parts = np.split(columns, self.first[1:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def weights_of(self, statement: Statement, kinds: Ints) -> Ints:
        """What a case of each kind adds to a statement; shape (kinds,)."""
        weights = np.zeros(len(kinds), dtype=np.int64)
        for times, where in statement.terms:
            weights += times * self.knowledge.inside(kinds, where)
        return weights

    def list_of(self, solution: Floats) -> dict[Kind, int]:
        """A list of cases whose tables over the cliques are these columns."""
        amounts = np.rint(solution).astype(np.int64)
        partial: list[tuple[dict[str, int], int]] = [({}, int(amounts[: self.first[1]].sum()))]
        for clique, table in zip(self.cliques, self.split(amounts), strict=True):
            partial = _glue(partial, clique, table)
        names = self.knowledge.dimensions
        found: dict[Kind, int] = {}
        for places, amount in partial:
            kind = tuple(names[code][places[code]] for code in names)
            found[kind] = found.get(kind, 0) + amount
        return found

    def best_kind(self, room: list[Ints], where: Box) -> tuple[Kind, int]:
        """The kind in a box with the most room, where a kind's room is the least of its cells' `room`.

        `room` has one array for each clique, of its shape. The widest path in the tree: each clique passes
        to its parent the best that can be had below, for each cell they share.
        """
        own = [np.where(self.mask(at, where), each, -1) for at, each in enumerate(room)]
        for number in reversed(range(1, len(own))):
            clique = self.cliques[number]
            axes = tuple(at for at, code in enumerate(clique.dimensions) if code not in clique.shared)
            best = own[number].max(axis=axes) if axes else own[number]
            parent = clique.parent or 0
            shape = [
                size if code in clique.shared else 1
                for code, size in zip(self.cliques[parent].dimensions, self.shapes[parent], strict=True)
            ]
            own[parent] = np.minimum(own[parent], best.reshape(shape))
        places: dict[str, int] = {}
        for clique, table in zip(self.cliques, own, strict=True):
            known = tuple(
                places[code] if code in clique.shared else slice(None) for code in clique.dimensions
            )
            rest = [code for code in clique.dimensions if code not in clique.shared]
            part = table[known]
            places.update(zip(rest, map(int, np.unravel_index(int(part.argmax()), part.shape)), strict=True))
        names = self.knowledge.dimensions
        return tuple(names[code][places[code]] for code in names), int(own[0].max())


def by_row(upper: Entries, lower: Entries, height: int) -> Entries:
    """Rows below `height` others, all sorted by row."""
    joined = _joined([upper, (lower.rows + height, lower.columns, lower.values)])
    order = np.argsort(joined.rows, kind="stable")
    return Entries(*(each[order] for each in joined))


def _joined(parts: Sequence[tuple[Ints, Ints, Ints]]) -> Entries:
    none = np.zeros(0, dtype=np.int64)
    return Entries(*(np.concatenate([none, *(part[at] for part in parts)]) for at in range(3)))


def _codes(*boxes: Box) -> frozenset[str]:
    return frozenset(code for where in boxes for code, _ in where)


def _glue(
    partial: list[tuple[dict[str, int], int]], clique: Clique, table: Ints
) -> list[tuple[dict[str, int], int]]:
    """Give the cases of a list their places in one more clique, those of equal shared places in any order."""
    waiting: dict[tuple[int, ...], list[tuple[dict[str, int], int]]] = {}
    for place in np.argwhere(table):
        places = dict(zip(clique.dimensions, map(int, place), strict=True))
        key = tuple(places[code] for code in clique.shared)
        waiting.setdefault(key, []).append((places, int(table[tuple(place)])))
    glued = []
    for places, amount in partial:
        queue = waiting.get(tuple(places[code] for code in clique.shared), [])
        while amount:
            more, there = queue.pop()
            taken = min(amount, there)
            if there > taken:
                queue.append((more, there - taken))
            glued.append((places | more, taken))
            amount -= taken
    return glued
