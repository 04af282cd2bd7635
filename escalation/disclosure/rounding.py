"""Random controlled rounding to base 5.

Each count becomes one of the two multiples of 5 around it (a multiple of 5 stays, so 0 stays 0) so that
every sum between cells still holds. Which one is drawn so that each cell is right on average:

1. The remainders, in fifths, are a point of the polytope of all roundings. From there a random walk goes
   along directions that keep every sum, each step as far as a bound, forwards or backwards with the
   chances that make it a martingale, until a vertex (dependent rounding; the cube method of survey
   sampling). Every vertex that is a rounding can be reached.
2. Not every vertex is a rounding: what is left between bounds is finished by an integer programme with
   random weights, logistic noise less the log odds of where the walk stood.
3. Where that is impossible, another walk begins; after a few, the programme alone draws all cells.
"""

import numpy as np

from .programme import Programme, Rows
from .randomness import Stream
from .tables import Floats, Ints, Layout, Sums

BASE = 5
WALKS = 30
"""How often the walk is tried before the programme alone draws."""
WIDEST_WALK = 500
"""Fractional cells beyond which the walk is too slow, and the programme alone draws."""
GAP_A_CELL = 0.05
"""How far from the least such a wide programme may end. The noise has no bounds, so that each rounding is
still the only one within this of the least for some of it, and can be drawn."""
NEAR = 1e-9
SHORT = 0.999
"""How much of the way to a bound a walk may begin."""
MANY_SUMS = 1e-8
"""Below this an eigenvalue of a small whole-number matrix is 0."""


class Infeasible(RuntimeError):
    """There is no rounding within what is allowed."""


def around(counts: Ints) -> tuple[Ints, Ints]:
    """The multiples of 5 around each count: the lower and the upper; equal where the count is one."""
    lower = counts - counts % BASE
    return lower, lower + BASE * (counts % BASE > 0)


def round_counts(
    layout: Layout,
    counts: Ints,
    stream: Stream,
    *,
    least: Ints | None = None,
    most: Ints | None = None,
    wanted: Floats | None = None,
) -> Ints:
    """The published value of each cell, drawn at random.

    `counts` are true counts, shape (cells,), of which every sum of the layout holds. For cells that earlier
    publications bind, `least` and `most` narrow what they may become, and `wanted` is the chance with which
    they should go up, NaN for others. Raises Infeasible if nothing is left, GaveUp if the solver gave up,
    ValueError if the counts do not add up.
    """
    if (counts < 0).any() or layout.sums.times(counts).any():
        raise ValueError("These counts do not add up.")
    lower, upper = around(counts)
    low = lower if least is None else np.maximum(lower, least)
    high = upper if most is None else np.minimum(upper, most)
    if (low > high).any():
        raise Infeasible("Earlier publications leave no value for a cell.")
    draw = _Draw(layout, lower, (counts % BASE) / BASE, stream)
    chances = np.full(len(counts), np.nan) if wanted is None else wanted
    raised = draw.raised((low > lower).astype(np.float64), (high > lower).astype(np.float64), chances)
    return lower + BASE * raised


