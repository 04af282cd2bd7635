"""The event tables there are, and what else must be true of each; apps register theirs when they are ready.

class ChallengesConfig(AppConfig):
    def ready(self) -> None:
        from core.audit.registry import register
        from escalation.challenges.models import Event
        register(Event, check=replay.faults)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.audit.models import Event


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which table and chain, at which event (None: no one event), and what."""

    table: str
    chain: str
    seq: int | None
    wrong: str

    def __str__(self) -> str:
        event = "" if self.seq is None else f", event {self.seq}"
        return f"{self.table}, chain {self.chain}{event}: {self.wrong}"


Check = Callable[[], Iterable[Fault]]
"""Reads only, lazily if it can; yields what is wrong, the earliest first."""

LOG = "log"
"""The side of a wall on which everything is that does not say otherwise."""


@dataclass
class _Registered:
    side: str
    checks: list[Check]


_registered: dict[type["Event"], _Registered] = {}


def register(model: type["Event"], *, check: Check | None = None, side: str = LOG) -> None:
    """Have `verify_audit` look at this table too and, once its chains hold, run `check`. Safe to repeat.

    `side`: which side of a wall the table is on. Each side has its own anchors and its own result, so that
    those of one side say nothing about the other.
    """
    known = _registered.setdefault(model, _Registered(side, []))
    if check is not None and check not in known.checks:
        known.checks.append(check)


def registered(side: str | None = None) -> Mapping[type["Event"], tuple[Check, ...]]:
    """The tables of a side (None: of all) with their further checks, in order of registration."""
    return {model: tuple(known.checks) for model, known in _registered.items() if side in (None, known.side)}


def sides() -> tuple[str, ...]:
    """Every side that has a table, in order of registration."""
    return tuple(dict.fromkeys(known.side for known in _registered.values()))
