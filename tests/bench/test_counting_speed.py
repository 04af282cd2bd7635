"""How long it takes to count a quarter among a million challenges on PostgreSQL, beside the same by hand."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from escalation.disclosure.periods import Period
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy.quarters import Quarter
from escalation.reporting.counting import count
from escalation.reporting.counting.challenges import ENDING
from escalation.reporting.counting.tabulating import moments
from escalation.reporting.models import number_of
from escalation.rulebook.queries import closed_days
from tests.factories import person, policy, setting
from tests.postgres import Cluster
from tests.served import manage, models_on

CASES = 1_000_000
QUARTERS = 8
"""Over which the cases are spread: 125,000 a quarter."""
ROUNDS = 2
MOST = 1.3
LARGE = next(plan for plan in shipped_plans() if plan.key == "challenges_large")
NUMBER = number_of(Quarter(2026, 3))
HERE = Path(__file__).parent
TOTALS = ("opened", "closed")
pytestmark = pytest.mark.bench


def by_hand() -> dict[str, bytes]:
    """The statements of counting_by_hand.sql, by their names."""
    _, *sections = (HERE / "counting_by_hand.sql").read_text(encoding="utf-8").split("\n\n-- ")
    named = dict(section.split("\n", 1) for section in sections)
    ended = named.pop("ended")
    return {name: Template(sql).substitute(ended=ended).encode() for name, sql in named.items()}


HAND = by_hand()


@pytest.fixture
def million(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A server with a million challenges on it; its models are the test's own meanwhile."""
    cluster = Cluster()
    try:
        url = cluster.url.replace("/log?", "/postgres?")  # the one database that is there already
        manage(url, "migrate", "--verbosity", "0")
        with django_db_blocker.unblock(), models_on(url):
            _fill(url)
            yield url
    finally:
        cluster.stop()


def test_counting_costs_what_it_costs_by_hand(million: str) -> None:
    took = {"by the log": 0.0, "by hand": 0.0}
    for _ in range(ROUNDS):  # the first warms both up alike
        with psycopg.connect(million) as connection:
            by_hand, took["by hand"] = _timed(lambda: _by_hand(connection))
        counted, took["by the log"] = _timed(lambda: count(LARGE, "challenges", NUMBER))
    ratio = took["by the log"] / took["by hand"]
    told = ", ".join(f"{how} {seconds:.2f} s" for how, seconds in took.items())
    print(f"\n{CASES:,} challenges, one quarter of them counted: {told}; {ratio:.2f} times")  # noqa: T201
    assert counted.totals["logged", NUMBER] == by_hand["opened"] > CASES / QUARTERS / 2
    assert counted.totals["closed", NUMBER] == by_hand["closed"] > CASES / QUARTERS / 2
    [closed] = [linked for linked in LARGE.linked if linked.date == "closed" and linked.span == "quarter"]
    cells = dict(zip(closed.layout.cells, counted.tables["closed", NUMBER, 1], strict=True))
    assert [cells[(("days_open", name),)] for name in _bands()] == by_hand["bands"]
    assert ratio <= MOST


def _bands() -> list[str]:
    return [category.code for category in LARGE.dimension("days_open").categories]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _by_hand(connection: psycopg.Connection) -> dict[str, Any]:
    """Each table, and the totals of the year's quarters so far."""
    this, found = _between(NUMBER), {}
    for name, sql in HAND.items():
        if name not in TOTALS:
            found[name] = connection.execute(sql, this).fetchall()
    totals = [
        [connection.execute(HAND[name], _between(number)).fetchall()[0][0] for name in TOTALS]
        for number in range(NUMBER - NUMBER % 4, NUMBER + 1)
    ]
    bands = [n for _, n in sorted(found["days open"])]
    return {"opened": totals[-1][0], "closed": totals[-1][1], "bands": bands}


def _between(number: int) -> dict[str, Any]:
    begins, ends = moments(Period(number, 1))
    shut = list(closed_days(begins.date() - timedelta(days=210), ends.date()))
    return {"begins": begins, "ends": ends, "ending": list(ENDING), "clocks": ["reply"], "shut": shut}


def _fill(url: str) -> None:
    school = setting(group="education")
    asked = [setting(group=group) for group in ("social_care", "health", "police", "housing")]
    first = Quarter(2025, 1).start
    values = {
        "policy": policy(today=first).pk,
        "school": school.pk,
        "teacher": person(practitioner=school).pk,
        "asked": ", ".join(str(each.pk) for each in asked),
        "start": f"'{first}'",
        "days": (Quarter(2027, 1).start - first).days,
        "cases": CASES,
    }
    with psycopg.connect(url, autocommit=True) as connection:
        text = (HERE / "million.sql").read_text(encoding="utf-8")
        for statement in Template(text).substitute(values).split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
