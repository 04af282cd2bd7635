"""Work that nobody waits for: what an app wants done again and again, by the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Job:
    """`run` is called with the time, each `every` at the earliest; twice at once does no harm."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


_JOBS: dict[str, Job] = {}


def register(job: Job) -> None:
    """Make a job known, once, when an app starts."""
    _JOBS[job.name] = job


class Rota:
    """Which job is due: each as soon as the worker starts, then at its own pace."""

    def __init__(self) -> None:
        self._next: dict[str, datetime] = {}

    def due(self, now: datetime) -> list[Job]:
        """The jobs whose turn it is; they are not due again before their time."""
        due = [job for job in _JOBS.values() if self._next.get(job.name, now) <= now]
        self._next |= {job.name: now + job.every for job in due}
        return due
