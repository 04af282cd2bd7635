"""Every policy that comes with the log, driven from the first step to its last exit.

All due times are in policy_deadlines.csv, worked out by hand. Where a policy publishes no time, no clock
runs, and the page says so.
"""

import html
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.machine import Refused
from escalation.challenges.models import Challenge, Deadline
from escalation.policy import shipped_policies
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.moments import LONDON, london

pytestmark = pytest.mark.django_db
COLUMNS = "story,policy,stage,milestone,due,why"
KEYS = [policy.key for policy in shipped_policies()]
NO_TIME = "There is no published time for this stage."
REVIEW = {"outcome": "agreed_difference", "review_on": date(2027, 3, 1)}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def by_hand(story: str, policy: str) -> dict[tuple[int, str], datetime]:
    """The due time of each milestone of a story, by stage and name."""
    first, *lines = (Path(__file__).parent / "policy_deadlines.csv").read_text(encoding="utf-8").splitlines()
    assert first == COLUMNS
    rows = [line.split(",", 5) for line in lines if not line.startswith("#")]
    return {
        (int(stage), name): datetime.fromisoformat(due).replace(tzinfo=LONDON)
        for told, key, stage, name, due, _ in rows
        if (told, key) == (story, policy)
    }


def reckoned(challenge: Challenge) -> dict[tuple[int, str], datetime]:
    rows = Deadline.objects.filter(challenge=challenge)
    found = {(row.stage, row.name): row.due.astimezone(LONDON) for row in rows}
    assert len(found) == len(rows), "each milestone has one clock a stage, with one service asked"
    return found


@pytest.fixture
def says_no_time(cast: Cast, client: Client, travel: Callable[[datetime], None]) -> Callable[[], bool]:
    """Whether the raiser's page says that there is no published time for the stage."""

    def look() -> bool:
        travel(Challenge.objects.get(pk=cast.challenge.pk).entries.latest("recorded_at").recorded_at)
        client.force_login(cast.people["raiser"])
        page = html.unescape(client.get(cast.challenge.get_absolute_url()).content.decode())
        return NO_TIME in page

    return look


@pytest.mark.parametrize("key", KEYS)
def test_from_opening_to_the_last_exit(cast: Cast, key: str, says_no_time: Callable[[], bool]) -> None:
    asked = {cast.care: cast.people["counterpart"]}
    cast.raise_it(asked=asked, supporting=(), policy_key=key, decision_on=date(2026, 12, 21))
    care = [cast.party(cast.care)]
    silent = [says_no_time()]
    cast.take("raiser", "match", london(2026, 12, 23, 12), **CALLED)
    cast.take("counterpart", "reply", london(2026, 12, 29, 11), answer="differs", what="It is right.")
    cast.take("raiser", "escalate", london(2026, 12, 30, 9), still_asking=care)
    silent.append(says_no_time())
    cast.take("responding_lead", "reply", london(2027, 1, 4, 10), answer="differs", what="It is right.")
    met = {"method": "meeting", "what": "We met.", "audience": "all_parties"}
    cast.take("responding_lead", "add_note", london(2027, 1, 6, 14), **met)
    cast.take("raising_lead", "complete_form", london(2027, 1, 7, 15), **FORM)
    cast.take("raiser", "escalate", london(2027, 1, 8, 9), still_asking=care)
    silent.append(says_no_time())
    cast.take("responding_senior", "reply", london(2027, 1, 11, 11), answer="differs", what="It is right.")
    if key == "mscp":
        cast.take("unit", "check_form", london(2027, 1, 12, 10))
    cast.take("raising_senior", "escalate", london(2027, 1, 13, 9), still_asking=care)
    silent.append(says_no_time())
    cast.take(
        "unit",
        "convene",
        london(2027, 1, 14, 10),
        chair="head of another service",
        meets_on=date(2027, 1, 18),
    )
    cast.take("unit", "recommend", london(2027, 1, 18, 15), what="A visit a week.", reasons="It is needed.")
    answer = {"recommendation_answer": "not_accepted", "reasons": "We can't."}
    case = cast.take("responding_senior", "answer_recommendation", london(2027, 1, 19, 10), **answer)
    if case.policy.stages[-1].number == case.stage:
        cast.take("responding_senior", "settle", london(2027, 1, 20, 9), **OUTCOME | REVIEW)
        case = cast.take("raiser", "confirm_settled", london(2027, 1, 21, 10))
    else:
        cast.take("raising_senior", "escalate", london(2027, 1, 20, 9), still_asking=care)
        silent.append(says_no_time())
        cast.take(
            "partner", "decide", london(2027, 1, 22, 10), what="A visit a week.", reasons="It is needed."
        )
        cast.take("partner", "settle", london(2027, 1, 25, 10), **OUTCOME | REVIEW)
        case = cast.take("raiser", "confirm_settled", london(2027, 1, 26, 10))
    assert (case.status, case.stage) == ("closed_actions_open", case.policy.last.number)
    assert reckoned(case) == by_hand("to the last exit", key)
    assert silent == PUBLISHES_NO_TIME[key]


