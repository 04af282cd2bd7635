"""The report: two years reach all that so few can; each goal can be missed; what is written is checked."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from escalation.assessing import bromley, report
from escalation.assessing.figures import measure
from escalation.assessing.naive import naive_document
from escalation.attacker import Findings, uncover

PAGE = f"# Figures\n\n{report.BEGIN}\n{report.END}\n\nThe end.\n"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    parts: list[str] = []
    found = measure(seeds=2, draws=2, periods=20, support_draws=300, told=parts.append)
    assert len(parts) == len(set(parts))
    return found


@pytest.mark.proof
def test_two_years_reach_every_goal_that_needs_no_large_sample(figures: dict[str, Any]) -> None:
    assert [each for each in report.goals(figures) if not (each.reached or each.sampled)] == []
    assert not report.large_enough(figures)


@pytest.mark.proof
def test_the_figures_are_json_and_their_block_replaces_the_old_one(figures: dict[str, Any]) -> None:
    kept = json.loads(json.dumps(figures))
    page = report.with_block(PAGE, kept)
    assert page.startswith("# Figures\n\n<!-- figures")
    assert page.endswith("<!-- end of figures -->\n\nThe end.\n")
    assert report.with_block(page, kept) == page
    with pytest.raises(ValueError, match="needs the lines <!-- figures"):
        report.with_block("# Figures", kept)


SPOILT = {
    "a cell recovered": (("plans", "challenges_small", "exact"), 1),
    "a small number certain": (("plans", "lado_middle", "small"), 1),
    "a release refused": (("plans", "challenges_large", "refused"), 1),
    "an error of 5": (("plans", "challenges_middle", "greatest error"), 5),
    "a table that does not add up": (("plans", "benchmark", "sums that do not hold"), 1),
    "a period without a rounding": (("roundings", "challenges_small", "infeasible"), 1),
    "an attacker that is broken": (("naive", "with the year to date too"), 0.5),
    "a way to do it wrong that is let through": (("mutations", "a second draw", "refused"), 0.99),
    "biased": (("bias", "challenges_large", "root mean square"), 0.21),
    "a rounding that is never drawn": (("support", "never drawn"), 1),
    "slow": (("plans", "challenges_large", "seconds to round"), 0.6),
}


@pytest.mark.parametrize(("path", "value"), SPOILT.values(), ids=SPOILT)
def test_each_goal_can_be_missed(path: tuple[str, ...], value: float) -> None:
    kept = json.loads((DOCS / "disclosure-figures.json").read_text(encoding="utf-8"))
    spoilt = copy.deepcopy(kept)
    inner = spoilt
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert all(each.reached for each in report.goals(kept))
    assert [each.reached for each in report.goals(spoilt)].count(False) == 1


@pytest.mark.parametrize("year", bromley.YEARS, ids=lambda year: year.name)
def test_what_bromley_published_adds_up_as_it_did(year: bromley.Year) -> None:
    assert year.total == {"2021-22": 204, "2016-17": 223}[year.name]
    assert year.counts.get("No meeting", 117) == 117


def test_of_a_year_the_usual_rule_would_have_hidden_nothing() -> None:
    """One allegation in 2021-22 was false: the total less all others."""
    year = bromley.YEARS[0]
    (found,) = uncover([naive_document(year.plan, [year.plan.since], year.counter)])
    assert dict(found.where[2]) == {"outcome": "False"}
    assert (found.low, found.high) == (1, 1)
    assert Findings.of([found]).exact == 1


def test_the_worked_years_are_always_the_same() -> None:
    page = bromley.page()
    assert page == bromley.page()
    assert page.count("0 known exactly, 0 certain to be 1 to 4, 0 known to less than 4.") == 2
