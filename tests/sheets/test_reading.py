"""Files as spreadsheets save them: separators, encodings, merged cells, formulas, what is struck out."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from escalation.sheets import Sheet, UnreadableFile, Value, line_of, read_file, text_of

MIDNIGHT = datetime(2024, 3, 12)  # noqa: DTZ001  spreadsheets know no zones
FIVE_PAST_NINE = MIDNIGHT.replace(hour=9, minute=5)
LINES = [["Ref", "Who"], ["A1", "Zoë"]]
CSVS: dict[str, bytes] = {
    "commas": "Ref,Who\r\nA1,Zoë\r\n".encode(),
    "with the mark of UTF-8": "\ufeffRef,Who\nA1,Zoë\n".encode(),
    "semicolons, old Windows": "Ref;Who\r\nA1;Zoë\r\n".encode("cp1252"),
    "tabs, UTF-16": "Ref\tWho\nA1\tZoë\n".encode("utf-16"),
    "bars": "Ref|Who\nA1|Zoë".encode(),
    "quoted": '"Ref","Who"\n"A1","Zoë"\n'.encode(),
}


@pytest.mark.parametrize("data", CSVS.values(), ids=CSVS.keys())
def test_a_csv_as_spreadsheets_save_it(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "log.csv").write_bytes(data)
    [sheet] = read_file(tmp_path / "log.csv")
    assert [list(row.cells) for row in sheet.rows] == LINES
    assert (sheet.name, [row.number for row in sheet.rows]) == ("log.csv", [1, 2])


def test_what_is_quoted_keeps_its_lines_and_its_signs(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text('Ref;Who\nA1;"one; two\nthree"\n', encoding="utf-8")
    [sheet] = read_file(tmp_path / "log.csv")
    assert sheet.rows[1].cells == ("A1", "one; two\nthree")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("log.xlsx", b"no zip", "no XLSX file"),
        ("log.xlsx", b"", "no XLSX file"),
        ("log.xls", b"\xd0\xcf\x11\xe0", "save it as XLSX or as CSV"),
        ("log.docx", b"PK", "save it as XLSX or as CSV"),
    ],
)
def test_what_is_no_spreadsheet_is_told(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile, match=words):
        read_file(tmp_path / name)


Make = Callable[[Callable[[Worksheet], None]], Sheet]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """The sheet that somebody made, saved and read again."""

    def make(fill: Callable[[Worksheet], None]) -> Sheet:
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        fill(sheet)
        book.save(tmp_path / "log.xlsx")
        return read_file(tmp_path / "log.xlsx")[0]

    return make


def test_a_cell_merged_downwards_counts_for_each_of_its_rows(made: Make) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["A1", "CSC"], [None, "Police"], ["A2", "Ward"]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")

    sheet = made(fill)
    assert [row.cells for row in sheet.rows] == [("A1", "CSC"), ("A1", "Police"), ("A2", "Ward")]
    assert [row.covered for row in sheet.rows] == [frozenset(), frozenset({0}), frozenset()]


def test_a_formula_that_was_never_reckoned_does_not_pass_for_nothing(made: Make) -> None:
    sheet = made(lambda sheet: sheet.append(["A1", "=1+1"]))
    assert sheet.rows[0].cells == ("A1", "#NO VALUE")


def test_what_is_struck_out_or_hidden_is_seen(made: Make) -> None:
    def fill(sheet: Worksheet) -> None:
        for ref in ("A1", "A2", "A3"):
            sheet.append([ref])
        sheet["A1"].font = Font(strike=True)
        sheet.row_dimensions[2].hidden = True

    rows = made(fill).rows
    assert [(row.crossed_out, row.hidden) for row in rows] == [(True, False), (False, True), (False, False)]


@pytest.mark.parametrize(
    ("cell", "text", "line"),
    [
        ("  one\u00a0 two \r\n\r\nthree ", "one two\n\nthree", "one two three"),
        (12.0, "12", "12"),
        (7, "7", "7"),
        (1.5, "1.5", "1.5"),
        (True, "yes", "yes"),
        (None, "", ""),
        (date(2024, 3, 12), "12/03/2024", "12/03/2024"),
        (MIDNIGHT, "12/03/2024", "12/03/2024"),
        (FIVE_PAST_NINE, "12/03/2024 09:05", "12/03/2024 09:05"),
    ],
)
def test_a_cell_as_people_read_it(cell: Value, text: str, line: str) -> None:
    assert (text_of(cell), line_of(cell)) == (text, line)
