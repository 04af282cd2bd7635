"""Dates as people write them, and what is said of those that cannot be read. A table."""

from datetime import date, datetime

import pytest

from escalation.sheets import Value
from escalation.sheets.dates import DateStyle, NoDate, Order, read_date

DAY_FIRST = DateStyle()
THAT_DAY = date(2024, 3, 12)
HALF_PAST_NINE = datetime(2024, 3, 12, 9, 30)  # noqa: DTZ001  spreadsheets know no zones


@pytest.mark.parametrize(
    "written",
    [
        "12/03/2024", "12/3/24", "12.3.24", "12-03-2024", "12 3 2024", " 12/03/2024 ", "12/03/'24",
        "12 March 2024", "12th March 2024", "12 Mar 24", "12-Mar-2024", "12-mar-24", "12 of March 2024",
        "Tue 12 March 2024", "Tuesday, 12th March 2024", "March 12, 2024", "Mar 12 2024",
        "2024-03-12", "2024/03/12", "20240312", "2024-03-12T09:30:00", "12/03/2024 14:30",
        "12/03/2024 2:30pm", "12/03/2024.", "12/03/2024?", "45363", "45363.0",
        45363, 45363.6, HALF_PAST_NINE, date(2024, 3, 12),
    ],
)  # fmt: skip
def test_one_day_in_many_styles(written: Value) -> None:
    assert read_date(written, DAY_FIRST) == THAT_DAY


@pytest.mark.parametrize(
    ("written", "style", "day"),
    [
        ("03/12/2024", DateStyle(order=Order.MONTH), THAT_DAY),
        ("24/03/12", DateStyle(order=Order.YEAR), THAT_DAY),
        ("2024-03-12", DateStyle(order=Order.MONTH), THAT_DAY),
        ("12/3", DateStyle(financial_year=2023), THAT_DAY),
        ("12 April", DateStyle(financial_year=2023), date(2023, 4, 12)),
        ("31 March", DateStyle(financial_year=2023), date(2024, 3, 31)),
        ("March 2024", DateStyle(month_only=True), date(2024, 3, 1)),
        ("Mar-24", DateStyle(month_only=True), date(2024, 3, 1)),
        ("Sept 24", DateStyle(month_only=True), date(2024, 9, 1)),
        ("w/c 12/03/2024", DateStyle(drop=("w/c",)), THAT_DAY),
        ("approx: 12 March 2024", DateStyle(drop=("approx",)), THAT_DAY),
        (date(2024, 12, 3), DateStyle(swapped=True), THAT_DAY),
        ("12/03/2024", DateStyle(swapped=True), THAT_DAY),
        ("29/02/2024", DAY_FIRST, date(2024, 2, 29)),
    ],
)
def test_a_style_that_the_mapping_tells(written: Value, style: DateStyle, day: date) -> None:
    assert read_date(written, style) == day


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31/06/26", "a day that does not exist"),
        ("29/02/2023", "a day that does not exist"),
        ("0/3/2024", "a day that does not exist"),
        ("03/15/2024", "there is no month 15; "),
        ("12/3", "lacks a day or a year"),
        ("12 March", "lacks a day or a year"),
        ("April 25", "lacks a day or a year"),
        ("March 2024", "has no day"),
        ("3/2024", "no date"),
        ("soon", "no date"),
        ("12/03/2024 or 13/03/2024", "no date"),
        ("Marketing 2024", "no date"),
        ("7", "no date"),
        ("19999", "no date"),
        (True, "no date"),
        (None, "no date"),
    ],
)
def test_what_cannot_be_read_is_told_with_how_to_write_it(written: Value, reason: str) -> None:
    with pytest.raises(NoDate) as told:
        read_date(written, DAY_FIRST)
    words = str(told.value)
    assert reason.removesuffix("; ") in words
    assert "12/03/2024" in words


def test_a_real_date_after_the_12th_has_no_day_and_month_to_change() -> None:
    with pytest.raises(NoDate, match="cannot change places"):
        read_date(date(2024, 3, 13), DateStyle(swapped=True))
