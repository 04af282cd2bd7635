"""Lists for the person who keeps the spreadsheet, as CSV that a spreadsheet opens."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from escalation.sheets.problems import Problem
from escalation.sheets.reading import line_of

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADINGS = ("Sheet", "Row", "Column", "Kind", "What is wrong and what to do", "What was found")


def write_problems(path: Path, problems: Iterable[Problem]) -> None:
    """Every problem with where it is, what has to be put right first; raises OSError for no file to write."""
    rows = (
        (
            problem.sheet,
            str(problem.row or ""),
            problem.column,
            "look at" if problem.warning else "put right",
            problem.words,
            problem.detail,
        )
        for problem in sorted(problems, key=lambda problem: problem.warning)
    )
    write_list(path, HEADINGS, rows)


def write_list(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 with the mark by which a spreadsheet knows it. No cell can become a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it, with a mark in front of what it would reckon."""
    line = line_of(text)
    return f"'{line}" if line.startswith(STARTS_A_FORMULA) else line
