"""Dates in words: a table."""

from datetime import date, datetime

import pytest

from core.web import dates
from tests.moments import london

DECEMBER = london(2026, 12, 30, 9)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (london(2026, 12, 29, 17), "5pm"),
        (london(2026, 12, 23, 10, 20), "10:20am"),
        (london(2026, 12, 23, 14, 5), "2:05pm"),
        (london(2026, 12, 23, 12), "midday"),
        (london(2026, 12, 23, 0), "midnight"),
        (london(2026, 12, 23, 0, 30), "12:30am"),
        (london(2026, 12, 23, 12, 1), "12:01pm"),
        (datetime.fromisoformat("2026-07-01T16:00:00+00:00"), "5pm"),  # summer: London is an hour ahead
    ],
)
def test_a_time_reads_as_people_say_it(moment: datetime, words: str) -> None:
    assert dates.clock_time(moment) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (london(2026, 12, 29, 17), "Tue 29 Dec, 5pm"),
        (london(2027, 1, 4, 17), "Mon 4 Jan 2027, 5pm"),
        (london(2026, 1, 5, 9), "Mon 5 Jan, 9am"),
        (date(2026, 12, 29), "Tue 29 Dec"),
        (date(2027, 1, 7), "Thu 7 Jan 2027"),
        (datetime.fromisoformat("2026-12-31T23:30:00+00:00"), "Thu 31 Dec, 11:30pm"),
        (datetime.fromisoformat("2026-06-30T23:30:00+00:00"), "Wed 1 Jul, 12:30am"),
    ],
)
def test_a_short_date_says_the_year_only_when_it_changes(when: date, words: str) -> None:
    assert dates.short_date(when, now=DECEMBER) == words


def test_a_long_date_says_everything() -> None:
    assert dates.long_date(london(2026, 12, 29, 17)) == "Tuesday 29 December 2026, 5pm"
    assert dates.long_day(london(2026, 12, 29, 17)) == "Tuesday 29 December 2026"
    assert dates.short_day(london(2026, 12, 29, 17)) == "Tue 29 Dec"


@pytest.mark.parametrize(
    ("when", "word"),
    [
        (date(2026, 12, 29), "yesterday"),
        (date(2026, 12, 30), "today"),
        (date(2026, 12, 31), "tomorrow"),
        (date(2027, 1, 1), ""),
    ],
)
def test_a_near_day_has_a_word_beside_it(when: date, word: str) -> None:
    assert dates.nearby_day(when, now=DECEMBER) == word
