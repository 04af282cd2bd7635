"""A spreadsheet file, CSV or XLSX, into sheets of rows of cells. Knows cells, not what they are about."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | bool | date | datetime | time | None
"""What a cell holds. Of a formula, what the spreadsheet last reckoned."""

NO_VALUE = "#NO VALUE"
"""A formula that was never reckoned: what it would show is not in the file."""
ERRORS = (NO_VALUE, "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
SEPARATORS = ",;\t|"
LINES_TRIED = 20


class UnreadableFile(Exception):
    """The file is no spreadsheet that can be read; the words say what to do."""


@dataclass(frozen=True)
class Row:
    """One line, with the number the spreadsheet shows. Cells to the right of the last may be asked for.

    `covered`: the columns whose cell is the lower part of a merged one, and says what that says.
    """

    number: int
    cells: tuple[Value, ...]
    covered: frozenset[int] = frozenset()
    hidden: bool = False
    crossed_out: bool = False

    def at(self, column: int) -> Value:
        """The cell of a column, counted from 0; None where the row ends before it."""
        return self.cells[column] if column < len(self.cells) else None

    @property
    def blank(self) -> bool:
        return not any(line_of(cell) for cell in self.cells)

    def shown(self) -> "Row":
        """The same without signs that cannot be seen, which come with pasting."""
        return replace(self, cells=tuple(map(_shown, self.cells)))


@dataclass(frozen=True)
class Sheet:
    """One sheet: all its rows, blank ones too, from row 1. A CSV is one sheet with the file's name."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


def read_file(path: Path) -> list[Sheet]:
    """Every sheet of a file. Raises UnreadableFile for what is none, OSError where it cannot be opened.

    A merged cell counts for every cell it covers downwards: it says the same for all these rows. What it
    covers to the right stays empty, save that headings may ask (`headings` of escalation.sheets.records).
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _xlsx(path)
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return [Sheet(path.name, tuple(_csv(path)))]
    raise UnreadableFile("this is no CSV or XLSX file. In the spreadsheet, save it as XLSX or as CSV.")


def text_of(value: Value) -> str:
    """A cell as people read it: lines stay, spaces around and doubled ones go.

    A whole number is shown without ".0", a date as 12/03/2024.
    """
    if isinstance(value, str) and value.isprintable():
        return " ".join(value.split())
    if isinstance(value, str):
        lines = (" ".join(line.split()) for line in value.splitlines())
        return "\n".join(lines).strip()
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def line_of(value: Value) -> str:
    """A cell in one line."""
    return " ".join((value if isinstance(value, str) else text_of(value)).split())


UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def _shown(value: Value) -> Value:
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    text = value.replace("_x000D_", "")  # how XLSX writes a carriage return
    return "".join(sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in UNSEEN)


# CSV


def _csv(path: Path) -> Iterator[Row]:
    text = _decoded(path.read_bytes())
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        yield from (Row(number, tuple(line)) for number, line in enumerate(lines, start=1))
    except csv.Error as error:
        raise UnreadableFile(f"this is no CSV file ({error}). Save it as CSV again, or as XLSX.") from error


def _decoded(data: bytes) -> str:
    """UTF-8 or UTF-16, or what a spreadsheet on Windows saves when it is neither."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """What stands between cells: the sign that splits the first lines into most cells, outside quotes."""
    first = "".join(text.splitlines(keepends=True)[:LINES_TRIED])
    return max(SEPARATORS, key=lambda sign: _cells(first, sign))


def _cells(text: str, separator: str) -> int:
    try:
        return sum(len(line) - 1 for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return 0


# XLSX


def _xlsx(path: Path) -> list[Sheet]:
    try:
        book = load_workbook(path, data_only=True)
        formulas = load_workbook(path) if _has_formulas(path) else None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise UnreadableFile("this is no XLSX file. In the spreadsheet, save it as XLSX or CSV.") from error
    return [_sheet(sheet, formulas) for sheet in book.worksheets]


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        sheets = (name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        return any(b"<f>" in (data := parts.read(name)) or b"<f " in data for name in sheets)


def _sheet(sheet: Worksheet, formulas: Workbook | None) -> Sheet:
    covered = _covered_downwards(sheet)
    unreckoned = _unreckoned(sheet, formulas)
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [
            covered.get((number, column), unreckoned.get((number, column), _value(cell.value)))
            for column, cell in enumerate(cells, start=1)
        ]
        shape = sheet.row_dimensions.get(number)
        rows.append(
            Row(
                number,
                tuple(values),
                frozenset(at for at in range(len(values)) if (number, at + 1) in covered),
                hidden=bool(shape and shape.hidden),
                crossed_out=_crossed_out(cells),
            )
        )
    return Sheet(str(sheet.title), tuple(rows), hidden=sheet.sheet_state != "visible")


def _covered_downwards(sheet: Worksheet) -> dict[tuple[int, int], Value]:
    """What a merged cell says in the rows below its first, in its first column."""
    return {
        (row, area.min_col): _value(sheet.cell(area.min_row, area.min_col).value)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, area.max_row + 1)
    }


def _unreckoned(sheet: Worksheet, formulas: Workbook | None) -> dict[tuple[int, int], Value]:
    """Cells with a formula whose value is not in the file."""
    if formulas is None:
        return {}
    return {
        (row, column): NO_VALUE
        for row, cells in enumerate(formulas[sheet.title].iter_rows(), start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.data_type == "f" and sheet.cell(row, column).value is None
    }


def _crossed_out(cells: tuple[Cell | MergedCell, ...]) -> bool:
    """Whether the first cell that says anything is struck through: so people mark what should not count."""
    first = next((cell for cell in cells if cell.value is not None), None)
    return first is not None and first.has_style and bool(first.font.strike)


def _value(value: object) -> Value:
    """Kinds of cells that people do not type, such as a length of time, as the text they show."""
    return value if isinstance(value, Value) or value is None else str(value)
