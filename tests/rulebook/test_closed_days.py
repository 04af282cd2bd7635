"""Closed days: England's bank holidays and our own, named, read once a minute."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from escalation.rulebook.queries import closed_days
from escalation.rulebook.services import close_day

pytestmark = pytest.mark.django_db


def test_bank_holidays_and_our_own_days_in_order() -> None:
    close_day(day=date(2026, 12, 24), name="offices closed")
    assert closed_days(date(2026, 12, 24), date(2027, 1, 4)) == {
        date(2026, 12, 24): "offices closed",
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 26): "Boxing Day",
        date(2026, 12, 28): "bank holiday for Boxing Day",
        date(2027, 1, 1): "New Year's Day",
    }


def test_both_ends_count_and_days_outside_do_not() -> None:
    close_day(day=date(2026, 11, 23), name="before")
    close_day(day=date(2026, 11, 24), name="first")
    close_day(day=date(2026, 11, 25), name="last")
    close_day(day=date(2026, 11, 26), name="after")
    assert list(closed_days(date(2026, 11, 24), date(2026, 11, 25)).values()) == ["first", "last"]


def test_the_same_day_again_only_changes_its_name() -> None:
    close_day(day=date(2026, 11, 24), name="a")
    close_day(day=date(2026, 11, 24), name="b")
    assert closed_days(date(2026, 11, 24), date(2026, 11, 24)) == {date(2026, 11, 24): "b"}


def test_our_name_stands_before_the_bank_holiday() -> None:
    close_day(day=date(2026, 12, 25), name="Christmas Day, and the phones are off")
    assert "phones" in closed_days(date(2026, 12, 25), date(2026, 12, 25))[date(2026, 12, 25)]


def test_it_is_one_query_and_then_none(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for statements in (1, 0):
        with django_assert_num_queries(statements):
            closed_days(date(2026, 1, 1), date(2028, 12, 31))


def test_a_day_that_is_taken_back_is_a_working_day_at_once() -> None:
    day = close_day(day=date(2026, 11, 24), name="a")
    assert closed_days(date(2026, 11, 24), date(2026, 11, 24))
    day.delete()
    assert not closed_days(date(2026, 11, 24), date(2026, 11, 24))
