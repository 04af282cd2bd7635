"""The sample of docs/importing: two sheets of a log as people really kept it, with faults of all kinds.

What is right stands in truth.csv, written down before anything was read by a program.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from core.outbox.models import Message
from escalation.challenges.models import Challenge, Entry, Event
from escalation.policy.clock import LONDON
from tests.importing.bringing import (
    FAULTY,
    MAPPING,
    MENDED,
    SAMPLE,
    TODAY,
    bring_in,
    directory,
    tried,
    verified,
)

pytestmark = pytest.mark.django_db
TRUTH = list(csv.DictReader(Path(__file__).with_name("truth.csv").read_text(encoding="utf-8").splitlines()))
SERVICES = {
    "school": "Ravensbury Primary School",
    "csc": "Children's social care",
    "police": "South West public protection unit",
    "ward": "Children's ward",
    "surrey": "Surrey children's services",
}
OUTCOMES = {
    "resolved": "partly_changed",
    "resolved at meeting": "partly_changed",
    "plan partly changed": "partly_changed",
    "decision upheld, reasons given": "decision_stays",
    "new info, changed our mind": "new_information",
    "Plan changed": "decision_changed",
    "Decision changed": "decision_changed",
    "Agreed to disagree": "agreed_difference",
    "Withdrawn": "",
    "": "",
}
NEW = "Escalations 24-26"


@pytest.fixture(autouse=True)
def _there(travel: Callable[[datetime], None]) -> None:
    travel(TODAY)
    directory()


FAULTS = [
    (9, "Dates > Response", "is before it was raised", "correct one"),
    (14, "Raised by > Service", "“Talking therapies”", "manage.py load_directory"),
    (16, "Stage", "“Stage 7”, which is no stage", "There are: 1 (Worker to worker), 2 (Leads), 3"),
    (29, "Dates > Raised", "“April 25”, which lacks a day or a year", "month_only for months without a day"),
    (30, "Dates > Resolved", "its formula has no value", "Write the value by hand"),
    (32, "Dates > Response", "shows #REF!", "Write the value by hand"),
    (
        43,
        "Outcome",
        "“went quiet”, which is no outcome",
        "agreed_difference (Agreed difference with a safety",
    ),
    (45, "Raised with", "is empty", "Fill it in"),
    (60, "Dates > Raised", "28/02/2027, which is still to come", "Look it up"),
    (63, "Dates > Raised", "“31/06/26”, a day that does not exist", "Look it up"),
    (66, "Dates > Raised", "is empty", "Fill it in"),
]
DOUBTS = [
    (12, "Details", "a name (3 times)", "Please leave names out"),
    (12, "Details", "a date of birth", "Please give the age instead"),
    (12, "Details", "an NHS number", "Please leave it out"),
    (12, "Details", "a phone number", "leave families' numbers out"),
    (39, "", "looks like the case in row 37", "take a row out"),
    (6, "Raised by > Name", "nobody who works at Ravensbury Primary School now", "the case names nobody"),
    (
        68,
        "Raised by > Name",
        "nobody who works at Ravensbury Primary School now",
        "its lead carries the case on",
    ),
    (54, "Dates > Response", "something else than row 53", "The first is kept"),
]


def test_every_fault_is_told_with_its_row_its_column_and_what_to_do(tmp_path: Path) -> None:
    said = tried(FAULTY, errors=tmp_path / "errors.csv")
    assert "11 things to put right first. Nothing was written." in said
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    wrong = [row for row in rows if row[3] == "put right"]
    assert rows[: len(wrong)] == wrong
    assert [(row[0], int(row[1]), row[2]) for row in wrong] == [
        (NEW, row, column) for row, column, *_ in FAULTS
    ]
    for kind, expected in (("put right", FAULTS), ("look at", DOUBTS)):
        for number, column, what, do in expected:
            told = [r[4] for r in rows if (r[0], r[1], r[2], r[3]) == (NEW, str(number), column, kind)]
            assert any(what in words and do in words for words in told), (number, column, told)
    assert not Challenge.objects.exists()


def test_the_screen_tells_faults_first_and_what_is_alike_once() -> None:
    said = tried(FAULTY)
    assert said.index("To put right, 11:") < said.index("To look at, 48; none of it stops the import:")
    assert "column Raised by > Name, 25 times (rows 6, 7, 10 and 22 more): is nobody who works at" in said
    assert "column Dates > Response, 2 times (rows 54, 55): rows that are one case say different" in said
    assert "row 39: looks like the case in row 37" in said
    assert said.count("holds what looks like a name") == 2  # one for each sheet


def test_a_column_of_days_is_proposed_as_a_day_whatever_it_is_called() -> None:
    said = tried(FAULTY, propose=True)
    assert 'answered_on = "Dates > Response"' in said
    assert "\nresponse =" not in said
    assert "manage.py load_directory FILE" in said


def test_what_looks_like_a_name_is_in_the_list_and_not_on_the_screen(tmp_path: Path) -> None:
    said = tried(FAULTY, errors=tmp_path / "errors.csv")
    assert "Kelly; Sanders; Jayden" in (tmp_path / "errors.csv").read_text(encoding="utf-8")
    assert "Jayden" not in said
    assert "943 476" not in said


def test_mended_all_of_it_comes_in_as_it_was(tmp_path: Path) -> None:
    """Each row: who asked whom, when, what stage, what came of it, when it was answered and when it ended."""
    bring_in(MENDED, list=tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig") as file:
        listed = {
            (r["Sheet"], r["Row"]): r["Reference in this log"].replace(" ", "") for r in csv.DictReader(file)
        }
    assert Challenge.objects.count() == len(TRUTH) == 62
    for truth in TRUTH:
        case = Challenge.objects.get(reference=listed[truth["sheet"], truth["row"]])
        assert _told(case) == _expected(truth), truth
    assert "chains hold" in verified()


def _told(case: Challenge) -> dict[str, object]:
    reply = case.entries.filter(step="reply").first()
    return {
        "raised": _day(case.opened_at),
        "by": case.raising.name,
        "asked": [p.setting.name for p in case.parties.filter(role="responding").order_by("pk")],
        "stage": case.stage_reached,
        "outcome": case.outcome,
        "status": case.status,
        "answered": _day(reply.occurred_at) if reply else "",
        "ended": _day(case.closed_at),
    }


def _expected(truth: dict[str, str]) -> dict[str, object]:
    ended = "withdrawn" if truth["outcome"] == "Withdrawn" else "closed"
    return {
        "raised": truth["raised"],
        "by": SERVICES[truth["by"]],
        "asked": [SERVICES[name.strip()] for name in truth["asked"].split(",")],
        "stage": int(truth["stage"]),
        "outcome": OUTCOMES[truth["outcome"]],
        "status": ended if truth["ended"] else "awaiting_response",
        "answered": truth["answered"],
        "ended": truth["ended"],
    }


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d}" if moment else ""


def test_the_totals_are_those_counted_by_hand() -> None:
    said = tried(MENDED)
    for line in (
        "Raised in: 2023-24 9, 2024-25 18, 2025-26 21, 2026-27 14",
        "Now: closed 55, open 4, withdrawn 3",
        "Highest stage: 1 27, 2 24, 3 8, 4 3",
        "Partly changed, or an alternative agreed 18, Decision changed 13, ",
        "Decision stays, reasons understood 10, ",
        "Agreed difference with a safety plan 10, New information changed the picture 4",
        "62 challenges would be brought in; 0 are here already; 0 to put right",
        "nothing was written",
    ):
        assert line in said
    bring_in(MENDED)
    assert Counter(Challenge.objects.values_list("stage", flat=True)) == {1: 27, 2: 24, 3: 8, 4: 3}


def test_twice_changes_nothing() -> None:
    bring_in(MENDED)
    before = _everything()
    said = bring_in(MENDED)
    assert "0 challenges would be brought in; 62 are here already" in said
    assert _everything() == before


def _everything() -> list[object]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Challenge, Entry, Event, Message)]


def test_another_boroughs_csv_comes_in_beside_it() -> None:
    """Semicolons, an old Windows encoding, months in words."""
    bring_in(MENDED)
    said = bring_in(SAMPLE / "other-borough.csv", SAMPLE / "other-borough.toml")
    assert "Highest stage: 1 7, 2 7, 3 1" in said
    assert "Decision changed 5, Partly changed, or an alternative agreed 4" in said
    assert "New information changed the picture 3, Agreed difference with a safety plan 2" in said
    assert "closed 14, withdrawn 1" in said
    [entry] = [
        e for e in Entry.objects.filter(step="raise") if e.words.get("earlier_reference") == "OB/25000"
    ]
    case = entry.challenge
    assert (_day(case.opened_at), _day(case.closed_at)) == ("2026-02-09", "2026-02-28")
    assert case.our_pointer == "000492"
    assert "– “not heard”" in entry.words["worry"]


def test_noughts_that_a_spreadsheet_took_away_are_given_back() -> None:
    bring_in(MENDED)
    pointers = {len(case.our_pointer) for case in Challenge.objects.all() if case.our_pointer.isdecimal()}
    assert pointers == {5}


def test_without_the_mappings_digits_the_column_is_doubted(tmp_path: Path) -> None:
    mapping = tmp_path / "no-digits.toml"
    shutil.copy(SAMPLE / "words.toml", tmp_path)
    mapping.write_text(MAPPING.read_text(encoding="utf-8").replace("our_pointer = 5", ""), encoding="utf-8")
    tried(MENDED, mapping, errors=tmp_path / "errors.csv")
    assert "may have lost theirs" in (tmp_path / "errors.csv").read_text(encoding="utf-8")
