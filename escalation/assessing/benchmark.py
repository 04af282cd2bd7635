"""The made-up partnership on which methods are compared: seven linked two-way tables, 568 cells a quarter.

It is harder than any shipped plan: fine categories, and tables in a ring.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from escalation.disclosure.periods import Span
from escalation.disclosure.plan import Category, Date, Plan, PlanDimension, PlanTable
from escalation.disclosure.tables import Floats

from .generating import Case

SIZES = {"a": 16, "b": 16, "s": 5, "t": 8, "o": 5, "m": 2}
TABLES = ("ab", "as", "bs", "st", "to", "so", "sm", "a", "b", "s", "t", "o", "m", "")
FIXED = {"s": (0.50, 0.25, 0.13, 0.08, 0.04), "o": (0.40, 0.25, 0.15, 0.12, 0.08), "m": (0.75, 0.25)}
SKEWS = {"a": 0.9, "b": 0.9, "t": 0.7}
FEWEST, MOST = 20, 80
"""Cases a quarter: any number between these."""


def plan() -> Plan:
    """Who raises (a) and who is asked (b) are never the same: a structural zero each."""
    dimensions = tuple(
        PlanDimension(
            code, code, tuple(Category(name, name, (name,)) for name in _names(code)), _names(code)[0], ""
        )
        for code in SIZES
    )
    return Plan(
        key="benchmark",
        title="Benchmark",
        version=1,
        start=date(2026, 4, 1),
        unit="case",
        least=0,
        most=None,
        dimensions=dimensions,
        tables=tuple(PlanTable(by or "total", by, tuple(by), Date.LOGGED, Span.QUARTER) for by in TABLES),
        zeros=tuple((("a", f"a{at:02}"), ("b", f"b{at:02}")) for at in range(SIZES["a"])),
    )


def _names(code: str) -> list[str]:
    return [f"{code}{at:02}" for at in range(SIZES[code])]


def generate(quarters: int, generator: np.random.Generator) -> list[Case]:
    """Cases of some quarters; who raises and is asked how often is drawn once for all of them."""
    weights = {code: _weights(code, size, generator) for code, size in SIZES.items()}
    first = plan().since
    return [
        case for quarter in range(first, first + quarters) for case in _quarter(quarter, weights, generator)
    ]


def _weights(code: str, size: int, generator: np.random.Generator) -> Floats:
    if code in FIXED:
        return np.array(FIXED[code])
    weights = generator.permutation(1 / np.arange(1, size + 1) ** SKEWS[code])
    return np.asarray(weights / weights.sum())


def _quarter(quarter: int, weights: dict[str, Floats], generator: np.random.Generator) -> Iterator[Case]:
    wanted = int(generator.integers(FEWEST, MOST + 1))
    while wanted:
        drawn = {code: int(generator.choice(len(each), p=each)) for code, each in weights.items()}
        if drawn["a"] != drawn["b"]:
            wanted -= 1
            yield Case({code: f"{code}{at:02}" for code, at in drawn.items()}, quarter, quarter)
