"""England's bank holidays as the government lists them, and quarters of the financial year."""

from datetime import date

import pytest

from escalation.policy.calendar import bank_holidays, is_weekend
from escalation.policy.quarters import Quarter

# As listed on GOV.UK for England and Wales; 2028 by the same rules.
LISTED = {
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


@pytest.mark.parametrize("year", LISTED)
def test_weekdays_off_are_those_the_government_lists(year: int) -> None:
    off = [day for day in bank_holidays(year, year) if not is_weekend(day)]
    assert off == [date.fromisoformat(f"{year}-{day}") for day in LISTED[year].split()]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "bank holiday for Boxing Day"),
        (date(2027, 12, 27), "bank holiday for Christmas Day"),
        (date(2028, 1, 3), "bank holiday for New Year's Day"),
        (date(2026, 5, 4), "early May bank holiday"),
        (date(2026, 5, 25), "spring bank holiday"),
        (date(2026, 8, 31), "summer bank holiday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2023, 5, 8), "bank holiday for Coronation of Charles III"),
    ],
)
def test_names_are_plain_words(day: date, name: str) -> None:
    assert bank_holidays(day.year, day.year)[day] == name


def test_scottish_days_are_working_days_here() -> None:
    assert date(2026, 11, 30) not in bank_holidays(2026, 2026)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-27-Q1", date(2026, 4, 1), date(2026, 6, 30), "April to June 2026"),
        ("2026-27-Q2", date(2026, 7, 1), date(2026, 9, 30), "July to September 2026"),
        ("2026-27-Q3", date(2026, 10, 1), date(2026, 12, 31), "October to December 2026"),
        ("2026-27-Q4", date(2027, 1, 1), date(2027, 3, 31), "January to March 2027"),
        ("2099-00-Q4", date(2100, 1, 1), date(2100, 3, 31), "January to March 2100"),
    ],
)
def test_a_quarter_is_of_the_financial_year(text: str, start: date, end: date, label: str) -> None:
    quarter = Quarter.parse(text)
    assert (str(quarter), quarter.start, quarter.end, quarter.label) == (text, start, end, label)
    assert Quarter.of(start) == Quarter.of(end) == quarter
    assert quarter.next.previous == quarter.previous.next == quarter
    assert start in quarter
    assert quarter.next.start not in quarter


@pytest.mark.parametrize("text", ["", "2026-Q1", "2026-27-Q5", "2026-28-Q1", "2026-27-q1", "x2026-27-Q1"])
def test_what_is_no_quarter_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"quarter like 2026-27-Q1|financial year that starts"):
        Quarter.parse(text)


def test_quarters_come_in_order() -> None:
    assert Quarter.parse("2025-26-Q4") < Quarter.parse("2026-27-Q1")
    with pytest.raises(ValueError, match="1 to 4"):
        Quarter(2026, 5)
