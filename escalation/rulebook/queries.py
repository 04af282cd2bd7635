"""Which policy is in force, which days are no working days, and which numbers are today's."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Max

from escalation.policy import PhoneNumber, Policy
from escalation.policy.calendar import bank_holidays
from escalation.policy.clock import LONDON, next_working_moment

from .models import CalendarCheck, ClosedDay, FrontDoorNumber, PolicyVersion, SchoolHoliday

LEAST_KNOWN_DAYS = 365
"""So far ahead the calendar has to be known, or there is an alarm."""


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


def versions(key: str = "") -> list[PolicyVersion]:
    """Every version of a policy, the newest first; `key` defaults to the setting POLICY. One statement."""
    return list(PolicyVersion.objects.filter(key=key or settings.POLICY).order_by("-version"))


def forget_current(**signal: object) -> None:
    """Read policy and closed days afresh next time; called when one changes, and between tests."""
    _kept.clear()
    _own_days.clear()
    _dated.clear()


def closed_days(first: date, last: date) -> dict[date, str]:
    """Bank holidays and our own closed days from `first` to `last`, both included, by date, with their names.

    Weekends are not among them. Always today's list: a case does not keep the one it was opened under.
    """
    days = {**_bank_holidays(first.year, last.year), **_closed_here()}
    return {day: name for day, name in sorted(days.items()) if first <= day <= last}


def in_working_time(now: datetime) -> datetime:
    """Mail goes between 9am and 5pm of a working day, save for a child who cannot wait."""
    today = now.astimezone(LONDON).date()
    return next_working_moment(now, closed_days(today, today + timedelta(days=31)))


@dataclass(frozen=True)
class Dated:
    """All dated facts of the partnership, a handful of each."""

    closed: Mapping[date, str]
    holidays: tuple[SchoolHoliday, ...]
    numbers: tuple[FrontDoorNumber, ...]
    checked_until: date | None


_dated: list[tuple[float, Dated]] = []


def _closed_here() -> Mapping[date, str]:
    """Our own closed days, a handful in all: read at most once a minute in each process, as the policy is."""
    now = time.monotonic()
    if _own_days and 0 <= now - _own_days[0][0] < KEPT_SECONDS:
        return _own_days[0][1]
    days = dict(ClosedDay.objects.values_list("date", "name"))
    _own_days[:] = [(now, days)]
    return days


_own_days: list[tuple[float, dict[date, str]]] = []


def dated() -> Dated:
    """The rest of them; three statements, at most once a minute in each process."""
    now = time.monotonic()
    if _dated and 0 <= now - _dated[0][0] < KEPT_SECONDS:
        return _dated[0][1]
    found = Dated(
        closed=_closed_here(),
        holidays=tuple(SchoolHoliday.objects.all()),
        numbers=tuple(FrontDoorNumber.objects.all()),
        checked_until=CalendarCheck.objects.aggregate(until=Max("until"))["until"],
    )
    _dated[:] = [(now, found)]
    return found


def todays_numbers(policy: Policy, today: date) -> dict[str, PhoneNumber]:
    """By code, the policy's numbers, and in place of each what the partnership has said since."""
    found = {each.code: each for each in policy.numbers}
    for each in dated().numbers:  # in order of their start: the last one that has begun counts
        if each.code in found and each.start <= today:
            found[each.code] = PhoneNumber(each.code, found[each.code].label, each.number, each.hours)
    return found


def calendar_alarms(today: date) -> list[str]:
    """In words, what of the calendar is known for fewer than 12 months; empty where all is well."""
    known, ahead = dated(), today + timedelta(days=LEAST_KNOWN_DAYS)
    terms = max((each.last for each in known.holidays), default=None)
    said = []
    if known.checked_until is None or known.checked_until < ahead:
        said.append(f"Bank holidays and closed days are checked {_until(known.checked_until)}")
    if terms is None or terms < ahead:
        said.append(f"School holidays are known {_until(terms)}")
    return said


def _until(day: date | None) -> str:
    return f"until {day.day} {day:%B %Y} only." if day else "for no day yet."


@lru_cache(maxsize=64)
def _bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    return bank_holidays(first_year, last_year)
