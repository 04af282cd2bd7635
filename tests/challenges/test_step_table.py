"""tests/steps.csv, written by hand from the rules, against the machine, the buttons and the API.

Every status, at each of the five stages, for each persona: what the step table lets them do is what
the hand-written table says, no more and no less.
"""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.challenges import guards
from escalation.challenges.case import SYSTEM_PARTS, Case, facts_for, parts_of, party_of, read_case
from escalation.challenges.models import Challenge
from escalation.challenges.queries import CaseView, view_case
from escalation.challenges.workflow import STEP, STEPS, Status
from tests.challenges.cast import SYSTEM, Cast
from tests.factories import SENT

pytestmark = pytest.mark.django_db

STAGES = (1, 2, 3, 4, 5)
PERSONAS = (
    "raiser",
    "raising_lead",
    "raising_senior",
    "counterpart",
    "responding_lead",
    "responding_senior",
    "supporting_lead",
    "unit",
    "partner",
    "auditor",
    SYSTEM,
)
TABLE = Path(__file__).parents[1] / "steps.csv"


def by_hand() -> dict[tuple[str, int, str], set[str]]:
    """(status, stage, persona) -> the steps that the hand-written table gives them."""
    table: dict[tuple[str, int, str], set[str]] = {
        (str(status), stage, who): set() for status in Status for stage in STAGES for who in PERSONAS
    }
    with TABLE.open(newline="") as file:
        for row in csv.DictReader(file):
            for status in row["statuses"].split():
                for who in PERSONAS:
                    for stage in row[who]:
                        table[status, int(stage), who].add(row["step"])
    return table


HAND = by_hand()

NOWHERE = {
    Status.RECOMMENDED: {1, 2, 3, 5},  # only a panel recommends, and nothing leaves 4 with this status
    Status.WITHDRAWN: {5},  # neither is possible after a recommendation, and 5 always comes after one
    Status.VOID: {5},
    Status.ANSWERED: {1, 2, 3},  # the panel's recommendation is answered at 4, the partners decide at 5
}
"""Where no case can stand: the walk (test_walk.py) reaches every other pair."""

PAIRS = [(status, stage) for status in Status for stage in STAGES if stage not in NOWHERE.get(status, ())]

BY_STAGE_ALONE = {
    guards.at_dialogue,
    guards.at_panel,
    guards.at_decision,
    guards.not_last_stage,
    guards.next_stage_open,
    guards.above_first_stage,
    guards.no_recommendation,
    guards.own_to_end,
    guards.to_acknowledge,
    guards.a_leads_no,
    guards.a_leads_choice,
}
"""Guards that the hand-written table counts in: they ask where a case stands, the rest what happened."""


def put(challenge: Challenge, status: str, stage: int) -> Challenge:
    """The case as if it stood there, past the services; what must have happened before has happened.

    Only this test does that.
    """
    after_the_panel = stage == 5 or (stage == 4 and status not in BEFORE_A_PANEL)
    Challenge.objects.filter(pk=challenge.pk).update(
        stage=stage,
        stage_reached=stage,
        status=status,
        outcome="decision_changed",
        settled_at=SENT,
        closed_at=SENT,
        void_reason="other" if status == Status.VOID else "",
        recommended_at=SENT if after_the_panel else None,
    )
    refused = "not_accepted" if after_the_panel else ""
    challenge.parties.exclude(role="supporting").update(stage=stage, recommendation_answer=refused)
    return Challenge.objects.get(pk=challenge.pk)


BEFORE_A_PANEL = (Status.AWAITING_RESPONSE, Status.ON_HOLD, Status.WITHDRAWN, Status.TRANSFERRED, Status.VOID)


def by_machine(case: Case, standing: Standing | None) -> set[str]:
    """What the step table lets this person do where the case stands."""
    party = party_of(case, standing) if standing else None
    parts = parts_of(case, standing) if standing else SYSTEM_PARTS
    facts = facts_for(case, now=SENT, party=party, parts=parts)
    return {
        step.name
        for step in STEPS
        if step.who & parts
        and facts.status in step.source
        and all(guard(facts) is None for guard in step.guards if guard in BY_STAGE_ALONE)
    }


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.raise_it()
    return cast


def test_every_step_has_its_row() -> None:
    """And no row is about a step, a status or a persona that there is not."""
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["step"] for row in rows} == set(STEP)
    assert {status for row in rows for status in row["statuses"].split()} <= set(Status.values)
    assert set(rows[0]) == {"step", "statuses", "why", *PERSONAS}


@pytest.mark.parametrize("status", Status)
def test_the_machine_is_the_table(cast: Cast, status: Status) -> None:
    for stage in (stage for each, stage in PAIRS if each == status):
        case = read_case(put(cast.challenge, status, stage))
        for who in PERSONAS:
            found = by_machine(case, cast.standings.get(who))
            assert found == HAND[status, stage, who], f"{who}, {status}, stage {stage}"


@pytest.mark.parametrize("status", Status)
def test_the_buttons_are_the_table_and_its_guards(cast: Cast, status: Status) -> None:
    for stage in (stage for each, stage in PAIRS if each == status):
        challenge = put(cast.challenge, status, stage)
        for who, standing in cast.standings.items():
            if who in PERSONAS:
                view = view_case(challenge, standing, now=SENT)
                offered = {step.name for step in view.steps}
                assert offered == allowed(view, who), f"{who}, {status}, stage {stage}"


def allowed(view: CaseView, who: str) -> set[str]:
    """The hand-written table's steps, less those that what has happened so far rules out."""
    rows = HAND[view.status, view.stage, who]
    return {name for name in rows if STEP[name].refusal(view.facts) is None}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.large
@pytest.mark.parametrize("status", Status)
def test_the_api_offers_the_buttons(cast: Cast, status: Status, travel: Callable[[datetime], None]) -> None:
    """And to who may not know of a case it says, as for one that is not there, 404."""
    travel(SENT)
    clients = {who: signed_in(user) for who, user in cast.people.items()}
    for stage in (stage for each, stage in PAIRS if each == status):
        challenge = put(cast.challenge, status, stage)
        for who, standing in cast.standings.items():
            if who not in PERSONAS:
                continue
            answer = clients[who].get(f"/api/v1/challenges/{challenge.uuid}/")
            if not Challenge.objects.visible_to(standing).filter(pk=challenge.pk).exists():
                assert answer.status_code == 404, f"{who}, {status}, stage {stage}"
                continue
            offered = {step["name"] for step in answer.json()["steps"]}
            assert offered == allowed(view_case(challenge, standing, now=SENT), who), f"{who}, {stage}"


@pytest.mark.parametrize("stage", STAGES)
def test_who_has_a_step_may_know_of_the_case(cast: Cast, stage: int) -> None:
    challenge = put(cast.challenge, Status.AWAITING_RESPONSE, stage)
    for who in PERSONAS[:-1]:
        if any(HAND[str(status), stage, who] for status in Status):
            assert challenge in Challenge.objects.visible_to(cast.standings[who]), who
