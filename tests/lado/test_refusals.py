"""What is refused, each with a sentence that says what to do; nothing changes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from core.machine import Moved, NotPermitted, Refused, StepError
from escalation.lado.case import read_case
from escalation.lado.events import snapshot
from escalation.lado.models import Entry, Event, Message, Referral
from tests.lado import roads
from tests.lado.cast import NOW, REFERRER, TODAY, Team
from tests.lado.roads import SAID, SOON
from tests.moments import london

pytestmark = pytest.mark.django_db

Way = Callable[[Team], object]
Act = tuple[str, str, dict[str, Any]]


def named(team: Team, who: str) -> dict[str, Any]:
    """Somebody of the team, as whom it concerns."""
    return {"colleague": team.people[who].pk, "conflict_reason": "colleague"}


def first(name: str, list_: str, **answers: Any) -> Callable[[Team], dict[str, Any]]:
    """Answers with the number of the first row of a list."""
    return lambda team: {name: team.row(list_), **answers}


ROWS: list[tuple[str, Way, str, str, Any, type[StepError], str]] = [
    ("accept without a limb", roads.called, "lado", "accept", SAID, Refused, "four parts"),
    (
        "about the LADO",
        lambda t: roads.called(t, about_lado=True, limbs=("harmed",)),
        "lado",
        "accept",
        SAID,
        Refused,
        "neighbouring",
    ),
    (
        "advice about us",
        lambda t: roads.called(t, about_lado=True),
        "lado",
        "give_advice",
        SAID,
        Refused,
        "neighbour",
    ),
    ("support decides", roads.called, "support", "give_advice", SAID, NotPermitted, "not yours"),
    ("the referrer decides", roads.called, REFERRER, "give_advice", SAID, NotPermitted, "not yours"),
    ("the LADO as the referrer", roads.called, "lado", "add_information", SAID, NotPermitted, "receipt"),
    ("a step from elsewhere", roads.called, "lado", "close", {}, Refused, "contact received"),
    (
        "transfer to nobody",
        roads.called,
        "lado",
        "transfer",
        {"to_area": "Sutton"},
        Refused,
        "who you spoke to",
    ),
    (
        "section 47 tomorrow",
        roads.evaluating,
        "lado",
        "plan_meeting",
        {"meets_on": SOON, "section_47": True},
        Refused,
        "today",
    ),
    ("no strand", roads.met, "lado", "open_strands", {}, Refused, "Add a strand"),
    (
        "employer's strand of nobody",
        roads.met,
        "lado",
        "add_strand",
        {"strand_kind": "employment"},
        Refused,
        "which",
    ),
    ("one employer leads", roads.met, "lado", "set_lead_employer", {"employer": 1}, Refused, "only one"),
    (
        "same strand twice",
        roads.with_strands,
        "lado",
        "add_strand",
        {"strand_kind": "police"},
        Refused,
        "already",
    ),
    (
        "a state of another table",
        roads.with_strands,
        "lado",
        "move_strand",
        first("strand", "strands", strand_state="hearing", what="x"),
        Refused,
        "can't become",
    ),
    (
        "outcome while a strand is open",
        roads.with_strands,
        "lado",
        "record_outcome",
        first("allegation", "allegations", outcome="false", reasons="x"),
        Refused,
        "still open",
    ),
    (
        "outcome with blank reason",
        roads.with_strands,
        "lado",
        "record_outcome",
        first("allegation", "allegations", outcome="false", reasons="x", why_now="  "),
        Refused,
        "still open",
    ),
    (
        "an allegation without outcome",
        roads.concluded,
        "lado",
        "determine",
        {"removed": False},
        Refused,
        "of its own",
    ),
    (
        "an outcome that is none",
        roads.concluded,
        "lado",
        "record_outcome",
        first("allegation", "allegations", outcome="founded", reasons="x"),
        Refused,
        "Choose the outcome",
    ),
    ("close without DBS", roads.with_duties, "lado", "close", {}, Refused, "DBS"),
    (
        "DBS without a day",
        roads.with_duties,
        "lado",
        "answer_dbs",
        {"dbs_answer": "referred"},
        Refused,
        "which day",
    ),
    (
        "DBS refused and nothing said",
        roads.with_duties,
        "lado",
        "answer_dbs",
        {"dbs_answer": "employer_refused"},
        Refused,
        "referral of your own",
    ),
    (
        "no regulator was told",
        roads.with_duties,
        "lado",
        "answer_regulator",
        {"regulator": "none", "regulator_answer": "told", "regulator_on": TODAY},
        Refused,
        "which regulator",
    ),
    (
        "regulator not told and why not",
        roads.with_duties,
        "lado",
        "answer_regulator",
        {"regulator": "tra", "regulator_answer": "not_required"},
        Refused,
        "Say why",
    ),
    (
        "DBS where nothing was found",
        lambda t: roads.with_duties(t, "unfounded", removed=False),
        "lado",
        "answer_dbs",
        {"dbs_answer": "referred", "dbs_on": TODAY},
        Refused,
        "No answer is needed",
    ),
    (
        "no letter waits",
        roads.called,
        "lado",
        "answer_letter",
        {"letter": 1, "answered_on": TODAY},
        Refused,
        "No letter",
    ),
    (
        "no open action",
        roads.called,
        "lado",
        "complete_action",
        {"action": 1, "done_on": TODAY},
        Refused,
        "no open",
    ),
    (
        "no question",
        roads.called,
        REFERRER,
        "answer_question",
        {"question": 1, "what": "x"},
        Refused,
        "no question",
    ),
    (
        "another referral's question",
        roads.asked,
        REFERRER,
        "answer_question",
        {"question": 0, "what": "x"},
        Refused,
        "Choose",
    ),
    ("nothing new", roads.called, "lado", "read_news", {}, Refused, "not read yet"),
    ("to somebody outside", roads.called, "lado", "allocate", {"member": 0}, Refused, "LADO team"),
    (
        "words for a deputy",
        roads.called,
        "lado",
        "let_support_read",
        lambda t: {"support_member": t.people["deputy"].pk, "until": SOON, "what": "x"},
        Refused,
        "support",
    ),
    (
        "words for ever",
        roads.called,
        "lado",
        "let_support_read",
        lambda t: {
            "support_member": t.people["support"].pk,
            "until": TODAY + timedelta(days=91),
            "what": "x",
        },
        Refused,
        "90 days",
    ),
    (
        "nobody left who decides",
        lambda t: roads.called(t).take("support", "name_conflict", **named(t, "deputy")),
        "support",
        "name_conflict",
        lambda t: named(t, "lado"),
        Refused,
        "Transfer it",
    ),
    (
        "oneself is no colleague",
        roads.called,
        "lado",
        "name_conflict",
        lambda t: named(t, "lado"),
        Refused,
        "Choose a colleague",
    ),
    (
        "no known reason",
        roads.called,
        "lado",
        "name_conflict",
        lambda t: {**named(t, "deputy"), "conflict_reason": "a whim"},
        Refused,
        "Choose the reason",
    ),
    (
        "nobody to let back in",
        roads.called,
        "lado",
        "lift_conflict",
        {"kept_out": 1, "what": "x"},
        Refused,
        "Nobody is kept out",
    ),
    (
        "support lets nobody back in",
        lambda t: roads.called(t).take("lado", "name_conflict", **named(t, "deputy")),
        "support",
        "lift_conflict",
        lambda t: {"kept_out": t.row("conflicts"), "what": "x"},
        NotPermitted,
        "the LADO",
    ),
    ("no reading to end", roads.called, "lado", "end_support_reading", {"grant": 1}, Refused, "no words"),
    (
        "head not asked",
        roads.called,
        "lado",
        "head_answered",
        {"spoke_to": "x", "what": "x"},
        Refused,
        "not been asked",
    ),
    (
        "an answer not asked for",
        roads.called,
        "lado",
        "give_advice",
        {"what": "x", "limbs": []},
        Refused,
        "not ask for",
    ),
    ("blank words", roads.called, "lado", "give_advice", {"what": " \n "}, Refused, "Write"),
    (
        "an entry of another",
        roads.called,
        "lado",
        "correct",
        {"corrects": 0, "what": "x"},
        Refused,
        "Choose an entry",
    ),
]


@pytest.fixture
def team() -> Team:
    return Team()


def state(team: Team) -> tuple[object, ...]:
    referral = Referral.objects.get(pk=team.referral.pk)
    rows = snapshot(read_case(referral, today=TODAY))
    return rows, referral.version, Entry.objects.count(), Event.objects.count(), Message.objects.count()


@pytest.mark.parametrize(
    ("way", "who", "step", "answers", "error", "word"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS]
)
def test_it_is_refused_with_a_sentence(
    team: Team, way: Way, who: str, step: str, answers: Any, error: type[StepError], word: str
) -> None:
    way(team)
    before = state(team)
    with pytest.raises(error) as refused:
        team.take(who, step, **(answers(team) if callable(answers) else answers))
    assert word in str(refused.value)
    assert str(refused.value).endswith(".")
    assert state(team) == before


def test_closing_meets_every_guard_in_turn(team: Team) -> None:
    """A strand that opened again, DBS, regulator, lateness, a disagreement: each says so, then it closes."""
    roads.with_duties(team)
    team.take(
        "lado", "record_times", employer_aware=NOW - timedelta(days=9), late_reason="They did not know."
    )
    Referral.objects.filter(pk=team.referral.pk).update(late_reason="")
    team.take("lado", "move_strand", strand=team.row("strands"), strand_state="in_court", what="Charged.")
    team.take("support", "ask_head", who_disagrees="The school", what="They want another outcome.")

    def refused() -> str:
        with pytest.raises(Refused) as no:
            team.take("lado", "close")
        return no.value.sentence

    assert "strand is still open" in refused()
    team.take("lado", "move_strand", strand=team.row("strands"), strand_state="concluded", what="Acquitted.")
    assert "DBS" in refused()
    team.take("lado", "answer_dbs", dbs_answer="not_required", reasons="Not a removal for harm.")
    assert "regulator" in refused()
    team.take("lado", "answer_regulator", regulator="none", regulator_answer="not_required", reasons="None.")
    assert "told late" in refused()
    team.take("lado", "record_times", late_reason="They did not know.")
    assert "head of service" in refused()
    team.take("lado", "head_answered", spoke_to="Head of service", what="The outcome stands.")
    assert team.take("lado", "close").status == "closed"


def test_somebody_was_first(team: Team) -> None:
    roads.called(team)
    team.take("deputy", "add_note", what="A call.")
    with pytest.raises(Moved):
        team.take("lado", "give_advice", expected=1, **SAID)


def test_ones_own_second_click_is_no_error(team: Team) -> None:
    roads.called(team)
    first_time = team.take("lado", "give_advice", expected=1, **SAID)
    again = team.take("lado", "give_advice", expected=1, **SAID)
    assert (first_time.version, again.version) == (2, 2)


def test_the_last_who_could_take_it_cannot_step_back(team: Team) -> None:
    roads.called(team)
    team.take("deputy", "declare_conflict", conflict_reason="colleague")
    with pytest.raises(Refused, match="Nobody else"):
        team.take("lado", "declare_conflict", conflict_reason="family")


def test_late_keeps_nobody_from_telling_or_noting_it(team: Team) -> None:
    """The reason can come later; only the closing waits for it."""
    for way in ("form", "call"):
        assert team.contact(way=way, employer_aware=london(2026, 12, 22)).late_unexplained
    roads.called(team)
    assert team.take("lado", "record_times", employer_aware=date(2026, 12, 22)).late_unexplained
    assert not team.take(REFERRER, "explain_late", late_reason="We asked our lawyers first.").late_unexplained


def test_every_strand_there_can_be_is_there(team: Team) -> None:
    roads.with_strands(team)
    team.take("lado", "add_strand", strand_kind="social_care")
    with pytest.raises(Refused, match="Add an employer first"):
        team.take("lado", "add_strand", strand_kind="police")
