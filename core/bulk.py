"""New rows, fast: thousands at once, or one of a kind that is written all day.

What Django's bulk_create and save do, without working the statement out again for each, and without asking
each field how it is written where it is plain text or a number. No signals, no default of the database.
Thousands are numbered before they are written, so that what points at them can be too.
"""

from collections.abc import Container, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

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
    with connection.cursor() as cursor:
        cursor.execute(_adding(model), _written(_columns(model)[1:], row, connection))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _adding(model: type[models.Model]) -> str:
    """Both databases quote a name alike, and tell the number of a row that they took."""
    columns = [f'"{column.field.column}"' for column in _columns(model)[1:]]
    signs = ", ".join(["%s"] * len(columns))
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({signs}) RETURNING "id"'  # noqa: S608  our names


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write rows that have their numbers; many at a time, whatever they are."""
    connection = connections[router.db_for_write(model)]
    columns = _columns(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.field.column)) for column in columns)
    signs = ", ".join(["%s"] * len(columns))
    table = f"{quote(model._meta.db_table)} ({names})"
    values = (_written(columns, row, connection) for row in rows)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for each in values:
                    copy.write_row(each)
        else:
            cursor.executemany(f"INSERT INTO {table} VALUES ({signs})", list(values))  # noqa: S608  our names
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


class _Column(NamedTuple):
    name: str
    field: Any
    plain: Container[type]
    """Types whose values are written as they are."""


@cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    """The primary key is the first."""
    nothing = (type(None),)
    return tuple(
        _Column(field.attname, field, (*PLAIN, *nothing) if isinstance(field, AS_THEY_ARE) else nothing)
        for field in sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    )


def _written(columns: Iterable[_Column], row: models.Model, connection: BaseDatabaseWrapper) -> list[Any]:
    """What stands in the columns of a row, as the database takes it."""
    values = vars(row)
    return [
        value if type(value := values[name]) in plain else field.get_db_prep_save(value, connection)
        for name, field, plain in columns
    ]
