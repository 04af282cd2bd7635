"""Names, turns and days as people say them."""

from datetime import date, datetime

import pytest

from escalation.challenges.wording import step as step_words
from escalation.challenges.wording.names import (
    due_words,
    full_day,
    number,
    possessive,
    said_at,
    since,
    whose_turn,
)
from escalation.challenges.workflow import STEPS
from tests.moments import london

NOW = london(2026, 12, 30, 11, 20)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["social care"], "It is social care's turn"),
        (["the police", "Riverway"], "It is the police's turn, and Riverway's"),
        (
            ["the school", "the police", "Early Years"],
            "It is the school's turn, and the police's and Early Years'",
        ),
        (["the lead safeguarding partners"], "It is the lead safeguarding partners' turn"),
    ],
)
def test_whose_turn_it_is(names: list[str], words: str) -> None:
    assert whose_turn(names) == words


@pytest.mark.parametrize(
    ("name", "words"), [("health visiting", "health visiting's"), ("Family Services", "Family Services'")]
)
def test_possessives(name: str, words: str) -> None:
    assert possessive(name) == words


@pytest.mark.parametrize(("count", "word"), [(0, "no"), (2, "two"), (12, "twelve"), (13, "13")])
def test_small_numbers_are_words(count: int, word: str) -> None:
    assert number(count) == word


@pytest.mark.parametrize(
    ("moment", "said", "late_since"),
    [
        (london(2026, 12, 30, 11, 5), "today at 11:05am", "today, 11:05am"),
        (london(2026, 12, 29, 17), "yesterday at 5pm", "yesterday, 5pm"),
        (london(2026, 12, 23, 10, 20), "on Wed 23 Dec, 10:20am", "Wed 23 Dec, 10:20am"),
        (london(2027, 1, 4, 17), "on Mon 4 Jan 2027, 5pm", "Mon 4 Jan 2027, 5pm"),
    ],
)
def test_moments_near_and_far(moment: datetime, said: str, late_since: str) -> None:
    assert (said_at(moment, NOW), since(moment, NOW)) == (said, late_since)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 3), "Sunday 3 January"),  # next week: nobody needs the year
        (date(2026, 12, 31), "Thursday 31 December"),
        (date(2027, 9, 1), "Wednesday 1 September 2027"),
    ],
)
def test_the_year_of_a_day_is_said_when_it_is_far(day: date, words: str) -> None:
    assert full_day(day, NOW) == words


def test_what_is_due_at_once_is_shown_without_a_time() -> None:
    assert due_words(london(2026, 12, 29, 17)) == "Tuesday 29 December 2026, 5pm"
    assert due_words(london(2026, 12, 29, 10, 20), at_once=True) == "Tuesday 29 December 2026"


def test_every_step_has_a_heading_and_a_button() -> None:
    for step in STEPS:
        assert step_words.heading(step)
        assert step_words.button(step)
    assert set(step_words.BUTTONS) <= {step.name for step in STEPS}
