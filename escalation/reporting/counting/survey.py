"""Staff surveys: who answered what, by the day a survey was sealed. Nothing that is counted changes after it.

What is kept are numbers by organisation and question. So two questions cannot be crossed, and no plan may.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from escalation.disclosure.plan import Date, Plan, PlanDimension
from escalation.reporting.counting.groups import GROUP, group_of_organisation
from escalation.reporting.counting.tabulating import GroupBy, Row
from escalation.surveys.models import Counts, Tally, people_in


def group_by(plan: Plan) -> GroupBy:
    """Counts by the dimensions of a plan. Raises ValueError for what surveys do not know."""

    def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
        if on is Date.LOGGED:
            raise ValueError("A survey counts when it is sealed (“closed”), and at no other time.")
        if len(set(by) - {GROUP}) > 1:
            raise ValueError("Surveys cannot tell who said this to one question and that to another.")
        return _answered([plan.dimension(code) for code in by], plan, begins, ends)

    return count


def _answered(told: Sequence[PlanDimension], plan: Plan, begins: datetime, ends: datetime) -> Iterable[Row]:
    """People whose survey was sealed in this time; one statement, of a row for each organisation."""
    tallies = Tally.objects.filter(survey__sealed_at__gte=begins, survey__sealed_at__lt=ends).order_by()
    rows = (
        tallies.annotate(group=group_of_organisation(plan.dimension(GROUP))).values_list("group", "sealed")
        if any(each.code == GROUP for each in told)
        else ((None, sealed) for sealed in tallies.values_list("sealed", flat=True))
    )
    found: Counter[tuple[str, ...]] = Counter()
    for group, sealed in rows:
        question = next((each.code for each in told if each.code != GROUP), None)
        for answer, people in _said(sealed, question).items():
            words = {GROUP: group or "", question: answer}
            found[tuple(each.category(words[each.code]) for each in told)] += people
    return found.items() if told else [((), found[()])]


def _said(sealed: Counts | None, question: str | None) -> dict[str, int]:
    """How many people of an organisation gave each answer; all under none where that was not asked."""
    if question is None or question not in (sealed or {}):
        return {"": people_in(sealed)}
    return dict((sealed or {})[question])