PUBLISHES_NO_TIME = {
    "mscp": [False, False, False, False, False],
    "london": [False, False, True, True],
    "sefton": [False, False, True, True],
    "lincolnshire": [False, False, False, True],
}
"""Stage by stage, whether the policy says no time for it."""


@pytest.mark.parametrize("key", KEYS)
def test_agreed_at_the_second_stage(cast: Cast, key: str) -> None:
    asked = {cast.care: cast.people["counterpart"]}
    begun: dict[str, Any] = {"start_stage": 2, "skip_reason": "no_counterpart"}
    cast.raise_it(asked=asked, supporting=(), policy_key=key, decision_on=date(2026, 12, 21), **begun)
    cast.take("raising_lead", "match", london(2026, 12, 23, 12), **CALLED)
    acted = {"answer": "acted", "what": "We visited.", "acted_on": date(2026, 12, 28)}
    cast.take("responding_lead", "reply", london(2026, 12, 29, 11), **acted)
    cast.take("responding_lead", "settle", london(2026, 12, 30, 10), **OUTCOME)
    case = cast.take("raiser", "confirm_settled", london(2026, 12, 31, 10))
    assert case.status == "closed"
    assert reckoned(case) == by_hand("agreed at stage 2", key)


def test_every_milestone_of_every_policy_is_in_a_story() -> None:
    """What no story of two answers can reach is told elsewhere: see the tests of proposals and clocks."""
    elsewhere = {
        "form",
        "later_form_check",
        "withdrawal_call",
        "raiser_answer_again",
        "raiser_answer_again_lead",
    }
    for policy in shipped_policies():
        told = {name for story in STORIES for _, name in by_hand(story, policy.key)}
        timed = {m.name for stage in policy.stages for m in policy.milestones_of(stage.number) if m.has_time}
        assert timed - told <= elsewhere


STORIES = ("to the last exit", "agreed at stage 2")


@pytest.mark.parametrize(
    ("decided", "on_time"),
    [(date(2026, 12, 21), True), (date(2026, 12, 18), False), (None, True), (date(2027, 2, 1), True)],
    ids=["two working days before", "three working days before", "no day given", "a day to come"],
)
def test_raised_in_time_is_kept_as_a_fact(cast: Cast, decided: date | None, on_time: bool) -> None:
    cast.raise_it(policy_key="sefton", decision_on=decided)
    assert Deadline.objects.get(challenge=cast.challenge, name="raised").met is on_time


@pytest.mark.parametrize(
    ("key", "stage", "until"),
    [
        ("mscp", 1, london(2026, 12, 29, 17)),
        ("mscp", 2, london(2026, 12, 29, 17)),
        ("london", 1, london(2027, 1, 4, 17)),
        ("london", 2, london(2027, 1, 4, 17)),
        ("sefton", 1, london(2026, 12, 30, 17)),
        ("sefton", 2, london(2026, 12, 29, 17)),
        ("lincolnshire", 1, london(2026, 12, 25, 10, 20)),
        ("lincolnshire", 2, london(2027, 1, 4, 17)),
    ],
)
def test_silence_is_a_ground_once_the_time_to_answer_is_over(
    cast: Cast, key: str, stage: int, until: datetime
) -> None:
    """Sent on Wed 23 Dec 2026 at 10:20, to one service, which says nothing."""
    above: dict[str, Any] = {"start_stage": 2, "skip_reason": "no_counterpart"} if stage == 2 else {}
    cast.raise_it(asked={cast.care: None}, supporting=(), policy_key=key, **above)
    who, care = "raiser", [cast.party(cast.care)]
    if stage == 2:
        cast.take("raising_lead", "complete_form", london(2026, 12, 23, 11), **FORM)
    with pytest.raises(Refused, match="They still have time to answer"):
        cast.take(who, "escalate", until, still_asking=care)
    cast.take(who, "escalate", until + timedelta(minutes=1), still_asking=care)
    assert cast.challenge.stage == stage + 1


def test_no_line_of_code_names_a_policy() -> None:
    """All that is special to a policy is in its file. The settings name the default, an example shows it."""
    root = Path(__file__).resolve().parents[2]
    code = [*root.glob("core/**/*.py"), *root.glob("escalation/**/*.py"), *root.glob("templates/**/*.*")]
    code = [file for file in code if file.suffix != ".ttf"]
    policies = shipped_policies()
    named = [
        f"{file.relative_to(root)}: {policy.key}"
        for file in code
        for policy in policies
        if f'"{policy.key}"' in (text := file.read_text(encoding="utf-8")) or policy.title in text
    ]
    assert sorted(named) == ["core/settings.py: mscp", "escalation/challenges/api_examples.py: mscp"]
