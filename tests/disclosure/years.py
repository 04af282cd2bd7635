"""Generated years and their releases, for attacks and figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from escalation.disclosure import benchmark
from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.generating import Case, counter, generate
from escalation.disclosure.periods import Span
from escalation.disclosure.plan import Plan
from escalation.disclosure.randomness import Stream
from escalation.disclosure.releasing import draw

FEWEST, MOST = 6, 320
"""Cases a year, for plans without an end of their own."""


@dataclass
class Releases:
    """A plan's releases over its longest period: the cases, and quarter by quarter what was added."""

    plan: Plan
    cases: Sequence[Case]
    by_quarter: dict[int, list[Publication]] = field(default_factory=dict)

    @property
    def publications(self) -> list[Publication]:
        """All of them."""
        return [each for added in self.by_quarter.values() for each in added]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What readers were given after each quarter."""
        told: list[Publication] = []
        found = []
        for quarter, added in self.by_quarter.items():
            told += added
            found.append(document(self.plan, quarter, told))
        return found

    @property
    def everything(self) -> dict[str, Any]:
        """As if every cell were shown, whatever the totals."""
        return {"tables": [_all_cells(each) for each in self.publications]}


def _all_cells(publication: Publication) -> dict[str, Any]:
    told = zip(publication.layout.cells, publication.values.tolist(), strict=True)
    cells = [
        dict(cell) | {"value": value, "low": max(0, value - 4), "high": value + 4, "symbol": None}
        for cell, value in told
    ]
    return {"date": publication.date, "quarters": list(publication.quarters), "parts": [{"cells": cells}]}


def released(plan: Plan, seed: int, bits: bytes | None = None) -> Releases:
    """One generated stretch of a plan, as long as its longest period, drawn but not certified.

    The cases are those of the seed; so is what is drawn, unless there are `bits`.
    """
    generator = np.random.default_rng(seed)
    years = max(1, *(linked.span.quarters // 4 for linked in plan.linked))
    if plan.key == "benchmark":
        cases = benchmark.generate(4, generator)
    else:
        a_year = generator.uniform(max(plan.least, FEWEST), plan.most or MOST)
        cases = generate(plan, a_year, years, generator)
    releases, stream = Releases(plan, cases), Stream(bits or generator.bytes(32))
    for quarter in range(plan.since, plan.since + years * Span.YEAR.quarters):
        releases.by_quarter[quarter] = draw(plan, quarter, counter(cases), releases.publications, stream)
    return releases
