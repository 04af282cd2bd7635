"""What an import leaves behind, and what it never does: stories with a log of a row or two."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client

from core.audit.state import replay
from core.outbox.models import Message
from escalation.accounts.models import Setting, User
from escalation.challenges.case import read_case
from escalation.challenges.events import OPENINGS, chain_of, snapshot
from escalation.challenges.models import Challenge, Deadline, Event
from escalation.challenges.queries import view_case
from escalation.challenges.services import take_step
from escalation.challenges.workflow import STEP
from escalation.disclosure.plan import Date
from escalation.policy.quarters import Quarter
from tests.factories import person, standing
from tests.importing.bringing import NADIA, OPEN, TODAY, SmallLog, bring_in, directory, verified
from tests.moments import london
from tests.reporting.quarters import true_total

pytestmark = pytest.mark.django_db
THIS_QUARTER, THAT_QUARTER = Quarter.parse("2026-27-Q3"), Quarter.parse("2023-24-Q4")
Travel = Callable[[datetime], None]


@pytest.fixture
def log(travel: Travel, tmp_path: Path) -> SmallLog:
    travel(TODAY)
    directory()
    return SmallLog(tmp_path)


def who(name: str) -> User:
    return User.objects.get(full_name=name)


# The same as any other case, and marked


def test_its_state_is_the_replay_of_its_events(log: SmallLog) -> None:
    closed, running = log.with_rows({}, {"Ref": "A2", **OPEN}).bring_in()
    for case in (closed, running):
        events = list(Event.objects.filter(chain=chain_of(case)))
        assert [(e.seq, e.act, e.codes["channel"], e.actor) for e in events] == [
            (1, "imported", "import", who("Nadia Khan"))
        ]
        assert replay(events) == snapshot(read_case(case))
        assert Event.objects.filter(chain=OPENINGS, object=str(case.uuid)).count() == 1
        assert case.imported_at == TODAY
    assert "chains hold" in verified()


def test_an_event_says_which_row_it_was_and_no_word_of_it(log: SmallLog) -> None:
    [case] = log.with_rows({"Details": "Nobody visited."}).bring_in()
    event = Event.objects.get(chain=chain_of(case))
    assert (event.codes["imported"]["sheet"], event.codes["imported"]["row"]) == (1, 2)
    assert "visited" not in str(event.codes)
    assert "A1" not in str(event.codes)


def test_happened_then_recorded_now(log: SmallLog) -> None:
    [case] = log.with_rows({}).bring_in()
    lines = {e.step: e for e in case.entries.all()}
    assert lines["raise"].occurred_at == london(2024, 3, 12, 0)
    assert lines["settle"].occurred_at == london(2024, 3, 20, 0)
    assert {e.recorded_at for e in lines.values()} == {TODAY}
    assert lines["settle"].codes == {"outcome": "decision_changed"}


def test_its_page_tells_days_and_where_they_come_from(log: SmallLog, client: Client) -> None:
    [case] = log.with_rows({}).bring_in()
    client.force_login(who("Daniel Cole"))
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Brought in from an earlier log on 24 November 2026." in page
    assert "It ended before it was brought in" in page
    assert "Number in the earlier log:" in page
    assert "Tue 12 Mar 2024" in page
    assert "midnight" not in page
    assert "Partnership manager" not in page  # who brought it in did none of it


# It tells nobody to act on the past


def test_what_had_ended_has_no_clock_no_turn_and_no_notice(log: SmallLog) -> None:
    [case] = log.with_rows({}).bring_in()
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()
    assert (case.status, case.next_due, case.unit_owes) == ("closed", None, False)
    assert not case.parties.filter(owes=True).exists()


def test_what_is_open_begins_its_stage_again_with_time_to_act(log: SmallLog) -> None:
    """Raised in 2024, at stage 2: social care's lead has it in the list, due two working days from today."""
    [case] = log.with_rows(OPEN).bring_in()
    assert (case.status, case.stage, case.opened_at.year) == ("awaiting_response", 2, 2024)
    assert case.next_due == london(2026, 11, 26, 17)
    assert [p.setting.name for p in case.parties.filter(owes=True)] == ["Children's social care"]
    assert not Challenge.objects.overdue(TODAY).exists()
    assert {(d.name, d.started) for d in Deadline.objects.all()} == {
        ("match", TODAY),
        ("reply", TODAY),
        ("resolve", TODAY),
    }


