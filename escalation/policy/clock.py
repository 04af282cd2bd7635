"""When something is due, and why: working days, working hours and elapsed hours in Europe/London.

Pure: the start and the calendar come in as arguments. Datetimes are aware; results are in UTC, since
two moments in the same local zone compare by wall clock and err in the hour that comes twice.
`closed` holds the days that are no working days besides weekends.
"""

from calendar import monthrange
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from . import words
from .calendar import OWN_NAMES, is_weekend, is_working_day, next_working_day
from .words import HELD, LONDON, london_date

__all__ = ["LONDON", "DayCell", "Reckoning", "Unit", "due", "overdue_from", "reckon"]

OPENS, CLOSES = time(9), time(17)
ONE_ROW = 8
"""The cells of a strip that fit in one row."""


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    ELAPSED_HOURS = "elapsed_hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    MONTHS = "months"


UNIT_WORDS = {
    Unit.WORKING_DAYS: "working day",
    Unit.ELAPSED_HOURS: "hour",
    Unit.WORKING_HOURS: "working hour",
    Unit.DAYS: "day",
    Unit.MONTHS: "month",
}


def due(start: datetime, quantity: int, unit: Unit, *, closed: Container[date]) -> datetime:
    """The moment by which something is due, in UTC.

    Working days: 17:00 London on the n-th working day after the London date of `start`, whatever its
    hour; that date is day 0 and never counts. Elapsed hours: real hours, weekends and clock changes
    included. Working hours: 09:00 to 17:00 London on working days. Days and months: 17:00 London that
    many calendar days or months after, weekends included; a month that is too short gives its last day.
    Quantity 0 ("at once"): `start` itself, to be shown without a time; see `overdue_from`.
    Raises ValueError for a naive `start` or a quantity below 0.
    """
    start = _utc(start)
    if quantity < 0:
        raise ValueError("A clock counts forwards: the quantity is 0 or more.")
    if quantity == 0:
        return start
    if unit is Unit.ELAPSED_HOURS:
        return start + timedelta(hours=quantity)
    if unit is Unit.WORKING_HOURS:
        return _after_working_hours(start, quantity, closed)
    day = london_date(start)
    if unit is Unit.DAYS:
        return _at(day + timedelta(days=quantity), CLOSES)
    if unit is Unit.MONTHS:
        return _at(months_after(day, quantity), CLOSES)
    for _ in range(quantity):
        day = next_working_day(day, closed)
    return _at(day, CLOSES)


def overdue_from(due: datetime, quantity: int, start: datetime, closed: Container[date]) -> datetime:
    """From when it counts as late, in UTC: the due time itself, save for "at once".

    At once is never late before 17:00 on a working day: the first 17:00 after `start`.
    """
    if quantity > 0:
        return _utc(due)
    start = _utc(start)
    day = london_date(start)
    if not is_working_day(day, closed) or start >= _at(day, CLOSES):
        day = next_working_day(day, closed)
    return _at(day, CLOSES)


def opening(day: date) -> datetime:
    """9am London on a day, in UTC."""
    return _at(day, OPENS)


def next_working_moment(moment: datetime, closed: Container[date]) -> datetime:
    """This moment, in UTC, between 9am and 5pm of a working day; else when the next working day opens."""
    moment = _utc(moment)
    day = london_date(moment)
    if is_working_day(day, closed) and moment < _at(day, CLOSES):
        return max(moment, _at(day, OPENS))
    return _at(next_working_day(day, closed), OPENS)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier where negative; the month's last where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _after_working_hours(start: datetime, hours: int, closed: Container[date]) -> datetime:
    left = timedelta(hours=hours)
    day = london_date(start)
    if not is_working_day(day, closed):
        day = next_working_day(day, closed)
    while True:
        begins = max(start, _at(day, OPENS))
        here = max(_at(day, CLOSES) - begins, timedelta())
        if left <= here:
            return begins + left
        left -= here
        day = next_working_day(day, closed)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class DayCell:
    """One day of the strip. kind: sent, counted, off, due or after. `hidden` says it to a screen reader."""

    date: date
    word: str
    kind: str
    is_today: bool
    missed: bool
    hidden: str

    @property
    def weekday(self) -> str:
        """ "Wed"."""
        return f"{self.date:%a}"


