"""Which policy is in force, and which days are no working days."""

import time
from datetime import date
from functools import lru_cache

from django.conf import settings

from escalation.policy.calendar import bank_holidays

from .models import ClosedDay, PolicyVersion


class NoPolicy(LookupError):
    """No policy of this name is in force: the log cannot open a case."""


KEPT_SECONDS = 60
_kept: dict[tuple[str, date], tuple[float, PolicyVersion]] = {}


def current_policy(today: date, key: str = "") -> PolicyVersion:
    """The version new cases open under on a London date; `key` defaults to the setting POLICY.

    Every page asks, and a version never changes: so it is remembered for a minute in each process, and
    forgotten at once where this process loads another.
    """
    key = key or settings.POLICY
    at, version = _kept.get((key, today), (0.0, None))
    now = time.monotonic()
    if version is not None and 0 <= now - at < KEPT_SECONDS:
        return version
    version = PolicyVersion.objects.filter(key=key, start__lte=today).order_by("-start", "-version").first()
    if version is None:
        raise NoPolicy(f"No policy “{key}” is in force on {today:%d/%m/%Y}. Run load_policies.")
    _kept.clear()
    _kept[key, today] = now, version
    return version


def forget_current(**signal: object) -> None:
    """Read policy and closed days afresh next time; called when one changes, and between tests."""
    _kept.clear()
    _own_days.clear()


def closed_days(first: date, last: date) -> dict[date, str]:
    """Bank holidays and our own closed days from `first` to `last`, both included, by date, with their names.

    Weekends are not among them. Always today's list: a case does not keep the one it was opened under.
    """
    days = {**_bank_holidays(first.year, last.year), **_closed_here()}
    return {day: name for day, name in sorted(days.items()) if first <= day <= last}


_own_days: list[tuple[float, dict[date, str]]] = []


def _closed_here() -> dict[date, str]:
    """Our own closed days, a handful in all: read at most once a minute in each process, as the policy is."""
    now = time.monotonic()
    if _own_days and 0 <= now - _own_days[0][0] < KEPT_SECONDS:
        return _own_days[0][1]
    days = dict(ClosedDay.objects.values_list("date", "name"))
    _own_days[:] = [(now, days)]
    return days


@lru_cache(maxsize=64)
def _bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    return bank_holidays(first_year, last_year)
