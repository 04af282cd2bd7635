"""Thousands of new rows at once: numbered before they are written, so that what points at them can be too.

What Django's bulk_create does, without asking each field of each row how it is written where it is plain text
or a number. No signals, no `save`, no default of the database.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

PLAIN = (str, int, bool)
AS_THEY_ARE = (models.CharField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Fields whose plain values every database takes as they are."""


def number(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Give each row its primary key, in order; one statement. Only in a transaction, which then writes them.

    PostgreSQL hands the numbers out to nobody else; on SQLite the transaction is the only writer.
    """
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise TransactionManagementError("Rows are numbered in the transaction that writes them")
    for row, key in zip(rows, _numbers(connection, model._meta.db_table, len(rows)), strict=True):
        row.pk = key


def _numbers(connection: BaseDatabaseWrapper, table: str, count: int) -> Iterable[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, count])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = (last[0] if last else 0) + 1
    return range(first, first + count)


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write rows that have their numbers; many at a time, whatever they are."""
    connection = connections[router.db_for_write(model)]
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    signs = ", ".join(["%s"] * len(fields))
    table = f"{quote(model._meta.db_table)} ({columns})"
    values = ([_written(field, row, connection) for field in fields] for row in rows)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for each in values:
                    copy.write_row(each)
        else:
            cursor.executemany(f"INSERT INTO {table} VALUES ({signs})", list(values))  # noqa: S608  our names
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _written(field: Any, row: models.Model, connection: BaseDatabaseWrapper) -> Any:
    value = getattr(row, field.attname)
    if value is None or (type(value) in PLAIN and isinstance(field, AS_THEY_ARE)):
        return value
    return field.get_db_prep_save(value, connection)
