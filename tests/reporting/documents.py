"""Documents of releases as they could be published, for tests of what is made from them; no database."""

import random
from typing import Any

import numpy as np

from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Linked, Plan
from escalation.disclosure.plan_files import from_document, shipped_document
from escalation.policy.quarters import Quarter
from escalation.reporting.api_examples import RELEASE
from escalation.reporting.files import DEFINITIONS

Case = dict[str, str]


def told_of(key: str, quarter: Quarter, *, fives: int, **about: Any) -> dict[str, Any]:
    """The document of a shipped plan's release, with about `fives` times five cases in each quarter.

    Equal cases come in fives, so that every table adds up and every figure is one that can be published.
    """
    plan = from_document(shipped_document(key))
    until = Period.quarter(quarter.year, quarter.number).first
    cases = _cases(plan, until, fives)
    told = [
        Publication(linked.layout, _values(linked, period, cases), linked.date, tuple(period.names))
        for number in range(plan.since, until + 1)
        for linked, period in plan.due(number)
    ]
    subject = key.partition("_")[0]
    of = {"subject": subject, "period": quarter.label, "definitions": DEFINITIONS[subject]}
    return {**RELEASE.value, **of, **document(plan, until, told), **about}


def _cases(plan: Plan, until: int, fives: int) -> dict[tuple[str, int], list[Case]]:
    """Cases by the date that counts them and the quarter; the first categories are the commonest."""
    draw = random.Random(plan.key)

    def case() -> Case:
        return {
            each.code: draw.choices(
                [c.code for c in each.categories], [1 / (1 + at) for at, _ in enumerate(each.categories)]
            )[0]
            for each in plan.dimensions
        }

    return {
        (linked.date.value, number): [case() for _ in range(fives + draw.randint(-2, 3))]
        for linked in plan.linked
        for number in range(plan.since, until + 1)
    }


def _values(linked: Linked, period: Period, cases: dict[tuple[str, int], list[Case]]) -> Any:
    counted = [
        case
        for number in range(period.first, period.first + period.quarters)
        for case in cases.get((linked.date.value, number), [])
    ]
    values = np.zeros(len(linked.layout.cells), dtype=np.int64)
    for cell, at in linked.layout.index.items():
        values[at] = 5 * sum(all(case[code] == name for code, name in cell) for case in counted)
    return values
