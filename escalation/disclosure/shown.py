"""What readers are shown: everything here is computed from published values, and from nothing else.

Which figures are shown at all depends on published totals. What is not shown is [x], in the same words
whatever the reason. Symbols are those of the Government Analysis Function.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .rounding import BASE
from .statements import WINDOW
from .tables import Layout

ENOUGH_FOR_ONE_WAY = 20
"""The least published total of a table by one dimension."""
CASES_A_CELL = 2
"""A table by more dimensions needs this many times its cells as its published total."""
ENOUGH_FOR_RANGE, ENOUGH_FOR_PERCENT = 30, 60
CLEAR = 10
"""The least difference between two published values that says "up" or "down"."""


class Symbol(StrEnum):
    """What stands beside a figure, or in its place."""

    CONFIDENTIAL = "[c]"
    NOT_APPLICABLE = "[z]"
    NOT_AVAILABLE = "[x]"
    LOW = "[low]"


MEANINGS = {
    Symbol.CONFIDENTIAL: "Withheld because of what it is. Never used: no figure here is chosen by its size.",
    Symbol.NOT_APPLICABLE: "There can be none.",
    Symbol.NOT_AVAILABLE: "Not available for this period.",
    Symbol.LOW: "Published as 0, which does not mean none: the true one is 0 to 4. Where quarters are added "
    "it can be 4 more for each.",
}
IN_WORDS = (
    "Rounded to 5 at random. Each figure is within 4 of the true one (where quarters are added, 4 for each "
    "of them), and every table adds up. 0 does not mean none."
)


@dataclass(frozen=True)
class Figure:
    """A figure as shown. `value` None: not shown. `low` and `high`: the true count is between them."""

    value: int | None
    low: int | None
    high: int | None
    symbol: Symbol | None

    @property
    def words(self) -> str:
        """ "5, that is 1 to 9" """
        if self.value is None or self.low is None:
            return str(self.symbol or Symbol.NOT_AVAILABLE)
        return f"{self.value}, that is {self.low} to {self.high}"


NOT_AVAILABLE = Figure(None, None, None, Symbol.NOT_AVAILABLE)
NOT_APPLICABLE = Figure(None, None, None, Symbol.NOT_APPLICABLE)


def figure(value: int, added: int = 1) -> Figure:
    """A published value, or the sum of some: each is within 4 of the truth, and no count is below 0."""
    low, high = max(0, value - WINDOW * added), value + WINDOW * added
    return Figure(value, low, high, Symbol.LOW if value == 0 else None)


def is_shown(layout: Layout, face: tuple[str, ...], total: int) -> bool:
    """Whether a table, or a margin of one, is shown, given the published total.

    A table by several dimensions needs twice its cells as its total, structural zeros not counted; one by
    one dimension needs 20. A total is always shown.
    """
    return not face or total >= _enough(layout, face)


def _enough(layout: Layout, face: tuple[str, ...]) -> int:
    if len(face) == 1:
        return ENOUGH_FOR_ONE_WAY
    return CASES_A_CELL * int((layout.faces[face] >= 0).sum())


def percent(of: int, rest: int, cells_of: int = 1, cells_rest: int = 1) -> str:
    """How many of all, in words, from published values: those meant, and all others.

    From 60 on to the nearest 5; from 30 on the range that follows from the windows; else not shown. Each
    may be the sum of several published cells, each of which has its own window.
    """
    whole = of + rest
    if whole >= ENOUGH_FOR_PERCENT:
        return f"{_nearest_5(of, whole)}%"
    if whole >= ENOUGH_FOR_RANGE:
        low, high = percent_range(of, rest, cells_of, cells_rest)
        return f"between {low}% and {high}%"
    return str(Symbol.NOT_AVAILABLE)


def _nearest_5(of: int, whole: int) -> int:
    return BASE * ((2 * 100 * of + BASE * whole) // (2 * BASE * whole))


def percent_range(of: int, rest: int, cells_of: int = 1, cells_rest: int = 1) -> tuple[int, int]:
    """The least and the greatest percentage that the true counts can have, in whole percent outwards."""
    least, most = max(0, of - WINDOW * cells_of), of + WINDOW * cells_of
    fewest, others = max(0, rest - WINDOW * cells_rest), rest + WINDOW * cells_rest
    return 100 * least // (least + others), -(-100 * most // (most + fewest))


def median_bands(values: Sequence[int]) -> tuple[int, int] | None:
    """The bands, by their places, that hold the median of published values of bands in order.

    Two where it falls between two bands. None if the published total is under 20.
    """
    total = sum(values)
    if total < ENOUGH_FOR_ONE_WAY:
        return None
    running, below = 0, []
    for value in values:
        running += value
        below.append(running)
    first = next(at for at, each in enumerate(below) if 2 * each >= total)
    last = next(at for at, each in enumerate(below) if 2 * each > total)
    return first, last


class Change(StrEnum):
    """How a figure stands to that of the period before."""

    UP = "up"
    DOWN = "down"
    NO_CLEAR = "no clear change"


def change(before: int, now: int) -> Change:
    """From two published values. A difference under 10 may be the rounding's alone."""
    if abs(now - before) < CLEAR:
        return Change.NO_CLEAR
    return Change.UP if now > before else Change.DOWN


def added(values: Sequence[int | None], needed: int) -> Figure:
    """The sum of published values of some periods, if all that are needed are shown; else not available."""
    shown = [value for value in values if value is not None]
    return figure(sum(shown), len(shown)) if len(shown) == len(values) == needed else NOT_AVAILABLE
