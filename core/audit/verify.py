"""Read the whole trail and say what is wrong with it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from django.db import connections, router, transaction

from core.audit import triggers
from core.audit.chain import START, Head, signature
from core.audit.models import Event
from core.audit.registry import Fault, registered


def verify(model: type[Event]) -> Iterator[Fault]:
    """Every fault of the chains of `model`, the earliest of each first, then whether its triggers are there.

    One SELECT, streamed in order of chain and number, so its memory does not grow with the table.
    """
    events = model.objects.order_by("chain", "seq").iterator(chunk_size=1000)
    for _, chain in groupby(events, key=lambda event: event.chain):
        yield from faults_of(chain)
    yield from _unguarded(model)


def faults_of(chain: Iterable[Event]) -> Iterator[Fault]:
    """What is wrong with one chain, of which these are all the events, by number."""
    last = Head(0, START)
    for event in chain:
        yield from (_fault(event, wrong) for wrong in _wrongs(event, last))
        last = Head(event.seq, event.hash)


def first_fault(model: type[Event]) -> Fault | None:
    """The first fault of the chains of `model`, or None where they hold."""
    return next(verify(model), None)


def verify_all(side: str | None = None) -> Iterator[Fault]:
    """Every fault of every table of a side; an app's further checks run only on chains that hold."""
    for model, checks in registered(side).items():
        sound = True
        for fault in verify(model):
            sound = False
            yield fault
        for check in checks if sound else ():
            yield from check()


@contextmanager
def one_moment(using: str) -> Iterator[None]:
    """What is read inside is of one moment, while others go on writing; in a transaction, does nothing."""
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django finds this out in a transaction of its own: inside of ours it would fail, and be believed.
        _ = connection.features.supports_json_field
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would be IMMEDIATE, and keep writers out
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _wrongs(event: Event, last: Head) -> Iterator[str]:
    if event.seq != last.seq + 1:
        yield (
            f"follows event {last.seq}: what was between is missing"
            if last.seq
            else "is not the first, yet comes first"
        )
    elif event.prev != last.hash:
        yield "does not link to the event before it"
    if event.hash != _expected(event):
        yield "is not as it was signed"


def _expected(event: Event) -> str | None:
    """The hash that `event` should have; None where its facts are none that could have been signed."""
    try:
        return signature(event)
    except (TypeError, ValueError):
        return None


def _unguarded(model: type[Event]) -> Iterator[Fault]:
    connection = connections[router.db_for_read(model)]
    gone = triggers.missing(connection, model._meta.db_table)
    if gone:
        yield Fault(model._meta.label, "*", None, f"not guarded by {', '.join(gone)}")


def _fault(event: Event, wrong: str) -> Fault:
    return Fault(event._meta.label, event.chain, event.seq, wrong)
