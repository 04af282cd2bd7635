"""What readers are told of a release: from published figures alone, and never more than they bear."""

from typing import Any

import pytest

from escalation.disclosure.shown import IN_WORDS, MEANINGS, change, figure, percent
from escalation.reporting.reading import Grid, period_words, reading_of

KINDS = {"plan": "A plan is not moving", "help": "Level of help", "other": "Something else"}
LATE = {"on_time": "Every reply on time", "late": "At least one reply late"}
DIMENSIONS = {"issue_group": ("What it was about", KINDS), "on_time": ("Replies", LATE)}
X = {"value": None, "low": None, "high": None, "symbol": "[x]"}
Z = {**X, "symbol": "[z]"}
Values = tuple[int | None, ...]


def shown(value: int | None) -> dict[str, Any]:
    if value is None:
        return dict(X)
    found = figure(value)
    return {
        "value": value,
        "low": found.low,
        "high": found.high,
        "symbol": found.symbol and str(found.symbol),
    }


def table(*values: int | None, by: str = "issue_group", **more: Any) -> dict[str, Any]:
    """A half-year's table by one thing, or the quarter's total of it where there is one value."""
    total: dict[str, Any] = shown(None if None in values else sum(each or 0 for each in values))
    parts: list[dict[str, Any]] = [{"by": [], "cells": [total]}]
    if len(values) > 1:
        codes = DIMENSIONS[by][1]
        cells = [{by: code, **shown(value)} for code, value in zip(codes, values, strict=True)]
        parts.append({"by": [by], "cells": cells})
    told = {"code": "t", "title": "Opened", "date": "logged", "span": "half_year", "parts": parts}
    return {**told, "quarters": ["2026-27-Q1", "2026-27-Q2"], **more}


def told(*tables: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": "challenges",
        "dimensions": [
            {
                "code": code,
                "label": label,
                "categories": [{"code": each, "label": words} for each, words in kinds.items()],
            }
            for code, (label, kinds) in DIMENSIONS.items()
        ],
        "definitions": {"logged": "Sent in the period."},
        "symbols": {str(symbol): meaning for symbol, meaning in MEANINGS.items()},
        "in_words": IN_WORDS,
        "not_known": "What was never logged.",
        "evidence": [],
        "withdrawn": "",
        "tables": list(tables),
    }


def compared(values: Values, before: Values) -> dict[str, Any]:
    """A table beside that of the period before."""
    found = table(*values)
    for part, earlier in zip(found["parts"], table(*before)["parts"], strict=True):
        for cell, other in zip(part["cells"], earlier["cells"], strict=True):
            if cell["value"] is not None and other["value"] is not None:
                cell["change"] = str(change(other["value"], cell["value"]))
    return found


def grid_of(found: dict[str, Any]) -> Grid:
    return reading_of(told(found)).tables[0].views[0].grid


def rows(grid: Grid) -> list[tuple[str, ...]]:
    return [(row.name, *(cell.words for cell in row.cells)) for row in grid.rows]


def test_a_table_says_each_figure_where_the_true_one_lies_and_all() -> None:
    assert rows(grid_of(table(15, 5, 0))) == [
        ("A plan is not moving", "15", "11 to 19"),
        ("Level of help", "5", "1 to 9"),
        ("Something else", "0 [low]", "0 to 4"),
        ("All", "20", "16 to 24"),
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((20, 10, 5), "the most common worry was “A plan is not moving”"),
        ((10, 5, 20), "the most common worry was “Something else”"),
        ((15, 10, 5), ""),
        ((10, 10, 10), ""),
        ((None, None, None), ""),
    ],
    ids=["leads by 10", "the last leads", "by 5 it may be the rounding", "all the same", "not shown"],
)
def test_the_most_common_is_said_only_from_a_difference_of_10(values: Values, words: str) -> None:
    said = " ".join(reading_of(told(table(*values))).headlines)
    assert (words in said) if words else ("most common" not in said)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (25, ("About 25 challenges were raised.",)),
        (0, ("Few challenges were raised: 0 to 4.",)),
        (None, ()),
    ],
)
def test_the_first_sentence_says_how_many(value: int | None, words: tuple[str, ...]) -> None:
    quarter = table(value, span="quarter", quarters=["2026-27-Q2"])
    assert reading_of(told(quarter)).headlines == words


