"""New rows, fast: thousands at once, or one of a kind that is written all day.

What Django's bulk_create and save do, without working the statement out again for each, and without asking
each field how it is written where it is plain text or a number. No signals, no default of the database.
Thousands are numbered before they are written, so that what points at them can be too.
"""

from collections.abc import Iterable, Sequence
from functools import cache
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


def add(row: models.Model) -> None:
    """Write one new row, and give it the number that the database draws; one statement."""
    model = type(row)
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(_adding(model), [_written(field, row, connection) for field in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _adding(model: type[models.Model]) -> str:
    """Both databases quote a name alike, and tell the number of a row that they took."""
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields if not field.primary_key]
    signs = ", ".join(["%s"] * len(columns))
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({signs}) RETURNING "id"'  # noqa: S608  our names


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
