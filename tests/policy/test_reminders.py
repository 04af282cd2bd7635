"""When a clock speaks up, worked out by hand over Easter, a clock change, Christmas and a weekend."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.policy.calendar import bank_holidays
from escalation.policy.clock import Unit, next_working_moment, reckon
from escalation.policy.reminders import Reminder, reminder_now
from escalation.policy.words import london_date
from tests.moments import london

CLOSED = bank_holidays(2026, 2028)
DAYS, HOURS = Unit.WORKING_DAYS, Unit.ELAPSED_HOURS
BEFORE, DUE, LATE, STILL = Reminder.BEFORE, Reminder.DUE, Reminder.LATE, Reminder.STILL_LATE

# Started, how long, of what; then each reminder with the moment from which it is the one to tell.
STORIES = [
    # Wed 30 Dec 2026, due Mon 4 Jan 2027 5pm: Fri 1 Jan is a bank holiday.
    (
        london(2026, 12, 30, 10, 20), 2, DAYS,
        {
            BEFORE: london(2026, 12, 31, 9), DUE: london(2027, 1, 4, 9),
            LATE: london(2027, 1, 5, 9), STILL: london(2027, 1, 8, 9),
        },
    ),
    # Wed 24 Mar 2027, due Wed 31 Mar: Good Friday 26, Easter Monday 29; the clocks change on Sun 28.
    (
        london(2027, 3, 24, 16), 3, DAYS,
        {
            BEFORE: london(2027, 3, 30, 9), DUE: london(2027, 3, 31, 9),
            LATE: london(2027, 4, 1, 9), STILL: london(2027, 4, 6, 9),
        },
    ),
    # One day from Thu 25 Mar 2027: due Tue 30 Mar. The day before was the day it began.
    (
        london(2027, 3, 25, 12), 1, DAYS,
        {DUE: london(2027, 3, 30, 9), LATE: london(2027, 3, 31, 9), STILL: london(2027, 4, 5, 9)},
    ),
    # Fast track on Fri 27 Nov 2026 at 4pm, 4 hours: nothing before; late at 8pm, told on Monday or at once.
    (
        london(2026, 11, 27, 16), 4, HOURS,
        {LATE: london(2026, 11, 30, 9), STILL: london(2026, 12, 3, 9)},
    ),
]  # fmt: skip


def told(now: datetime, start: datetime, quantity: int, unit: Unit, *, fast: bool = False) -> Reminder | None:
    clock = reckon(start, quantity, unit, closed=CLOSED)
    return reminder_now(
        now,
        started=start,
        due_at=clock.due,
        overdue_from=clock.overdue_from,
        closed=CLOSED,
        at_any_hour=fast,
    )


@pytest.mark.parametrize(("start", "quantity", "unit", "moments"), STORIES)
def test_each_reminder_comes_at_its_moment(
    start: datetime, quantity: int, unit: Unit, moments: dict[Reminder, datetime]
) -> None:
    before: Reminder | None = None
    assert told(start, start, quantity, unit) is None
    for reminder, moment in moments.items():
        assert told(moment - timedelta(minutes=1), start, quantity, unit) == before
        assert told(moment, start, quantity, unit) == reminder
        before = reminder


def test_on_the_fast_track_late_is_told_at_once() -> None:
    friday = london(2026, 11, 27, 16)
    assert told(london(2026, 11, 27, 19, 59), friday, 4, HOURS, fast=True) is None
    assert told(london(2026, 11, 27, 20), friday, 4, HOURS, fast=True) == LATE


@given(
    minutes=st.integers(0, 60 * 24 * 365),
    quantity=st.integers(1, 10),
    after=st.integers(0, 60 * 24 * 40),
)
def test_nobody_is_called_late_before_it_is_late_nor_outside_working_hours(
    minutes: int, quantity: int, after: int
) -> None:
    """And a reminder never gives way to an earlier one."""
    start = london(2026, 6, 1, 9) + timedelta(minutes=minutes)
    now = start + timedelta(minutes=after)
    found, later = told(now, start, quantity, DAYS), told(now + timedelta(hours=5), start, quantity, DAYS)
    due = reckon(start, quantity, DAYS, closed=CLOSED).due
    order = [None, *Reminder]
    assert order.index(found) <= order.index(later)
    assert (found in (LATE, STILL)) == (now >= next_working_moment(due, CLOSED) and now >= due)
    if found in (BEFORE, DUE):
        assert london_date(now) <= london_date(due) or now < next_working_moment(due, CLOSED)