def test_whose_turn_it_is_hears_of_it_once_however_many_there_are(log: SmallLog) -> None:
    log.with_rows(*({"Ref": f"A{n}", **OPEN} for n in range(5))).bring_in()
    told = list(Message.objects.values_list("to__full_name", "kind", "path"))
    assert sorted(told) == [
        ("Priya Nair", "your_turn", "/challenges/"),  # stands in for Tom
        ("Tom Whitfield", "your_turn", "/challenges/"),
    ]


def test_an_open_one_goes_on_as_any_other(log: SmallLog) -> None:
    """They answer, it is settled, the side that raised it says yes: and the trail holds."""
    [case] = log.mapped('defaults = { child_agreed = "yes" }\n').with_rows(OPEN).bring_in()
    tom, daniel = who("Tom Whitfield"), who("Daniel Cole")
    outcome = {
        "outcome": "decision_changed",
        "reasons": "We looked again.",
        "impact": "safer_sooner",
        "feedback": "You said, this happened.",
        "on_record": TODAY.date(),
    }
    for step, by, answers in (
        ("reply", tom, {"answer": "acted", "what": "We had visited.", "acted_on": TODAY.date()}),
        ("settle", tom, outcome),
        ("confirm_settled", daniel, {}),
    ):
        seats = standing(by, TODAY.date())
        case = take_step(
            case, STEP[step], by=by, standing=seats, expected=case.version, now=TODAY, answers=answers
        )
    assert case.status == "closed"
    assert "chains hold" in verified()


def test_the_lead_carries_on_what_nobody_else_can(log: SmallLog) -> None:
    """The side that raised it can withdraw it, ask the next level, say that it is settled."""
    [case] = log.with_rows({**OPEN, "Stage": "1"}).bring_in()
    assert case.raised_by == who("Daniel Cole")
    view = view_case(case, standing(who("Daniel Cole"), TODAY.date()), now=TODAY)
    assert {"raiser", "raising"} <= set(view.parts)
    assert view.offers("withdraw")


def test_one_that_ended_names_nobody_and_can_still_be_reopened(log: SmallLog) -> None:
    days = {"Raised": "01/10/2026", "Ended": "10/11/2026", "Stage": "1"}
    [case] = log.with_rows(days).bring_in()
    assert case.raised_by is None
    lead = who("Daniel Cole")
    again = take_step(
        case,
        STEP["reopen"],
        by=lead,
        standing=standing(lead, TODAY.date()),
        expected=1,
        now=TODAY,
        answers={"what": "Again."},
    )
    assert (again.status, again.episode) == ("awaiting_response", 2)
    assert "chains hold" in verified()


def test_one_that_ended_long_ago_cannot_be_reopened(log: SmallLog) -> None:
    [case] = log.with_rows({}).bring_in()
    view = view_case(case, standing(who("Daniel Cole"), TODAY.date()), now=TODAY)
    assert not view.offers("reopen")


# What it counts for


def test_no_quarter_counts_it_again(log: SmallLog) -> None:
    log.with_rows({}, {"Ref": "A2"}).bring_in()
    assert [counted(each) for each in (THAT_QUARTER, THIS_QUARTER)] == [(0, 0), (0, 0)]


def counted(quarter: Quarter) -> tuple[int, int]:
    """How many were opened, and how many were closed."""
    return true_total(quarter, Date.LOGGED), true_total(quarter, Date.CLOSED)


