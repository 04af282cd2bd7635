"""A due time explains itself: in a line, in pieces, and as a strip of days. Words are the design board's."""

from datetime import date, datetime, time

import pytest

from escalation.policy import words
from escalation.policy.calendar import bank_holidays
from escalation.policy.clock import LONDON, Reckoning, Unit, reckon

CLOSED = bank_holidays(2026, 2028)
WD = Unit.WORKING_DAYS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


WEDNESDAY = at("2026-12-23 10:20")
THURSDAY = at("2026-12-24 09:00")
CHRISTMAS = reckon(WEDNESDAY, 2, WD, closed=CLOSED)
CONFERENCE = reckon(WEDNESDAY, 2, WD, closed=CLOSED, needed_by=at("2026-12-29 10:00"))


def test_a_reply_over_christmas_says_what_does_not_count() -> None:
    assert CHRISTMAS.words(THURSDAY) == (
        "by Tue 29 Dec, 5pm (sent Wed 23 Dec; 2 working days; Christmas Day, the weekend and the bank "
        "holiday on Monday 28 December don't count)"
    )
    assert CHRISTMAS.due_long() == "Tuesday 29 December 2026, 5pm"
    assert CHRISTMAS.due_short(THURSDAY) == "Tue 29 Dec, 5pm"
    assert CHRISTMAS.quantity_words() == "2 working days"
    assert CHRISTMAS.heading() == "2 working days, counted like this"


def test_a_year_is_said_only_where_it_changes() -> None:
    raised = reckon(at("2026-12-30 09:00"), 2, WD, closed=CLOSED)
    before, after = at("2026-12-30 12:00"), at("2027-01-03 12:00")
    assert raised.words(before, sent="raised") == (
        "by Mon 4 Jan 2027, 5pm (raised Wed 30 Dec; 2 working days; "
        "New Year's Day and the weekend don't count)"
    )
    assert raised.words(after).startswith("by Mon 4 Jan, 5pm (sent Wed 30 Dec 2026; ")


def test_the_fast_track_says_that_weekends_count() -> None:
    fast = reckon(at("2027-01-02 10:20"), 4, Unit.ELAPSED_HOURS, closed=CLOSED)
    now = at("2027-01-02 11:00")
    assert fast.words(now) == "by Sat 2 January, 2:20pm (4 hours; weekends count)"
    assert fast.days(now) == []


def test_needed_by_says_why_it_is_sooner() -> None:
    assert CONFERENCE.needed_by_sentence(what="the conference") == (
        "You need it before the conference on Tuesday 29 December at 10am. So the time is 10am, not 5pm."
    )
    assert CONFERENCE.words(THURSDAY, who="They") == (
        "by Tue 29 Dec, 10am (sent Wed 23 Dec; sooner than 2 working days). "
        "They need it before 10am on Tuesday 29 December. So the time is 10am, not 5pm."
    )
    assert CONFERENCE.heading() == "Sooner than 2 working days"
    assert CHRISTMAS.needed_by_sentence() == ""


def test_needed_by_on_another_day_names_both_days() -> None:
    discharge = reckon(WEDNESDAY, 2, WD, closed=CLOSED, needed_by=at("2026-12-24 12:00"))
    assert discharge.needed_by_sentence() == (
        "You need it before midday on Thursday 24 December. "
        "So the time is Thu 24 Dec, midday, not Tue 29 Dec, 5pm."
    )


def test_a_needed_by_that_does_not_win_is_not_spoken_of() -> None:
    later = reckon(WEDNESDAY, 2, WD, closed=CLOSED, needed_by=at("2026-12-30 10:00"))
    assert later.words(THURSDAY) == CHRISTMAS.words(THURSDAY)


def test_after_a_hold_the_old_time_stays_in_the_explanation() -> None:
    moved = CHRISTMAS.after_hold(closed=CLOSED, held=[date(2026, 12, 29), date(2026, 12, 24)])
    assert moved.words(THURSDAY) == (
        "by Thu 31 Dec, 5pm (sent Wed 23 Dec; 2 working days; Thursday 24 and Tuesday 29 December (clock "
        "stopped), Christmas Day, the weekend and the bank holiday on Monday 28 December don't count). "
        "The clock was stopped, so the time moved from Tue 29 Dec, 5pm."
    )
    assert Reckoning.from_basis(moved.basis()) == moved


def test_a_hold_that_moves_nothing_is_not_spoken_of() -> None:
    assert CHRISTMAS.after_hold(closed=CLOSED, held=[]).hold_sentence(THURSDAY) == ""


def test_at_once_has_no_time() -> None:
    now = reckon(WEDNESDAY, 0, WD, closed=CLOSED)
    assert now.words(THURSDAY) == "at once, on Wed 23 Dec"
    assert now.due_long() == "Wednesday 23 December 2026"
    assert now.heading() == "At once"
    assert now.days(THURSDAY) == []


def test_where_every_day_counts_nothing_is_said_about_days() -> None:
    tuesday = reckon(at("2026-06-09 10:00"), 2, WD, closed=CLOSED)
    assert tuesday.words(at("2026-06-09 11:00")) == "by Thu 11 Jun, 5pm (sent Tue 9 Jun; 2 working days)"
    assert tuesday.uncounted_sentence() == ""


