"""What is wrong in a spreadsheet, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

ROWS_NAMED = 3
"""Of many rows alike, so many are named; the list has them all."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right, or (`warning`) only to look at.

    `row` is the number the spreadsheet shows, 0 for the whole sheet; `column` its heading, "" for the
    whole row. `words` is a sentence that says what to do. `detail` is what was found in somebody's text:
    it may be a name, so it is for the keeper's own list and never for a screen or a log line. `alike`: what
    is said of all problems of this kind at once, where `words` tell of this row alone.
    """

    sheet: str
    row: int
    column: str
    words: str
    warning: bool = False
    detail: str = ""
    alike: str = ""

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        return _sentence(_sheet(self), row, _column(self), words=self.words)


@dataclass(frozen=True)
class Group:
    """Problems of one kind in one column: told once, with their number and where the first ones are."""

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        first, number = self.problems[0], len(self.problems)
        if number == 1:
            return str(first)
        rows = ", ".join(str(problem.row) for problem in self.problems[:ROWS_NAMED])
        more = f" and {number - ROWS_NAMED} more" if number > ROWS_NAMED else ""
        times = f"{number} times (rows {rows}{more})"
        return _sentence(_sheet(first), _column(first), times, words=first.alike or first.words)


def grouped(problems: Iterable[Problem]) -> list[Group]:
    """Those that say the same of the same column together, in the order of the first of each."""
    found: dict[tuple[str, str, str], list[Problem]] = {}
    for each in problems:
        found.setdefault((each.sheet, each.column, each.alike or each.words), []).append(each)
    return [Group(tuple(alike)) for alike in found.values()]


def _sheet(problem: Problem) -> str:
    return f"sheet {problem.sheet}" if problem.sheet else ""


def _column(problem: Problem) -> str:
    return f"column {problem.column}" if problem.column else ""


def _sentence(*where: str, words: str) -> str:
    place = ", ".join(part for part in where if part)
    return f"{place[:1].upper()}{place[1:]}: {words}" if place else words
