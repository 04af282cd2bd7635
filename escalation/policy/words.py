"""Dates, times and counts in words, as the design board writes them. British, and true on the real calendar.

Datetimes are aware, in any zone, and shown in Europe/London. A year is said only where it changes.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from .calendar import OWN_NAMES, is_weekend

LONDON = ZoneInfo("Europe/London")
HELD = "clock stopped"
"""The name of a day that does not count because a hold stood on it."""
FOR = "bank holiday for "
WEEKEND = "weekend"
NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    "twenty",
)
"""Each at its own place: the third is "three"."""


def time_words(moment: datetime) -> str:
    """ "5pm", "2:20pm", "midday", "midnight"."""
    local = moment.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    hour = f"{local:%I}".lstrip("0")
    minutes = f":{local:%M}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def short_date(day: date, now: datetime | None = None) -> str:
    """ "Tue 29 Dec", with a year if it is not the year of `now`."""
    return f"{day:%a} {day.day} {day:%b}{_year(day, now)}"


def medium_date(day: date, now: datetime | None = None) -> str:
    """ "Sat 2 January", with a year if it is not the year of `now`."""
    return f"{day:%a} {day.day} {day:%B}{_year(day, now)}"


def long_date(day: date) -> str:
    """ "Tuesday 29 December 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def day_and_month(day: date) -> str:
    """ "Monday 28 December"."""
    return f"{day:%A} {day.day} {day:%B}"


def short(moment: datetime, now: datetime | None = None) -> str:
    """ "Tue 29 Dec, 5pm"; "Mon 4 Jan 2027, 5pm" as seen in another year."""
    return f"{short_date(london_date(moment), now)}, {time_words(moment)}"


def medium(moment: datetime, now: datetime | None = None) -> str:
    """ "Sat 2 January, 2:20pm"."""
    return f"{medium_date(london_date(moment), now)}, {time_words(moment)}"


def long(moment: datetime) -> str:
    """ "Tuesday 29 December 2026, 5pm": once on a page."""
    return f"{long_date(london_date(moment))}, {time_words(moment)}"


def london_date(moment: datetime) -> date:
    """The date it is in London at this moment."""
    return moment.astimezone(LONDON).date()


def _year(day: date, now: datetime | None) -> str:
    return "" if now is not None and london_date(now).year == day.year else f" {day.year}"


def count(number: int, thing: str) -> str:
    """ "1 hour", "2 working days"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def join(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def uncounted(skipped: Iterable[tuple[date, str]]) -> str:
    """The days that don't count: "Christmas Day, the weekend and the bank holiday on Monday 28 December"."""
    return join([_phrase(kind, days) for kind, days in _kinds(skipped).items()])


def uncounted_sentence(skipped: Iterable[tuple[date, str]]) -> str:
    """ "Good Friday and the weekend don't count", without a full stop; "" if every day counts."""
    kinds = _kinds(skipped)
    if not kinds:
        return ""
    several = len(kinds) > 1 or any(_is_plural(kind, days) for kind, days in kinds.items())
    said = join([_phrase(kind, days) for kind, days in kinds.items()])
    return f"{capital(said)} {'don' if several else 'doesn'}'t count"


def capital(text: str) -> str:
    """The same with a capital at its start."""
    return text[:1].upper() + text[1:]


def _kinds(skipped: Iterable[tuple[date, str]]) -> dict[str, list[tuple[date, str]]]:
    """Days that are said in one phrase, in the order of their first days."""
    kinds: dict[str, list[tuple[date, str]]] = {}
    for day, name in sorted(skipped):
        kinds.setdefault(_kind(day, name), []).append((day, name))
    return kinds


def _kind(day: date, name: str) -> str:
    if is_weekend(day):
        return WEEKEND
    if name == HELD:
        return HELD
    return FOR if name.startswith(FOR) else f"{day} {name}"


def _is_plural(kind: str, days: list[tuple[date, str]]) -> bool:
    return _weeks(days) > 1 if kind == WEEKEND else len(days) > 1


def _weeks(days: list[tuple[date, str]]) -> int:
    return len({day.isocalendar()[:2] for day, _ in days})


def _phrase(kind: str, days: list[tuple[date, str]]) -> str:
    several = _is_plural(kind, days)
    if kind == WEEKEND:
        return "the weekends" if several else "the weekend"
    dates = _dates([day for day, _ in days])
    if kind == HELD:
        return f"{dates} (clock stopped)"
    if kind == FOR:
        return f"the bank holiday{'s' if several else ''} on {dates}"
    name = days[0][1]
    if name in OWN_NAMES:
        return name
    return f"the {name}" if name.endswith("bank holiday") else f"{dates} ({name})"


def _dates(dates: list[date]) -> str:
    """ "Monday 27 and Tuesday 28 December"."""
    months = [list(days) for _, days in groupby(dates, key=lambda day: (day.year, day.month))]
    said = [
        f"{day:%A} {day.day}" if day != days[-1] else day_and_month(day) for days in months for day in days
    ]
    return join(said)
