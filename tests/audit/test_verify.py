"""The tamperings that need no anchor, and what verify_audit says of each."""

# ruff: noqa: S608 - the statements are the tampering itself, made of constants of this file
import hashlib
import hmac
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from core.audit import chain, registry
from core.audit.models import Event
from core.audit.registry import Fault
from core.audit.verify import first_fault, verify
from tests.audit.ledger import TABLE as T

FACTS = "seat, object, request_id, codes, digest"
UNSIGNED = "is not as it was signed"
UNLINKED = "does not link to the event before it"


def _gap(seq: int) -> str:
    return f"follows event {seq}: what was between is missing"


def test_an_untouched_trail_holds(write: Any, ledger: type[Event]) -> None:
    for name in ("case:1", "case:2", "case:1", "openings"):
        write(chain=name)
    assert list(verify(ledger)) == []


TAMPERINGS: list[tuple[str, list[str], int, str]] = [
    ("an act is edited", [f"UPDATE {T} SET act = 'settle' WHERE seq = 3"], 3, UNSIGNED),
    ("a moment is edited", [f"UPDATE {T} SET at = '2026-04-02 08:00:00+00:00' WHERE seq = 3"], 3, UNSIGNED),
    ("an actor is edited", [f"UPDATE {T} SET actor_id = NULL WHERE seq = 3"], 3, UNSIGNED),
    ("a code is edited", [f"""UPDATE {T} SET codes = '{{"stage": 3}}' WHERE seq = 3"""], 3, UNSIGNED),
    (
        "a code is made what nobody can sign",
        [f"""UPDATE {T} SET codes = '{{"stage": 2.5}}' WHERE seq = 3"""],
        3,
        UNSIGNED,
    ),
    ("a digest is edited", [f"UPDATE {T} SET digest = 'd' WHERE seq = 3"], 3, UNSIGNED),
    ("a link is edited", [f"UPDATE {T} SET prev = hash WHERE seq = 3"], 3, UNLINKED),
    ("one is deleted in the middle", [f"DELETE FROM {T} WHERE seq = 3"], 4, _gap(2)),
    ("the first is deleted", [f"DELETE FROM {T} WHERE seq = 1"], 2, "is not the first, yet comes first"),
    (
        "one is deleted and the rest moved up",
        [
            f"DELETE FROM {T} WHERE seq = 3",
            f"UPDATE {T} SET seq = 3 WHERE seq = 4",
            f"UPDATE {T} SET seq = 4 WHERE seq = 5",
        ],
        3,
        UNLINKED,
    ),
    (
        "two are swapped",
        [
            f"UPDATE {T} SET seq = 99 WHERE seq = 2",
            f"UPDATE {T} SET seq = 2 WHERE seq = 3",
            f"UPDATE {T} SET seq = 3 WHERE seq = 99",
        ],
        2,
        UNLINKED,
    ),
    (
        "one is inserted at the end",
        [
            f"INSERT INTO {T} (chain, seq, at, actor_id, act, {FACTS}, prev, hash) "
            f"SELECT chain, 6, at, actor_id, 'settle', {FACTS}, hash, hash FROM {T} WHERE seq = 5",
        ],
        6,
        UNSIGNED,
    ),
    (
        "one is moved elsewhere",
        [f"UPDATE {T} SET chain = 'case:2', seq = 1 WHERE seq = 5"],
        1,
        UNLINKED,
    ),
]


@pytest.mark.parametrize(
    ("what", "statements", "seq", "wrong"), TAMPERINGS, ids=[row[0] for row in TAMPERINGS]
)
def test_tampering_is_found(
    write: Any, lifted: Any, ledger: type[Event], what: str, statements: list[str], seq: int, wrong: str
) -> None:
    for _ in range(5):
        write()
    with lifted() as cursor:
        for sql in statements:
            cursor.execute(sql)
    fault = first_fault(ledger)
    assert fault is not None
    assert (fault.seq, fault.wrong) == (seq, wrong)


def test_hashing_anew_without_the_key_is_found(write: Any, lifted: Any, ledger: type[Event]) -> None:
    """Who owns the database but not the key edits event 3 and makes every link and hash after it agree."""
    for _ in range(5):
        write()
    with lifted() as cursor, patch.object(chain, "derived_key", lambda purpose: b"a guess"):
        cursor.execute(f"UPDATE {T} SET act = 'settle' WHERE seq = 3")
        prev = ledger.objects.get(seq=2).hash
        for event in ledger.objects.filter(seq__gte=3).order_by("seq"):
            event.prev = prev
            prev = chain.signature(event)
            cursor.execute(
                f"UPDATE {T} SET prev = %s, hash = %s WHERE seq = %s", [event.prev, prev, event.seq]
            )
    fault = first_fault(ledger)
    assert fault is not None
    assert (fault.seq, fault.wrong) == (3, UNSIGNED)


