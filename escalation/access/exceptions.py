"""Who is kept out of one record, and who is let in, as plain values that are read with the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Granted:
    """A grant that holds now: to whom, as what, and with which seat of which setting, instead of whom."""

    user: int
    kind: str
    setting: int | None = None
    seat: str = ""
    instead_of: int | None = None


@dataclass(frozen=True)
class Exceptions:
    """What holds for one record beyond seats. `conflicted`: who must neither see it nor hear of it."""

    conflicted: frozenset[int] = frozenset()
    granted: tuple[Granted, ...] = ()

    def of(self, user_id: int | None) -> tuple[Granted, ...]:
        """One person's grants."""
        return tuple(grant for grant in self.granted if grant.user == user_id)


NO_EXCEPTIONS = Exceptions()


def from_rows(conflicted: Iterable[int] | None, granted: Iterable[Mapping[str, Any]] | None) -> Exceptions:
    """From what `JSONRows` gave: None where a record has none."""
    return Exceptions(frozenset(conflicted or ()), tuple(Granted(**row) for row in granted or ()))
