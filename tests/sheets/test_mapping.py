"""The mapping file: what a person can say in it, and every slip with its line."""

from collections.abc import Sequence
from datetime import date

import pytest

from escalation.rulefiles import RuleFileErrors
from escalation.sheets import (
    Field,
    Kind,
    RecordsRead,
    Row,
    Sheet,
    Terms,
    Value,
    parse_mapping,
    read_records,
)

FIELDS = (
    Field("number", Kind.LINE, "its number"),
    Field("day", Kind.DATE, "the day", required=True),
    Field("colour", Kind.TERM, "the colour", vocabulary="colour"),
    Field("pets", Kind.TERMS, "the pets", vocabulary="pet"),
    Field("story", Kind.TEXT, "the story"),
)
TERMS = {
    "colour": Terms({"red": ("crimson",), "blue": (), "green": ()}, what="colour"),
    "pet": Terms({"cat": (), "dog": ()}, what="pet"),
}
START = """
log = "Pets"
[[sheets]]
name = "*"
header = 1
[columns]
number = "No"
day = "Day"
"""
Lines = Sequence[Sequence[Value]]


def read(lines: Lines, mapping: str = START, *, name: str = "Sheet1") -> RecordsRead:
    rows = tuple(Row(number, tuple(line)) for number, line in enumerate(lines, start=1))
    parsed = parse_mapping(
        mapping, source="pets.toml", fields=[f.name for f in FIELDS], terms=TERMS, key=("number",)
    )
    return read_records([Sheet(name, rows)], parsed, FIELDS, today=date(2026, 11, 24))


def wrong(read: RecordsRead) -> list[str]:
    return [str(problem) for problem in read.problems if not problem.warning]


