"""The LADO's earlier log comes in behind the wall: published figures to the unit, once, all or nothing."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.audit.state import replay
from core.audit.verify import verify_all
from escalation.lado.case import read_case
from escalation.lado.events import chain_of, snapshot
from escalation.lado.models import Allegation, Deadline, Event, Meeting, Message, Referral
from tests.lado.cast import NOW, Team
from tests.moments import london

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[2] / "docs/importing"
SAMPLE, SAMPLE_MAPPING = DOCS / "lado-log.csv", DOCS / "lado-log.toml"
PUBLISHED = Path(__file__).with_name("published.csv")
NOT_A_RESULT = "Ongoing"


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def bring_in(file: Path, mapping: Path = SAMPLE_MAPPING, *, by: str = "", **options: Any) -> str:
    """What the command says; with CommandError, what it says of that is the error."""
    out = StringIO()
    call_command("import_lado", str(file), mapping=mapping, write=True, by=by, stdout=out, **options)
    return out.getvalue()


def tried(file: Path, mapping: Path = SAMPLE_MAPPING, **options: Any) -> str:
    """What a try says, errors and all; nothing is written."""
    out = StringIO()
    try:
        call_command("import_lado", str(file), mapping=mapping, stdout=out, stderr=out, **options)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def address(team: Team, who: str = "lado") -> str:
    return {**team.people, **team.outside}[who].email


def by_number(number: str) -> Referral:
    found = [
        r for r in Referral.objects.all() if r.entries.earliest("pk").words["earlier_reference"] == number
    ]
    return found[0]


# The published figures of another authority, expanded to a row each


def published(year: str) -> tuple[dict[str, int], dict[str, int]]:
    """What was published of a year: totals by measure, and outcomes by the word used then."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == year]
    totals = {row["measure"]: int(row["number"]) for row in rows if not row["word"]}
    return totals, {row["word"]: int(row["number"]) for row in rows if row["word"]}


def expanded(year: str, folder: Path) -> Path:
    """A row for each referral of a year. Where meetings were published, it is they that had an outcome."""
    totals, outcomes = published(year)
    first = int(year[:4])
    words = [word for word, number in outcomes.items() for _ in range(number)]
    rows = []
    for number in range(totals["referrals"]):
        word = words[number] if number < len(words) else "Advice only"
        met = "" if word == "Advice only" or "meetings" not in totals else f"15/06/{first}"
        ended = "" if word == NOT_A_RESULT else f"31/03/{first + 1}"
        rows.append((f"B{number + 1}", f"01/06/{first}", met, word, ended))
    file = folder / f"{year}.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("Ref", "Told", "Meeting", "Outcome", "Ended"), *rows])
    return file


def plain_mapping(folder: Path, year: str) -> Path:
    mapping = folder / f"{year}.toml"
    mapping.write_text(
        f"""
log = "Published {year}"
[[sheets]]
name = "*"
header = 1
[columns]
reference = "Ref"
told_on = "Told"
meeting_on = "Meeting"
outcome = "Outcome"
ended_on = "Ended"
""",
        encoding="utf-8",
    )
    return mapping


MEANS = {"Founded": "substantiated"}


@pytest.mark.parametrize("year", ["2021-22", "2016-17"])
def test_totals_agree_with_what_was_published_to_the_unit(team: Team, tmp_path: Path, year: str) -> None:
    totals, outcomes = published(year)
    said = bring_in(expanded(year, tmp_path), plain_mapping(tmp_path, year), by=address(team))
    told = Counter[str]()
    for word, number in outcomes.items():
        told[MEANS.get(word, word.lower())] += number
    ongoing = told.pop(NOT_A_RESULT.lower())
    assert Referral.objects.count() == totals["referrals"]
    assert Counter(Allegation.objects.exclude(outcome="").values_list("outcome", flat=True)) == +told
    assert Referral.objects.open().count() == ongoing
    assert Meeting.objects.count() == totals.get("meetings", 0)
    met = totals.get("meetings", sum(outcomes.values()))
    assert Referral.objects.filter(accepted_at__isnull=False).count() == met
    assert (
        f"Contacts {totals['referrals']}, threshold met {met}, meetings held {totals.get('meetings', 0)}"
        in said
    )
    assert f"Told in: {year} {totals['referrals']}" in said
    assert f"Substantiated {told['substantiated']}" in said
    assert f"open {ongoing}" in said
    assert list(verify_all()) == []


