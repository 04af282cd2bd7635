"""Triggers that refuse one kind of change to a table, as an operation for its migration.

    Guard("reporting_release", "one_way", "UPDATE OF state", "OLD.state = 'published'")

For rows that may change, but not always: where none ever may, `core.audit.triggers.append_only` is simpler.
The refusal is an IntegrityError on SQLite and on PostgreSQL, also for a session that plays a replica. Django
rebuilds a SQLite table to alter it, and its triggers go: repeat the operation in such a migration.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Guard(Operation):
    """Refuse a change ("UPDATE", "UPDATE OF column, column", "DELETE") of rows for which `when` holds.

    `when` is SQL that both databases read, about OLD and, in an update, NEW; a migration's own words.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, name: str, change: str, when: str = "1 = 1") -> None:
        self.table, self.name, self.change, self.when = table, name, change, when

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
        for sql in [*self._drop(vendor), *self._create(vendor)]:
            schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for sql in self._drop(schema_editor.connection.vendor):
            schema_editor.execute(sql)

    def describe(self) -> str:
        return f"Refuse to {self.change.lower()} {self.table}: {self.name}"

    def _drop(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return [
                f'DROP TRIGGER IF EXISTS "{self._trigger}" ON "{self.table}"',
                f'DROP FUNCTION IF EXISTS "{self._trigger}"()',
            ]
        return [f'DROP TRIGGER IF EXISTS "{self._trigger}"']

    def _create(self, vendor: str) -> list[str]:
        message = f"{self.table}: {self.name}"
        begins = f'CREATE TRIGGER "{self._trigger}" BEFORE {self.change} ON "{self.table}"'
        if vendor == "postgresql":
            return [
                f'CREATE FUNCTION "{self._trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                f'{begins} FOR EACH ROW WHEN ({self.when}) EXECUTE FUNCTION "{self._trigger}"()',
                f'ALTER TABLE "{self.table}" ENABLE ALWAYS TRIGGER "{self._trigger}"',
            ]
        return [f"{begins} WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{message}'); END"]

    @property
    def _trigger(self) -> str:
        return f"{self.table}_{self.name}"
