"""When a clock speaks up: the working day before, the morning it is due, once it is late, and once more.

Pure, as the clock is: moments and the calendar come in as arguments.
"""

from collections.abc import Container
from datetime import date, datetime, timedelta
from enum import StrEnum

from .calendar import is_working_day
from .clock import Unit, due, next_working_moment, opening
from .words import london_date

STILL_LATE_DAYS = 2
"""Working days after which somebody further up hears that it is still late."""


class Reminder(StrEnum):
    """In the order in which they come; each takes the place of the ones before."""

    BEFORE = "before"
    DUE = "due"
    LATE = "late"
    STILL_LATE = "still_late"


def reminder_now(
    now: datetime,
    *,
    started: datetime,
    due_at: datetime,
    overdue_from: datetime,
    closed: Container[date],
    at_any_hour: bool = False,
) -> Reminder | None:
    """The reminder that a running clock has come to, or None before the first.

    What would come before the clock had started, or in the same morning, is left out. Once late, people
    hear in working time, unless `at_any_hour` (fast track). Where nobody looked for a while only the
    last one is told.
    """
    late = overdue_from if at_any_hour else next_working_moment(overdue_from, closed)
    still = next_working_moment(due(late, STILL_LATE_DAYS, Unit.WORKING_DAYS, closed=closed), closed)
    day = london_date(due_at)
    moments = {
        Reminder.BEFORE: opening(_working_day_before(day, closed)),
        Reminder.DUE: opening(day),
        Reminder.LATE: late,
        Reminder.STILL_LATE: still,
    }
    come = [
        reminder
        for reminder, moment in moments.items()
        if moment <= now and (started < moment <= due_at or moment >= overdue_from)
    ]
    return come[-1] if come else None


def _working_day_before(day: date, closed: Container[date]) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day, closed):
        day -= timedelta(days=1)
    return day
