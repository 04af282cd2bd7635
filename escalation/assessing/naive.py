"""The usual rule, "hide 1 to 4", for comparison and teaching. Never used on a real figure.

Each cell is shown exactly, 0 too, unless it is 1 to 4. That looks safe one cell at a time, and is not:
margins and totals, and tables of the year to date by the same rule, give most hidden cells away.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from escalation.disclosure.periods import QUARTERS_A_YEAR, Period
from escalation.disclosure.plan import Linked, Plan
from escalation.disclosure.releasing import Counter
from escalation.disclosure.shown import Symbol
from escalation.disclosure.tables import Cell, Ints

MOST_HIDDEN = 4


def naive_document(
    plan: Plan, quarters: Sequence[int], count: Counter, *, margins: bool = True, year_to_date: bool = False
) -> dict[str, Any]:
    """What the rule publishes of some quarters, by their numbers, in the shape of a release's document.

    A hidden cell has the symbol [c] and no value. Without `margins`, only the innermost cells are there.
    """
    tables = []
    for linked in plan.linked:
        for quarter in quarters:
            periods = [Period(quarter, 1)]
            elapsed = quarter % QUARTERS_A_YEAR + 1
            if year_to_date and elapsed > 1:
                periods.append(Period(quarter + 1 - elapsed, elapsed))
            tables += [_table(linked, period, count, margins) for period in periods]
    return {"tables": [each for group in tables for each in group]}


def _table(linked: Linked, period: Period, count: Counter, margins: bool) -> list[dict[str, Any]]:
    counts = count(linked.layout, linked.date, period)
    shown = np.where((counts >= 1) & (counts <= MOST_HIDDEN), -1, counts)
    return [
        {
            "code": table.code,
            "date": table.date.value,
            "quarters": list(period.names),
            "parts": list(_parts(linked, table.by, shown, margins)),
        }
        for table in linked.tables
    ]


def _parts(linked: Linked, by: Sequence[str], shown: Ints, margins: bool) -> Iterator[dict[str, Any]]:
    for face in linked.layout.faces:
        if set(face) <= set(by) and (margins or len(face) > 1):
            cells = [dict(cell) | _figure(linked, cell, shown) for cell in linked.layout.places(face)]
            yield {"by": list(face), "cells": cells}


def _figure(linked: Linked, cell: Cell, shown: Ints) -> dict[str, Any]:
    if cell not in linked.layout.index:
        return {"value": None, "symbol": Symbol.NOT_APPLICABLE.value}
    value = int(shown[linked.layout.index[cell]])
    hidden = value < 0
    return {"value": None if hidden else value, "symbol": Symbol.CONFIDENTIAL.value if hidden else None}
