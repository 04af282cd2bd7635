"""Generated years and their releases, for attacks and figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import Any

import numpy as np

from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.periods import Span
from escalation.disclosure.plan import Plan
from escalation.disclosure.randomness import Stream
from escalation.disclosure.releasing import Refused, draw, release
from escalation.disclosure.tables import Cell

from . import benchmark
from .generating import Case, counter, generate

FEWEST, MOST = 6, 320
"""Cases a year, for plans without an end of their own."""


@dataclass
class Releases:
    """A plan's releases over its longest period: the cases, and quarter by quarter what was added.

    `draws` and `seconds`: how many draws each release took, and how long, if they were certified; `refused`:
    how many were not.
    """

    plan: Plan
    cases: Sequence[Case]
    quarters: Sequence[int]
    by_quarter: dict[int, list[Publication]] = field(default_factory=dict)
    draws: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0

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
    layout = publication.layout
    parts = [
        {"by": list(face), "cells": [_cell(publication, cell) for cell in layout.places(face)]}
        for face in layout.faces
    ]
    return {"date": publication.date, "quarters": list(publication.quarters), "parts": parts}


def _cell(publication: Publication, cell: Cell) -> dict[str, Any]:
    number = publication.layout.index.get(cell)
    if number is None:
        return dict(cell) | {"value": None, "symbol": "[z]"}
    value = int(publication.values[number])
    return dict(cell) | {"value": value, "low": max(0, value - 4), "high": value + 4, "symbol": None}


def drawn(plan: Plan, seed: int, bits: bytes | None = None) -> Releases:
    """One generated stretch of a plan, drawn but not certified.

    The cases are those of the seed; so is what is drawn, unless there are `bits`.
    """
    releases = generated(plan, seed)
    stream = Stream(bits or np.random.default_rng([seed, 1]).bytes(32))
    for quarter in releases.quarters:
        releases.by_quarter[quarter] = draw(
            plan, quarter, counter(releases.cases), releases.publications, stream
        )
    return releases


def released(plan: Plan, seed: int) -> Releases:
    """One generated stretch of a plan, from the start of a log on, drawn and certified."""
    releases, bits = generated(plan, seed), np.random.default_rng([seed, 1])
    for quarter in releases.quarters:
        start = process_time()
        try:
            found = release(
                plan,
                quarter,
                counter(releases.cases),
                bits=bits.bytes(32),
                earlier=releases.publications,
                from_the_start=True,
            )
        except Refused:
            releases.refused += 1
            continue
        if found.publications:
            releases.by_quarter[quarter] = list(found.publications)
            releases.draws.append(found.draws)
            releases.seconds.append(process_time() - start)
    return releases


def generated(plan: Plan, seed: int) -> Releases:
    """The cases of one stretch of a plan, as long as its longest period; nothing is drawn yet."""
    generator = np.random.default_rng(seed)
    years = max(1, *(linked.span.quarters // 4 for linked in plan.linked))
    if plan.key == "benchmark":
        cases = benchmark.generate(4, generator)
    else:
        a_year = generator.uniform(max(plan.least, FEWEST), plan.most or MOST)
        cases = generate(plan, a_year, years, generator)
    quarters = range(plan.since, plan.since + years * Span.YEAR.quarters)
    return Releases(plan, cases, quarters)
