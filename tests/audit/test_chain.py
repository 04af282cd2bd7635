"""Events are numbered, linked and signed as they are written."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, connections, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from core.audit.chain import START, Head, OutOfStep, append, append_in_turn, head, signature
from core.audit.models import AppendOnlyError, Event
from core.audit.verify import first_fault
from tests.audit.ledger import make, remove

AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
SYSTEM: dict[str, Any] = {
    "at": AT,
    "actor": None,
    "seat": "system",
    "act": "open",
    "object": "case:1",
    "codes": {},
}


def test_each_event_follows_the_one_before(write: Any) -> None:
    first, second = write(), write()
    assert (first.seq, first.prev) == (1, START)
    assert (second.seq, second.prev) == (2, first.hash)


def test_each_chain_counts_for_itself(write: Any) -> None:
    write(), write()
    assert write(chain="case:2").seq == 1


def test_the_system_acts_as_nobody(write: Any) -> None:
    assert write(actor=None).actor_id is None


@pytest.mark.parametrize(
    "said",
    [
        {"at": datetime(2026, 7, 1, 9, 0, 0, 1, ZoneInfo("Europe/London"))},
        {"at": datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1)},
        {"actor": None, "seat": ""},
        {"codes": {"z": [1, {"y": None}], "a": "Zoë 🦋", "due": AT, "big": 10**30, "none": {}}},
        {"codes": {}},
        {"digest": "d" * 64, "request_id": "r-1"},
        {"object": "  spaces kept  "},
    ],
)
def test_a_stored_event_hashes_as_it_did_when_written(
    write: Any, ledger: type[Event], said: dict[str, Any]
) -> None:
    written = write(**said)
    stored = ledger.objects.get(pk=written.pk)
    assert signature(stored) == stored.hash == written.hash
    assert stored.codes == written.codes


def test_the_hash_covers_every_field(write: Any, ledger: type[Event]) -> None:
    written = write()
    other = {"seq": 2, "at": AT + timedelta(microseconds=1), "actor_id": None, "codes": {"stage": 3}}
    for field in (f.attname for f in ledger._meta.concrete_fields if f.attname not in ("id", "hash")):
        event = ledger.objects.get(pk=written.pk)
        setattr(event, field, other.get(field, "other"))
        assert signature(event) != written.hash, field


def test_another_key_makes_another_hash(write: Any, settings: Settings) -> None:
    event = write()
    settings.AUDIT_KEY = b"another key, as bytes"
    assert signature(event) != event.hash


def test_without_a_key_nothing_is_written(write: Any, ledger: type[Event], settings: Settings) -> None:
    settings.AUDIT_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEY"):
        write()
    assert not ledger.objects.exists()


def test_opening_a_chain_costs_one_statement(
    write: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic(), django_assert_num_queries(1 + savepoint()):
        write(seq=1)


def test_a_step_costs_one_read_and_one_insert(
    write: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write()
    with django_assert_num_queries(2 + savepoint()):
        write(seq=2)


def test_who_knows_the_event_before_pays_for_no_read(
    write: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = write()
    with django_assert_num_queries(1 + savepoint()):
        assert write(seq=2, previous=Head(first.seq, first.hash)).prev == first.hash


def test_the_shared_chain_costs_no_more(
    ledger: type[Event], db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic(), django_assert_num_queries(2):
        append_in_turn(ledger, chain="openings", **SYSTEM)


@pytest.mark.parametrize("seq", [0, 2, 4, 5])
def test_a_number_that_is_not_next_is_refused(write: Any, seq: int) -> None:
    write(), write()
    with pytest.raises(OutOfStep):
        write(seq=seq)


def test_a_chain_is_opened_once(write: Any, ledger: type[Event]) -> None:
    write(seq=1)
    with pytest.raises(IntegrityError):
        write(seq=1)
    assert ledger.objects.count() == 1


def test_an_event_is_lost_with_the_act_it_records(ledger: type[Event], db: None) -> None:
    def fail_after_writing() -> None:
        with transaction.atomic():
            append(ledger, chain="case:1", **SYSTEM)
            raise RuntimeError("the step failed")

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert head(ledger, "case:1") is None


@pytest.mark.parametrize("write_one", [append, append_in_turn])
def test_no_event_without_a_transaction(ledger: type[Event], write_one: Any) -> None:
    with pytest.raises(TransactionManagementError):
        write_one(ledger, chain="case:1", **SYSTEM)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"act": ""}, ValidationError),
        ({"act": "x" * 81}, ValidationError),
        ({"object": "a\x00b"}, ValueError),
        ({"codes": {"score": 0.5}}, TypeError),
        ({"at": AT.replace(tzinfo=None)}, ValueError),
    ],
)
def test_what_could_not_be_kept_is_refused(write: Any, said: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        write(**said)


def test_code_cannot_change_an_event(write: Any, ledger: type[Event]) -> None:
    event, all_of_them = write(), ledger.objects.all()
    for change in (
        event.save,
        event.delete,
        all_of_them.delete,
        lambda: all_of_them.update(act="other"),
        lambda: all_of_them.bulk_update([event], ["act"]),
    ):
        with pytest.raises(AppendOnlyError):
            change()
    assert first_fault(ledger) is None


def test_writers_of_a_shared_chain_queue(ledger: type[Event], django_db_blocker: DjangoDbBlocker) -> None:
    """Four writers at once, ten events each, no lock but the chain's own: forty events, no gap."""
    start, failed = threading.Barrier(4), []

    def writer() -> None:
        try:
            start.wait()
            for _ in range(10):
                with transaction.atomic():
                    append_in_turn(ledger, chain="openings", **SYSTEM)
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            failed.append(error)
        finally:
            connections.close_all()

    with django_db_blocker.unblock():
        threads = [threading.Thread(target=writer) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        last, fault = head(ledger, "openings"), first_fault(ledger)
        remove()  # what was committed is not rolled back at the end of a test
        make()
    assert failed == []
    assert fault is None
    assert last is not None
    assert last.seq == 40


def savepoint() -> int:
    """`write` opens a transaction, which inside a test's own is a savepoint made and released."""
    return 2