# What becomes of a row


def test_the_sample_comes_in_with_legacy_words_and_days(team: Team) -> None:
    said = bring_in(SAMPLE, by=address(team))
    assert "7 referrals brought in." in said
    assert "Contacts 7, threshold met 4, meetings held 4" in said
    assert "Told within one working day: yes 5, no 1, not known 1" in said
    statuses = {n: by_number(f"LR/{n}").status for n in range(101, 108)}
    assert statuses == {
        101: "closed",
        102: "closed",
        103: "advice_given",
        104: "below_threshold",
        105: "closed",
        106: "meeting_held",
        107: "transferred",
    }
    first = by_number("LR/101")
    assert first.adult_name == "Jonathan Tarrant"
    assert (first.told_at, first.ended_at) == (london(2023, 9, 4, 0), london(2023, 11, 20, 0))
    assert [a.outcome for a in first.allegations.all()] == ["substantiated"]
    assert [c.name for c in first.children.all()] == ["Zoe B"]
    assert first.employers.get().name == "Ravensbury Primary School"
    assert by_number("LR/102").allegations.get().outcome == "unsubstantiated"
    in_time = {n: by_number(f"LR/{n}").told_in_time for n in (101, 102, 103, 105)}
    assert in_time == {101: True, 102: False, 103: None, 105: True}


def test_its_page_says_what_happened_then_and_that_it_was_brought_in(team: Team) -> None:
    bring_in(SAMPLE, by=address(team))
    client = Client()
    client.force_login(team.people["deputy"])
    page = client.get(by_number("LR/101").get_absolute_url()).content.decode()
    for words in (
        "Brought over from the log before",
        "from the earlier log",
        "Held a child by the arm",
        "LR/101",
    ):
        assert words in page
    assert "Hannah Lyle, from the earlier log" not in page  # who brought it in did none of it


def test_its_state_is_the_replay_of_one_event_that_holds_no_word(team: Team) -> None:
    bring_in(SAMPLE, by=address(team))
    for referral in Referral.objects.all():
        [event] = Event.objects.filter(chain=chain_of(referral))
        assert (event.act, event.codes["channel"], event.actor) == ("imported", "import", team.people["lado"])
        assert replay([event]) == snapshot(read_case(referral, today=NOW.date()))
        for word in ("Tarrant", "corridor", "LR/"):
            assert word not in str(event.codes)
    assert list(verify_all()) == []


def test_what_is_open_has_its_times_afresh_and_can_go_on_to_its_end(team: Team) -> None:
    """One notice for all of them; each in everybody's list, since nobody has it yet."""
    bring_in(SAMPLE, by=address(team))
    running = by_number("LR/106")
    assert running.next_due is not None
    assert running.next_due > NOW
    assert {d.name for d in Deadline.objects.all()} == {"welfare_adult", "welfare_child"}
    assert [(m.to, m.path) for m in Message.objects.all()] == [(team.people["deputy"], "/lado/")]
    team.referral = running
    team.take("lado", "add_strand", strand_kind="police")
    team.take("lado", "open_strands")
    assert list(verify_all()) == []


def test_what_has_ended_can_be_opened_again(team: Team) -> None:
    bring_in(SAMPLE, by=address(team))
    team.referral = by_number("LR/101")
    team.take("lado", "reopen", aware_again=NOW, what="A second child.")
    assert list(verify_all()) == []


# Once, and all or nothing


def test_the_same_file_again_brings_nothing_twice(team: Team) -> None:
    bring_in(SAMPLE, by=address(team))
    said = bring_in(SAMPLE, by=address(team))
    assert "0 referrals would be brought in; 7 are here already; 0 to put right" in said
    assert Referral.objects.count() == 7


