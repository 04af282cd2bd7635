"""tests/lado/steps.csv, written by hand from the rules, against the machine and the buttons."""

import csv
from pathlib import Path

import pytest

from escalation.lado.case import REFERRER_PARTS, facts_for, parts_of, read_case
from escalation.lado.models import Referral
from escalation.lado.queries import view_referral
from escalation.lado.workflow import ENDED, STEP, STEPS, Status
from tests.lado.cast import NOW, REFERRER, TODAY, Team

pytestmark = pytest.mark.django_db

PERSONAS = ("lado", "deputy", "support", REFERRER)


def by_hand() -> dict[tuple[str, str], set[str]]:
    """(status, persona) -> the steps that the hand-written table gives them."""
    table: dict[tuple[str, str], set[str]] = {(s, who): set() for s in Status.values for who in PERSONAS}
    with (Path(__file__).parent / "steps.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            assert row["step"] in STEP, row["step"]
            statuses = Status.values if row["statuses"] == "every" else row["statuses"].split()
            for status in statuses:
                for who in PERSONAS:
                    assert row[who] in ("", "yes")
                    if row[who]:
                        table[status, who].add(row["step"])
    return table


HAND = by_hand()


def put(referral: Referral, status: str) -> Referral:
    """The referral where a row of the table begins, whatever led there."""
    Referral.objects.filter(pk=referral.pk).update(
        status=status,
        ended_at=NOW if status in ENDED else None,
        removed=False if status in ("outcome", "duties", "closed") else None,
    )
    return Referral.objects.select_related("policy_version").get(pk=referral.pk)


@pytest.fixture
def team() -> Team:
    team = Team()
    team.contact()
    return team


def test_every_step_has_a_row() -> None:
    assert set(STEP) == set().union(*HAND.values())


@pytest.mark.parametrize("status", Status)
def test_the_machine_is_the_table(team: Team, status: Status) -> None:
    case = read_case(put(team.referral, status), today=TODAY)
    for who in PERSONAS:
        parts = REFERRER_PARTS if who == REFERRER else parts_of(team.standing(who))
        facts = facts_for(case, parts=parts, user_id=None)
        found = {s.name for s in STEPS if s.who & parts and facts.status in s.source}
        assert found == HAND[status, who], who


@pytest.mark.parametrize("status", Status)
def test_the_buttons_are_the_table_and_its_guards(team: Team, status: Status) -> None:
    referral = put(team.referral, status)
    for who in team.people:
        view = view_referral(referral, team.standing(who), now=NOW)
        allowed = {name for name in HAND[status, who] if STEP[name].refusal(view.facts) is None}
        assert {step.name for step in view.steps} == allowed, who
