"""The attacker takes the usual rule apart, and learns nothing from what we publish."""

from statistics import mean
from typing import Any

import numpy as np
import pytest

from escalation.assessing import benchmark
from escalation.assessing.generating import counter
from escalation.assessing.naive import naive_document
from escalation.assessing.years import drawn, released
from escalation.attacker import Findings, attack, uncover
from escalation.disclosure.plan import Plan
from escalation.disclosure.plan_files import shipped_plans

PLANS = {plan.key: plan for plan in (*shipped_plans(), benchmark.plan())}
SEEDS = [
    pytest.param(range(2), id="2 seeds"),
    pytest.param(range(20), id="20 seeds", marks=pytest.mark.proof),
]


def naive(seed: int, *, year_to_date: bool) -> Findings:
    plan = benchmark.plan()
    cases = benchmark.generate(4, np.random.default_rng(seed))
    quarters = range(plan.since, plan.since + 4)
    return Findings.of(uncover([naive_document(plan, quarters, counter(cases), year_to_date=year_to_date)]))


@pytest.mark.parametrize("seeds", SEEDS)
def test_hiding_1_to_4_is_undone_by_margins_and_by_the_year_to_date(seeds: range) -> None:
    """Else the attacker is broken: these are what it must find at least, on the mean of 20 seeds."""
    with_margins = mean(naive(seed, year_to_date=False).share for seed in seeds)
    with_year = mean(naive(seed, year_to_date=True).share for seed in seeds)
    assert with_margins >= 0.34
    assert with_year >= 0.94


@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_nothing_is_learnt_from_what_we_publish(plan: Plan, seeds: range) -> None:
    """From what readers are given, and from all that was drawn, as if all of it were shown.

    The tables of the benchmark go round in a ring, so they have no certificate; they are only drawn.
    """
    for seed in seeds:
        ring = plan.key == "benchmark"
        releases = drawn(plan, seed) if ring else released(plan, seed)
        for documents in (releases.documents, [releases.everything]):
            found = Findings.of(attack(documents, from_the_start=not ring))
            assert found.cells > 0
            assert (found.exact, found.small, found.narrow) == (0, 0, 0)


def test_the_attacker_sees_a_second_draw() -> None:
    """The same cases drawn twice, both published."""
    plan = PLANS["challenges_middle"]
    draws = [drawn(plan, 1, bits).everything for bits in (bytes(32), bytes([1] * 32))]
    assert [Findings.of(attack([each])).narrow for each in draws] == [0, 0]
    both = Findings.of(attack(draws))
    assert both.narrow > both.cells / 10
    assert both.small > 0


def test_the_attacker_finds_what_is_left_when_all_but_one_is_known() -> None:
    def cell(name: str, value: int | None) -> dict[str, Any]:
        return {"outcome": name, "value": value, "symbol": "[c]" if value is None else None}

    table = {
        "date": "closed",
        "quarters": ["2026-27-Q1"],
        "parts": [
            {"cells": [{"value": 13, "symbol": None}]},
            {"cells": [cell("changed", 7), cell("stays", 4 + 1), cell("other", None)]},
        ],
    }
    (found,) = uncover([{"tables": [table]}])
    assert (found.low, found.high) == (1, 1)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_what_is_derived_follows_from_the_figures_that_are_shown(plan: Plan) -> None:
    """Percentages, medians, sums and changes are worked out again, from the same document."""
    documents = drawn(plan, 3).documents
    shown = {
        (table["code"], tuple(table["quarters"]), _key(cell)): cell["value"]
        for document in documents
        for table in document["tables"]
        for part in table["parts"]
        for cell in part["cells"]
    }
    for document in documents:
        for table in document["tables"]:
            _check_percentage(table)
            _check_median(table)
            for part in table["parts"]:
                for cell in part["cells"]:
                    _check_over_time(table, cell, shown)


def _key(cell: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    derived = {"value", "low", "high", "symbol", "change", "year_to_date", "last_four"}
    return tuple((code, name) for code, name in cell.items() if code not in derived)


def _one_way(table: dict[str, Any]) -> dict[str, int | None]:
    cells = next(part["cells"] for part in table["parts"] if len(part["by"]) == 1)
    return {_key(cell)[0][1]: cell["value"] for cell in cells}


def _check_percentage(table: dict[str, Any]) -> None:
    if "percentage" not in table:
        return
    values, words = _one_way(table), table["percentage"]["words"]
    among = [values[name] for name in table["percentage"]["among"]]
    if None in among or sum(each or 0 for each in among) < 30:
        assert words == "[x]"
        return
    whole = sum(each or 0 for each in among)
    of = sum(values[name] or 0 for name in table["percentage"]["of"])
    if whole >= 60:
        assert abs(int(words.removesuffix("%")) - 100 * of / whole) <= 2.5
    else:
        assert words.startswith("between")


def _check_median(table: dict[str, Any]) -> None:
    if "median" not in table:
        return
    values = _one_way(table)
    if None in values.values():
        assert table["median"] is None
        return
    ranked = [name for name, value in values.items() for _ in range(value or 0)]
    half = len(ranked) // 2
    middle = dict.fromkeys([ranked[half - 1], ranked[half]] if len(ranked) % 2 == 0 else [ranked[half]])
    assert table["median"] == list(middle)


def _check_over_time(table: dict[str, Any], cell: dict[str, Any], shown: dict[Any, int | None]) -> None:
    if table["span"] != "quarter":
        assert "year_to_date" not in cell
        return
    (quarter,) = table["quarters"]
    if "year_to_date" in cell:
        year = [f"{quarter[:-1]}{number}" for number in range(1, int(quarter[-1]) + 1)]
        found = [shown.get((table["code"], (each,), _key(cell))) for each in year]
        expected = None if None in found else sum(each or 0 for each in found)
        assert cell["year_to_date"]["value"] == expected
