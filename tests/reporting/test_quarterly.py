"""A quarter's totals at the address of the API's first version: what is published, and nothing else."""

from collections.abc import Callable
from datetime import date, datetime
from email.utils import parsedate_to_datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from escalation.accounts.models import Setting, User
from escalation.accounts.services import service_user
from escalation.reporting.models import Release
from escalation.reporting.services import withdraw, work
from tests.factories import challenge, person, policy, setting, standing
from tests.moments import london
from tests.reporting.quarters import Q4, Unit, unit_in_august
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
REPORT = "/api/v1/reports/quarterly/"
SPRING, SUMMER = {"quarter": "2026-27-Q1"}, {"quarter": "2026-27-Q2"}
NOBODY_CLOSED = "fewer than 10"


def reader(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def system() -> APIClient:
    return reader(service_user(email="reports@example.org", name="Dashboard"))


@pytest.fixture
def unit(travel: Travel) -> Unit:
    """27 challenges were opened in spring; now it is August."""
    return unit_in_august(travel, 27, "challenges_middle", expected=100)


@pytest.fixture
def school() -> Setting:
    return setting("Oakfield Primary School", short="the school", group="education")


@pytest.fixture
def published(unit: Unit) -> Release:
    return unit.published()


def test_it_tells_the_published_totals_in_the_members_it_always_had(
    published: Release, system: APIClient
) -> None:
    told = system.get(REPORT, SPRING).json()
    assert told["opened"] in (25, 30)
    assert (told["closed"], told["open"]) == (NOBODY_CLOSED, "not published")
    assert (told["label"], told["first_day"]) == ("April to June 2026", "2026-04-01")
    assert (told["last_day"], told["finished"], told["internal"]) == ("2026-06-30", True, False)
    assert "published figures" in told["words"]
    assert set(told["definitions"]) == {"opened", "closed", "open"}
    assert "Rounded to 5 at random" in told["disclosure"]


def test_a_case_more_changes_nothing_that_is_told(published: Release, system: APIClient) -> None:
    before = system.get(REPORT, SPRING).json()
    challenge(now=london(2026, 5, 13, 10))
    assert system.get(REPORT, SPRING).json() == before


def test_what_is_not_published_is_refused_in_words(unit: Unit, system: APIClient) -> None:
    for asked, words in (
        (SPRING, "No figures are available for 2026-27-Q1."),
        (SUMMER, "2026-27-Q2 is not over: it ends on Wednesday 30 September 2026"),
    ):
        answer = system.get(REPORT, asked)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert words in answer.json()["detail"]
    unit.approved()
    assert system.get(REPORT, SPRING).status_code == 404, "approved is not published"


def test_totals_that_were_withdrawn_are_refused_too(
    published: Release, unit: Unit, system: APIClient
) -> None:
    withdraw(
        published,
        [("logged", 1)],
        reason="advice",
        by=unit.ruth,
        standing=standing(unit.ruth),
        now=timezone.now(),
    )
    work(now=timezone.now())
    answer = system.get(REPORT, SPRING)
    assert (answer.status_code, answer.json()["detail"]) == (404, "No figures are available for 2026-27-Q1.")


def test_a_plan_without_quarterly_totals_has_none_here(travel: Travel, system: APIClient) -> None:
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan("challenges_small", expected=30)
    travel(unit.approved(Q4).publish_at)
    work(now=timezone.now())
    assert Release.objects.get().state == "published"
    assert system.get(REPORT, {"quarter": str(Q4)}).status_code == 404


def test_each_answer_says_that_the_address_is_to_go(published: Release, system: APIClient) -> None:
    """Since when (RFC 9745), until when (RFC 8594), and what takes its place; refusals say it too."""
    for answer in (system.get(REPORT, SPRING), system.get(REPORT), APIClient().get(REPORT)):
        since = datetime.fromtimestamp(int(answer["Deprecation"].removeprefix("@")), tz=timezone.now().tzinfo)
        assert (parsedate_to_datetime(answer["Sunset"]) - since).days >= 365
        assert answer["Link"] == '</api/v1/reports/>; rel="successor-version"'


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


def test_the_business_unit_reads_it_and_nobody_else(published: Release, school: Setting) -> None:
    assert reader(person("Ruth Ames", role="business_unit")).get(REPORT, SPRING).status_code == 200
    for other in (
        person("Amal Idris", practitioner=school),
        person("Dana Fox", senior_lead=school),
        person("Lee Hart", role="auditor"),
        person("Kim Roe", role="administrator"),
        person("Max Lind", role="lado"),
        person("No Seat"),
    ):
        answer = reader(other).get(REPORT, SPRING)
        assert answer.status_code == 403
        assert "business unit" in answer.json()["detail"]
    assert APIClient().get(REPORT, SPRING).status_code == 401


def test_it_takes_one_statement_beside_who_asks(published: Release, system: APIClient) -> None:
    with counted_sql() as statements:
        system.get(REPORT, SPRING)
    assert len([sql for sql in statements if '"reporting_' in sql]) == 1, statements
