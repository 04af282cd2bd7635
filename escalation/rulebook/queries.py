"""Which policy is in force, and which days are no working days."""

from datetime import date
from functools import lru_cache

from django.conf import settings

from escalation.policy.calendar import bank_holidays

from .models import ClosedDay, PolicyVersion


class NoPolicy(LookupError):
    """No policy of this name is in force: the log cannot open a case."""


def current_policy(today: date, key: str = "") -> PolicyVersion:
    """The version new cases open under on a London date; `key` defaults to the setting POLICY, or "mscp"."""
    key = key or getattr(settings, "POLICY", "mscp")
    version = PolicyVersion.objects.filter(key=key, start__lte=today).order_by("-start", "-version").first()
    if version is None:
        raise NoPolicy(f"No policy “{key}” is in force on {today:%d/%m/%Y}. Run load_policies.")
    return version


def closed_days(first: date, last: date) -> dict[date, str]:
    """Bank holidays and our own closed days from `first` to `last`, both included, by date, with their names.

    Weekends are not among them. Always today's list: a case does not keep the one it was opened under.
    """
    days = {day: name for day, name in _bank_holidays(first.year, last.year).items() if first <= day <= last}
    days.update(ClosedDay.objects.filter(date__range=(first, last)).values_list("date", "name"))
    return dict(sorted(days.items()))


@lru_cache(maxsize=64)
def _bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    return bank_holidays(first_year, last_year)
