"""The LADO's pages ask the database the same few questions, of a hundred records or of ten thousand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from escalation.lado.models import Referral
from tests.factories import policy
from tests.lado import roads
from tests.lado.cast import AGENCY, NOW, TODAY, Team
from tests.lado.many import many
from tests.sql import Statements, counted_sql

LIST, RECORD, POST = 10, 12, 15
LISTS = ("/lado/", "/lado/?show=open&page=2", "/lado/?show=police", "/lado/?show=ended")

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def signed_in(team: Team, who: str) -> Client:
    client = Client()
    client.force_login(team.people[who] if who in team.people else team.outside[who])
    return client


def asked(client: Client, path: str, data: dict[str, Any] | None = None, status: int = 200) -> Statements:
    with counted_sql() as statements:
        answer = client.get(path) if data is None else client.post(path, data)
    assert answer.status_code == status, (path, answer.content)
    return statements


def read_by_the_team(team: Team) -> dict[tuple[str, str], int]:
    record = team.referral.get_absolute_url()
    counts = {}
    for who in ("lado", "support"):
        client = signed_in(team, who)
        pages: list[tuple[str, int, dict[str, str] | None]] = [(path, LIST, None) for path in LISTS]
        pages += [(record, RECORD, None), (f"{record}add_note/", RECORD, None)]
        pages += [("/lado/search/", LIST, {"q": "Dominic Achterberg"})]
        for path, budget, data in pages:
            statements = asked(client, path, data)
            assert len(statements) <= budget, (who, path, statements)
            counts[who, path] = len(statements)
    return counts


def test_pages_ask_as_little_of_ten_thousand_as_of_a_hundred(team: Team) -> None:
    roads.closed(team)
    roads.with_strands(team)
    Referral.objects.filter(pk=team.referral.pk).update(adult_name="Dominic Achterberg")
    many(100, team.referral.policy_version)
    few = read_by_the_team(team)
    many(9_900, team.referral.policy_version, seed=2)
    for _ in range(10):
        team.take("lado", "add_note", what="x")
    assert read_by_the_team(team) == few


HEAVIEST: list[tuple[Callable[[Team], Team], str, dict[str, Any]]] = [
    (
        roads.with_strands,
        "hold_review",
        {
            "held_on": TODAY,
            "next_review": roads.LATER,
            "what": "Nothing new.",
            "attendees": "Hannah Lyle, LADO\nA head",
            "absent": "Police",
        },
    ),
    (roads.planned, "hold_meeting", {"held_on": TODAY, "attendees": "Hannah Lyle\nA head", "what": "x"}),
    (roads.evaluating, "plan_meeting", {"meets_on": TODAY, "section_47": "yes"}),
    (roads.accepted, "ask_referrer", {"what": "Who saw it?"}),
    (roads.accepted, "write_letter", {"letter_to": "employer", "sent_on": TODAY, "what": "Your notes."}),
    (roads.accepted, "add_employer", AGENCY),
    (roads.accepted, "add_note", {"what": "A call."}),
    (roads.with_duties, "answer_dbs", {"dbs_answer": "referred", "dbs_on": TODAY}),
]


def boxes(answers: dict[str, Any]) -> dict[str, Any]:
    """As a form posts them: a day in three boxes' words, yes and no as words."""
    as_typed = {True: "yes", False: "no"}
    return {
        name: f"{value.day} {value.month} {value.year}"
        if hasattr(value, "year")
        else as_typed.get(value, value)
        for name, value in answers.items()
    }


@pytest.mark.parametrize(("road", "step", "answers"), HEAVIEST, ids=[step for _, step, _ in HEAVIEST])
def test_a_step_is_taken_in_fifteen_statements(
    team: Team, road: Callable[[Team], Team], step: str, answers: dict[str, Any]
) -> None:
    road(team)
    version = Referral.objects.get().version
    path = f"{team.referral.get_absolute_url()}{step}/"
    statements = asked(signed_in(team, "lado"), path, {"version": version, **boxes(answers)}, 302)
    assert Referral.objects.get().version == version + 1
    assert len(statements) <= POST, statements


CALL = {
    "referrer": "Bernadette Quarshie",
    "referrer_phone": "020 7946 0177",
    "what": "An arm was held hard.",
    "adult_name": "Dominic Achterberg",
    "sector": "transport",
    "known": "yesterday",
    "limbs": ["harmed"],
}


@pytest.mark.parametrize("who", ["lado", "support"])
def test_a_contact_is_taken_in_fifteen_statements(team: Team, who: str) -> None:
    asked(signed_in(team, "lado"), "/lado/contact/", {"key": uuid4(), **CALL}, 302)
    concerned = [team.people["deputy"].pk]
    data = {"key": uuid4(), **CALL, "concerned": concerned}
    statements = asked(signed_in(team, who), "/lado/contact/", data, 302)
    assert Referral.objects.count() == 2
    assert len(statements) <= POST, statements


def test_the_lado_is_told_in_sixteen_statements(team: Team) -> None:
    policy()  # whose numbers to call are remembered for a minute
    team.contact()
    answers = {
        "key": uuid4(),
        "telling_as": "employer",
        "what": "An arm was held hard.",
        "adult_name": "Dominic Achterberg",
        "child_name": "Zoe Browne",
        "employer_name": "Northfield Transport",
        "sector": "transport",
        "referrer": "Priya Shah",
        "referrer_phone": "020 7946 0177",
    }
    asked(signed_in(team, "lead"), "/tell-lado/")
    statements = asked(signed_in(team, "lead"), "/tell-lado/", answers)
    assert Referral.objects.count() == 2
    assert len(statements) <= POST + 1, statements  # whether a neighbouring LADO has a seat, too
