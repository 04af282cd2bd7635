"""Open forums: who came, by the day a forum was closed; answers to its question, by the day that was over.

Both are numbers already: a forum keeps no person, and a pulse no answer. Nothing that is counted changes
after its day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Sum

from escalation.disclosure.plan import Date, Plan, PlanDimension
from escalation.forums.models import Invitation, Pulse, State
from escalation.reporting.counting.groups import GROUP, group_of_organisation
from escalation.reporting.counting.tabulating import GroupBy, Row

WAVE, CONFIDENCE = "wave", "confidence"


def group_by(plan: Plan) -> GroupBy:
    """Counts by the dimensions of a plan. Raises ValueError for what forums do not know."""

    def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
        told = [plan.dimension(code) for code in by]
        if on is Date.LOGGED:
            return _came(told, begins, ends)
        return _answered(told, begins, ends)

    return count


def _came(told: Sequence[PlanDimension], begins: datetime, ends: datetime) -> Iterable[Row]:
    """People at forums that were closed in this time; one statement."""
    rows = Invitation.objects.filter(
        sitting__state=State.CLOSED, sitting__ended_at__gte=begins, sitting__ended_at__lt=ends
    )
    if not told:
        yield (), rows.aggregate(all=Sum("came"))["all"] or 0
        return
    [dimension] = told
    if dimension.code != GROUP:
        raise ValueError(f"Forums cannot tell who came apart by “{dimension.label}”.")
    grouped = rows.order_by().annotate(group=group_of_organisation(dimension)).values_list("group")
    for group, came in grouped.annotate(all=Sum("came")):
        yield (dimension.category(group or ""),), came


def _answered(told: Sequence[PlanDimension], begins: datetime, ends: datetime) -> Iterable[Row]:
    """Answers whose question was sealed in this time; one statement, of a handful of rows."""
    for dimension in told:
        if dimension.code not in (WAVE, CONFIDENCE):
            raise ValueError(f"Forums cannot tell answers apart by “{dimension.label}”.")
    found: Counter[tuple[str, ...]] = Counter()
    sealed = Pulse.objects.filter(sealed_at__gte=begins, sealed_at__lt=ends)
    for wave, counts in sealed.values_list("wave", "sealed"):
        for level, answers in (counts or {}).items():
            words = {WAVE: wave, CONFIDENCE: level}
            found[tuple(each.category(words[each.code]) for each in told)] += answers
    return found.items()
