"""Generated cases, to try a plan on before it is used. Nothing of them is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Plan
from escalation.disclosure.releasing import Counter
from escalation.disclosure.tables import Floats, Ints, Layout

SKEW = 0.7
"""How much rarer each next category is (Zipf), where nothing better is known."""
PUBLISHED = {
    # Bromley 2021-22: substantiated, unsubstantiated, unfounded, false (malicious: none), still going on.
    ("lado", "outcome"): (72, 30, 69, 1, 32),
    # Bromley 2016-17: 106 meetings on 223 referrals; a third of a LADO's contacts is advice alone.
    ("lado", "level"): (74, 43, 106),
}
OPEN_ON = 0.45
"""The chance that a case open at a quarter's end is still open at the next one's."""


@dataclass(frozen=True)
class Case:
    """A case by a plan's categories, and the quarters, by number, in which it was logged and closed."""

    categories: Mapping[str, str]
    logged: int
    closed: int

    def on(self, date: Date) -> int:
        """The quarter of a date."""
        return self.logged if date is Date.LOGGED else self.closed


def generate(plan: Plan, a_year: float, years: int, generator: np.random.Generator) -> list[Case]:
    """Cases of some years from the plan's start on; how many a quarter is a Poisson number."""
    weights = {each.code: _weights(plan, each.code, len(each.categories)) for each in plan.dimensions}
    cases = []
    for quarter in range(plan.since, plan.since + 4 * years):
        for _ in range(generator.poisson(a_year / 4)):
            categories = {
                each.code: each.categories[generator.choice(len(each.categories), p=weights[each.code])].code
                for each in plan.dimensions
            }
            cases.append(Case(categories, quarter, quarter + int(generator.geometric(1 - OPEN_ON)) - 1))
    return cases


def _weights(plan: Plan, code: str, size: int) -> Floats:
    known = PUBLISHED.get((plan.key.partition("_")[0], code))
    weights = np.array(known, dtype=np.float64) if known else 1 / np.arange(1, size + 1) ** SKEW
    return np.asarray(weights / weights.sum())


def counter(cases: Sequence[Case]) -> Counter:
    """Counts some cases."""

    def count(layout: Layout, date: Date, period: Period) -> Ints:
        return layout.count(each.categories for each in cases if period.first <= each.on(date) <= period.last)

    return count
