"""What a plan would do, measured on generated cases before it is used: who could learn what; is it of use.

None of this is ever a verdict on a real release: it looks at true counts.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log
from typing import Any

import numpy as np

from escalation.disclosure.audit import ELSEWHERE
from escalation.disclosure.joint import Joint
from escalation.disclosure.periods import quarter_name
from escalation.disclosure.plan import Date
from escalation.disclosure.rounding import BASE
from escalation.disclosure.statements import Kind, Knowledge
from escalation.disclosure.tables import Floats

from .generating import Case

NEAR = 1e-6


@dataclass(frozen=True)
class Learnt:
    """What somebody learns of the cases they do not know: in how many cells, and what.

    `exact`: cells with at least one case unknown to them, whose number they now know. `none`: cells that
    they know to hold no other case.
    """

    cells: int
    exact: int
    none: int


def insiders(
    knowledge: Knowledge, cases: Sequence[Case], share: float, generator: np.random.Generator
) -> Learnt:
    """What people who know some of the cases learn of all others. Raises GaveUp.

    `share`: the part of the cases they know, chosen at random, with everything about them. Bounds are those
    of the linear programme over all lists of cases, in whole numbers.
    """
    known = [case for case in cases if generator.random() < share]
    kinds = knowledge.kinds(kind_of(knowledge, case) for case in known)
    joint = Joint(knowledge)
    seen = np.array([joint.weights_of(each, kinds).sum() for each in knowledge.statements], dtype=np.float64)
    low = np.array([each.low for each in knowledge.statements]) - seen
    high = np.array([np.inf if each.high is None else each.high for each in knowledge.statements]) - seen
    ranges = list(_ranges(joint, low, high))
    return Learnt(
        cells=len(ranges),
        exact=sum(least == most and most > 0 for least, most in ranges),
        none=sum(most == 0 for _, most in ranges),
    )


def kind_of(knowledge: Knowledge, case: Case) -> Kind:
    """A case as knowledge tells it apart."""
    quarters = knowledge.quarters
    return tuple(
        quarters[code].get(quarter_name(case.on(Date(code))), ELSEWHERE)
        if code in quarters
        else case.categories[code]
        for code in knowledge.dimensions
    )


def _ranges(joint: Joint, low: Floats, high: Floats) -> Iterable[tuple[int, int]]:
    """The least and greatest count of each cell, or two that differ by 1 at least.

    Every solution is a way things may be for all cells: one that was seen to differ needs no programme.
    """
    programme = joint.programme(low, high, integer=False)
    cells = np.array([joint.counting([where]) for where in joint.knowledge.cells])
    least, most = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)
    for at, cell in enumerate(cells):
        for sign in (1, -1):
            if np.floor(most[at] + NEAR) > np.ceil(least[at] - NEAR):
                break
            solution = programme.minimise(sign * cell)
            if solution is None:
                raise ValueError("Nothing agrees with what was published and what they know.")
            counts = cells @ solution
            least, most = np.minimum(least, counts), np.maximum(most, counts)
        yield ceil(least[at] - NEAR), floor(most[at] + NEAR)


def posterior(mean: float, value: int) -> tuple[float, float, float]:
    """How likely a true count is 0, 1 to 4, or 5 and more, if `value` is published.

    For whoever believes that counts like it are Poisson numbers of this mean, and knows the rounding.
    """
    chances = np.zeros(3)
    for count in range(max(0, value - BASE + 1), value + BASE):
        prior = exp(count * log(mean) - mean - lgamma(count + 1))
        chances[min(1, count) + (count >= BASE)] += prior * (1 - abs(value - count) / BASE)
    shares = chances / chances.sum()
    return float(shares[0]), float(shares[1]), float(shares[2])


@dataclass(frozen=True)
class Usefulness:
    """What readers of a plan's releases would see.

    `figures`: how many were due; of these the shares of 0, 5, 10, more and [x]. `percentages` likewise:
    the shares of those said to the nearest 5, as a range and not at all; `error` is the mean difference of
    the first from the truth, in points.
    """

    figures: int
    shown: Mapping[str, float]
    percentages: Mapping[str, float]
    error: float | None


def usefulness(years: Iterable[tuple[Sequence[Mapping[str, Any]], Sequence[Case]]]) -> Usefulness:
    """From the documents of some generated years, each with its cases."""
    shown, percentages, errors = Tally[str](), Tally[str](), []
    for documents, cases in years:
        for table in (table for document in documents for table in document["tables"]):
            shown.update(_kind_of_figure(cell) for part in table["parts"] for cell in part["cells"])
            if "percentage" in table:
                words = table["percentage"]["words"]
                percentages[_kind_of_percentage(words)] += 1
                if words.endswith("%") and words[0].isdigit():
                    errors.append(abs(int(words[:-1]) - _true_percentage(table, cases)))
    return Usefulness(
        figures=shown.total(),
        shown=_shares(shown, ("0", "5", "10", "more", "[x]")),
        percentages=_shares(percentages, ("nearest 5", "range", "[x]")),
        error=sum(errors) / len(errors) if errors else None,
    )


def _kind_of_figure(cell: Mapping[str, Any]) -> str:
    value = cell["value"]
    if value is None:
        return str(cell["symbol"])
    return str(value) if value <= 10 else "more"


def _kind_of_percentage(words: str) -> str:
    if words.startswith("between"):
        return "range"
    return "nearest 5" if words.endswith("%") else words


def _true_percentage(table: Mapping[str, Any], cases: Sequence[Case]) -> float:
    """The same percentage from the true cases, to the last digit."""
    (code,) = table["parts"][-1]["by"]
    date = Date(table["date"])
    counted = [c.categories[code] for c in cases if quarter_name(c.on(date)) in table["quarters"]]
    among = [each for each in counted if each in table["percentage"]["among"]]
    return 100 * sum(each in table["percentage"]["of"] for each in among) / len(among)


def _shares(tally: Tally[str], kinds: Sequence[str]) -> dict[str, float]:
    return {kind: tally[kind] / max(1, tally.total()) for kind in kinds}
