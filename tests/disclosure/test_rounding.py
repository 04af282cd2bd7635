"""Random controlled rounding: near, additive, right on average, and nothing that can happen is left out."""

import os
import platform
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from escalation.assessing.figures import support
from escalation.assessing.small import ISSUE, OUTCOME, STAGE, all_roundings, cases, stream
from escalation.disclosure.randomness import Stream
from escalation.disclosure.rounding import BASE, Infeasible, around, round_counts
from escalation.disclosure.tables import TOTAL, Dimension, Ints, Layout

STAR = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome"), ("stage", "issue")])
# Three tables in a ring: their walks often end between roundings.
RING = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome"), ("outcome", "issue"), ("stage", "issue")])
SMALL = Layout([ISSUE, Dimension("met", ("yes", "no"))], [("issue", "met")])
LAYOUTS = {"star": STAR, "ring": RING, "small": SMALL}


def counts_of(layout: Layout, number: int, seed: int = 0) -> Ints:
    return layout.count(cases(list(layout.dimensions.values()), number, seed))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("number", [0, 1, 4, 5, 6, 9, 23, 80])
def test_every_cell_is_within_4_and_every_table_adds_up(layout: Layout, number: int) -> None:
    for seed in range(5):
        counts = counts_of(layout, number, seed)
        values = round_counts(layout, counts, stream(seed))
        assert not (values % BASE).any()
        assert (np.abs(values - counts) < BASE).all()
        assert not layout.sums.times(values).any()


def test_noughts_and_multiples_of_5_stay() -> None:
    counts = STAR.count(cases([STAGE, OUTCOME, ISSUE], 1, 0) * 10)
    assert (round_counts(STAR, counts, stream(1)) == counts).all()


def test_the_same_bits_give_the_same_figures_and_others_give_others() -> None:
    counts = counts_of(STAR, 40)
    first = round_counts(STAR, counts, stream(1))
    assert (first == round_counts(STAR, counts, stream(1))).all()
    assert any((first != round_counts(STAR, counts, stream(number))).any() for number in range(2, 6))


OLDER = "Prescott" if platform.machine() == "x86_64" else "ARMV8"
"""A processor of which the linear algebra has a code path of its own, and which every newer one can run."""


def drawn() -> str:
    layouts = [layout for layout in LAYOUTS.values() for _ in range(10)]
    draws = (round_counts(each, counts_of(each, 40), stream(seed)) for seed, each in enumerate(layouts))
    return str([list(map(int, values)) for values in draws])


def test_the_same_bits_give_the_same_figures_on_another_processor() -> None:
    """A release goes on after a crash, perhaps on another machine."""
    script = "from tests.disclosure.test_rounding import drawn; print(drawn())"
    environment = os.environ | {"OPENBLAS_CORETYPE": OLDER}
    other = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == drawn()


def test_a_total_of_6_is_5_four_times_of_five() -> None:
    layout = Layout([ISSUE], [("issue",)])
    counts = layout.count([{"issue": "help"}] * 4 + [{"issue": "plan"}] * 2)
    totals = Counter(
        int(round_counts(layout, counts, stream(number))[layout.index[TOTAL]]) for number in range(1000)
    )
    assert set(totals) == {5, 10}
    assert 740 < totals[5] < 860  # 800, give or take five standard deviations


def reached(layout: Layout, counts: Ints, draws: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(map(int, round_counts(layout, counts, stream(number)))) for number in range(draws))


SUPPORT = {
    "small": (SMALL, [3, 4, 2, 1]),
    "with a multiple of 5": (SMALL, [5, 4, 2, 1]),
}


@pytest.mark.parametrize(("layout", "inner"), SUPPORT.values(), ids=SUPPORT)
def test_every_rounding_is_drawn_and_no_other(layout: Layout, inner: list[int]) -> None:
    """The rarest of these has a chance over 1 in 100: to miss it in 1,500 draws is one in three million."""
    counts = small_counts(inner)
    assert set(reached(layout, counts, 1500)) == set(all_roundings(layout, counts))


def test_from_a_ring_every_rounding_is_drawn_and_no_other() -> None:
    """The rarest has a chance of 3 in 100: to miss it in 400 draws is one in a hundred thousand."""
    found = support(400)
    assert found["roundings"] == 10
    assert (found["never drawn"], found["drawn and impossible"]) == (0, 0)


def small_counts(inner: list[int]) -> Ints:
    pairs = [(issue, met) for issue in ("help", "plan") for met in ("yes", "no")]
    return SMALL.count(
        [{"issue": i, "met": m} for (i, m), times in zip(pairs, inner, strict=True) for _ in range(times)]
    )


def test_the_chance_of_each_cell_is_its_remainder() -> None:
    """Means of 2,000 draws: no cell is off by more than five standard errors."""
    counts = small_counts([3, 4, 2, 1])
    draws = np.array([round_counts(SMALL, counts, stream(number)) for number in range(2000)])
    remainder = counts % BASE
    error = np.sqrt(remainder * (BASE - remainder) / len(draws))
    assert (np.abs(draws.mean(axis=0) - counts) <= 5 * error + 1e-9).all()


def test_what_binds_a_cell_is_kept_and_the_rest_still_adds_up() -> None:
    counts = counts_of(STAR, 47)
    lower, upper = around(counts)
    free = np.flatnonzero(upper > lower)[[0, -1]]  # the total, and a cell inside
    most = upper.copy()
    most[free] = lower[free]
    for number in range(20):
        values = round_counts(STAR, counts, stream(number), most=most)
        assert (values[free] == lower[free]).all()
        assert not STAR.sums.times(values).any()


def test_what_is_wanted_of_a_cell_is_what_it_is_on_average() -> None:
    """A total of 7 goes up twice in five times; where it is wanted, four times. The rest follows it."""
    counts = small_counts([3, 2, 1, 1])
    wanted = np.full(len(SMALL), np.nan)
    total = SMALL.index[TOTAL]
    for chance in (0.4, 0.8):
        wanted[total] = chance
        draws = [round_counts(SMALL, counts, stream(number), wanted=wanted) for number in range(1000)]
        assert np.mean([draw[total] == 10 for draw in draws]) == pytest.approx(chance, abs=0.06)
        assert not any(SMALL.sums.times(draw).any() for draw in draws)


def test_what_cannot_be_is_refused() -> None:
    counts = small_counts([3, 0, 0, 0])
    bound = np.zeros(len(SMALL), dtype=np.int64)
    bound[SMALL.index[TOTAL]] = 5
    most = around(counts)[1].copy()
    most[SMALL.index[("issue", "help"),]] = 0
    with pytest.raises(Infeasible):
        round_counts(SMALL, counts, stream(1), least=bound, most=most)


def test_counts_that_do_not_add_up_are_refused() -> None:
    counts = small_counts([3, 4, 2, 1])
    counts[0] += 1
    with pytest.raises(ValueError, match="do not add up"):
        round_counts(SMALL, counts, stream(1))


def test_bits_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="32 random bytes, not 16"):
        Stream(bytes(16))
