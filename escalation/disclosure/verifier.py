"""Whether a certificate shows that published figures are safe. It counts, and compares; it solves nothing.

A certificate is a list of cases that everything published is true of (or a few such lists), and moves: "with
four more cases like this one everything published is still true". Each list and each move is a way things
may be. A cell is safe if its count differs enough between them, whatever the truth is:

P1  its greatest and its least count differ by 4 or more;
P2  it is not between 1 and 4 in all of them: nobody can be sure of a small number;
P3  in no row of a table all cases must be in one category.

P5 is that the statements and cells are those of every period, version and outside fact together.
A certificate may come from anywhere: one that passes here needs no trust in who found it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .statements import WINDOW, Box, Kind, Knowledge, Statement
from .tables import Ints


@dataclass(frozen=True)
class Move:
    """Change how many cases of one kind are on a list: `times` more, or fewer if it is negative."""

    list: int
    kind: Kind
    times: int


@dataclass(frozen=True)
class Certificate:
    """Lists (how many cases of each kind) and moves on them."""

    lists: tuple[Mapping[Kind, int], ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Refusal:
    """Why figures are not shown to be safe. `cell` is where, if it is about one."""

    reason: str
    cell: Box | None = None


UNKNOWN = "A list has a case that no plan knows."
NEGATIVE = "A list has fewer than no cases of a kind."
IMPOSSIBLE = "A list has a case where there can be none."
NO_LIST = "There is no list of cases."
UNTRUE = "A list does not agree with what was published."
NARROW = "P1: its least and greatest count differ by less than 4."
SMALL = "P2: it is certain to be 1 to 4."
ONE_CATEGORY = "P3: all cases of the row are certain to be in one category."


def verify(knowledge: Knowledge, certificate: Certificate) -> list[Refusal]:
    """What is wrong. Nothing: every cell is shown to be safe."""
    if not certificate.lists:
        return [Refusal(NO_LIST)]
    ways = _Ways(certificate)
    try:
        kinds = knowledge.kinds(ways.kinds)
    except (KeyError, ValueError):
        return [Refusal(UNKNOWN)]
    if any(knowledge.inside(kinds, where).any() for where in knowledge.impossible):
        return [Refusal(IMPOSSIBLE)]
    if ways.negative:
        return [Refusal(NEGATIVE)]
    if not all(_holds(statement, knowledge, kinds, ways) for statement in knowledge.statements):
        return [Refusal(UNTRUE)]
    counts = [ways.count(knowledge.inside(kinds, where).astype(np.int64)) for where in knowledge.cells]
    return _judged(knowledge, [(int(each.min()), int(each.max())) for each in counts])


class _Ways:
    """The ways things may be: each list, then each move on its list. `kinds` are all that occur."""

    def __init__(self, certificate: Certificate) -> None:
        moves = certificate.moves
        self.kinds = sorted({kind for each in certificate.lists for kind in each} | {m.kind for m in moves})
        number = {kind: at for at, kind in enumerate(self.kinds)}
        self._lists = np.zeros((len(certificate.lists), len(self.kinds)), dtype=np.int64)
        for row, each in zip(self._lists, certificate.lists, strict=True):
            for kind, times in each.items():
                row[number[kind]] = times
        self._list = np.array([move.list for move in moves], dtype=np.int64)
        self._kind = np.array([number[move.kind] for move in moves], dtype=np.int64)
        self._times = np.array([move.times for move in moves], dtype=np.int64)

    @property
    def negative(self) -> bool:
        """Whether some way has fewer than no cases of a kind."""
        moved = self._lists[self._list, self._kind] + self._times
        return bool((self._lists < 0).any() or (moved < 0).any())

    def count(self, weights: Ints) -> Ints:
        """The sum over the cases of each way, if a case of each kind weighs this; shape (ways,)."""
        lists = self._lists @ weights
        return np.concatenate([lists, lists[self._list] + self._times * weights[self._kind]])


def _holds(statement: Statement, knowledge: Knowledge, kinds: Ints, ways: _Ways) -> bool:
    """Whether a statement is true of every way."""
    weights = np.zeros(len(kinds), dtype=np.int64)
    for times, where in statement.terms:
        weights += times * knowledge.inside(kinds, where)
    sums = ways.count(weights)
    return bool((sums >= statement.low).all() and (statement.high is None or (sums <= statement.high).all()))


def _judged(knowledge: Knowledge, reached: list[tuple[int, int]]) -> list[Refusal]:
    """P1, P2 and P3, given the least and greatest count of each cell."""
    refusals = []
    for where, (least, greatest) in zip(knowledge.cells, reached, strict=True):
        if where in knowledge.known:
            continue
        if greatest - least < WINDOW:
            refusals.append(Refusal(NARROW, where))
        if least >= 1 and greatest <= WINDOW:
            refusals.append(Refusal(SMALL, where))
    rows = [row for row in knowledge.rows if sum(reached[cell][1] > 0 for cell in row) < 2]
    return refusals + [Refusal(ONE_CATEGORY, knowledge.cells[row[0]]) for row in rows]
