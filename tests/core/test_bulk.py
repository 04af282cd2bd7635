"""Rows written by the thousand are as those written one by one, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from core import bulk
from escalation.accounts.models import Organisation, Setting
from escalation.challenges.models import Entry
from tests.factories import challenge

pytestmark = pytest.mark.django_db


def settings(number: int, of: Organisation) -> list[Setting]:
    return [
        Setting(organisation=of, name=f"Team {n}", short_name="the team", group="health")
        for n in range(number)
    ]


def test_numbers_follow_and_the_next_row_goes_on_from_there() -> None:
    trust = Organisation.objects.create(name="The trust")
    before = Setting.objects.create(organisation=trust, name="First", short_name="first", group="health")
    rows = settings(1500, trust)
    bulk.number(Setting, rows)
    bulk.insert(Setting, rows)
    assert len({row.pk for row in rows} - {before.pk}) == 1500
    assert list(Setting.objects.order_by("pk").values_list("name", flat=True)[1:]) == [
        row.name for row in rows
    ]
    after = Setting.objects.create(organisation=trust, name="Last", short_name="last", group="health")
    assert after.pk > rows[-1].pk
    assert Setting.objects.get(pk=rows[7].pk).uuid == rows[7].uuid


def test_every_kind_of_field_reads_as_it_was_written() -> None:
    """Moments, maps, words that may be erased, nothing at all."""
    case = challenge()
    written = Entry(
        challenge=case,
        version=2,
        episode=1,
        stage=1,
        step="add_note",
        seat="raiser",
        occurred_at=datetime(2026, 12, 24, 9, 30, 1, 5, tzinfo=UTC),
        recorded_at=datetime(2026, 12, 24, 9, 30, tzinfo=UTC),
        codes={"method": "call", "many": [1, None, True]},
        words={"what": 'Zoë said: "no" 😟\n% \\ \''},
    )
    bulk.number(Entry, [written])
    bulk.insert(Entry, [written])
    read = Entry.objects.get(pk=written.pk)
    fields = [field.attname for field in Entry._meta.concrete_fields]
    assert [getattr(read, name) for name in fields] == [getattr(written, name) for name in fields]


def test_a_row_that_is_written_is_no_new_one() -> None:
    rows = settings(1, Organisation.objects.create(name="The trust"))
    bulk.number(Setting, rows)
    bulk.insert(Setting, rows)
    rows[0].phone = "020 7946 0999"
    rows[0].save()
    assert Setting.objects.get().phone == "020 7946 0999"


def test_no_rows_are_no_statement_that_fails() -> None:
    bulk.number(Setting, [])
    bulk.insert(Setting, [])


def test_what_the_database_forbids_stays_forbidden() -> None:
    trust = Organisation.objects.create(name="The trust")
    twice = [*settings(1, trust), *settings(1, trust)]
    bulk.number(Setting, twice)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Setting, twice)


@contextmanager
def outside_a_transaction() -> Iterator[None]:
    """As code runs that forgot to begin one."""
    inside, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        yield
    finally:
        connection.in_atomic_block = inside


def test_numbers_are_given_only_where_they_are_used_at_once() -> None:
    with outside_a_transaction(), pytest.raises(TransactionManagementError):
        bulk.number(Setting, settings(1, Organisation()))
