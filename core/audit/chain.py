"""Add an event to a chain: number it, link it to the one before, sign it.

A chain of one case needs no lock of its own: the caller holds the case's row lock and passes the
case's version as `seq`. What it costs: one INSERT for the first event of a chain (`seq=1`) or where
the caller knows the event before (`previous`), else one SELECT more. A chain that everybody shares
("openings", "access") is written with `append_in_turn`, which queues its writers; each costs two
statements, whatever the database. Where many cases come at once, `begin` and `append_many_in_turn` write the
same events with a statement for many.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, NotRequired, TypedDict, TypeVar, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from core import bulk
from core.audit.canonical import encoded, plain
from core.audit.models import Event
from core.keys import derived_key

E = TypeVar("E", bound=Event)
_HEAD = 'SELECT seq, hash FROM "{table}" WHERE chain = %s ORDER BY seq DESC LIMIT 1'
"""Not worked out anew by the ORM each time: of all statements of the log this one is asked most."""
_LOCK_AND_HEAD = f"SELECT pg_advisory_xact_lock(%s); {_HEAD}"
START = "0" * 64
"""What the first event of a chain has as `prev`."""


class Head(NamedTuple):
    """The last event of a chain: its number and its hash."""

    seq: int
    hash: str


class OutOfStep(Exception):
    """The chain is not where the caller thought: its next number is not the expected one."""


class Act(TypedDict):
    """What an event says. `actor` None is the system; `digest` is of the words kept elsewhere."""

    at: datetime
    actor: AbstractBaseUser | None
    seat: str
    act: str
    codes: Mapping[str, object]
    object: str
    digest: NotRequired[str]
    request_id: NotRequired[str]


def append(
    model: type[E], *, chain: str, seq: int | None = None, previous: Head | None = None, **act: Unpack[Act]
) -> E:
    """Add one event to `chain`, in the caller's transaction; at most one SELECT and one INSERT.

    Raises OutOfStep where `seq` is not the chain's next number, IntegrityError where two writers
    without a lock took the same one, TransactionManagementError outside a transaction,
    ValidationError, TypeError or ValueError for facts that cannot be kept (core.audit.canonical).
    """
    _connection(model)
    if previous is None and seq != 1:
        previous = head(model, chain)
    last = previous or Head(0, START)
    if seq is not None and seq != last.seq + 1:
        raise OutOfStep(f"{chain}: event {seq} cannot follow event {last.seq}")
    event = _linked(model, chain, last, act)
    bulk.add(event)
    return event


def begin(model: type[E], acts: Mapping[str, Act]) -> list[E]:
    """The first event of each of many new chains, by the chain's name; no SELECT, and an INSERT for many.

    As `append` with `seq=1`; IntegrityError where one of the chains has begun before.
    """
    _connection(model)
    return _store(model, (_linked(model, chain, Head(0, START), act) for chain, act in acts.items()))


def append_many_in_turn(model: type[E], *, chain: str, acts: Iterable[Act]) -> list[E]:
    """Add many events to a chain that everybody writes to, in order: as `append_in_turn` for each."""
    connection = _connection(model)
    on_postgresql = connection.vendor == "postgresql"
    last = _head_in_turn(connection, model, chain) if on_postgresql else head(model, chain)
    return _store(model, _row(model, chain, last or Head(0, START), acts))


def _row(model: type[E], chain: str, last: Head, acts: Iterable[Act]) -> Iterator[E]:
    for act in acts:
        event = _linked(model, chain, last, act)
        last = Head(event.seq, event.hash)
        yield event


def _store(model: type[E], events: Iterable[E]) -> list[E]:
    stored = list(events)
    bulk.number(model, stored)
    bulk.insert(model, stored)
    return stored


def append_in_turn(model: type[E], *, chain: str, **act: Unpack[Act]) -> E:
    """Add one event to a chain that everybody writes to; other writers wait until this transaction ends.

    As `append`. SQLite has one writer at a time already (its transactions begin IMMEDIATE); on
    PostgreSQL the lock comes with the SELECT. Take this last in a transaction: it is held to its end.
    """
    connection = _connection(model)
    if connection.vendor != "postgresql":
        return append(model, chain=chain, **act)
    return append(model, chain=chain, previous=_head_in_turn(connection, model, chain), **act)


def head(model: type[Event], chain: str) -> Head | None:
    """The last event of `chain`, or None where it has none; one SELECT."""
    with connections[router.db_for_read(model)].cursor() as cursor:
        cursor.execute(_HEAD.format(table=model._meta.db_table), [chain])
        row = cursor.fetchone()
    return None if row is None else Head(*row)


def signature(event: Event) -> str:
    """HMAC-SHA256, as 64 hex digits, over every field of `event` but its row id and the hash itself."""
    return _signed(event, plain(event.codes))


def _signed(event: Event, codes: object) -> str:
    """`codes` are the event's, plain already: they are long."""
    facts = {
        "chain": event.chain,
        "seq": event.seq,
        "at": event.at,
        "actor": None if event.actor_id is None else str(event.actor_id),
        "seat": event.seat,
        "act": event.act,
        "object": event.object,
        "request_id": event.request_id,
        "digest": event.digest,
        "prev": event.prev,
    }
    spelled = encoded({name: plain(fact) for name, fact in facts.items()} | {"codes": codes})
    return hmac.digest(derived_key("audit event"), spelled, "sha256").hex()


def _linked(model: type[E], chain: str, last: Head, act: Act) -> E:
    """The event after `last`, signed, and not stored yet."""
    actor = act["actor"]
    codes = plain(act["codes"])
    said: dict[str, Any] = {**act, "codes": codes}
    del said["actor"]
    event = model(
        chain=chain, seq=last.seq + 1, prev=last.hash, actor_id=None if actor is None else actor.pk, **said
    )
    event.hash = _signed(event, codes)
    # Lengths: the database checks the actor, without a query, and plain codes are right.
    event.clean_fields(exclude=["actor", "codes"])
    return event


def _connection(model: type[Event]) -> BaseDatabaseWrapper:
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise TransactionManagementError("An event is written in the transaction of what it records")
    return connection


def _head_in_turn(connection: BaseDatabaseWrapper, model: type[Event], chain: str) -> Head:
    """Wait for one's turn, then read the head: one round trip, as everybody else waits meanwhile.

    Two statements, not one: a statement sees what was there when it began, and the second begins once
    the lock is held.
    """
    table = model._meta.db_table
    key = int.from_bytes(hashlib.sha256(f"{table}:{chain}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_AND_HEAD.format(table=table), [key, chain])
        cursor.nextset()
        row = cursor.fetchone()
    return Head(0, START) if row is None else Head(*row)
