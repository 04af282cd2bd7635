"""What stands above the columns of a sheet, in one row or in several under each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openpyxl.utils import column_index_from_string, get_column_letter

from escalation.sheets.reading import Row, Sheet, line_of
from escalation.sheets.terms import plain

UNDER = ">"
"""Between a heading and the one above it: "Raised by > Agency"."""
LETTER = "#"
"""Before a column's letter, where its heading says nothing or stands twice: "#C"."""


@dataclass(frozen=True)
class Heading:
    """A column's place, from 0, and what stands above it: the lowest heading last."""

    column: int
    levels: tuple[str, ...]

    @property
    def letter(self) -> str:
        return f"{LETTER}{get_column_letter(self.column + 1)}"

    @property
    def name(self) -> str:
        """As a mapping names it, and a problem."""
        return f" {UNDER} ".join(self.levels) or self.letter

    @property
    def names(self) -> frozenset[str]:
        """All that it can be called by, in plain spelling."""
        return frozenset(plain(name) for name in (self.name, self.letter, *self.levels[-1:]))

    def is_called(self, name: str) -> bool:
        """By all its levels, or by the lowest ones."""
        wanted = [plain(level) for level in name.split(UNDER)]
        return wanted == [plain(level) for level in self.levels][-len(wanted) :]


class Headings:
    """The headings of a sheet."""

    def __init__(self, sheet: Sheet, header: Sequence[int]) -> None:
        self.all = list(_headings(sheet, header))

    def called(self, name: str) -> list[Heading]:
        """Those of this name; none or several is for the mapping to put right. A letter is always one."""
        if name.startswith(LETTER):
            at = column_index_from_string(name.removeprefix(LETTER).strip()) - 1
            return [next((heading for heading in self.all if heading.column == at), Heading(at, ()))]
        return [heading for heading in self.all if heading.is_called(name)]

    def stand_in(self, row: Row) -> bool:
        """Whether a row says the headings again."""
        told = [(heading, text) for heading in self.all if (text := line_of(row.at(heading.column)))]
        return len(told) > 1 and all(plain(text) == plain(heading.levels[-1]) for heading, text in told)


def _headings(sheet: Sheet, header: Sequence[int]) -> Iterable[Heading]:
    """An upper heading counts for all the columns to its right that have none of their own."""
    rows = [sheet.rows[number - 1] if number <= len(sheet.rows) else Row(number, ()) for number in header]
    width = max((len(row.cells) for row in rows), default=0)
    uppers = [_filled(row, width) for row in rows[:-1]]
    lowest = [line_of(rows[-1].at(at)) for at in range(width)]
    for at in range(width):
        levels = _said([*(upper[at] for upper in uppers), lowest[at]])
        if levels:
            yield Heading(at, levels)


def _filled(row: Row, width: int) -> list[str]:
    texts: list[str] = []
    for at in range(width):
        texts.append(line_of(row.at(at)) or (texts[-1] if texts else ""))
    return texts


def _said(levels: Iterable[str]) -> tuple[str, ...]:
    """Without empty ones, and without one that repeats the one above: a cell merged downwards."""
    said = [text for text in levels if text]
    return tuple(text for above, text in pairwise(["", *said]) if text != above)
