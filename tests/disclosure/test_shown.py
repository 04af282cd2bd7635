"""What readers are shown, by hand: windows, percentages, medians, up and down, and what is not shown."""

import pytest

from escalation.disclosure.shown import (
    Change,
    Symbol,
    added,
    change,
    figure,
    is_shown,
    median_bands,
    percent,
    percent_range,
)
from escalation.disclosure.tables import Dimension, Layout


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0, that is 0 to 4"), (5, "5, that is 1 to 9"), (40, "40, that is 36 to 44")]
)
def test_a_figure_says_its_window(value: int, words: str) -> None:
    assert figure(value).words == words


def test_nought_is_marked_as_low() -> None:
    assert figure(0).symbol is Symbol.LOW
    assert figure(5).symbol is None


PERCENT = [
    (30, 10, "between 65% and 85%"),
    (0, 30, "between 0% and 14%"),
    (30, 0, "between 86% and 100%"),
    (15, 15, "between 36% and 64%"),
    (45, 15, "75%"),
    (20, 40, "35%"),
    (0, 60, "0%"),
    (25, 35, "40%"),
    (15, 10, "[x]"),
    (0, 0, "[x]"),
]


@pytest.mark.parametrize(("of", "rest", "words"), PERCENT)
def test_a_percentage_is_as_exact_as_its_denominator_allows(of: int, rest: int, words: str) -> None:
    assert percent(of, rest) == words


def test_a_percentage_range_holds_every_true_one() -> None:
    for of in range(0, 45, 5):
        rest = 40 - of
        low, high = percent_range(of, rest)
        truths = [
            100 * o / (o + r)
            for o in range(max(0, of - 4), of + 5)
            for r in range(max(0, rest - 4), rest + 5)
        ]
        assert low <= min(truths)
        assert max(truths) <= high
        assert min(truths) - low < 1
        assert high - max(truths) < 1


MEDIANS = [
    ([5, 10, 5], (1, 1)),
    ([10, 0, 10], (0, 2)),
    ([10, 10, 0], (0, 1)),
    ([0, 0, 20], (2, 2)),
    ([5, 5, 5], None),
    ([0, 0, 0], None),
]


@pytest.mark.parametrize(("values", "bands"), MEDIANS)
def test_the_median_is_a_band_or_lies_between_two(values: list[int], bands: tuple[int, int] | None) -> None:
    assert median_bands(values) == bands


CHANGES = [(10, 20, Change.UP), (10, 15, Change.NO_CLEAR), (20, 10, Change.DOWN), (0, 0, Change.NO_CLEAR)]


@pytest.mark.parametrize(("before", "now", "said"), CHANGES)
def test_up_and_down_need_a_difference_of_10(before: int, now: int, said: Change) -> None:
    assert change(before, now) is said


FOUR_BY_SIX = Layout(
    [Dimension("stage", tuple("1234")), Dimension("issue", tuple("abcdef"))], [("stage", "issue")]
)
SHOWN = [
    ((), 0, True),
    (("stage",), 15, False),
    (("stage",), 20, True),
    (("stage", "issue"), 45, False),
    (("stage", "issue"), 50, True),
]


@pytest.mark.parametrize(("face", "total", "shown"), SHOWN)
def test_a_table_is_shown_from_twice_its_cells_on(face: tuple[str, ...], total: int, shown: bool) -> None:
    assert is_shown(FOUR_BY_SIX, face, total) is shown


def test_structural_zeros_are_no_cells_that_need_cases() -> None:
    zeros = [(("stage", "4"), ("issue", issue)) for issue in "abcde"]
    layout = Layout(list(FOUR_BY_SIX.dimensions.values()), [("stage", "issue")], zeros)
    assert is_shown(layout, ("stage", "issue"), 40)


def test_a_sum_over_quarters_widens_its_window_and_needs_them_all() -> None:
    assert added([5, 0, 10], 3).words == "15, that is 3 to 27"
    assert added([5, None, 10], 3).words == "[x]"
    assert added([5, 10], 3).words == "[x]"
    assert added([0, 0], 2).symbol is Symbol.LOW
