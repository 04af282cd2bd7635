"""A date as people wrote it: a real one, a number, or text in many styles."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from escalation.sheets.reading import Value, line_of

EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's own numbers for dates."""
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = r"(?P<month>[a-z]{3,9})\.?"
YEAR = r"(?P<year>\d{4}|'?\d{2})"
WEEKDAY = re.compile(r"^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[,.]?\s+")
CLOCK = re.compile(r"[\st,]+(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:am|pm|hrs|h|z)?$")
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
NUMBERS = re.compile(r"(\d{1,4})\s*[/.\-\s]\s*(\d{1,2})(?:\s*[/.\-\s]\s*(\d{4}|'?\d{2}))?")
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})[\s\-/.]*(?:of\s+)?{MONTH}(?:[\s\-/.,]*{YEAR})?")
MONTH_DAY = re.compile(rf"{MONTH}\s+(?P<day>\d{{1,2}})(?:[\s,]+(?P<year>\d{{4}}))?")
MANY = (
    "Are many like it? The mapping can say how they are meant: month_only for months without a day, "
    "financial_year for days without a year."
)
MONTH_YEAR = re.compile(rf"{MONTH}[\s\-/.,]*{YEAR}")


class Order(StrEnum):
    """What stands first in a date of figures."""

    DAY = "dmy"
    MONTH = "mdy"
    YEAR = "ymd"


class NoDate(ValueError):
    """It cannot be read as a date; the words end a sentence about the cell and say what to do."""


@dataclass(frozen=True)
class DateStyle:
    """How the dates of a sheet are written.

    `financial_year`: the year in which it starts, for dates without one. `month_only`: a month without a
    day is its first. `drop`: words that may stand before a date, such as "w/c". `swapped`: real dates that
    a spreadsheet read the wrong way round: day and month change places.
    """

    order: Order = Order.DAY
    financial_year: int | None = None
    month_only: bool = False
    drop: tuple[str, ...] = ()
    swapped: bool = False


def read_date(value: Value, style: DateStyle) -> date:
    """The date of a cell; raises NoDate with a reason for people."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _swapped(value) if style.swapped else value
    if isinstance(value, bool) or value is None:
        raise NoDate("is no date. Write it like 12/03/2024.")
    serial = _serial(line_of(value))
    return serial or _read(line_of(value), style)


def _swapped(day: date) -> date:
    if day.day > len(MONTHS):
        raise NoDate(f"is {day:%d/%m/%Y}, so day and month cannot change places. Write it out by hand.")
    return day.replace(month=day.day, day=day.month)


def _serial(text: str) -> date | None:
    """The number by which a spreadsheet keeps a date, where its cell lost the look of one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return EPOCH + timedelta(days=int(number)) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def _read(text: str, style: DateStyle) -> date:
    cleaned = _cleaned(text, style)
    compact = COMPACT.fullmatch(cleaned)
    if compact:
        return _date(*map(int, compact.groups()), text=text)
    numbers = NUMBERS.fullmatch(cleaned)
    if numbers:
        return _of_figures(numbers, text, style)
    # "Mar 24" is a month of 2024 where months without a day are allowed, else a day.
    later = (MONTH_YEAR, MONTH_DAY) if style.month_only else (MONTH_DAY, MONTH_YEAR)
    for pattern in (DAY_MONTH, *later):
        named = pattern.fullmatch(cleaned)
        if named and _month(named["month"]):
            return _of_words(named, text, style)
    raise NoDate(f"says “{text}”, which is no date. Write it like 12/03/2024.")


def _cleaned(text: str, style: DateStyle) -> str:
    cleaned = text.lower().strip(" .,;?~")
    for word in style.drop:
        cleaned = cleaned.removeprefix(word.lower()).strip(" .,;:?~")
    cleaned = WEEKDAY.sub("", cleaned)
    return ORDINAL.sub("", CLOCK.sub("", cleaned)).strip()


def _of_figures(found: re.Match[str], text: str, style: DateStyle) -> date:
    first, second, third = found.groups()
    if third is None:
        if style.order is Order.YEAR or len(first) > 2:
            raise NoDate(f"says “{text}”, which has no day. Write it like 12/03/2024.")
        day, month = _in_order(int(first), int(second), style)
        return _date(_year_of(month, None, text, style), month, day, text=text)
    if len(first) == 4 or style.order is Order.YEAR:
        return _date(_full(first), int(second), int(third.strip("'")), text=text)
    day, month = _in_order(int(first), int(second), style)
    return _date(_full(third), month, day, text=text)


def _in_order(first: int, second: int, style: DateStyle) -> tuple[int, int]:
    return (second, first) if style.order is Order.MONTH else (first, second)


def _of_words(found: re.Match[str], text: str, style: DateStyle) -> date:
    parts = found.groupdict()
    month = _month(parts["month"])
    if "day" not in parts and not style.month_only:
        raise NoDate(f"says “{text}”, which has no day. Write it like 12/03/2024. {MANY}")
    return _date(_year_of(month, parts["year"], text, style), month, int(parts.get("day") or 1), text=text)


def _month(name: str) -> int:
    """ "sept" is 9; 0 for what is no month."""
    names = (number for number, month in enumerate(MONTHS, start=1) if month.startswith(name))
    return next(names, 9 if name == "sept" else 0)


def _year_of(month: int, year: str | None, text: str, style: DateStyle) -> int:
    if year:
        return _full(year)
    if style.financial_year is None:
        raise NoDate(f"says “{text}”, which lacks a day or a year. Write it like 12/03/2024. {MANY}")
    return style.financial_year + (1 if month < 4 else 0)


def _full(year: str) -> int:
    """ "24" is 2024: a log of this century."""
    number = int(year.strip("'"))
    return number if number > 99 else 2000 + number


def _date(year: int, month: int, day: int, *, text: str) -> date:
    if not 1 <= month <= len(MONTHS):
        raise NoDate(
            f"says “{text}”, and there is no month {month}. Write it like 12/03/2024; if the whole sheet has "
            "day and month the other way round, say so in the mapping: order."
        )
    try:
        return date(year, month, day)
    except ValueError:
        reason = f"says “{text}”, a day that does not exist"
        raise NoDate(f"{reason}. Look it up, and write it like 12/03/2024.") from None
