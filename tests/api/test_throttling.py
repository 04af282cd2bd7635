"""Rate limits: so much a minute for each key; then 429, and when to go on."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from core.api.models import Rate
from escalation.accounts.services import issue_token
from tests.challenges.programs import LIST, acting_for, problem
from tests.factories import person, setting
from tests.moments import london
from tests.served import Template, serve
from tests.sql import counted_sql

Travel = Callable[[datetime], None]
NOW = london(2026, 12, 23, 10, 21) + timedelta(seconds=48)


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings) -> None:
    settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = 3, 2


@pytest.mark.django_db
def test_who_asks_too_much_is_told_when_to_go_on(travel: Travel) -> None:
    travel(NOW)
    client = acting_for(person("Amal Idris"))
    assert [client.get(LIST).status_code for _ in range(3)] == [200] * 3
    answer = client.get(LIST)
    told = problem(answer, 429)
    assert answer["Retry-After"] == "12"
    assert told["detail"] == "Too many requests in one minute. Try again in 12 seconds."
    travel(NOW + timedelta(seconds=12))
    assert client.get(LIST).status_code == 200


@pytest.mark.django_db
def test_reads_and_writes_are_counted_apart_and_each_key_alone(travel: Travel) -> None:
    travel(NOW)
    user = person("Amal Idris", practitioner=setting())
    first, second = acting_for(user), acting_for(user)
    for _ in range(3):
        first.get(LIST)
    problem(first.get("/api/v1/settings/"), 429)
    assert second.get(LIST).status_code == 200
    for expected in (400, 400, 429):  # without an Idempotency-Key
        problem(first.post(LIST, {}, format="json"), expected)
    assert second.post(LIST, {}, format="json").status_code == 400


@pytest.mark.django_db
def test_a_browser_is_counted_as_its_person(travel: Travel) -> None:
    travel(NOW)
    user = person("Amal Idris")
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(user)
    assert [b.get(LIST).status_code for b in browsers * 2] == [200, 200, 200, 429]


@pytest.mark.django_db
def test_0_is_no_limit(settings: Settings) -> None:
    settings.API_READS_PER_MINUTE = 0
    client = acting_for(person("Amal Idris"))
    assert {client.get(LIST).status_code for _ in range(9)} == {200}
    assert not Rate.objects.exists()


@pytest.mark.django_db
def test_counting_is_one_statement_and_one_row(travel: Travel) -> None:
    travel(NOW)
    client = acting_for(person("Amal Idris"))
    for minute in range(3):
        travel(NOW + timedelta(minutes=minute))
        with counted_sql() as statements:
            client.get(LIST)
        assert len(statements.about("api_rate")) == 1, statements
    assert Rate.objects.count() == 1


def _fresh_minute(seconds: int) -> None:
    """Not so near to the end of a minute that a limit would start anew in the middle."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left)


def test_two_server_processes_share_one_limit(
    prepared: Template,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("API_READS_PER_MINUTE", "20")
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, serve(url) as log:
        key = issue_token(user=person("Amal Idris"), name="test", days=1, now=timezone.now()).plain

        def read(_: int) -> int:
            connection = HTTPConnection(urlsplit(log.url).netloc, timeout=60)
            connection.request("GET", "/api/v1/settings/", headers={"Authorization": f"Bearer {key}"})
            status = connection.getresponse().status
            connection.close()
            return status

        _fresh_minute(15)
        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(read, range(32)))
    assert answers == {200: 20, 429: 12}
