"""Days that are no working days in England, with names as people say them.

Dates come from the package `holidays`, which works offline; its names are put into plain words.
Local closures are no bank holidays: they are rows of the rulebook (ClosedDay), added on top.
"""

from collections.abc import Container
from datetime import date, timedelta

from holidays import country_holidays

SATURDAY = 5
OBSERVED = " (observed)"
PLAIN_NAMES = {
    "May Day": "early May bank holiday",
    "Spring Bank Holiday": "spring bank holiday",
    "Late Summer Bank Holiday": "summer bank holiday",
}
OWN_NAMES = ("New Year's Day", "Good Friday", "Easter Monday", "Christmas Day", "Boxing Day")
"""Bank holidays that need no further word: everybody knows when they are."""


def bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    """England's bank holidays of these years, both included, by date, with names as in a sentence.

    "Good Friday", "early May bank holiday", "bank holiday for Boxing Day". A holiday
    that falls on a weekend is there twice: itself, and its substitute day.
    """
    found = country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    return {day: plain_name(name) for day, name in sorted(found.items())}


def plain_name(name: str) -> str:
    """The package's name of a bank holiday, as in a sentence."""
    if name in OWN_NAMES:
        return name
    return PLAIN_NAMES.get(name, f"bank holiday for {name.removesuffix(OBSERVED)}")


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def is_working_day(day: date, closed: Container[date]) -> bool:
    """Monday to Friday, and not closed."""
    return not is_weekend(day) and day not in closed


def next_working_day(day: date, closed: Container[date]) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day, closed):
        day += timedelta(days=1)
    return day
