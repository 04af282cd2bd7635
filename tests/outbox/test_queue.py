"""A message waits in the outbox from the moment its cause is stored, and no earlier."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries, Settings

from core.outbox.models import Message
from core.outbox.services import queue

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
PATH = "/challenges/5b1f/"


@pytest.fixture
def people(db: None) -> list[Any]:
    users = get_user_model().objects
    return [users.create(email=f"{name}@school.example", full_name=name.title()) for name in ("amina", "ben")]


def test_each_person_gets_one_message(people: list[Any]) -> None:
    amina, ben = people
    queue(to=[amina, ben, amina], kind="your_turn", path=PATH, now=NOW)
    waiting = Message.objects.filter(sent_at=None)
    assert sorted(waiting.values_list("to", flat=True)) == [amina.pk, ben.pk]
    assert {(m.kind, m.path, m.created_at, m.due_at, m.urgent, m.attempts) for m in waiting} == {
        ("your_turn", PATH, NOW, NOW, False, 0)
    }


def test_it_may_have_to_wait(people: list[Any]) -> None:
    later = NOW + timedelta(hours=1)
    (message,) = queue(to=people[:1], kind="your_turn", path=PATH, now=NOW, due_at=later, urgent=True)
    assert (message.due_at, message.urgent) == (later, True)


def test_nobody_to_tell_is_no_message(db: None) -> None:
    assert queue(to=[], kind="your_turn", path=PATH, now=NOW) == []


def test_many_messages_cost_one_statement(
    people: list[Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        queue(to=people, kind="your_turn", path=PATH, now=NOW)


def test_a_message_is_rolled_back_with_its_cause(people: list[Any]) -> None:
    def fail_after_queueing() -> None:
        with transaction.atomic():
            queue(to=people, kind="your_turn", path=PATH, now=NOW)
            raise RuntimeError("the step failed")

    with pytest.raises(RuntimeError):
        fail_after_queueing()
    assert not Message.objects.exists()


def test_no_message_without_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        queue(to=[], kind="your_turn", path=PATH, now=NOW)


def test_a_message_id_is_one_of_its_own_stays_and_carries_no_detail(
    people: list[Any], settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Challenge log <log@partnership.example>"
    first, second = queue(to=people, kind="your_turn", path=PATH, now=NOW)
    assert first.message_id != second.message_id
    stored = Message.objects.get(pk=first.pk)
    stored.attempts += 1
    stored.save()
    assert Message.objects.get(pk=first.pk).message_id == f"<{first.pk.hex}@partnership.example>"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "challenges/5b1f/",
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "/a b/",
        "/a\n",
        "/search?q=Amina",
        "/a#Amina",
        "/é",
    ],
)
def test_a_path_that_leaves_the_site_or_says_too_much_is_refused(people: list[Any], path: str) -> None:
    with pytest.raises(ValueError, match="plain path"):
        queue(to=people, kind="your_turn", path=path, now=NOW)


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", ""])
def test_the_database_refuses_it_too(people: list[Any], path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            to=people[0],
            kind="your_turn",
            path=path,
            created_at=NOW,
            due_at=NOW,
            message_id="<1@log.example>",
        )


def test_a_time_needs_a_zone(people: list[Any]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        queue(to=people, kind="your_turn", path=PATH, now=NOW.replace(tzinfo=None))


def test_who_has_messages_cannot_be_deleted(people: list[Any]) -> None:
    queue(to=people, kind="your_turn", path=PATH, now=NOW)
    with pytest.raises(ProtectedError):
        people[0].delete()
