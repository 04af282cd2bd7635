"""Year to date and the last four quarters, as systems read them: sums of what is published."""

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from escalation.disclosure.plan import Date
from escalation.policy.quarters import Quarter
from escalation.reporting.models import Release
from escalation.reporting.running import LAST_FOUR, YEAR_TO_DATE, in_words
from escalation.reporting.services import withdraw, work
from tests.factories import person, policy, standing
from tests.moments import london
from tests.reporting.quarters import Q1, Q2, Q3, Q4, Unit, logged, true_total

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
QUARTERS = (Q1, Q2, Q3, Q4)
DAYS = (london(2026, 5, 12, 10), london(2026, 8, 12, 10), london(2026, 11, 12, 10), london(2027, 2, 11, 10))
CASES = (27, 13, 8, 21)


@pytest.fixture
def unit(travel: Travel) -> Unit:
    """Two quarters of totals are published; by a plan that publishes nothing else each quarter."""
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan("challenges_middle", expected=100)
    for quarter in (Q1, Q2):
        publish(unit, quarter, travel)
    return unit


def publish(unit: Unit, quarter: Quarter, travel: Travel) -> Release:
    at = QUARTERS.index(quarter)
    logged(CASES[at], DAYS[at])
    release = unit.approved(quarter)
    travel(release.publish_at)
    work(now=release.publish_at)
    return release


def get(address: str) -> Any:
    client = Client()
    client.force_login(person(role="scrutineer"))
    return client.get(f"/api/v1/reports/{address}")


def told(address: str) -> Any:
    answer = get(address)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def total(document: Any, code: str = "opened") -> Any:
    """The one figure of a table of totals."""
    [table] = [each for each in document["tables"] if each["code"] == code]
    return table["parts"][0]["cells"][0]


def test_a_year_to_date_adds_up_what_was_published(unit: Unit) -> None:
    each = [total(told(f"{quarter}/"))["value"] for quarter in (Q1, Q2)]
    found = told(f"{Q2}/year-to-date/")
    sums = total(found)
    assert sums["value"] == sum(each)
    assert (sums["low"], sums["high"]) == (sum(each) - 8, sum(each) + 8)
    assert sums["low"] <= sum(true_total(quarter, Date.LOGGED) for quarter in (Q1, Q2)) <= sums["high"]
    assert found["sum"] == "year_to_date"
    assert found["period"] == "April to September 2026"
    assert found["tables"][0]["quarters"] == ["2026-27-Q1", "2026-27-Q2"]
    assert "the sum is within 8" in found["in_words"]
    assert "Drafts are not counted" in found["definitions"]["logged"]


def test_it_is_what_stands_beside_the_quarters_own_figure(unit: Unit) -> None:
    beside = total(told(f"{Q2}/"))
    for sums in (YEAR_TO_DATE, LAST_FOUR):
        assert total(told(f"{Q2}/{sums.name}/")) == beside[sums.member]


def test_in_the_first_quarter_it_is_that_quarters_figure(unit: Unit) -> None:
    found, own = total(told(f"{Q1}/year-to-date/")), total(told(f"{Q1}/"))
    assert found == {name: own[name] for name in ("value", "low", "high", "symbol")}


def test_four_quarters_need_all_four(unit: Unit, travel: Travel) -> None:
    assert total(told(f"{Q2}/last-four-quarters/")) == {
        "value": None,
        "low": None,
        "high": None,
        "symbol": "[x]",
    }
    for quarter in (Q3, Q4):
        publish(unit, quarter, travel)
    year, four = told(f"{Q4}/year-to-date/"), told(f"{Q4}/last-four-quarters/")
    assert total(year) == total(four)
    assert total(four)["high"] - total(four)["value"] == 16
    assert four["period"] == "April 2026 to March 2027"
    assert abs(total(four)["value"] - sum(CASES)) <= 4, "totals that follow each other are tied"


def test_one_quarter_withdrawn_and_there_is_no_sum(unit: Unit, travel: Travel) -> None:
    first = Release.objects.get(quarter=str(Q1))
    tag, now = get(f"{Q2}/year-to-date/")["ETag"], london(2026, 12, 1, 10)
    travel(now)
    mine = standing(unit.ruth)
    withdraw(first, [("logged", 1)], reason="corrected", by=unit.ruth, standing=mine, now=now)
    work(now=now)
    again = get(f"{Q2}/year-to-date/")
    assert again["ETag"] != tag
    assert total(again.json())["symbol"] == "[x]"
    assert total(again.json(), "closed")["symbol"] == "[low]"


def test_a_table_of_it_as_rows(unit: Unit) -> None:
    answer = get(f"{Q2}/year-to-date/tables/opened.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(StringIO(answer.content.decode()))
    alone = told(f"{Q2}/year-to-date/tables/opened/")
    cell = alone["table"]["parts"][0]["cells"][0]
    assert row == {
        "period_begins": "2026-27-Q1",
        "period_ends": "2026-27-Q2",
        **{name: "" if value is None else str(value) for name, value in cell.items()},
    }
    described = told(f"{Q2}/year-to-date/tables/opened.csv-metadata.json")
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(row)
    assert "within 8" in described["dc:description"]


def test_a_plan_without_quarterly_tables_has_no_sums(travel: Travel) -> None:
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan("challenges_small", expected=30)
    publish(unit, Q4, travel)
    assert get(f"{Q4}/").status_code == 200
    answer = get(f"{Q4}/year-to-date/")
    assert answer.status_code == 404
    assert "No such table is available for 2026-27-Q4" in answer.json()["detail"]


def test_a_sum_of_another_kind_is_not_there(unit: Unit) -> None:
    assert get(f"{Q2}/last-five-quarters/").status_code == 404
    assert get(f"{Q2}/year-to-date/tables/police/").status_code == 404


def test_one_quarter_is_no_sum_in_words() -> None:
    assert in_words(1).startswith("One quarter so far")
    assert "within 16" in in_words(4)
