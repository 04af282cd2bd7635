"""Whether what is to be published has the form that its plan gives it. It compares; it solves nothing.

A certificate speaks of values, and a process that does it wrong can give harmless values now and then. These
rules speak of what was done: they refuse it each time, whatever was counted. They see no true count.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .audit import Publication
from .document import document
from .plan import Plan
from .rounding import BASE
from .tables import TOTAL

NOT_AS_PLANNED = "What is drawn is not what the plan has due: each of its sets of tables once, and no other."
AGAIN = "Figures of this date and period were published before. They are never drawn again."
OTHER_CELLS = "The cells are not those of the plan."
NOT_ROUNDED = "A figure is no multiple of 5."
NO_SUM = "A table does not add up."
NOT_OF_PUBLISHED = "What is told is not what follows from published figures."
APART = "A total is not the sum of the totals that were published within its period."


def faults(
    plan: Plan,
    quarter: int,
    drawn: Sequence[Publication],
    *,
    earlier: Sequence[Publication] = (),
    withdrawn: Sequence[Publication] = (),
) -> list[str]:
    """What is wrong with all that is drawn after a quarter, by its number. Nothing: it has its form.

    `earlier`: all that was published before and stands; what was `withdrawn` is no part of a sum any more.
    """
    due = {(linked.date, period): linked.layout for linked, period in plan.due(quarter)}
    named = [(each.date, each.period) for each in drawn]
    found = []
    if len(named) != len(due) or set(named) != set(due):
        found.append(NOT_AS_PLANNED)
    if set(named) & {(each.date, each.period) for each in (*earlier, *withdrawn)}:
        found.append(AGAIN)
    for name, each in zip(named, drawn, strict=True):
        if name in due and each.layout.cells != due[name].cells:
            found.append(OTHER_CELLS)
        found += _of_values(each)
        if _within(each, [*earlier, *drawn]) not in (None, _total(each)):
            found.append(APART)
    return found


def _of_values(each: Publication) -> Iterator[str]:
    if (each.values < 0).any() or (each.values % BASE).any():
        yield NOT_ROUNDED
    if each.layout.sums.times(each.values).any():
        yield NO_SUM


def _total(each: Publication) -> int:
    return int(each.values[each.layout.index[TOTAL]])


def _within(whole: Publication, told: Sequence[Publication]) -> int | None:
    """The sum of the totals of the longest periods within one; None if they do not make it up."""
    within = [
        e for e in told if e.date == whole.date and e.period in whole.period and e.period != whole.period
    ]
    longest = max((len(each.quarters) for each in within), default=0)
    parts = [each for each in within if len(each.quarters) == longest]
    if sum(len(each.quarters) for each in parts) != len(whole.quarters):
        return None
    return sum(_total(each) for each in parts)


def departures(
    told: Mapping[str, Any], plan: Plan, quarter: int, publications: Sequence[Publication]
) -> list[str]:
    """What of a document, as it leaves, does not follow from published values: from `publications`.

    Percentages, medians, sums over time, "up" and "down" are all worked out anew.
    """
    wanted = document(plan, quarter, publications)
    return [f"{NOT_OF_PUBLISHED} ({name})" for name, value in wanted.items() if told.get(name) != value]
