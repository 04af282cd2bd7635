"""Reads a directory file, CSV or XLSX, into rows of plain text. Knows columns, not people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from escalation.sheets import UnreadableFile, line_of, plain, read_file

COLUMNS: dict[str, tuple[str, int]] = {
    "organisation": ("Organisation", 200),
    "organisation_short_name": ("Organisation short name", 80),
    "email_domain": ("E-mail domain", 200),
    "setting": ("Setting", 200),
    "setting_short_name": ("Setting short name", 80),
    "group": ("Group", 80),
    "setting_phone": ("Setting phone", 40),
    "outside": ("Outside", 10),
    "person_name": ("Person name", 150),
    "email": ("E-mail", 254),
    "job_title": ("Job title", 150),
    "person_phone": ("Person phone", 40),
    "seat_kind": ("Seat kind", 40),
    "deputy_email": ("Deputy e-mail", 254),
    "second_deputy_email": ("Second deputy e-mail", 254),
}
"""Key: heading as printed, longest text. Headings are read in any case, order and punctuation."""
MAY_LACK = {"second_deputy_email"}
"""Columns without which a file is whole: those made before there was a second deputy."""


@dataclass(frozen=True)
class Problem:
    """What is wrong where, and what to do."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        heading = f", column {COLUMNS[self.column][0]}" if self.column else ""
        return f"Row {self.row}{heading}: {self.words}"


class DirectoryError(Exception):
    """The file cannot be loaded; nothing was. `problems` is in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.row)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Row:
    """One line of the file, with the number a spreadsheet shows."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


def read(path: Path) -> list[Row]:
    """The rows of a file that hold anything, as trimmed text; `DirectoryError` when it is no such file."""
    lines = _lines(path)
    if not lines:
        raise DirectoryError([Problem(1, "", "the file is empty. Start from the example file.")])
    columns = _columns(lines[0])
    rows = [Row(number, _values(columns, line)) for number, line in enumerate(lines[1:], start=2)]
    return [row for row in rows if any(row.values.values())]


def _lines(path: Path) -> list[list[str]]:
    """The first sheet, each cell in one line."""
    try:
        sheet = read_file(path)[0]
    except UnreadableFile as error:
        raise DirectoryError([Problem(1, "", str(error))]) from error
    return [[line_of(cell) for cell in row.cells] for row in sheet.rows]


def _columns(headings: list[str]) -> list[str | None]:
    known = {plain(heading): key for key, (heading, _) in COLUMNS.items()}
    found = [known.get(plain(heading)) for heading in headings]
    problems = [
        Problem(1, "", f"there is no column “{heading}”. Rename it as in the example, or take it out.")
        for heading, key in zip(headings, found, strict=True)
        if heading and key is None
    ]
    problems += [
        Problem(1, key, "is missing. Add it; its cells may be empty.")
        for key in COLUMNS
        if key not in {*found, *MAY_LACK}
    ]
    problems += [Problem(1, key, "is there twice. Take one out.") for key in COLUMNS if found.count(key) > 1]
    if problems:
        raise DirectoryError(problems)
    return found


def _values(columns: list[str | None], line: list[str]) -> dict[str, str]:
    return {key: text for key, text in zip(columns, line, strict=False) if key is not None}
