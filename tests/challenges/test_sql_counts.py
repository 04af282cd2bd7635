"""A list asks the database the same few questions, whether there are a hundred challenges or ten thousand."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from escalation.accounts.models import User
from escalation.challenges.models import Draft
from tests.challenges.many import NOW, World, many, settings_and_people
from tests.sql import Statements, counted_sql

BUDGET = 10
ADDRESSES = (
    "/challenges/",
    "/challenges/?show=ours&page=2",
    "/challenges/?show=any&stage=2&fast=no&due_from=1+12+2026&sort=-opened",
    "/challenges/?show=ended",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(travel: Callable[[datetime], None]) -> World:
    travel(NOW)
    return settings_and_people()


def opened(user: User, address: str) -> Statements:
    """The statements of a page seen a second time: a new query has just been kept in the session."""
    client = Client()
    client.force_login(user)
    client.get(address)
    with counted_sql() as statements:
        assert client.get(address).status_code == 200
    return statements


def read_by_everybody(world: World) -> dict[tuple[str, str], int]:
    readers = {"practitioner": world.practitioners[0], "lead": world.lead, "unit": world.unit}
    counts = {}
    for who, user in readers.items():
        for address in ADDRESSES:
            statements = opened(user, address)
            beside = "?" not in address  # what else waits for them stands on the plain list alone
            assert len(statements) < BUDGET + len(settings.BESIDE) * beside, statements
            counts[who, address] = len(statements)
    return counts


def test_a_list_asks_as_little_of_ten_thousand_as_of_a_hundred(world: World) -> None:
    many(100, world)
    few = read_by_everybody(world)
    many(9_900, world, seed=2)
    assert read_by_everybody(world) == few


def test_a_new_filter_costs_one_statement_more_to_remember(world: World) -> None:
    many(60, world)
    client = Client()
    client.force_login(world.lead)
    client.get("/challenges/")
    with counted_sql() as statements:
        client.get("/challenges/?stage=1")
    assert len(statements) <= BUDGET, statements
    assert len(statements.about("core_sessions_session")) == 2


def test_drafts_above_a_list_are_within_its_budget(world: World) -> None:
    many(60, world)
    client = Client()
    client.force_login(world.lead)
    client.get("/challenges/")
    Draft.objects.create(owner=world.lead, saved_at=NOW, words={"label": "five weeks without a visit"})
    with counted_sql() as statements:
        page = client.get("/challenges/?stage=1").content.decode()
    assert "five weeks without a visit" in page
    assert len(statements) <= BUDGET, statements


def test_an_empty_list_asks_no_more(world: World) -> None:
    assert len(opened(world.lead, "/challenges/")) < BUDGET + len(settings.BESIDE)