class _Draw:
    """The cells with a remainder, `cells`; `chances` are their remainders in fifths."""

    def __init__(self, layout: Layout, lower: Ints, chances: Floats, stream: Stream) -> None:
        self.stream, self.everywhere = stream, np.zeros(len(lower), dtype=np.int64)
        self.cells = np.flatnonzero(chances)
        self.chances = chances[self.cells]
        sums = layout.sums
        number = np.full(len(lower), -1)
        number[self.cells] = np.arange(len(self.cells))
        kept = number[sums.columns] >= 0
        rows, entry_rows = np.unique(sums.rows[kept], return_inverse=True)
        self.sums = Sums(entry_rows, number[sums.columns[kept]], sums.values[kept], len(rows))
        self.targets = -sums.times(lower)[rows] / BASE

    def raised(self, low: Floats, high: Floats, wanted: Floats) -> Ints:
        """1 for each cell that is rounded up, else 0, between `low` and `high`."""
        low, high, wanted = low[self.cells], high[self.cells], wanted[self.cells]
        chosen: Floats | None = None
        if len(self.cells) <= WIDEST_WALK:
            bound = ~np.isnan(wanted).all()
            chosen = self._by_walking(low, high, np.where(bound & (low == high), low, wanted))
        if chosen is None:
            chosen = self._finish(self.chances, low, high)
        if chosen is None:
            raise Infeasible("No rounding keeps every sum.")
        raised = self.everywhere.copy()
        raised[self.cells] = np.rint(chosen).astype(np.int64)
        return raised

    def _by_walking(self, low: Floats, high: Floats, wanted: Floats) -> Floats | None:
        """The first walk that ends within the bounds. Those that do not are as if they had never been."""
        matrix = np.zeros((len(self.targets), len(self.cells)))
        np.add.at(matrix, (self.sums.rows, self.sums.columns), self.sums.values)
        directions = _kernel(matrix)
        start = _towards(wanted, self.chances, directions)
        for _ in range(WALKS):
            place = _walk(start, directions, self.stream)
            settled = (place == 0) | (place == 1)
            ended = self._finish(place, np.where(settled, place, 0.0), np.where(settled, place, 1.0))
            if ended is not None and ((low <= ended) & (ended <= high)).all():
                return ended
        return None

    def _finish(self, chances: Floats, low: Floats, high: Floats) -> Floats | None:
        """A rounding between bounds, by the programme with logistic weights; None if there is none."""
        if (low == high).all() and not np.any(self.sums.times(low) - self.targets):
            return low
        noise = self.stream.logistic(len(chances))
        odds = np.clip(chances, NEAR, 1 - NEAR)
        sums = self.sums
        rows = Rows(sums.rows, sums.columns, sums.values.astype(float), self.targets, self.targets)
        gap = 0.0 if len(chances) <= WIDEST_WALK else GAP_A_CELL * len(chances)
        ended = Programme(low, high, rows, integer=True, gap=gap).minimise(noise - np.log(odds / (1 - odds)))
        return None if ended is None else np.rint(ended)


def _kernel(matrix: Floats) -> Floats:
    """An orthonormal base, as columns, of what the matrix takes to 0."""
    size, vectors = np.linalg.eigh(matrix.T @ matrix)
    return vectors[:, size < MANY_SUMS]


def _towards(wanted: Floats, start: Floats, directions: Floats) -> Floats:
    """From `start` along the directions to where the cells with a wanted value are nearest to it.

    Those without one (NaN) move as little as they can. It stops short of the bounds, since a walk from there
    would leave roundings out. All of it is linear, so that where what is wanted is right on average, so is
    the place it leads to, unless it was stopped.
    """
    told = ~np.isnan(wanted)
    if not told.any() or not directions.shape[1]:
        return start
    steps = np.linalg.lstsq(directions[told], wanted[told] - start[told], rcond=None)[0]
    way = directions @ steps
    return np.asarray(start + min(1.0, SHORT * _reach(start, way)[0]) * way)


def _walk(start: Floats, directions: Floats, stream: Stream) -> Floats:
    """A martingale from `start` along `directions` to a vertex of what lies between 0 and 1.

    Each step goes along a random direction to a bound. The direction is noise of all cells, projected on
    what is left to move: so it is the same whichever base a machine's linear algebra gives that space. The
    cells that reach a bound stay there: the directions that are left are those that do not move them (a
    reflection turns the base so that only its first direction does, and that one is given up).
    """
    place = start.copy()
    while directions.shape[1]:
        way = directions @ (directions.T @ stream.normal(len(place)))
        forwards, backwards = _reach(place, way)
        back = stream.uniform(1)[0] * (forwards + backwards) < forwards
        place += -backwards * way if back else forwards * way
        ended = (place < NEAR) | (place > 1 - NEAR)
        place[ended] = np.rint(place[ended])
        for cell in np.flatnonzero(ended & (np.abs(way) > NEAR)):
            moves = directions[cell]
            length = np.linalg.norm(moves)
            if length < NEAR:
                continue
            mirror = moves.copy()
            mirror[0] += np.copysign(length, moves[0])
            directions = directions - np.outer(directions @ mirror, mirror * (2 / (mirror @ mirror)))
            directions = directions[:, 1:]
    return place


def _reach(place: Floats, way: Floats) -> tuple[float, float]:
    """How far one can go along a way, and back, before a cell reaches 0 or 1."""
    moving = np.abs(way) > NEAR
    speed, up, room = np.abs(way[moving]), way[moving] > 0, place[moving]
    above, below = (1 - room) / speed, room / speed
    forwards = np.where(up, above, below).min(initial=np.inf)
    return float(forwards), float(np.where(up, below, above).min(initial=np.inf))