def test_a_row_that_changed_is_named_and_not_written_over(team: Team, tmp_path: Path) -> None:
    bring_in(SAMPLE, by=address(team))
    changed = tmp_path / "log.csv"
    changed.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("Founded", "Unfounded", 1), encoding="utf-8"
    )
    bring_in(changed, by=address(team), errors=tmp_path / "found.csv")
    found = (tmp_path / "found.csv").read_text(encoding="utf-8-sig")
    assert "has changed since: Outcome" in found
    assert by_number("LR/101").allegations.get().outcome == "substantiated"


ROW = ("A1", "04/09/2023", "08/09/2023", "Founded", "20/11/2023")
BAD: Iterable[tuple[Mapping[int, str], str]] = [
    ({1: "31/02/2023"}, "row 2, column Told"),
    ({1: ""}, "row 2, column Told"),
    ({3: "Settled by agreement"}, "row 2, column Outcome"),
    ({4: ""}, "row 2, column Ended: It has ended, and the day is missing"),
    ({2: "01/09/2023"}, "row 2, column Meeting: 01/09/2023 is before the LADO was told"),
    ({0: ""}, "row 2, column Ref: is empty, and a row is known by it"),
    ({3: "Ongoing"}, "row 2, column Ended: It is open"),
    ({3: "Advice only"}, "row 2, column Meeting"),
]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_a_fault_is_told_by_row_and_column_and_nothing_is_written(
    team: Team, tmp_path: Path, change: Mapping[int, str], says: str
) -> None:
    file, mapping = tmp_path / "log.csv", plain_mapping(tmp_path, "2023-24")
    good = ("A2", *ROW[1:])
    bad = [change.get(at, cell) for at, cell in enumerate(ROW)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("Ref", "Told", "Meeting", "Outcome", "Ended"), bad, good])
    assert says in tried(file, mapping)
    with pytest.raises(CommandError, match="put right first"):
        bring_in(file, mapping, by=address(team))
    assert not Referral.objects.exists()


def test_two_rows_with_one_number_are_refused(team: Team, tmp_path: Path) -> None:
    file, mapping = tmp_path / "log.csv", plain_mapping(tmp_path, "2023-24")
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("Ref", "Told", "Meeting", "Outcome", "Ended"), ROW, ROW])
    assert "row 3, column Ref: is the same as in row 2" in tried(file, mapping)


def test_a_try_writes_nothing(team: Team) -> None:
    assert "This was a try: nothing was written." in tried(SAMPLE)
    assert not Referral.objects.exists()
    assert not Event.objects.exists()


def test_a_first_mapping_is_proposed(team: Team) -> None:
    out = StringIO()
    call_command("import_lado", str(SAMPLE), propose=True, stdout=out)
    for line in ('told_on = "Date of referral"', 'meeting_on = "ASV date"', 'adult_name = "Staff member"'):
        assert line in out.getvalue()


# The wall


@pytest.mark.parametrize("who", ["support", "unit", "administrator", "lead"])
def test_only_the_lado_and_deputies_bring_it_in(team: Team, who: str) -> None:
    with pytest.raises(CommandError, match="Only the LADO or a deputy LADO"):
        bring_in(SAMPLE, by=address(team, who))
    assert not Referral.objects.exists()


def test_nobody_can_make_the_key_of_a_row_and_be_shown_its_receipt(team: Team) -> None:
    """Whoever sends a form with a key that is known is shown that receipt: so a key is no plain digest."""
    bring_in(SAMPLE, by=address(team))
    guessed = uuid5(NAMESPACE_URL, "LADO log 2023-24\nLR/101")
    assert not Referral.objects.filter(key=guessed).exists()


def test_it_is_found_by_a_name_like_it(team: Team) -> None:
    bring_in(SAMPLE, by=address(team))
    client = Client()
    client.force_login(team.people["lado"])
    page = client.post("/lado/search/", {"q": "Jon Tarrant"}).content.decode()
    assert by_number("LR/101").get_absolute_url() in page
