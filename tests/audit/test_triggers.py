"""The database itself refuses to change an event."""

# ruff: noqa: S608 - the statements are the tampering itself, made of constants of this file
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from core.audit import triggers
from core.audit.models import Event
from tests.audit.ledger import TABLE

EVERYWHERE = [
    f"UPDATE {TABLE} SET act = 'other'",
    f"UPDATE {TABLE} SET id = id + 100",
    f"DELETE FROM {TABLE}",
    f"DELETE FROM {TABLE} WHERE seq = 2",
]
COLUMNS = "chain, seq, at, actor_id, seat, act, object, request_id, codes, digest, prev, hash"
OTHERS = COLUMNS.replace("act,", "'other',").replace("actor_id", "NULL")
ON = {
    "sqlite": [
        f"INSERT OR REPLACE INTO {TABLE} (id, {COLUMNS}) SELECT id, {OTHERS} FROM {TABLE} WHERE seq = 2",
        f"REPLACE INTO {TABLE} ({COLUMNS}) SELECT {OTHERS} FROM {TABLE} WHERE seq = 2",
        f"UPDATE OR REPLACE {TABLE} SET seq = 1 WHERE seq = 2",
        f"INSERT INTO {TABLE} (id, {COLUMNS}) SELECT id, {OTHERS} FROM {TABLE} WHERE seq = 2 "
        "ON CONFLICT DO UPDATE SET act = 'other'",
    ],
    "postgresql": [
        f"TRUNCATE {TABLE}",
        f"TRUNCATE {TABLE} RESTART IDENTITY CASCADE",
        f"SET LOCAL session_replication_role = replica; DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {OTHERS} FROM {TABLE} WHERE seq = 2 "
        "ON CONFLICT (chain, seq) DO UPDATE SET act = 'other'",
    ],
}
# What this run's database understands; the other has its own run.
HERE = [*EVERYWHERE, *ON[connection.vendor]]


@pytest.mark.parametrize("sql", HERE)
def test_the_database_refuses(write: Any, ledger: type[Event], sql: str) -> None:
    write(), write(), write()
    connection.check_constraints()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert list(ledger.objects.order_by("seq").values_list("seq", "act")) == [(n, "reply") for n in (1, 2, 3)]


def test_a_migration_makes_a_table_append_only_and_undoes_it(
    ledger: type[Event], django_db_blocker: DjangoDbBlocker
) -> None:
    class MakeAppendOnly(Migration):
        operations = (*triggers.append_only(TABLE, key=("chain", "seq")),)

    migration = MakeAppendOnly("0001_initial", "ledger")
    state = ProjectState()
    with django_db_blocker.unblock():
        with connection.schema_editor(atomic=True) as editor:
            migration.unapply(state, editor)
        assert triggers.missing(connection, TABLE) == triggers.names(connection.vendor, TABLE)
        with connection.schema_editor(atomic=True) as editor:
            migration.apply(state, editor)
        assert triggers.missing(connection, TABLE) == []


def test_a_table_without_a_key_is_guarded_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (id integer PRIMARY KEY, words text)")
        for sql in triggers.create(connection.vendor, "note", ()):
            cursor.execute(sql)
        cursor.execute("INSERT INTO note VALUES (1, 'first')")
        cursor.execute("INSERT INTO note VALUES (2, 'second')")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("DELETE FROM note")
