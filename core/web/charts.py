"""Charts of published figures: where each bar stands, so that a template only has to draw it.

Lengths are in percent and heights in pixels, and so the words of a chart never shrink. A figure whose true
value lies between two others has three marks: solid as far as it is at least, pale as far as what was
published, and a line as far as it is at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

LETTERS = 40
"""How much of a name fits on a line of a phone 320 pixels wide."""
LINE, BAR, GAP = 20, 14, 10
BASELINE, UNDER_NAME = 15, 2
LONGEST = 88
"""How far the longest bar goes, in percent: the figure still stands behind it."""
SHORTEST_SCALE = 20
"""What the whole width is at least, so that "0 to 4" never looks like a lot."""


@dataclass(frozen=True)
class Estimate:
    """One figure: `words` stand at its end. Without `value` there is no bar, and the words are a symbol."""

    name: str
    words: str
    low: int = 0
    value: int | None = None
    high: int = 0


@dataclass(frozen=True)
class NameLine:
    """One line of a bar's name, and the height of its baseline in pixels."""

    y: int
    text: str


@dataclass(frozen=True)
class Bar:
    """One bar: heights in pixels from the top, lengths as SVG says them ("76.0%")."""

    lines: tuple[NameLine, ...]
    y: int
    middle: int
    solid: str
    pale: str
    value: str
    high: str
    words: str
    is_drawn: bool

    @property
    def top(self) -> int:
        """Where the mark at the line's end begins."""
        return self.middle - 5

    @property
    def foot(self) -> int:
        return self.middle + 5


@dataclass(frozen=True)
class Chart:
    """Bars under each other. `title` says them all, for whoever does not see them."""

    name: str
    title: str
    height: int
    bars: tuple[Bar, ...]


def chart(name: str, title: str, estimates: Sequence[Estimate]) -> Chart:
    """Figures as bars; `name` is unique on its page."""
    scale = LONGEST / max([SHORTEST_SCALE, *(each.high for each in estimates)])
    bars, top = [], 0
    for each in estimates:
        bars.append(_bar(each, top, scale))
        top = bars[-1].y + BAR + GAP
    said = "; ".join(f"{each.name}: {_in_words(each)}" for each in estimates)
    return Chart(name, f"{title}: {said}. The table has the same figures.", top, tuple(bars))


def _bar(each: Estimate, top: int, scale: float) -> Bar:
    texts = wrap(each.name, LETTERS) or [""]
    y = top + LINE * len(texts) + UNDER_NAME
    return Bar(
        lines=tuple(NameLine(top + BASELINE + LINE * at, text) for at, text in enumerate(texts)),
        y=y,
        middle=y + BAR // 2,
        solid=_percent(each.low * scale),
        pale=_percent(((each.value or 0) - each.low) * scale),
        value=_percent((each.value or 0) * scale),
        high=_percent(each.high * scale),
        words=each.words,
        is_drawn=each.value is not None,
    )


def _percent(length: float) -> str:
    return f"{length:.1f}%"


def _in_words(each: Estimate) -> str:
    return each.words if each.value is None else f"{each.words} ({each.low} to {each.high})"
