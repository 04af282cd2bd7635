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

_registered: dict[type["Event"], list[Check]] = {}


def register(model: type["Event"], *, check: Check | None = None) -> None:
    """Have `verify_audit` look at this table too and, once its chains hold, run `check`. Safe to repeat."""
    checks = _registered.setdefault(model, [])
    if check is not None and check not in checks:
        checks.append(check)


def registered() -> Mapping[type["Event"], tuple[Check, ...]]:
    """Every registered table with its further checks, in order of registration."""
    return {model: tuple(checks) for model, checks in _registered.items()}
