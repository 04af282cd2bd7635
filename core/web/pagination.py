"""Pages of a long list: "1 to 25 of 41. Next 16"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

ROWS = 25
Row = TypeVar("Row", covariant=True)
M = TypeVar("M", bound=Model)


class Countable(Protocol[Row]):
    """A queryset, or what can be counted and cut like one."""

    def count(self) -> int: ...

    def __getitem__(self, cut: slice) -> Sequence[Row]: ...


@dataclass(frozen=True)
class Rows(Generic[M]):
    """A queryset as `paginate` takes it."""

    found: QuerySet[M]

    def count(self) -> int:
        return self.found.count()

    def __getitem__(self, cut: slice) -> list[M]:
        return list(self.found[cut])


@dataclass(frozen=True)
class Counted(Generic[M]):
    """A queryset whose rows were counted before, with all else that a page counts."""

    found: QuerySet[M]
    total: int

    def count(self) -> int:
        return self.total

    def __getitem__(self, cut: slice) -> list[M]:
        return list(self.found[cut])


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, numbered for people: `first` and `last` count from 1; both 0 if empty."""

    rows: Sequence[Row]
    number: int
    first: int
    last: int
    total: int
    size: int
    previous_query: str
    next_query: str

    @property
    def next_count(self) -> int:
        """How many the next page has."""
        return min(self.size, self.total - self.last)

    @property
    def words(self) -> str:
        """`1 to 25 of 41`."""
        return f"{self.first:,} to {self.last:,} of {self.total:,}" if self.total else "None"


def paginate(rows: Countable[Row], query: QueryDict, *, size: int = ROWS) -> Page[Row]:
    """The page that `?page=` asks for; the nearest one where there is none such. At most two queries."""
    total = rows.count()
    number = min(_asked(query.get("page", "")), max(1, -(-total // size)))
    start = (number - 1) * size
    shown = list(rows[start : start + size])
    return Page(
        rows=shown,
        number=number,
        first=start + 1 if shown else 0,
        last=start + len(shown),
        total=total,
        size=size,
        previous_query=_query(query, number - 1) if number > 1 else "",
        next_query=_query(query, number + 1) if start + len(shown) < total else "",
    )


def _asked(written: str) -> int:
    return max(1, int(written)) if written.isascii() and written.isdecimal() and len(written) < 7 else 1


def _query(query: QueryDict, number: int) -> str:
    changed = query.copy()
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"
