"""Insiders, beliefs and usefulness: figures on a plan, by hand where it can be done by hand."""

from math import exp

import numpy as np
import pytest

from escalation.assessing.assessment import insiders, posterior, usefulness
from escalation.assessing.generating import Case
from escalation.assessing.years import drawn
from escalation.disclosure.plan_files import shipped_plans
from escalation.disclosure.releasing import knowledge

PLANS = {plan.key: plan for plan in shipped_plans()}


def test_who_knows_nobody_learns_nothing() -> None:
    releases = drawn(PLANS["challenges_small"], 0)
    told = knowledge(releases.plan, releases.publications)
    found = insiders(told, releases.cases, 0.0, np.random.default_rng(0))
    assert (found.exact, found.none) == (0, 0)


def test_who_knows_all_but_one_of_a_published_5_does_not_know_that_there_is_one() -> None:
    """Six of nine at most are published as 5: who knows nine knows that there is no other."""
    releases = drawn(PLANS["lado_middle"], 0)
    told = knowledge(releases.plan, releases.publications)
    found = insiders(told, releases.cases, 1.0, np.random.default_rng(0))
    assert found.exact == 0
    assert found.none > 0


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_insiders_hardly_ever_learn_a_number(share: float) -> None:
    for key in ("challenges_very_small", "challenges_small", "lado_middle"):
        releases = drawn(PLANS[key], 1)
        told = knowledge(releases.plan, releases.publications)
        assert insiders(told, releases.cases, share, np.random.default_rng(1)).exact == 0


def test_a_published_5_of_a_rare_thing_is_almost_surely_1_to_4() -> None:
    """Possible is not probable: with a mean of 1, a published 5 is 1 to 4 with a chance of 0.98."""
    none, few, more = posterior(1, 5)
    assert none == 0
    assert few == pytest.approx(0.98, abs=0.005)
    assert few + more == pytest.approx(1)


def test_beliefs_about_nought_by_hand() -> None:
    """Chances of 0 to 4 with a mean of 1, each times that of being rounded down."""
    weights = [exp(-1) * (1 - count / 5) / factorial for count, factorial in enumerate([1, 1, 2, 6, 24])]
    none, few, more = posterior(1, 0)
    assert none == pytest.approx(weights[0] / sum(weights))
    assert few == pytest.approx(1 - none)
    assert more == 0


def test_usefulness_is_counted_from_the_documents() -> None:
    def cell(value: int | None) -> dict[str, object]:
        return {"on_time": "any", "value": value, "symbol": "[x]" if value is None else None}

    table = {
        "date": "closed",
        "quarters": ["2026-27-Q1"],
        "parts": [{"by": ["on_time"], "cells": [cell(0), cell(5), cell(10), cell(15), cell(None)]}],
        "percentage": {"of": ["yes"], "among": ["yes", "no"], "words": "75%"},
    }
    cases = [Case({"on_time": each}, 8104, 8104) for each in ["yes", "yes", "yes", "yes", "no"]]
    found = usefulness([([{"tables": [table]}], cases)])
    assert found.figures == 5
    assert found.shown == {"0": 0.2, "5": 0.2, "10": 0.2, "more": 0.2, "[x]": 0.2}
    assert found.percentages == {"nearest 5": 1.0, "range": 0.0, "[x]": 0.0}
    assert found.error == pytest.approx(5)
