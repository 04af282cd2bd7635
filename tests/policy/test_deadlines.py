"""Every due time of deadlines.csv, worked out by hand, against the clock."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from escalation.policy.calendar import bank_holidays
from escalation.policy.clock import LONDON, Reckoning, Unit, due, next_working_moment, overdue_from, reckon

CLOSED = bank_holidays(2026, 2028)
COLUMNS = "start,quantity,unit,needed_by,held,due,why"


def moment(text: str) -> datetime:
    """London wall-clock time, unless the text gives an offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


@dataclass(frozen=True)
class Deadline:
    start: datetime
    quantity: int
    unit: Unit
    needed_by: datetime | None
    held: tuple[date, ...]
    due: datetime
    why: str

    @classmethod
    def read(cls, line: str) -> "Deadline":
        start, quantity, unit, needed_by, held, due_at, why = line.split(",", 6)
        return cls(
            moment(start),
            int(quantity),
            Unit(unit),
            moment(needed_by) if needed_by else None,
            tuple(date.fromisoformat(day) for day in held.split()),
            moment(due_at),
            why,
        )

    def reckoned(self) -> Reckoning:
        return reckon(
            self.start, self.quantity, self.unit, closed=CLOSED, needed_by=self.needed_by, held=self.held
        )


def read_deadlines() -> list[Deadline]:
    first, *lines = (Path(__file__).parent / "deadlines.csv").read_text(encoding="utf-8").splitlines()
    assert first == COLUMNS
    return [Deadline.read(line) for line in lines if not line.startswith("#")]


DEADLINES = read_deadlines()


def test_there_are_at_least_sixty_and_no_two_alike() -> None:
    assert len(DEADLINES) >= 60
    assert len({(d.start, d.quantity, d.unit, d.needed_by, d.held) for d in DEADLINES}) == len(DEADLINES)


@pytest.mark.parametrize("deadline", DEADLINES, ids=lambda d: f"{d.start:%Y-%m-%d %H:%M} {d.why}")
def test_it_is_due_when_the_calendar_says(deadline: Deadline) -> None:
    reckoned = deadline.reckoned()
    assert reckoned.due.astimezone(LONDON).isoformat() == deadline.due.astimezone(LONDON).isoformat()


@pytest.mark.parametrize(
    ("start", "late_from", "why"),
    [
        ("2026-06-09 10:00", "2026-06-09 17:00", "never late before five that day"),
        ("2026-06-09 16:59", "2026-06-09 17:00", "however close"),
        ("2026-06-09 17:00", "2026-06-10 17:00", "from five on, the next working day"),
        ("2026-06-13 10:00", "2026-06-15 17:00", "Saturday: Monday"),
        ("2026-04-03 10:00", "2026-04-07 17:00", "Good Friday: Tuesday"),
    ],
)
def test_at_once_is_never_late_before_five_on_a_working_day(start: str, late_from: str, why: str) -> None:
    begun = moment(start)
    assert overdue_from(begun, 0, begun, CLOSED) == moment(late_from), why
    assert reckon(begun, 0, Unit.WORKING_DAYS, closed=CLOSED).overdue_from == moment(late_from)


def test_a_local_closed_day_does_not_count() -> None:
    closed = CLOSED | {date(2026, 6, 15): "Council closed for training"}
    assert due(moment("2026-06-12 10:00"), 1, Unit.WORKING_DAYS, closed=closed) == moment("2026-06-16 17:00")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 6, 9, 10), 1, Unit.WORKING_DAYS, closed=CLOSED)  # noqa: DTZ001  the point of the test


def test_a_clock_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        due(moment("2026-06-09 10:00"), -1, Unit.WORKING_DAYS, closed=CLOSED)


@pytest.mark.parametrize(
    ("moment_text", "opens", "why"),
    [
        ("2026-06-09 10:00", "2026-06-09 10:00", "in working time: at once"),
        ("2026-06-09 09:00", "2026-06-09 09:00", "as it opens"),
        ("2026-06-09 07:30", "2026-06-09 09:00", "before it opens"),
        ("2026-06-09 16:59", "2026-06-09 16:59", "a minute before it closes"),
        ("2026-06-09 17:00", "2026-06-10 09:00", "as it closes: tomorrow"),
        ("2026-06-12 20:00", "2026-06-15 09:00", "Friday night: Monday"),
        ("2026-04-02 17:30", "2026-04-07 09:00", "before Easter: Tuesday"),
        ("2026-12-24 18:00", "2026-12-29 09:00", "Christmas Eve: Tuesday"),
        ("2027-03-27 12:00", "2027-03-30 09:00", "Easter Saturday, and the clocks go forward: Tuesday"),
    ],
)
def test_the_next_working_moment(moment_text: str, opens: str, why: str) -> None:
    assert next_working_moment(moment(moment_text), CLOSED) == moment(opens), why