def test_what_comes_of_an_open_one_counts(log: SmallLog) -> None:
    [case] = log.with_rows(OPEN).bring_in()
    assert [counted(each) for each in (THAT_QUARTER, THIS_QUARTER)] == [(0, 0), (0, 0)]
    lead = who("Daniel Cole")
    answers = {"withdrawal_reason": "settled_elsewhere"}
    seats = standing(lead, TODAY.date())
    take_step(case, STEP["withdraw"], by=lead, standing=seats, expected=1, now=TODAY, answers=answers)
    assert counted(THIS_QUARTER) == (0, 1)


def test_the_work_lists_quarter_counts_none_of_it(log: SmallLog, client: Client) -> None:
    log.with_rows({"Raised": "05/10/2026", "Ended": "10/11/2026"}).bring_in()
    client.force_login(who("Nadia Khan"))
    page = client.get("/challenges/?show=any").content.decode()
    assert "so far: 0 opened, 0 closed." in page


# Again, and changed


def test_a_changed_row_is_told_and_never_written_over(log: SmallLog) -> None:
    [case] = log.with_rows({}).bring_in()
    said = log.with_rows(
        {"Outcome": "Decision stays, reasons understood", "Ended": "21/03/2024"}, {"Ref": "A2"}
    )
    told = said.tried()
    assert "1 challenge would be brought in; 1 is here already, 1 of them changed since" in told
    log.bring_in(errors=log.file.with_name("errors.csv"))
    list_of_doubts = log.file.with_name("errors.csv").read_text(encoding="utf-8")
    spoken = f"{case.reference[:3]} {case.reference[3:]}"
    assert f"this row is in the log as {spoken}, and has changed since: Ended, Outcome." in list_of_doubts
    case = Challenge.objects.get(pk=case.pk)
    assert (case.outcome, case.closed_at) == ("decision_changed", london(2024, 3, 20, 0))
    assert Challenge.objects.count() == 2


def test_a_service_that_changed_its_name_is_no_change(log: SmallLog) -> None:
    log.with_rows({}).bring_in()
    Setting.objects.filter(name="Ravensbury Primary School").update(name="Ravensbury Academy")
    log.mapping.write_text(log.mapping.read_text().replace("Ravensbury Primary School", "Ravensbury Academy"))
    assert "1 is here already;" in log.tried()


def test_the_same_number_in_another_log_is_another_case(log: SmallLog) -> None:
    log.with_rows({}).bring_in()
    log.mapping.write_text(log.mapping.read_text().replace("A small log", "Another log"))
    assert len(log.bring_in()) == 2


# All or nothing, and by whom


def test_one_wrong_row_keeps_all_out(log: SmallLog) -> None:
    log.with_rows({}, {"Ref": "A2", "Stage": "ninth"})
    with pytest.raises(CommandError, match="1 thing to put right first"):
        log.bring_in()
    assert not Challenge.objects.exists()
    assert not Event.objects.exists()


def test_trying_writes_nothing_and_says_so(log: SmallLog) -> None:
    said = log.with_rows({}).tried()
    assert "1 challenge would be brought in" in said
    assert "nothing was written" in said
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("", "--write needs --by"),
        ("nobody@example.org", "Nobody here has the address"),
        ("tom.whitfield@merton.example.org", "Only the business unit"),
    ],
)
def test_only_the_business_unit_brings_a_log_in(log: SmallLog, by: str, words: str) -> None:
    log.with_rows({})
    with pytest.raises(CommandError, match=words):
        log.bring_in(by=by)
    assert not Challenge.objects.exists()


# Who may read what of it


def test_the_words_are_for_those_who_may_read_any(log: SmallLog) -> None:
    """Brought in by the unit, a case of stage 1 is none of the unit's to read."""
    [case] = log.with_rows({"Stage": "1"}).bring_in()
    unit = view_case(case, standing(who("Nadia Khan"), TODAY.date()), now=TODAY)
    lead = view_case(case, standing(who("Daniel Cole"), TODAY.date()), now=TODAY)
    stranger = person("No Seat")
    assert unit.words is None
    assert lead.words == {"earlier_reference": "A1", "worry": "It has not begun."}
    assert not Challenge.objects.visible_to(standing(stranger, TODAY.date())).exists()


