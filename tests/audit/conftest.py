"""The ledger, somebody who acts, a short way to write. Models are imported late: Django is not up yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from django.contrib.auth.base_user import AbstractBaseUser
    from pytest_django import DjangoDbBlocker

    from core.audit.models import Event

AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ledger(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[type[Event]]:
    """The table, with its triggers, for one module: it would be in the way of flushes elsewhere."""
    from tests.audit import ledger

    with django_db_blocker.unblock():
        ledger.make()
    yield ledger.LedgerEvent
    with django_db_blocker.unblock():
        ledger.remove()


@pytest.fixture
def registered(ledger: type[Event], monkeypatch: pytest.MonkeyPatch) -> type[Event]:
    """The ledger as the one table that verify_audit knows."""
    from core.audit import registry

    monkeypatch.setattr(registry, "_registered", {})
    registry.register(ledger)
    return ledger


@pytest.fixture
def person(db: None) -> AbstractBaseUser:
    """Somebody who acts."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create(email="amina@school.example", full_name="Amina Yusuf")


@pytest.fixture
def write(ledger: type[Event], person: AbstractBaseUser) -> Callable[..., Event]:
    """Write one event; what is not said is filled in."""
    from django.db import transaction

    from core.audit.chain import append

    def one(**said: Any) -> Event:
        usual = {"chain": "case:1", "at": AT, "actor": person, "seat": "lead:7", "act": "reply"}
        with transaction.atomic():
            return append(ledger, **{**usual, "object": "case:1", "codes": {"stage": 2}, **said})

    return one


@pytest.fixture
def lifted(ledger: type[Event]) -> Callable[[], AbstractContextManager[Any]]:
    """How to tamper: a cursor without the triggers in its way."""
    from tests.audit.ledger import unguarded

    return unguarded