def test_a_trail_without_its_triggers_does_not_hold(write: Any, ledger: type[Event]) -> None:
    write()
    connection.check_constraints()
    with connection.cursor() as cursor:
        on_table = f" ON {T}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {T}_no_delete{on_table}")
    fault = first_fault(ledger)
    assert fault is not None
    assert fault.wrong == f"not guarded by {T}_no_delete"


def test_every_fault_is_told(write: Any, lifted: Any, ledger: type[Event]) -> None:
    for name in ("case:1", "case:1", "case:2"):
        write(chain=name)
    with lifted() as cursor:
        cursor.execute(f"UPDATE {T} SET act = 'settle'")
    assert [(fault.chain, fault.seq) for fault in verify(ledger)] == [
        ("case:1", 1),
        ("case:1", 2),
        ("case:2", 1),
    ]


# A state beside the events: what a person is called, which each "rename" event says.


@pytest.fixture
def named(registered: type[Event], person: Any) -> Callable[[str, Any], None]:
    """Rename a person with an event; the state must be what the last event says."""

    def replay() -> Iterator[Fault]:
        for event in registered.objects.order_by("-seq")[:1]:
            if get_user_model().objects.get(pk=person.pk).get_full_name() != event.codes["name"]:
                yield Fault("person", event.chain, event.seq, "the person is not called what the events say")

    registry.register(registered, check=replay)

    def rename(name: str, write: Any) -> None:
        get_user_model().objects.filter(pk=person.pk).update(full_name=name)
        write(act="rename", codes={"name": name})

    return rename


def _verify_audit() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue().strip()


def test_verify_audit_counts_what_holds(named: Any, write: Any) -> None:
    named("Amina Yusuf", write)
    named("Amina Khan", write)
    assert _verify_audit() == "2 events in 1 chains hold"


def test_a_state_changed_without_an_event_is_found(named: Any, write: Any) -> None:
    named("Amina Khan", write)
    get_user_model().objects.update(full_name="Somebody else")
    with pytest.raises(CommandError, match="chain case:1, event 1: the person is not called") as failed:
        _verify_audit()
    assert failed.value.returncode == 1


def test_a_tail_cut_off_is_found_by_the_state(named: Any, write: Any, lifted: Any) -> None:
    named("Amina Yusuf", write)
    named("Amina Khan", write)
    with lifted() as cursor:
        cursor.execute(f"DELETE FROM {T} WHERE seq = 2")
    with pytest.raises(CommandError, match="the person is not called what the events say"):
        _verify_audit()


def test_verify_audit_names_the_first_bad_event(named: Any, write: Any, lifted: Any) -> None:
    for _ in range(3):
        named("Amina Khan", write)
    with lifted() as cursor:
        cursor.execute(f"UPDATE {T} SET seat = 'other' WHERE seq = 2")
    with pytest.raises(CommandError, match="chain case:1, event 2: is not as it was signed"):
        _verify_audit()


def test_an_empty_trail_holds(registered: type[Event], db: None) -> None:
    assert _verify_audit() == "0 events in 0 chains hold"


def test_verifying_keeps_nobody_waiting(registered: type[Event], django_db_blocker: DjangoDbBlocker) -> None:
    """Outside a test's transaction, as the command runs: one moment is read without a writer's lock."""
    with django_db_blocker.unblock():
        assert _verify_audit() == "0 events in 0 chains hold"
        assert not connection.in_atomic_block


def test_the_signature_is_an_hmac_of_what_the_documentation_says(write: Any, settings: Any) -> None:
    settings.AUDIT_KEY = "a key"
    event = write(actor=None, codes={"b": "é", "a": 1})
    message = (
        '{"act":"reply","actor":null,"at":"2026-04-01T08:00:00.000000+00:00","chain":"case:1",'
        '"codes":{"a":1,"b":"é"},"digest":"","object":"case:1",'
        f'"prev":"{"0" * 64}","request_id":"","seat":"lead:7","seq":1}}'
    )
    key = hmac.new(b"a key", b"audit event", hashlib.sha256).digest()
    assert event.hash == hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