def doubts(read: RecordsRead) -> list[str]:
    return [str(problem) for problem in read.problems if problem.warning]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("log = ", "This line cannot be read"),
        ("", "line 1: The mapping: “log” is missing"),
        ('log = "Pets"', "line 1: The mapping: no sheet is named"),
        (START + 'colr = "C"', "line 9: The columns: there is no field “colr”. Did you mean “colour”?"),
        (START + '[words.colour]\npurple = ["x"]', "“purple” is no colour that we know. There are"),
        (START + '[words.color]\nred = ["x"]', "no words are kept under “color”. Use one of: colour, pet."),
        (START + '[words.colour]\nred = ["x"]\nblue = ["X "]', "line 11: The words for colour: “X ” stands"),
        (START + "[[not_cases]]\ncolumn = 'No'", "say how such a row is known"),
        (START.replace("header = 1", "header = [1, 3]"), "the heading's rows need to follow each other"),
        (START.replace("header = 1", 'header = "top"'), "“header” needs a whole number, not “top”."),
        (START + '[dates]\norder = "day first"', "unknown order “day first”. Use one of: dmy, mdy, ymd."),
        (START + '[dates]\nearliest = "long ago"', "“long ago” is no date"),
        (START + "[[sheets]]\nname = 'x'\nheader = 1\nheadr = 2", "unknown key “headr”. Did you mean"),
        (START + "[digits]\nnumber = 'five'", "“number” needs a whole number"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(mapping: str, words: str) -> None:
    with pytest.raises(RuleFileErrors) as told:
        read([["No", "Day"]], mapping)
    assert words in str(told.value)
    assert str(told.value).startswith("pets.toml")


def test_every_slip_at_once() -> None:
    with pytest.raises(RuleFileErrors) as told:
        read([], START + 'colr = "C"\npts = "P"\n[words.pet]\nbird = []')
    assert len(str(told.value).splitlines()) == 3


def test_several_mappings_share_their_words() -> None:
    """One borough's words, for the logs of each year."""
    shared = "[words.colour]\nred = ['rouge']"
    mapping = f'shared = "words.toml"\n{START}colour = "Colour"'
    parsed = parse_mapping(
        mapping,
        source="pets.toml",
        fields=[f.name for f in FIELDS],
        terms=TERMS,
        key=("number",),
        shared={"words.toml": shared}.__getitem__,
    )
    assert parsed.terms["colour"].find("Rouge") == "red"


def test_headings_are_found_whatever_their_case_and_stops() -> None:
    found = read([[" no. ", "DAY:"], ["7", "12/03/2024"]])
    assert found.records[0].values == {"number": "7", "day": date(2024, 3, 12)}


def test_a_heading_that_is_not_there_or_there_twice_is_told() -> None:
    [said] = wrong(read([["No", "Date"]]))
    assert said.startswith(
        "Sheet Sheet1, row 1, column Day: is not there. Write it as it stands in this row,"
    )
    assert "stands there more than once. Write “#B” or “#C”" in wrong(read([["No", "Day", "day"]]))[0]


def test_a_column_by_its_letter() -> None:
    found = read([["No", "Day", "Day"], ["7", "x", "12/03/2024"]], START.replace('"Day"', '"#C"'))
    assert found.records[0].day("day") == date(2024, 3, 12)


def test_headings_under_headings() -> None:
    mapping = START.replace("header = 1", "header = [1, 2]").replace('"Day"', '"Dates > First"')
    lines: Lines = [
        ["No", "Dates", None, "Other"],
        [None, "First", "Last", None],
        ["7", "12/03/2024", "x", "y"],
    ]
    found = read(lines, mapping)
    assert found.records[0].day("day") == date(2024, 3, 12)
    assert [d.split(": ")[0] for d in doubts(found)] == [
        "Sheet Sheet1, row 2, column Dates > Last",
        "Sheet Sheet1, row 2, column Other",
    ]


def test_a_column_that_nobody_reads_is_told_unless_it_is_ignored() -> None:
    lines: Lines = [["No", "Day", "RAG"], ["7", "12/03/2024", "amber"]]
    assert "column RAG: is not read" in doubts(read(lines))[0]
    assert not doubts(read(lines, 'ignore = ["rag"]' + START))


def test_a_sheet_that_nobody_reads_is_told_unless_it_is_ignored() -> None:
    mapping = START.replace('"*"', '"2024"')
    assert "Sheet Lists: is not read" in doubts(read([["x"]], mapping, name="Lists"))[0]
    assert (
        "Sheet 2024: is in the mapping and not in the file" in wrong(read([["x"]], mapping, name="Lists"))[0]
    )
    assert not doubts(read([["x"]], 'ignore_sheets = ["Lists"]' + mapping, name="Lists"))


@pytest.mark.parametrize(
    ("rule", "row", "why"),
    [
        ('begins = ["total"]', ["Total: 9", None], "begins with “Total: 9”"),
        ('begins = ["total"]', [None, "Total"], "begins with “Total”"),
        ('column = "Day"\nbegins = ["sub"]', ["x", "subtotal"], "begins with “subtotal”"),
        ('empty = ["No", "Day"]', [None, "-", "words"], "nothing under No, Day"),
        ('begins = ["total"]', [None, "  "], "empty"),
        ('begins = ["total"]', ["No", "Day"], "headings again"),
    ],
)
def test_a_row_that_is_no_case_is_left_out_and_says_why(rule: str, row: Sequence[Value], why: str) -> None:
    mapping = f'blank = ["-"]\n{START}[[not_cases]]\n{rule}'
    found = read([["No", "Day"], row], mapping)
    assert (found.records, wrong(found)) == ([], [])
    assert [(left.row, left.why) for left in found.left_out] == [(2, why)]


def test_rows_after_the_last_are_not_read() -> None:
    found = read(
        [["No", "Day"], ["7", "12/03/2024"], ["key", "y"]],
        START.replace("header = 1", "header = 1\nlast = 2"),
    )
    assert (len(found.records), found.problems) == (1, [])


def test_as_above_means_what_stands_above() -> None:
    found = read([["No", "Day"], ["7", "12/03/2024"], ["8", '"'], ["9", '"']], "ditto = ['\"']" + START)
    assert {r.day("day") for r in found.records} == {date(2024, 3, 12)}
    assert "points to the row above, which says nothing here" in wrong(
        read([["No", "Day"], ["8", '"']], "ditto = ['\"']" + START)
    )[0]  # fmt: skip


def test_several_in_one_cell_are_taken_apart_unless_the_whole_is_known() -> None:
    mapping = START + 'pets = "Pets"\n[split]\npets = ["/", ","]\n[words.pet]\ncat = ["puss/moggy"]'
    lines: Lines = [
        ["No", "Day", "Pets"],
        ["7", "12/03/2024", "Dog / cat, dog"],
        ["8", "12/03/2024", "Puss/Moggy"],
    ]
    assert [r.terms("pets") for r in read(lines, mapping).records] == [("dog", "cat"), ("cat",)]


def test_two_columns_are_one_text() -> None:
    mapping = START + 'story = ["Begin", "End"]'
    [record] = read(
        [["No", "Day", "Begin", "End"], ["7", "12/03/2024", "Once.", "Ever after."]], mapping
    ).records
    assert record.text("story") == "Once.\nEver after."


def test_a_default_is_what_an_empty_cell_says() -> None:
    mapping = START + 'colour = "Colour"\n[defaults]\ncolour = "crimson"'
    found = read([["No", "Day", "Colour"], ["7", "12/03/2024", ""], ["8", "12/03/2024", "BLUE"]], mapping)
    assert [r.text("colour") for r in found.records] == ["red", "blue"]


def test_rows_in_one_box_are_one_case() -> None:
    """Merged under the key: lists and texts are put together, and of the rest the first counts."""
    mapping = START + 'colour = "Colour"\npets = "Pets"\nstory = "Story"'
    rows = (
        Row(1, ("No", "Day", "Colour", "Pets", "Story")),
        Row(2, ("7", "12/03/2024", "red", "cat", "Once.")),
        Row(3, ("7", "12/03/2024", "blue", "dog", "Twice."), covered=frozenset({0, 1})),
        Row(4, ("8", "13/03/2024", "blue", "dog", "")),
    )
    parsed = parse_mapping(mapping, source="", fields=[f.name for f in FIELDS], terms=TERMS, key=("number",))
    found = read_records([Sheet("s", rows)], parsed, FIELDS, today=date(2026, 11, 24))
    first, second = found.records
    assert (first.text("colour"), first.terms("pets"), first.text("story")) == (
        "red",
        ("cat", "dog"),
        "Once.\nTwice.",
    )
    assert (second.row, second.terms("pets")) == (4, ("dog",))
    [doubt] = doubts(found)
    assert doubt.startswith(
        "Sheet s, row 3, column Colour: says something else than row 2, and both are one case"
    )


def test_signs_that_cannot_be_seen_do_not_count() -> None:
    found = read([["No", "Day"], ["7\u200b", "\u200e12/03/2024\u200e"]])
    assert found.records[0].values == {"number": "7", "day": date(2024, 3, 12)}


def test_a_column_whose_days_and_months_changed_places_is_doubted() -> None:
    """As where 3 April 2024 was typed in London and read in New York; 13 April stayed text."""
    lines: Lines = [["No", "Day"], ["7", date(2024, 3, 4)], ["8", "13/04/2024"], ["9", "28/04/2024"]]
    [doubt] = doubts(read(lines))
    assert 'swapped = ["day"]' in doubt
    found = read(lines, START.replace("header = 1", 'header = 1\nswapped = ["day"]'))
    assert found.records[0].day("day") == date(2024, 4, 3)
    assert not doubts(found)


def test_a_spelling_that_means_two_is_left_to_the_person() -> None:
    terms = Terms({"north": ("ward",), "south": ("ward",)}, what="ward")
    assert terms.find("Ward") is None
    assert terms.means_several("Ward")
    assert terms.with_spellings({"south": ["Ward"]}).find("ward") == "south"
