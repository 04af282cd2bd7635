"""Counting SQL statements, transaction control apart: a page's count must not grow with its rows.

with counted_sql() as statements:
    client.get("/challenges/")
assert len(statements) <= 10, statements
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA")
"""Opens and closes transactions, or sets the connection up: no work of the page's own."""


class Statements(list[str]):
    """The statements of a stretch of code, in order; each on a line of its own where a test fails."""

    def __repr__(self) -> str:
        numbered = (f"{number}. {sql}" for number, sql in enumerate(self, start=1))
        return "\n".join((f"{len(self)} statements:", *numbered))

    def about(self, table: str) -> "Statements":
        """Those that name a table, such as "challenges_challenge"."""
        return Statements(sql for sql in self if f'"{table}"' in sql)


@contextmanager
def counted_sql() -> Iterator[Statements]:
    """The statements sent inside the block; the list is filled when it ends, also where it fails."""
    statements = Statements()
    with CaptureQueriesContext(connection) as captured:
        try:
            yield statements
        finally:
            sent = (str(query["sql"]) for query in captured.captured_queries)
            statements.extend(sql for sql in sent if not sql.lstrip().upper().startswith(CONTROL))