@dataclass(frozen=True)
class Reckoning:
    """A due time with all it was computed from. Moments are in UTC.

    policy_due: what the policy alone gives. skipped: the days between start and due that do not count,
    with their names. held: the days on which a hold stood at 17:00. due_before_hold: the due time
    before the last hold moved it, None if none did.
    """

    start: datetime
    due: datetime
    policy_due: datetime
    overdue_from: datetime
    quantity: int
    unit: Unit
    needed_by: datetime | None
    skipped: tuple[tuple[date, str], ...]
    held: tuple[date, ...] = ()
    due_before_hold: datetime | None = None

    def basis(self) -> dict[str, object]:
        """The same as JSON values, to be stored beside the due time."""
        return {
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "policy_due": self.policy_due.isoformat(),
            "overdue_from": self.overdue_from.isoformat(),
            "quantity": self.quantity,
            "unit": self.unit.value,
            "needed_by": self.needed_by.isoformat() if self.needed_by else None,
            "skipped": [[day.isoformat(), name] for day, name in self.skipped],
            "held": [day.isoformat() for day in self.held],
            "due_before_hold": self.due_before_hold.isoformat() if self.due_before_hold else None,
        }

    @classmethod
    def from_basis(cls, basis: Mapping[str, object]) -> "Reckoning":
        """Read what `basis` wrote; further keys are left alone."""
        skipped, held = basis.get("skipped"), basis.get("held")
        return cls(
            start=_moment(basis["start"]),
            due=_moment(basis["due"]),
            policy_due=_moment(basis["policy_due"]),
            overdue_from=_moment(basis["overdue_from"]),
            quantity=int(str(basis["quantity"])),
            unit=Unit(str(basis["unit"])),
            needed_by=_maybe_moment(basis.get("needed_by")),
            skipped=tuple((date.fromisoformat(d), n) for d, n in skipped)
            if isinstance(skipped, list)
            else (),
            held=tuple(date.fromisoformat(d) for d in held) if isinstance(held, list) else (),
            due_before_hold=_maybe_moment(basis.get("due_before_hold")),
        )

    def after_hold(self, *, closed: Mapping[date, str], held: Collection[date]) -> "Reckoning":
        """Reckoned afresh at the end of a hold, remembering the time it had before."""
        fresh = reckon(
            self.start, self.quantity, self.unit, closed=closed, needed_by=self.needed_by, held=held
        )
        moved = fresh.due != self.due
        return replace(fresh, due_before_hold=self.due if moved else self.due_before_hold)

    # What it is

    @property
    def at_once(self) -> bool:
        return self.quantity == 0

    @property
    def by_needed_by(self) -> bool:
        """Needed sooner than the policy's time."""
        return self.due == self.needed_by and self.due < self.policy_due

    def is_overdue(self, now: datetime) -> bool:
        return now > self.overdue_from

    def is_due_today(self, now: datetime) -> bool:
        return london_date(self.due) == london_date(now)

    # In words

    def quantity_words(self) -> str:
        """ "2 working days", "4 hours", "at once"."""
        return "at once" if self.at_once else words.count(self.quantity, UNIT_WORDS[self.unit])

    def due_short(self, now: datetime) -> str:
        """ "Tue 29 Dec, 5pm"; at once: without a time."""
        return words.short_date(london_date(self.due), now) if self.at_once else words.short(self.due, now)

    def due_long(self) -> str:
        """ "Tuesday 29 December 2026, 5pm"; at once: without a time."""
        return words.long_date(london_date(self.due)) if self.at_once else words.long(self.due)

    def uncounted_sentence(self) -> str:
        """ "Christmas Day, the weekend and the bank holiday on Monday 28 December don't count." or ""."""
        said = words.uncounted_sentence(self.skipped)
        return f"{said}." if said else ""

    def needed_by_sentence(self, *, who: str = "You", what: str = "") -> str:
        """ "You need it before the conference on Tuesday 29 December at 10am. So the time is 10am, not 5pm."

        `who` is You or They; `what` fits after "before", such as "the conference".
        "" if the policy's time stands.
        """
        if not self.by_needed_by:
            return ""
        day, hour = words.day_and_month(london_date(self.due)), words.time_words(self.due)
        before = f"{what} on {day} at {hour}" if what else f"{hour} on {day}"
        same_day = london_date(self.due) == london_date(self.policy_due)
        say = words.time_words if same_day else lambda moment: words.short(moment, self.due)
        return f"{who} need it before {before}. So the time is {say(self.due)}, not {say(self.policy_due)}."

    def hold_sentence(self, now: datetime) -> str:
        """ "The clock was stopped, so the time moved from Tue 29 Dec, 5pm." or ""."""
        if self.due_before_hold is None:
            return ""
        return f"The clock was stopped, so the time moved from {words.short(self.due_before_hold, now)}."

    def heading(self) -> str:
        """The words above the strip: "2 working days, counted like this", "Sooner than 2 working days"."""
        if self.by_needed_by:
            return f"Sooner than {self.quantity_words()}"
        return "At once" if self.at_once else f"{self.quantity_words()}, counted like this"

    def strip_sentence(self, now: datetime) -> str:
        """Below the strip: "Today is day 1. Striped days don't count: Good Friday and the weekend." or ""."""
        today = next((cell for cell in self.days(now) if cell.is_today), None)
        counted = f"Today is {today.word}." if today and today.kind == "counted" else ""
        striped = f"Striped days don't count: {words.uncounted(self.skipped)}." if self.skipped else ""
        return " ".join(part for part in (counted, striped) if part)

    def words(self, now: datetime, *, sent: str = "sent", who: str = "You", what: str = "") -> str:
        """All of it in one line.

        "by Tue 29 Dec, 5pm (sent Wed 23 Dec; 2 working days; Christmas Day, the weekend and the bank
        holiday on Monday 28 December don't count)"; "by Sat 2 January, 2:20pm (4 hours; weekends count)".
        `sent` is the word for its start; `who` and `what` as in `needed_by_sentence`.
        """
        begun = f"{sent} {words.short_date(london_date(self.start), now)}"
        if self.at_once:
            return f"at once, on {self.due_short(now)}"
        if self.by_needed_by:
            why = f"{begun}; sooner than {self.quantity_words()}"
            said = f"by {self.due_short(now)} ({why}). {self.needed_by_sentence(who=who, what=what)}"
        elif self.unit in (Unit.DAYS, Unit.MONTHS):
            said = f"by {self.due_short(now)} ({self.quantity_words()}; weekends count)"
        elif self.unit is Unit.ELAPSED_HOURS:
            said = f"by {words.medium(self.due, now)} ({self.quantity_words()}; weekends count)"
        else:
            uncounted = words.uncounted_sentence(self.skipped)
            why = "; ".join(part for part in (begun, self.quantity_words(), _lower(uncounted)) if part)
            said = f"by {self.due_short(now)} ({why})"
        hold = self.hold_sentence(now)
        return f"{said.removesuffix('.')}. {hold}" if hold else said

    # As a strip of days

    def days(self, now: datetime, *, sent: str = "sent") -> list[DayCell]:
        """A cell for each day from start to due; while overdue, on to today if that fits in one row.

        Empty for hours and for "at once", which have no strip.
        """
        if self.unit is not Unit.WORKING_DAYS or self.at_once:
            return []
        first, last, today = london_date(self.start), london_date(self.due), london_date(now)
        if last < today and (today - first).days < ONE_ROW:
            last = today
        span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        names = dict(self.skipped)
        cells: list[DayCell] = []
        counted = 0
        for day in span:
            counted += first < day <= london_date(self.due) and day not in names
            cells.append(self._cell(day, counted, names.get(day), now, sent))
        return cells

    def _cell(self, day: date, counted: int, name: str | None, now: datetime, sent: str) -> DayCell:
        is_today = day == london_date(now)
        today = ", today" if is_today else ""
        if day == london_date(self.due):
            missed, hour = self.is_overdue(now), words.time_words(self.due)
            hidden = f"was due by {hour}" if missed else f"due by {hour}"
            return DayCell(day, f"due {hour}" if missed else hour, "due", is_today, missed, hidden + today)
        if day > self.due.astimezone(LONDON).date():
            return DayCell(
                day, "today" if is_today else "", "after", is_today, False, "after it was due" + today
            )
        if day == london_date(self.start):
            return DayCell(
                day, "today" if is_today else sent, "sent", is_today, False, f"{sent}, day 0{today}"
            )
        if name is not None:
            return DayCell(
                day, _strip_word(day, name), "off", is_today, False, f"does not count: {name}{today}"
            )
        return DayCell(day, f"day {counted}", "counted", is_today, False, f"counts as day {counted}{today}")


