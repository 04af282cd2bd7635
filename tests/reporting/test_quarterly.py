"""The quarter's totals, as the business unit and its systems get them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db.models import F
from rest_framework.test import APIClient

from escalation.accounts.models import Setting, User
from escalation.accounts.services import service_user
from escalation.challenges.models import Challenge
from escalation.challenges.services import take_step
from escalation.challenges.workflow import STEP
from escalation.policy.quarters import Quarter
from escalation.reporting.counts import totals
from tests.factories import challenge, person, setting, standing
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
REPORT = "/api/v1/reports/quarterly/"
AUTUMN = "2026-27-Q3"


def reader(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def system() -> APIClient:
    return reader(service_user(email="reports@example.org", name="Dashboard"))


@pytest.fixture
def school() -> Setting:
    return setting("Oakfield Primary School", short="the school", group="education")


@pytest.fixture
def teacher(school: Setting) -> User:
    return person("Amal Idris", practitioner=school, lead=school)


def sent(by: User, school: Setting, number: int, now: datetime) -> list[Challenge]:
    """So many challenges, all sent at one moment."""
    team = Setting.objects.filter(name="Team A").first() or setting("Team A")
    return [challenge(by=by, raising=school, asked=[team], now=now) for _ in range(number)]


def take(one: Challenge, name: str, by: User, now: datetime, **answers: object) -> Challenge:
    return take_step(
        one, STEP[name], by=by, standing=standing(by), expected=one.version, now=now, answers=answers
    )


def withdraw(one: Challenge, by: User, now: datetime) -> Challenge:
    return take(one, "withdraw", by, now, withdrawal_reason="not_needed")


def test_a_system_reads_totals_of_ten_or_more(
    system: APIClient, school: Setting, teacher: User, travel: Travel
) -> None:
    cases = sent(teacher, school, 12, london(2026, 11, 3))
    for one in cases[:2]:
        withdraw(one, teacher, london(2026, 12, 1))
    travel(london(2027, 1, 4, 10))
    answer = system.get(REPORT, {"quarter": AUTUMN})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["opened"], told["closed"], told["open"]) == (12, "fewer than 10", 10)
    assert told["internal"] is True
    assert told["finished"] is True
    assert "disclosure control" in told["disclosure"]
    assert set(told["definitions"]) == {"opened", "closed", "open"}


def test_none_and_nine_look_the_same(
    system: APIClient, school: Setting, teacher: User, travel: Travel
) -> None:
    travel(london(2027, 1, 4, 10))
    none = system.get(REPORT, {"quarter": AUTUMN}).json()
    sent(teacher, school, 9, london(2026, 11, 3))
    assert system.get(REPORT, {"quarter": AUTUMN}).json() == none


def test_a_day_is_a_london_day(school: Setting, teacher: User) -> None:
    """Midnight of 1 July in London is 11pm of 30 June in UTC."""
    sent(teacher, school, 1, london(2026, 6, 30, 23, 59))
    sent(teacher, school, 2, london(2026, 7, 1, 0, 0))
    assert totals(Quarter.parse("2026-27-Q1")).opened == 1
    assert totals(Quarter.parse("2026-27-Q2")).opened == 2


def test_a_finished_quarter_never_changes(school: Setting, teacher: User) -> None:
    """Closed in autumn, reopened in winter: autumn's totals stay as they were."""
    [one] = sent(teacher, school, 1, london(2026, 11, 3))
    withdraw(one, teacher, london(2026, 12, 20))
    before = totals(Quarter.parse(AUTUMN))
    again = Challenge.objects.get(pk=one.pk)
    take(again, "reopen", teacher, london(2027, 1, 5), what="It happened again.")
    assert totals(Quarter.parse(AUTUMN)) == before
    assert (before.opened, before.closed, before.open) == (1, 1, 0)
    winter = totals(Quarter.parse("2026-27-Q4"))
    assert (winter.opened, winter.closed, winter.open) == (0, 0, 1)


def test_a_challenge_that_ends_twice_in_a_quarter_counts_once(school: Setting, teacher: User) -> None:
    [one] = sent(teacher, school, 1, london(2026, 10, 6))
    withdraw(one, teacher, london(2026, 10, 20))
    again = take(Challenge.objects.get(pk=one.pk), "reopen", teacher, london(2026, 11, 5), what="Again.")
    withdraw(Challenge.objects.get(pk=again.pk), teacher, london(2026, 11, 20))
    assert totals(Quarter.parse(AUTUMN)).closed == 1


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (london(2026, 9, 1), "This quarter has not begun. It starts on Thursday 1 October 2026"),
        (
            london(2026, 11, 1),
            "This quarter ends on Thursday 31 December 2026. These are the figures so far.",
        ),
        (london(2026, 12, 31, 23), "These are the figures so far."),
        (london(2027, 1, 1), "This quarter ended on Thursday 31 December 2026. These are its final figures."),
    ],
)
def test_it_says_how_far_the_quarter_has_come(
    system: APIClient, travel: Travel, today: datetime, words: str
) -> None:
    travel(today)
    told = system.get(REPORT, {"quarter": AUTUMN}).json()
    assert words in told["words"]
    assert told["finished"] == ("ended" in words)


@pytest.mark.parametrize(
    "wrong",
    ["", "2026-Q1", "2026-27-Q5", "2026-28-Q1", "9999-00-Q4", "0000-01-Q1", "२०२६-२७-Q1", "q" * 5000, "\0"],
)
def test_a_wrong_quarter_is_answered_with_an_example(system: APIClient, wrong: str) -> None:
    answer = system.get(REPORT, {"quarter": wrong})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"] == "quarter"
    assert "2026-27-Q1" in error["detail"]


def test_no_quarter_is_a_wrong_quarter(system: APIClient) -> None:
    assert system.get(REPORT).status_code == 400


def test_the_business_unit_reads_it_and_nobody_else(school: Setting) -> None:
    asked = {"quarter": AUTUMN}
    assert reader(person("Ruth Ames", role="business_unit")).get(REPORT, asked).status_code == 200
    for other in (
        person("Amal Idris", practitioner=school),
        person("Dana Fox", senior_lead=school),
        person("Lee Hart", role="auditor"),
        person("Kim Roe", role="administrator"),
        person("Max Lind", role="lado"),
        person("No Seat"),
    ):
        answer = reader(other).get(REPORT, asked)
        assert answer.status_code == 403
        assert "business unit" in answer.json()["detail"]
    assert APIClient().get(REPORT, asked).status_code == 401


def test_it_costs_the_same_however_many_there_are(system: APIClient, school: Setting, teacher: User) -> None:
    sent(teacher, school, 1, london(2026, 11, 3))
    with counted_sql() as few:
        system.get(REPORT, {"quarter": AUTUMN})
    sent(teacher, school, 12, london(2026, 11, 3))
    Challenge.objects.update(version=F("version"))
    with counted_sql() as many:
        system.get(REPORT, {"quarter": AUTUMN})
    assert len(many) == len(few) <= 5, many
