"""A table of events that belongs to no app: what core.audit promises must hold for any."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.state import ProjectState

from core.audit.models import Event
from core.audit.triggers import append_only, create, drop

KEY = ("chain", "seq")


class LedgerEvent(Event):
    """The table the tests write to."""

    class Meta(Event.Meta):
        abstract = False
        app_label = "ledger"


TABLE = LedgerEvent._meta.db_table


def make() -> None:
    """The table, append-only as a migration makes it; outside a transaction."""
    (guard,) = append_only(TABLE, key=KEY)
    with connection.schema_editor() as editor:
        editor.create_model(LedgerEvent)
    with connection.schema_editor() as editor:
        guard.database_forwards("ledger", editor, ProjectState(), ProjectState())


def remove() -> None:
    """No table any more; outside a transaction."""
    with connection.schema_editor() as editor:
        editor.delete_model(LedgerEvent)


@contextmanager
def unguarded() -> Iterator[Any]:
    """A cursor without the triggers in its way, as the database's owner can have; then they are back."""
    connection.check_constraints()  # PostgreSQL drops no trigger before deferred checks
    with connection.cursor() as cursor:
        for sql in drop(connection.vendor, TABLE):
            cursor.execute(sql)
        yield cursor
        connection.check_constraints()
        for sql in create(connection.vendor, TABLE, KEY):
            cursor.execute(sql)
