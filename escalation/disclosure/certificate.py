"""Looking for a certificate: a list of cases that all published figures are true of, and moves on it.

Nothing here needs to be trusted, since the verifier checks what is found. It sees published figures only,
so whether it finds something tells nothing more about the true ones.

First a list that tabulates exactly to what was published is looked for: then every move of four cases
holds (see docs/disclosure.md). If there is none, the nearest one is taken. For the cells that no move on it
shows to be safe more lists are made: with as few cases in all of them as there can be, and with as many; at
last for each alone.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from .joint import Entries, Joint
from .programme import SECONDS, Programme
from .statements import WINDOW, Box, Kind, Knowledge
from .tables import Floats, Ints
from .verifier import Certificate, Move, verify

FIVE = 5
TOGETHER = 3
"""How often all doubtful cells are tried together, before each on its own."""
PLENTY = 10**6
"""More cases than any list has."""


def find_certificate(knowledge: Knowledge, *, seconds: float = SECONDS) -> Certificate | None:
    """A certificate that the verifier accepts, or None if there is none. Raises GaveUp."""
    search = _Search(knowledge, seconds)
    base = search.exact_list() or search.nearest_list()
    if base is None:
        return None
    certificate = Certificate((base,), tuple(search.moves(0, base, knowledge.cells)))
    doubtful = _doubtful(knowledge, certificate)
    for _ in range(TOGETHER if doubtful else 0):
        certificate = search.with_extremes(certificate, doubtful)
        doubtful = _doubtful(knowledge, certificate)
    for cell in doubtful:
        certificate = search.with_extremes(certificate, [cell])
    return None if verify(knowledge, certificate) else certificate


def _doubtful(knowledge: Knowledge, certificate: Certificate) -> list[Box]:
    """The cells that a certificate does not show to be safe, in order."""
    found = {each.cell for each in verify(knowledge, certificate)}
    return [cell for cell in knowledge.cells if cell in found]


class _Search:
    """The programmes over one joint unknown list, with the limits of each statement."""

    def __init__(self, knowledge: Knowledge, seconds: float) -> None:
        self.knowledge, self.seconds, self.joint = knowledge, seconds, Joint(knowledge)
        told = knowledge.statements
        self.low = np.array([each.low for each in told], dtype=np.float64)
        self.high = np.array([np.inf if each.high is None else each.high for each in told])
        self.middle = np.array([np.nan if each.middle is None else each.middle for each in told])
        self.within: Programme | None = None

    def exact_list(self) -> dict[Kind, int] | None:
        """A list of five cases of each of some kinds, that is exactly what was published."""
        free = np.isnan(self.middle)
        low = np.where(free, np.ceil(self.low / FIVE), self.middle / FIVE)
        high = np.where(free, np.floor(self.high / FIVE), self.middle / FIVE)
        return self._list(
            self.joint.programme(low, high, seconds=self.seconds), np.zeros(self.joint.size), FIVE
        )

    def nearest_list(self) -> dict[Kind, int] | None:
        """A list within every statement, with the least sum of differences from what was published."""
        told = np.flatnonzero(~np.isnan(self.middle))
        low, high = self.low.copy(), self.high.copy()
        low[told] = high[told] = self.middle[told]
        columns = self.joint.size + np.arange(2 * len(told))
        more = Entries(np.tile(told, 2), columns, np.repeat([-1, 1], len(told)))
        room = np.concatenate([self.high[told] - self.middle[told], self.middle[told] - self.low[told]])
        programme = self.joint.programme(low, high, seconds=self.seconds, more=more, room=room)
        return self._list(programme, np.repeat([0.0, 1.0], [self.joint.size, len(columns)]), 1)

    def with_extremes(self, certificate: Certificate, cells: Sequence[Box]) -> Certificate:
        """A certificate with two lists more, and moves on them: few cases in some cells, and many."""
        for sign in (1, -1) if cells else ():
            extreme = self._extreme_list(cells, sign)
            if extreme is not None:
                moves = self.moves(len(certificate.lists), extreme, cells)
                certificate = Certificate((*certificate.lists, extreme), (*certificate.moves, *moves))
        return certificate

    def _extreme_list(self, cells: Sequence[Box], sign: int) -> dict[Kind, int] | None:
        """A list with as few cases in some cells as there can be (sign 1), or as many (sign -1)."""
        if self.within is None:
            self.within = self.joint.programme(self.low, self.high, seconds=self.seconds)
        return self._list(self.within, sign * self.joint.counting(cells), 1)

    def _list(self, programme: Programme, cost: Floats, times: int) -> dict[Kind, int] | None:
        solution = programme.minimise(cost)
        return None if solution is None else self.joint.list_of(solution[: self.joint.size] * times)

    def moves(self, number: int, cases: dict[Kind, int], cells: Sequence[Box]) -> Iterator[Move]:
        """For some cells the kinds that a list, by its number, can take or give most of, up to four."""
        kinds = list(cases)
        coded, amounts = self.knowledge.kinds(kinds), np.array(list(cases.values()))
        room_above, room_below = self._room(coded, amounts)
        for where in cells:
            kind, room = self.joint.best_kind(room_above, where)
            if room > 0:
                yield Move(number, kind, min(room, WINDOW))
            inside = np.where(self.knowledge.inside(coded, where), room_below, 0)
            if inside.any():
                best = int(inside.argmax())
                yield Move(number, kinds[best], -min(int(inside[best]), WINDOW))

    def _room(self, kinds: Ints, amounts: Ints) -> tuple[list[Ints], Ints]:
        """How many more cases each cell of each clique can take, and how many each kind can give."""
        above = [np.full(shape, WINDOW) for shape in self.joint.shapes]
        for cells, possible in zip(above, self.joint.split(self.joint.possible), strict=True):
            cells[~possible] = 0
        below = np.minimum(amounts, WINDOW)
        for statement, (number, weights) in zip(self.knowledge.statements, self.joint.placed, strict=True):
            own = self.joint.weights_of(statement, kinds)
            value = int(own @ amounts)
            down, up = value - statement.low, PLENTY if statement.high is None else statement.high - value
            above[number] = np.minimum(above[number], _steps(weights, up, down))
            below = np.minimum(below, _steps(own, down, up))
        return above, below


def _steps(weights: Ints, up: int, down: int) -> Ints:
    """How often a weight can be added before a sum has risen by `up` or fallen by `down`."""
    steps = np.full(weights.shape, PLENTY)
    steps[weights > 0] = up // weights[weights > 0]
    steps[weights < 0] = down // -weights[weights < 0]
    return steps