def reckon(
    start: datetime,
    quantity: int,
    unit: Unit,
    *,
    closed: Mapping[date, str],
    needed_by: datetime | None = None,
    held: Collection[date] = (),
) -> Reckoning:
    """When it is due, with its reasons. (Calendar days and months are never held.)

    needed_by wins while it lies after the start and before the policy's time (a hold does not move
    it). Each day in `held` counts as closed; for elapsed hours, where no day is closed, it adds 24
    hours.
    """
    start = _utc(start)
    needed_by = _utc(needed_by) if needed_by else None
    shut = dict.fromkeys(held, HELD) | dict(closed)
    policy_due = due(start, quantity, unit, closed=shut)
    if unit is Unit.ELAPSED_HOURS:
        policy_due = _held_hours(start, policy_due, held)
    sooner = needed_by is not None and start < needed_by < policy_due
    final = needed_by if sooner and needed_by else policy_due
    return Reckoning(
        start=start,
        due=final,
        policy_due=policy_due,
        overdue_from=overdue_from(final, quantity, start, shut),
        quantity=quantity,
        unit=unit,
        needed_by=needed_by,
        skipped=_skipped(start, final, unit, shut),
        held=tuple(sorted(held)),
    )


def _held_hours(start: datetime, policy_due: datetime, held: Collection[date]) -> datetime:
    for day in sorted(held):
        if start <= _at(day, CLOSES) <= policy_due:
            policy_due += timedelta(days=1)
    return policy_due