def test_why_it_was_withdrawn_is_for_the_raising_lead_and_the_unit_alone(log: SmallLog) -> None:
    more = 'defaults = { withdrawal_reason = "under_pressure" }\n'
    [case] = log.mapped(more).with_rows({"Status": "withdrawn", "Outcome": "", "Stage": "3"}).bring_in()
    assert (case.status, case.outcome) == ("withdrawn", "")
    unit = view_case(case, standing(who("Nadia Khan"), TODAY.date()), now=TODAY)
    other = view_case(case, standing(who("Priya Nair"), TODAY.date()), now=TODAY)
    assert [e.codes for e in unit.entries if e.narrower] == [{"withdrawal_reason": "under_pressure"}]
    assert not [e for e in other.entries if e.narrower]
    assert not unit.offers("offer_call")  # that was years ago


# What has to be put right


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"To": "School"}, "column To: This is the service that raised it"),
        ({"Ended": "01/03/2024"}, "column Ended: 01/03/2024 is before it was raised (12/03/2024)"),
        ({"Ended": ""}, "column Ended: It has ended, and the day is missing"),
        ({"Status": "open"}, "column Ended: It is open, and yet has a day on which it ended"),
        ({**OPEN, "Outcome": "changed"}, "column Outcome: It is open, and yet has an outcome"),
        ({"Ref": ""}, "column Ref: is empty, and a row is known by it"),
        ({"Status": "paused"}, "column Status: says “paused”, which is no status"),
        ({"From": ""}, "column From: is empty. Fill it in"),
        ({**OPEN, "To": "Surrey children's services"}, "has no lead in the directory to answer it"),
        ({**OPEN, "Stage": "3", "To": "Ward"}, "has no senior lead in the directory"),
    ],
)
def test_a_row_that_cannot_stand_is_told_with_what_to_do(
    log: SmallLog, row: dict[str, str], words: str
) -> None:
    assert words in log.with_rows(row).tried()


def test_the_same_number_twice_is_told(log: SmallLog) -> None:
    said = log.with_rows({}, {"Details": "Other."}).tried()
    assert "row 3, column Ref: is the same as in row 2. Is it one case? Take a row out." in said


def test_an_open_one_without_a_lead_on_its_own_side_is_told(log: SmallLog) -> None:
    who("Daniel Cole").seats.all().delete()
    assert "nobody would carry it on. Give the raising service a lead" in log.with_rows(OPEN).tried()


def test_a_person_who_still_works_there_is_the_raiser(log: SmallLog) -> None:
    log.mapping.write_text(log.mapping.read_text().replace('worry = "Details"', 'raised_by = "Details"'))
    [case] = log.with_rows({"Details": "joan adeyemi"}).bring_in()
    assert case.raised_by == who("Joan Adeyemi")


def test_what_has_no_place_of_its_own_is_kept_as_notes(log: SmallLog) -> None:
    log.mapping.write_text(log.mapping.read_text().replace('worry = "Details"', 'learning = "Details"'))
    [case] = log.with_rows({"Details": "Ring first."}).bring_in()
    assert case.entries.get(step="earlier_notes").words == {"what": "Learning: Ring first."}


def test_nothing_in_a_list_becomes_a_formula(log: SmallLog, tmp_path: Path) -> None:
    log.with_rows({"Stage": "=2+5"})
    with pytest.raises(CommandError):
        log.bring_in(errors=tmp_path / "errors.csv")
    lines = (tmp_path / "errors.csv").read_text(encoding="utf-8-sig").splitlines()
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))


def test_a_file_that_is_not_there_is_named(log: SmallLog, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere.csv cannot be opened"):
        bring_in(tmp_path / "nowhere.csv", log.mapping, by=NADIA)
