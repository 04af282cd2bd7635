"""Generated cases, to try a plan on before it is used. Nothing of them is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Plan, PlanDimension
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
    numbers = generator.poisson(a_year / 4, size=4 * years)
    size = int(numbers.sum())
    logged = plan.since + np.repeat(np.arange(4 * years), numbers)
    closed = logged + generator.geometric(1 - OPEN_ON, size=size) - 1
    codes = [each.code for each in plan.dimensions]
    columns = [_categories(plan, each, size, generator) for each in plan.dimensions]
    rows = zip(*columns, strict=True) if columns else [()] * size
    return [
        Case(dict(zip(codes, row, strict=True)), int(first), int(last))
        for row, first, last in zip(rows, logged, closed, strict=True)
    ]


def _categories(plan: Plan, dimension: PlanDimension, size: int, generator: np.random.Generator) -> list[str]:
    names = [each.code for each in dimension.categories]
    places = generator.choice(len(names), size=size, p=_weights(plan, dimension.code, len(names)))
    return [names[at] for at in places]


def _weights(plan: Plan, code: str, size: int) -> Floats:
    known = PUBLISHED.get((plan.key.partition("_")[0], code))
    weights = np.array(known, dtype=np.float64) if known else 1 / np.arange(1, size + 1) ** SKEW
    return np.asarray(weights / weights.sum())


def counter(cases: Sequence[Case]) -> Counter:
    """Counts some cases."""

    def count(layout: Layout, date: Date, period: Period) -> Ints:
        return layout.count(each.categories for each in cases if period.first <= each.on(date) <= period.last)

    return count