CHANGES: dict[str, tuple[Values, Values, str]] = {
    "one up": (
        (20, 5, 5),
        (10, 5, 5),
        "up: all together and A plan is not moving; no clear change in the others.",
    ),
    "one up, one down": (
        (20, 5, 0),
        (5, 5, 15),
        "up: A plan is not moving; down: Something else; no clear change in the others.",
    ),
    "nothing clear": ((15, 10, 5), (10, 10, 10), "no clear change compared with the half-year before."),
    "not shown now": ((None, None, None), (10, 10, 10), ""),
    "not shown before": ((10, 10, 10), (None, None, None), ""),
}


@pytest.mark.parametrize(("now", "before", "words"), CHANGES.values(), ids=CHANGES)
def test_what_changed(now: Values, before: Values, words: str) -> None:
    [found] = reading_of(told(compared(now, before))).tables
    assert found.change.endswith(words) if words else found.change == ""


def test_a_first_release_has_nothing_to_compare_with() -> None:
    assert reading_of(told(table(15, 5, 0))).changes == ()


PERCENTAGES = {
    "from 60 on": (50, 20, ": 50 of 70, that is about 70%, between 65% and 78%."),
    "from 30 on": (25, 10, ": 25 of 35, that is between 60% and 83%."),
    "less": (15, 5, ": [x]. Not available for this period."),
}


@pytest.mark.parametrize(("on_time", "late", "words"), PERCENTAGES.values(), ids=PERCENTAGES)
def test_a_percentage_stands_with_its_bounds(on_time: int, late: int, words: str) -> None:
    wanted = {"of": ["on_time"], "among": ["on_time", "late"], "words": percent(on_time, late)}
    [found] = reading_of(told(table(on_time, late, by="on_time", percentage=wanted))).tables
    assert found.words == (f"“Every reply on time” of all{words}",)


def test_the_middle_one_is_told_by_its_band() -> None:
    [found] = reading_of(told(table(15, 5, 0, median=["plan"]))).tables
    assert found.words == ("Half of them are in or under: A plan is not moving.",)
    [found] = reading_of(told(table(None, None, None, median=None))).tables
    assert found.words == ("Half of them are in or under: [x]. Not available for this period.",)


def test_nothing_is_drawn_of_what_is_not_shown_and_the_table_says_so() -> None:
    [found] = reading_of(told(table(None, None, None))).tables
    [view] = found.views
    assert view.chart is None
    assert {cell.words for row in view.grid.rows for cell in row.cells} == {"[x]", ""}


def by_two(inner: Values, margin: Values) -> dict[str, Any]:
    """A year's table by kind and by replies: inner cells row by row, and both its margins of kinds."""
    pairs = [(kind, late) for kind in KINDS for late in LATE]
    cells = [
        {"issue_group": kind, "on_time": late, **shown(value)}
        for (kind, late), value in zip(pairs, inner, strict=True)
    ]
    found = table(*margin)
    across = [{"on_time": late, **shown(10)} for late in LATE]
    parts = [*found["parts"], {"by": ["on_time"], "cells": across}]
    return {**found, "parts": [*parts, {"by": ["issue_group", "on_time"], "cells": cells}]}


def test_two_things_at_once_are_rows_and_columns_with_sums_and_a_chart_one_click_away() -> None:
    found = by_two((5, 5, 10, 0, 0, 0), (10, 10, 0))
    found["parts"][-1]["cells"][-1].update(Z)
    [view] = reading_of(told(found)).tables[0].views
    assert view.grid.heads == ("Every reply on time", "At least one reply late", "All")
    assert view.grid.is_wide
    assert view.one_click_away
    assert rows(view.grid) == [
        ("A plan is not moving", "5", "5", "10"),
        ("Level of help", "10", "0 [low]", "10"),
        ("Something else", "0 [low]", "[z]", "0 [low]"),
        ("All", "10", "10", "20"),
    ]
    assert view.chart is not None
    assert view.chart.bars[-1].words == "[z]"
    found["parts"][-1]["by"].reverse()
    [turned] = reading_of(told(found)).tables[0].views
    assert turned.grid == view.grid, "fewer categories go across, so that the sums are in sight"


def test_where_two_things_at_once_are_not_shown_each_stands_alone() -> None:
    nothing = (None,) * 6
    kinds, replies = reading_of(told(by_two(nothing, (10, 10, 0)))).tables[0].views
    assert (kinds.grid.corner, replies.grid.corner) == ("What it was about", "Replies")
    assert len({kinds.chart and kinds.chart.name, replies.chart and replies.chart.name}) == 2


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        (["2026-27-Q1"], "April to June 2026"),
        (["2026-27-Q4"], "January to March 2027"),
        (["2026-27-Q3", "2026-27-Q4"], "October 2026 to March 2027"),
    ],
)
def test_a_period_in_words(quarters: list[str], words: str) -> None:
    assert period_words(quarters) == words
