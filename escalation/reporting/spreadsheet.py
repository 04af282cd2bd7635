"""A release as a workbook: cover, contents, notes, then one table a sheet.

Laid out as the Government Analysis Function asks of statistics in spreadsheets: each sheet begins in its
first cell with what it is, says where its table begins, merges no cells, and leaves none empty for looks.
Labels come from the plan, so no cell can be a formula.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from escalation.reporting.tabular import FIGURE, Row, follows, rows_of

TITLE, HEADING = Font(bold=True, size=15), Font(bold=True)
TEXT_WIDTH, LABEL_WIDTH, FIGURE_WIDTH = 90, 38, 16
SHORTHAND = "What [c], [low], [x] and [z] stand for is on the sheet “Notes”."


def as_workbook(told: Mapping[str, Any]) -> bytes:
    """The bytes of an XLSX file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"{told['title']}, {told['period']}"
    book.properties.creator = told["partnership"]
    add_text(book, "Cover", _cover(told))
    contents = [(f"Table {at}", each["title"]) for at, each in enumerate(told["tables"], 1)]
    add_listed(
        book, "Contents", "Contents", ("Sheet", "What it has"), [("Notes", "What it means"), *contents]
    )
    add_listed(book, "Notes", "Notes", ("Shorthand or word", "What it means"), _notes(told))
    for (name, _), table in zip(contents, told["tables"], strict=True):
        add_table(book.create_sheet(name), name.replace(" ", "_"), told, table)
    return bytes_of(book)


def bytes_of(book: Workbook) -> bytes:
    """A workbook as a file. Its parts have no times of their own: what a machine's files had would differ."""
    stream, plain = BytesIO(), BytesIO()
    book.save(stream)
    with ZipFile(stream) as parts, ZipFile(plain, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return plain.getvalue()


def _cover(told: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{told['title']}: {told['period']}",
        f"Published by {told['partnership']} on {told['published']}, edition {told['edition']}.",
        told["in_words"],
        "Figures never change. A correction, if one is ever needed, counts in later periods.",
        told["withdrawn"],
        told["not_known"],
        *(f"Evidence for {each['words']}." for each in told["evidence"]),
    ]
    return [line for line in lines if line]


def _notes(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    dates = [(code.capitalize(), words) for code, words in told["definitions"].items()]
    return [*told["symbols"].items(), *dates, ("Rounding", told["in_words"])]


def add_text(book: Workbook, name: str, lines: Sequence[str]) -> None:
    """A sheet of sentences, the first of them its title."""
    sheet = book.create_sheet(name)
    for line in lines:
        sheet.append([line])
    _finish(sheet, [TEXT_WIDTH])


def add_listed(
    book: Workbook, name: str, title: str, heads: tuple[str, str], rows: Sequence[tuple[str, str]]
) -> None:
    """A sheet with one table of two columns."""
    sheet = book.create_sheet(name)
    sheet.append([title])
    sheet.append(["This sheet has one table."])
    _fill(sheet, f"{name}_table", heads, rows)
    _finish(sheet, [LABEL_WIDTH, TEXT_WIDTH])


def add_table(sheet: Worksheet, name: str, told: Mapping[str, Any], table: Mapping[str, Any]) -> None:
    """A published table of a release's document `told`, on a sheet of its own."""
    begins, ends = table["quarters"][0], table["quarters"][-1]
    period = begins if begins == ends else f"{begins} to {ends}"
    said = [": ".join(each) for each in follows(table, told["dimensions"])]
    for line in (
        f"{table['title']}, {period}",
        "This sheet has one table.",
        told["in_words"],
        SHORTHAND,
        *said,
    ):
        sheet.append([line])
    names = {each["code"]: each["label"] for each in told["dimensions"]}
    by = table["parts"][-1]["by"]
    rows = list(rows_of(table, told["dimensions"]))
    heads = [*(names[code] for code in by), *(FIGURE[column][0] for column in _columns(rows))]
    found = [[*(row[f"{code}_label"] for code in by), *_cells(row, rows)] for row in rows]
    if not by:
        heads, found = ["What is counted", *heads], [["All", *each] for each in found]
    _fill(sheet, name, heads, found)
    _finish(sheet, [LABEL_WIDTH] * max(1, len(by)) + [FIGURE_WIDTH] * len(_columns(rows)))


def _columns(rows: Sequence[Row]) -> list[str]:
    """The columns of figures in which anything stands; symbols stand in the place of figures."""
    return [
        name
        for name in FIGURE
        if "symbol" not in name and (name == "value" or any(row[name] is not None for row in rows))
    ]


def _cells(row: Row, rows: Sequence[Row]) -> list[str | int | None]:
    return [_cell(row, name) for name in _columns(rows)]


def _cell(row: Row, name: str) -> str | int | None:
    if row[name] is not None:
        return row[name]
    symbol = row.get("symbol" if name in ("value", "low", "high", "change") else f"{name}_symbol")
    return symbol or "[x]"


def _fill(sheet: Worksheet, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table of the spreadsheet's own kind: filters and screen readers know it."""
    first = sheet.max_row + 1
    sheet.append(list(heads))
    for cell in sheet[first]:
        cell.font = HEADING
    for row in rows:
        sheet.append(list(row))
    place = f"A{first}:{get_column_letter(len(heads))}{sheet.max_row}"
    marked = Table(displayName=name, ref=place)
    marked.tableStyleInfo = TableStyleInfo(showRowStripes=False)
    sheet.add_table(marked)


def _finish(sheet: Worksheet, widths: Sequence[int]) -> None:
    sheet["A1"].font = TITLE
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
