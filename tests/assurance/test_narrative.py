"""What a pack may say in words: published numbers, the names of standard and period, nothing else counted."""

import pytest

from escalation.retelling.narrative import flagged_words, published_numbers, strange_numbers

PUBLISHED = {"25", "21", "29", "0", "4", "1,000"}
NAMED = {"standard 4", "MSCP Section 11 2021-22", "April to June 2026", "2026-27-Q1", "quarter 1"}
SAID: dict[str, list[str]] = {
    "About 25 challenges were raised, between 21 and 29.": [],
    "Standard 4 (MSCP Section 11 2021-22), April to June 2026, 2026-27-Q1.": [],
    "We raised 7 of them.": ["7"],
    "Seven came from schools, and about 25 in all.": ["seven"],
    "About 1,200, or 12.5 %.": ["1,200", "12.5"],
    "In 2026 there were 26.": ["2026", "26"],
    "Twenty of them, a dozen late, half of them settled.": ["twenty", "dozen", "half"],
    "Twice it came back, and 7 and 7 again.": ["7", "twice"],
    "No number at all. H2O and section11b are names.": [],
    "Four to twenty.": ["twenty"],
}


@pytest.mark.parametrize("text", SAID)
def test_a_number_that_nobody_published_is_found(text: str) -> None:
    assert strange_numbers(text, published=PUBLISHED, named=NAMED) == SAID[text]


def test_words_that_say_more_than_a_rounded_figure_are_flagged() -> None:
    text = "Only one rose slightly; none fell. The first of its kind."
    assert flagged_words(text) == ["only", "one", "rose", "slightly", "none", "fell", "first"]
    assert flagged_words("About 25 were raised.") == []


def test_the_numbers_of_a_release_are_its_figures_and_their_ranges() -> None:
    cell = {
        "value": 25,
        "low": 21,
        "high": 29,
        "symbol": None,
        "year_to_date": {"value": 50, "low": 42, "high": 58},
    }
    told = {
        "edition": 3,
        "tables": [{"parts": [{"cells": [cell, {"value": None, "low": None, "high": None}]}]}],
    }
    assert published_numbers(told) == {"25", "21", "29", "50", "42", "58"}
    assert published_numbers(None) == set()