def test_working_hours_over_a_weekend() -> None:
    match = reckon(at("2026-06-12 16:00"), 4, Unit.WORKING_HOURS, closed=CLOSED)
    assert match.words(at("2026-06-12 16:30")) == (
        "by Mon 15 Jun, midday (sent Fri 12 Jun; 4 working hours; the weekend doesn't count)"
    )


@pytest.mark.parametrize(
    ("start", "quantity", "said"),
    [
        ("2026-04-02 10:00", 1, "Good Friday, the weekend and Easter Monday don't count."),
        ("2026-06-12 10:00", 1, "The weekend doesn't count."),
        ("2026-06-12 10:00", 6, "The weekends don't count."),
        (
            "2027-12-24 10:00",
            1,
            "The weekend and the bank holidays on Monday 27 and Tuesday 28 December don't count.",
        ),
        ("2026-05-01 10:00", 1, "The weekend and the early May bank holiday don't count."),
        ("2026-08-28 10:00", 1, "The weekend and the summer bank holiday don't count."),
        ("2026-04-03 10:00", 1, "The weekend and Easter Monday don't count."),
        (
            "2027-12-24 10:00",
            4,
            "The weekends and the bank holidays on Monday 27, Tuesday 28 December and Monday 3 January "
            "don't count.",
        ),
    ],
)
def test_days_that_do_not_count_are_named(start: str, quantity: int, said: str) -> None:
    assert reckon(at(start), quantity, WD, closed=CLOSED).uncounted_sentence() == said


def test_a_local_closed_day_gives_its_reason() -> None:
    closed = CLOSED | {date(2026, 6, 10): "council closed for training and planning"}
    sentence = reckon(at("2026-06-09 10:00"), 1, WD, closed=closed).uncounted_sentence()
    assert sentence == "Wednesday 10 June (council closed for training and planning) doesn't count."


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (time(17), "5pm"),
        (time(14, 20), "2:20pm"),
        (time(9), "9am"),
        (time(10, 5), "10:05am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(0), "midnight"),
        (time(0, 15), "12:15am"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_times_as_people_say_them(clock: time, said: str) -> None:
    assert words.time_words(datetime.combine(date(2026, 6, 9), clock, tzinfo=LONDON)) == said


# The strip of days


def strip(reckoning: Reckoning, now: datetime) -> str:
    marks = {"sent": "", "counted": "", "off": "/", "due": "!", "after": "+"}
    cells = (
        f"{cell.weekday} {cell.date.day} {marks[cell.kind]}{cell.word}{' *' if cell.is_today else ''}"
        for cell in reckoning.days(now)
    )
    return " | ".join(cells)


def test_the_strip_over_christmas() -> None:
    assert strip(CHRISTMAS, THURSDAY) == (
        "Wed 23 sent | Thu 24 day 1 * | Fri 25 /Xmas | Sat 26 / | Sun 27 / | Mon 28 /bank hol. | Tue 29 !5pm"
    )
    assert CHRISTMAS.strip_sentence(THURSDAY) == (
        "Today is day 1. Striped days don't count: "
        "Christmas Day, the weekend and the bank holiday on Monday 28 December."
    )


def test_the_strip_goes_on_to_today_when_it_is_overdue() -> None:
    now = at("2026-12-30 09:00")
    assert strip(CHRISTMAS, now).endswith("Mon 28 /bank hol. | Tue 29 !due 5pm | Wed 30 +today *")
    assert [cell.missed for cell in CHRISTMAS.days(now)].count(True) == 1


def test_the_strip_of_a_long_overdue_answer_ends_where_it_was_due() -> None:
    assert strip(CHRISTMAS, at("2027-02-01 09:00")).endswith("Tue 29 !due 5pm")


def test_the_strip_on_its_first_and_last_day() -> None:
    answered = reckon(at("2026-12-30 09:00"), 2, WD, closed=CLOSED)
    assert strip(answered, at("2026-12-30 10:00")) == (
        "Wed 30 today * | Thu 31 day 1 | Fri 1 /bank hol. | Sat 2 / | Sun 3 / | Mon 4 !5pm"
    )
    assert strip(answered, at("2027-01-04 10:00")).endswith("Mon 4 !5pm *")


def test_the_strip_ends_at_needed_by() -> None:
    assert strip(CONFERENCE, THURSDAY).endswith("Tue 29 !10am")


def test_held_days_are_striped() -> None:
    held = CHRISTMAS.after_hold(closed=CLOSED, held=[date(2026, 12, 24)])
    assert strip(held, WEDNESDAY) == (
        "Wed 23 today * | Thu 24 /stopped | Fri 25 /Xmas | Sat 26 / | Sun 27 / | Mon 28 /bank hol. "
        "| Tue 29 day 1 | Wed 30 !5pm"
    )


def test_each_day_says_its_meaning_to_a_screen_reader() -> None:
    hidden = [cell.hidden for cell in CHRISTMAS.days(THURSDAY)]
    assert hidden == [
        "sent, day 0",
        "counts as day 1, today",
        "does not count: Christmas Day",
        "does not count: Saturday",
        "does not count: Sunday",
        "does not count: bank holiday for Boxing Day",
        "due by 5pm",
    ]
