"""The business unit's Monday page: each number opens exactly those challenges, and nobody else sees any."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings as site
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.access.models import ConflictReason
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.challenges.services import name_conflict
from tests.challenges.cast import FORM, Cast
from tests.challenges.many import NOW, World, many, settings_and_people
from tests.factories import SENT
from tests.moments import london
from tests.sql import counted_sql

MONDAY = "/monday/"
TILE = re.compile(r'<a class="govuk-link cl-num" href="([^"]+)"><b>(\d+)</b> <span>([^<]+)</span>')
STAGE = re.compile(r'<a class="govuk-link" href="([^"]+)">(\d+)</a>')

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(travel: Callable[[datetime], None]) -> World:
    travel(NOW)
    return settings_and_people()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tiles(user: User) -> dict[str, int]:
    """The number above each label."""
    page = signed_in(user).get(MONDAY).content.decode()
    return {label: int(number) for _, number, label in TILE.findall(page)}


def rows_behind(client: Client, url: str) -> int:
    """How many rows the list has in all: the numbers in its headings, which count other pages too.

    The board of gaps is no list of challenges: each gap on it is a link to where it is mended.
    """
    page = client.get(url).content.decode()
    if url == "/directory/gaps/":
        return page.count('<li><a class="govuk-link" href="/directory/')
    found = re.findall(r'<th role="rowheader"[^>]*>(.*?)</th>', page, re.DOTALL)
    return sum(int(number.replace(",", "")) for number in re.findall(r"\(([\d,]+)\)", " ".join(found)))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 30), seed=st.integers(0, 10_000))
def test_every_number_is_that_of_the_rows_behind_it(world: World, number: int, seed: int) -> None:
    many(number, world, seed=seed)
    client = signed_in(world.unit)
    page = client.get(MONDAY).content.decode()
    found = [(url, count) for url, count, _ in TILE.findall(page)] + STAGE.findall(page)
    assert len(found) >= 9
    for url, count in found:
        if not url.startswith("#"):
            assert rows_behind(client, unescape(url)) == int(count), url
    assert f"{sum(int(count) for _, count in STAGE.findall(page))} open, by stage" in page


def test_ten_statements_and_one_for_each_kind_beside_however_many_there_are(world: World) -> None:
    counts = []
    for number in (20, 400):
        many(number, world)
        client = signed_in(world.unit)
        client.get(MONDAY)
        with counted_sql() as statements:
            client.get(MONDAY)
        counts.append(len(statements))
        assert len(statements) <= 10 + len(site.BESIDE), statements
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["raiser", "raising_lead", "responding_senior", "partner", "auditor"])
def test_it_is_for_the_business_unit_alone(who: str) -> None:
    cast = Cast()
    cast.raise_it()
    client = signed_in(cast.people[who])
    assert client.get(MONDAY).status_code == 403
    assert "Monday page" not in client.get("/challenges/").content.decode()
    # Nor does the list answer what only the unit may ask of it.
    assert 'name="need"' not in client.get("/challenges/?need=call&show=any").content.decode()


def test_a_quiet_week_says_so(world: World) -> None:
    page = signed_in(world.unit).get(MONDAY).content.decode()
    assert "Nothing needs you this week" in page
    assert "A question to ask, not a score" in page


def test_a_week_in_the_life_of_the_unit(travel: Callable[[datetime], None]) -> None:
    """Not agreed in four working hours; opened at stage 3 without the form; then the form comes."""
    cast = Cast()
    cast.raise_it()
    unit = cast.people["unit"]
    travel(SENT + timedelta(hours=1))
    assert tiles(unit)["Child not agreed yet"] == 0
    travel(london(2026, 12, 24, 10))
    assert tiles(unit)["Child not agreed yet"] == 1

    cast.raise_it(
        now=london(2026, 12, 24, 10), start_stage=3, skip_reason="child_cannot_wait", asked={cast.care: None}
    )
    assert tiles(unit)["Full form missing"] == 1
    cast.take("raising_lead", "complete_form", london(2026, 12, 24, 11), **FORM)
    travel(london(2026, 12, 24, 11, 30))
    found = tiles(unit)
    assert (found["Full form missing"], found["Forms to check"]) == (0, 1)
    cast.take("unit", "check_form", london(2026, 12, 24, 12))
    travel(london(2026, 12, 24, 12, 30))
    assert tiles(unit)["Forms to check"] == 0


def test_who_must_not_see_a_challenge_does_not_count_it() -> None:
    cast = Cast()
    cast.raise_it()
    person = cast.people["unit"]
    name_conflict(
        cast.challenge,
        user=person,
        reason=ConflictReason.FAMILY,
        by=person,
        standing=standing_of(person, today=SENT.date()),
        now=SENT,
    )
    page = signed_in(person).get(MONDAY).content.decode()
    assert "0 open, by stage" in page
    assert Challenge.objects.count() == 1
