"""Cells, margins and what links them."""

import pytest

from escalation.assessing.small import ISSUE, OUTCOME, STAGE
from escalation.disclosure.tables import TOTAL, Dimension, Layout

LINKED = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome"), ("stage", "issue")])


def test_tables_that_share_a_dimension_share_its_margin_and_the_total() -> None:
    assert len(LINKED) == 1 + 3 + 3 + 2 + 9 + 6
    assert len(set(LINKED.cells)) == len(LINKED)


def test_a_case_is_counted_once_in_each_face() -> None:
    counts = LINKED.count(
        [
            {"stage": "1", "outcome": "changed", "issue": "help"},
            {"stage": "1", "outcome": "changed", "issue": "plan"},
            {"stage": "3", "outcome": "other", "issue": "plan"},
        ]
    )
    cell = LINKED.index
    assert counts[cell[TOTAL]] == 3
    assert counts[cell[("stage", "1"),]] == 2
    assert counts[cell[("stage", "1"), ("outcome", "changed")]] == 2
    assert counts[cell[("stage", "3"), ("issue", "plan")]] == 1
    assert counts[cell[("stage", "2"),]] == 0
    assert not LINKED.sums.times(counts).any()


def test_a_wrong_margin_breaks_a_sum() -> None:
    counts = LINKED.count([{"stage": "1", "outcome": "changed", "issue": "help"}])
    counts[LINKED.index[("stage", "1"),]] += 1
    assert LINKED.sums.times(counts).any()


def test_no_cases_are_counted_as_noughts() -> None:
    assert not LINKED.count([]).any()


def test_three_dimensions_bring_all_their_margins() -> None:
    cube = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome", "issue")])
    assert len(cube) == (3 + 1) * (3 + 1) * (2 + 1)


def test_structural_zeros_have_no_cell() -> None:
    layout = Layout([STAGE, OUTCOME], [("stage", "outcome")], [(("stage", "3"), ("outcome", "stays"))])
    assert (("stage", "3"), ("outcome", "stays")) not in layout.index
    with pytest.raises(ValueError, match="where the plan says none can be"):
        layout.count([{"stage": "3", "outcome": "stays"}])


def test_an_unknown_category_is_refused_not_dropped() -> None:
    with pytest.raises(ValueError, match="“stage” has no category for '4'"):
        LINKED.count([{"stage": "4", "outcome": "other", "issue": "plan"}])


def test_a_table_of_an_unknown_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="no dimension “colour”"):
        Layout([STAGE], [("stage", "colour")])


def test_the_order_in_which_tables_are_named_changes_nothing() -> None:
    other = Layout([STAGE, OUTCOME, ISSUE], [("issue", "stage"), ("outcome", "stage")])
    assert other.cells == LINKED.cells


def test_a_dimension_with_one_category_is_no_row_to_judge() -> None:
    layout = Layout([Dimension("only", ("one",)), ISSUE], [("only",), ("issue",)])
    assert [len(row) for row in layout.rows] == [2]
