"""What holds for every deadline, whatever its start: looked for with random starts."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from escalation.policy.calendar import bank_holidays, is_working_day
from escalation.policy.clock import LONDON, Reckoning, Unit, due, reckon

CLOSED = bank_holidays(2025, 2032)
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(LONDON))  # noqa: DTZ001  the strategy adds the zone
QUANTITIES = st.integers(0, 15)
UNITS = st.sampled_from(Unit)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 31))
HELD = st.frozensets(DAYS, max_size=10)


@st.composite
def reckonings(draw: st.DrawFn) -> Reckoning:
    start = draw(STARTS)
    needed_by = draw(st.none() | st.integers(-10, 400).map(lambda hours: start + timedelta(hours=hours)))
    held = draw(HELD)
    return reckon(start, draw(QUANTITIES), draw(UNITS), closed=CLOSED, needed_by=needed_by, held=held)


@given(STARTS, STARTS, QUANTITIES, UNITS)
def test_a_later_start_is_never_due_sooner(one: datetime, other: datetime, quantity: int, unit: Unit) -> None:
    first, second = sorted((one, other), key=datetime.timestamp)
    assert due(first, quantity, unit, closed=CLOSED) <= due(second, quantity, unit, closed=CLOSED)


@given(STARTS, st.integers(1, 15), UNITS)
def test_more_time_is_due_later(start: datetime, quantity: int, unit: Unit) -> None:
    assert due(start, quantity, unit, closed=CLOSED) < due(start, quantity + 1, unit, closed=CLOSED)


@given(STARTS, st.integers(1, 15))
def test_working_days_end_at_five_on_an_open_day_after_the_start(start: datetime, quantity: int) -> None:
    ends = due(start, quantity, Unit.WORKING_DAYS, closed=CLOSED).astimezone(LONDON)
    assert (ends.hour, ends.minute) == (17, 0)
    assert is_working_day(ends.date(), CLOSED)
    assert ends.date() > start.date()


@given(STARTS, st.integers(1, 40))
def test_working_hours_end_while_people_are_at_work(start: datetime, quantity: int) -> None:
    ends = due(start, quantity, Unit.WORKING_HOURS, closed=CLOSED).astimezone(LONDON)
    assert is_working_day(ends.date(), CLOSED)
    assert 9 <= ends.hour < 17 or (ends.hour, ends.minute, ends.second, ends.microsecond) == (17, 0, 0, 0)


@given(STARTS, st.integers(1, 100))
def test_elapsed_hours_are_real_hours(start: datetime, quantity: int) -> None:
    ends = due(start, quantity, Unit.ELAPSED_HOURS, closed=CLOSED)
    assert ends.timestamp() - start.timestamp() == quantity * 3600


@given(STARTS, st.integers(1, 15), HELD)
def test_a_hold_never_makes_it_due_sooner(start: datetime, quantity: int, held: frozenset[date]) -> None:
    for unit in Unit:
        free = reckon(start, quantity, unit, closed=CLOSED)
        assert free.due <= reckon(start, quantity, unit, closed=CLOSED, held=held).due


@given(reckonings())
def test_a_reckoning_is_its_basis(reckoning: Reckoning) -> None:
    assert Reckoning.from_basis(reckoning.basis()) == reckoning


@given(reckonings())
def test_needed_by_only_ever_shortens_and_never_to_before_the_start(reckoning: Reckoning) -> None:
    assert reckoning.start <= reckoning.due <= reckoning.policy_due
    assert reckoning.due in (reckoning.policy_due, reckoning.needed_by)
    assert reckoning.due <= reckoning.overdue_from


@given(reckonings(), STARTS)
def test_the_words_name_the_day_it_is_due(reckoning: Reckoning, now: datetime) -> None:
    local = reckoning.due.astimezone(LONDON)
    said = reckoning.words(now)
    assert f"{local:%a} {local.day} " in said
    assert (str(local.year) in said.split("(")[0]) == (local.year != now.year)


@given(reckonings(), STARTS)
def test_the_strip_counts_to_the_quantity(reckoning: Reckoning, now: datetime) -> None:
    cells = reckoning.days(now)
    if not cells:
        assert reckoning.unit is not Unit.WORKING_DAYS or reckoning.at_once
        return
    assert [cell.kind for cell in cells].count("due") == 1
    assert all(later.date - cell.date == timedelta(days=1) for cell, later in pairwise(cells))
    counted = [cell.word for cell in cells if cell.kind == "counted" and not cell.is_today]
    assert len(counted) < reckoning.quantity
    if not reckoning.by_needed_by:
        striped = sum(cell.kind == "off" for cell in cells)
        until_due = [cell.kind for cell in cells].index("due")
        assert until_due - striped == reckoning.quantity
