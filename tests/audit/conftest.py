"""A table of events that belongs to no app: what core.audit promises must hold for any."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from core.audit import registry, triggers
from core.audit.chain import append
from core.audit.models import Event

AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
KEY = ("chain", "seq")


class LedgerEvent(Event):
    """The table the tests write to."""

    class Meta(Event.Meta):
        abstract = False
        app_label = "ledger"


TABLE = LedgerEvent._meta.db_table


def _guard() -> None:
    (operation,) = triggers.append_only(TABLE, key=KEY)
    with connection.schema_editor() as editor:
        operation.database_forwards("ledger", editor, ProjectState(), ProjectState())


@pytest.fixture(scope="module")
def ledger(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[type[Event]]:
    """The table, with its triggers, for one module: it would be in the way of flushes elsewhere."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(LedgerEvent)
        _guard()
    yield LedgerEvent
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(LedgerEvent)


@pytest.fixture
def registered(ledger: type[Event], monkeypatch: pytest.MonkeyPatch) -> type[Event]:
    """The ledger as the one table that verify_audit knows."""
    monkeypatch.setattr(registry, "_registered", {})
    registry.register(ledger)
    return ledger


@pytest.fixture
def person(db: None) -> AbstractBaseUser:
    """Somebody who acts."""
    return get_user_model().objects.create(email="amina@school.example", full_name="Amina Yusuf")


Write = Callable[..., Event]


@pytest.fixture
def write(ledger: type[Event], person: AbstractBaseUser) -> Write:
    """Write one event; what is not said is filled in."""

    def one(**said: Any) -> Event:
        usual = {
            "chain": "case:1",
            "at": AT,
            "actor": person,
            "seat": "lead:7",
            "act": "reply",
            "object": "case:1",
        }
        with transaction.atomic():
            return append(ledger, **{**usual, "codes": {"stage": 2}, **said})

    return one


Lifted = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def lifted(ledger: type[Event]) -> Lifted:
    """A cursor without the triggers in its way, as the database's owner can have; then they are back."""

    @contextmanager
    def lift() -> Iterator[Any]:
        connection.check_constraints()  # PostgreSQL drops no trigger before deferred checks
        with connection.cursor() as cursor:
            for sql in triggers.drop(connection.vendor, TABLE):
                cursor.execute(sql)
            yield cursor
            connection.check_constraints()
            for sql in triggers.create(connection.vendor, TABLE, KEY):
                cursor.execute(sql)

    return lift
