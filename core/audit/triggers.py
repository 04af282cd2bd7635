"""Triggers that make a table append-only, as an operation for its migration.

    operations = [..., *append_only("challenges_event", key=("chain", "seq"))]

SQLite: UPDATE, DELETE, and INSERT OR REPLACE (which skips the DELETE trigger) are refused.
PostgreSQL: UPDATE, DELETE and TRUNCATE, also for a session that plays a replica. The refusal is an
IntegrityError on both. Django rebuilds a SQLite table to alter it, and its triggers go: repeat the
operation in such a migration; `verify_audit` says where they are missing.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AppendOnly(Operation):
    """Create a table's append-only triggers; backwards, drop them."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, key: Sequence[str], pk: str = "id") -> None:
        self.table = table
        self.key = tuple(key)
        self.pk = pk

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        for sql in [*drop(vendor, self.table), *create(vendor, self.table, self.key, self.pk)]:
            schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for sql in drop(schema_editor.connection.vendor, self.table):
            schema_editor.execute(sql)

    def describe(self) -> str:
        return f"Make {self.table} append-only"


def append_only(table: str, *, key: Sequence[str] = (), pk: str = "id") -> list[AppendOnly]:
    """Operations that make `table` append-only; `key`: the columns of its unique constraint, if any."""
    return [AppendOnly(table, key, pk)]


def create(vendor: str, table: str, key: Sequence[str], pk: str = "id") -> list[str]:
    """The SQL that creates the triggers of `table` on "sqlite" or "postgresql"."""
    if vendor == "postgresql":
        return _postgresql(table)
    return _sqlite(table, key, pk)


def drop(vendor: str, table: str) -> list[str]:
    """The SQL that drops the triggers of `table`, where they exist."""
    if vendor == "postgresql":
        on_table = [f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in names(vendor, table)]
        return [*on_table, f'DROP FUNCTION IF EXISTS "{table}_append_only"()']
    return [f'DROP TRIGGER IF EXISTS "{name}"' for name in names(vendor, table)]


def names(vendor: str, table: str) -> list[str]:
    """The names of the triggers of `table`."""
    third = "no_truncate" if vendor == "postgresql" else "no_replace"
    return [f"{table}_{what}" for what in ("no_update", "no_delete", third)]


def missing(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """The names of the triggers of `table` that are not there or (PostgreSQL) not always on; one SELECT."""
    if connection.vendor == "postgresql":
        found = "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled = 'A'"
    else:
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    name = f'"{table}"' if connection.vendor == "postgresql" else table
    with connection.cursor() as cursor:
        cursor.execute(found, [name])
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in names(connection.vendor, table) if name not in there]


def _sqlite(table: str, key: Sequence[str], pk: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    taken = f'"{pk}" = NEW."{pk}"'
    if key:
        taken += " OR (" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")"
    exists = f'EXISTS (SELECT 1 FROM "{table}" WHERE {taken})'  # noqa: S608 - a migration's own names
    update, delete, replace = names("sqlite", table)
    return [
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{replace}" BEFORE INSERT ON "{table}" WHEN {exists} {refuse}',
    ]


def _postgresql(table: str) -> list[str]:
    update, delete, truncate = names("postgresql", table)
    refuse = f'EXECUTE FUNCTION "{table}_append_only"()'
    return [
        f'CREATE FUNCTION "{table}_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {refuse}',
        *(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"' for name in (update, delete, truncate)),
    ]
