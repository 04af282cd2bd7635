"""Dates in words, as the board writes them. Pure: the time now is an argument.

A moment is an aware datetime, shown in London; a bare date has no time to show. A year is said only
when it changes: when the moment's London year is not the reader's.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def clock_time(moment: datetime) -> str:
    """`5pm`, `10:20am`, `midday`, `midnight`."""
    local = moment.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def short_day(when: date, *, now: datetime | None = None) -> str:
    """`Tue 29 Dec`; with `now` of another year, `Mon 4 Jan 2027`."""
    day = london_day(when)
    return f"{day:%a} {day.day} {day:%b}{_year(day, now)}"


def short_date(when: date, *, now: datetime | None = None) -> str:
    """`Tue 29 Dec, 5pm`, with the year when it is not that of `now`."""
    return _with_time(short_day(when, now=now), when)


def long_day(when: date) -> str:
    """`Tuesday 29 December 2026`."""
    day = london_day(when)
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def long_date(when: date) -> str:
    """`Tuesday 29 December 2026, 5pm`: once on a page."""
    return _with_time(long_day(when), when)


def nearby_day(when: date, *, now: datetime) -> str:
    """`today`, `yesterday`, `tomorrow`, or nothing: said beside a date, never instead of it."""
    distance = london_day(when) - london_day(now)
    names = {timedelta(0): "today", timedelta(days=-1): "yesterday", timedelta(days=1): "tomorrow"}
    return names.get(distance, "")


def london_day(when: date) -> date:
    """The London calendar day of a moment, or the date itself."""
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when


def _with_time(day: str, when: date) -> str:
    return f"{day}, {clock_time(when)}" if isinstance(when, datetime) else day


def _year(day: date, now: datetime | None) -> str:
    return f" {day.year}" if now is not None and london_day(now).year != day.year else ""