def _skipped(
    start: datetime, final: datetime, unit: Unit, shut: Mapping[date, str]
) -> tuple[tuple[date, str], ...]:
    """Days strictly between start and due that do not count; none where weekends count."""
    if unit not in (Unit.WORKING_DAYS, Unit.WORKING_HOURS):
        return ()
    first, last = london_date(start), london_date(final)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return tuple((day, _name(day, shut)) for day in days if not is_working_day(day, shut))


def _name(day: date, shut: Mapping[date, str]) -> str:
    return f"{day:%A}" if is_weekend(day) else shut[day]


def _strip_word(day: date, name: str) -> str:
    if is_weekend(day):
        return ""
    if name == "Christmas Day":
        return "Xmas"
    if name == HELD:
        return "stopped"
    is_bank_holiday = name in OWN_NAMES or name.endswith("bank holiday") or name.startswith(words.FOR)
    return "bank hol." if is_bank_holiday else "closed"


def _lower(sentence: str) -> str:
    """A sentence as part of another: only "The" loses its capital, since the others are names."""
    return f"the{sentence[3:]}" if sentence.startswith("The ") else sentence


def _moment(value: object) -> datetime:
    return _utc(datetime.fromisoformat(str(value)))


def _maybe_moment(value: object) -> datetime | None:
    return _moment(value) if value else None
