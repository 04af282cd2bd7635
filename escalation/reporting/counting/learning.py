"""Learning: points, by the day a second person approved them; actions, by the day it was said how they ended.

Neither changes after its day: an approved point keeps it when it is taken back, and an action ends once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.web.dates import london_day
from escalation.disclosure.plan import Date, Plan, PlanDimension
from escalation.learning.models import Action, Point
from escalation.reporting.counting.tabulating import GroupBy, Row
from escalation.retelling.models import PromiseState

OF_POINTS = {"kind": "kind", "theme_group": "theme"}
CAME_OF_IT = "came_of_it"


def group_by(plan: Plan) -> GroupBy:
    """Counts by the dimensions of a plan. Raises ValueError for what learning does not know."""

    def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
        told = [plan.dimension(code) for code in by]
        if on is Date.LOGGED:
            return _learnt(told, begins, ends)
        return _ended(told, begins, ends)

    return count


def _learnt(told: Sequence[PlanDimension], begins: datetime, ends: datetime) -> Iterable[Row]:
    """Points that were approved in this time; one statement, of some dozens of rows a year."""
    for dimension in told:
        _known(dimension, OF_POINTS)
    rows = Point.objects.filter(decided_at__gte=begins, decided_at__lt=ends).order_by()
    values = rows.values_list(*(OF_POINTS[each.code] for each in told), "pk")
    return Counter(
        tuple(each.category(word) for each, word in zip(told, words[:-1], strict=True)) for words in values
    ).items()


def _ended(told: Sequence[PlanDimension], begins: datetime, ends: datetime) -> Iterable[Row]:
    """Actions that ended in this time; one statement."""
    for dimension in told:
        _known(dimension, (CAME_OF_IT,))
    rows = Action.objects.filter(ended_at__gte=begins, ended_at__lt=ends).order_by()
    return Counter(tuple(each.category(_came_of(row)) for each in told) for row in rows).items()


def _came_of(action: Action) -> str:
    """Done on its day is done in time."""
    if action.state != PromiseState.DONE or action.ended_at is None:
        return "not_done"
    return "done_in_time" if london_day(action.ended_at) <= action.due else "done_late"


def _known(dimension: PlanDimension, codes: Iterable[str]) -> None:
    if dimension.code not in codes:
        raise ValueError(f"Learning cannot tell them apart by “{dimension.label}”.")
