"""The Escalation Policy for everybody: open, true, with what is new; and where a challenge is on its way."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from escalation.accounts.models import User
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import forget_current
from tests.factories import challenge, person, policy, setting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 30, 18, 47)


@pytest.fixture
def version(travel: Callable[[datetime], None]) -> PolicyVersion:
    travel(NOW)
    return policy(today=NOW.date())


def next_version(version: PolicyVersion, start: date) -> PolicyVersion:
    """The same words with another number."""
    later = copy(version)
    later.pk, later.version, later.start = None, version.version + 1, start
    later.document = {**version.document, "version": later.version, "start": start.isoformat()}
    later.digest = "f" * 64
    later.save(force_insert=True)
    forget_current()
    return later


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def read(path: str, user: User | None = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return text(answer)


def test_whoever_has_not_signed_in_reads_it_with_days_from_today(version: PolicyVersion) -> None:
    page = read("/policy/")
    assert "version 2, from Tuesday 1 April 2025" in page
    assert "Raised today, Mon 30 Nov: their answer is due by Wed 2 Dec, 5pm." in page
    assert all(stage.name in page for stage in version.policy.stages)
    assert "What is new in it" not in page, "there is none before it"


@pytest.mark.parametrize("path", ["/policy/9/", "/policy/9/changes/", "/policy/1/"])
def test_a_version_that_is_not_there_is_not_found(version: PolicyVersion, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_without_a_policy_the_page_says_whom_to_call(travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    assert "Call 999" in read("/policy/")


def test_what_is_to_come_is_announced_and_does_not_hold_yet(version: PolicyVersion) -> None:
    later = next_version(version, date(2027, 1, 4))
    assert "Version 3 holds from Monday 4 January 2027" in read("/policy/")
    assert "It does not hold yet." in read(f"/policy/{later.version}/")
    assert "Nothing changed" in read(f"/policy/{later.version}/changes/")
    assert "There is none to compare it with" in read(f"/policy/{version.version}/changes/")


def test_what_is_over_says_so(version: PolicyVersion) -> None:
    next_version(version, date(2026, 11, 30))
    assert "version 3" in read("/policy/")
    assert "This version is over." in read(f"/policy/{version.version}/")


def test_a_challenge_is_shown_where_it_is_under_the_version_that_it_keeps(version: PolicyVersion) -> None:
    school = setting("Oakfield", group="education")
    leila = person("Leila Osei", practitioner=school)
    case = challenge(by=leila, raising=school, now=NOW)
    next_version(version, date(2026, 11, 30))
    page = read(f"/policy/of/{case.uuid}/", leila)
    assert "This challenge is here" in page
    assert "version 2" in page
    assert f"/policy/of/{case.uuid}/" in read(case.get_absolute_url(), leila)
    stranger = Client()
    stranger.force_login(person("Otto", practitioner=setting()))
    assert stranger.get(f"/policy/of/{case.uuid}/").status_code == 404


@pytest.mark.parametrize(("path", "most"), [("/policy/", 2), ("/policy/2/", 2), ("/policy/2/changes/", 1)])
def test_an_open_page_costs_so_many_statements(version: PolicyVersion, path: str, most: int) -> None:
    next_version(version, date(2027, 1, 4))
    forget_current()
    with counted_sql() as statements:
        Client().get(path)
    assert len(statements) == most, statements
