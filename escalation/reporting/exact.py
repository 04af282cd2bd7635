"""The internal exact view: true counts of challenges in a quarter, for the business unit and nobody else.

Not for release: two exact totals can give away a case to somebody who knows their own. There is none of the
LADO's contacts. Each look is noted before the numbers are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Linked, Plan, PlanTable
from escalation.disclosure.plan_files import from_document, shipped_document
from escalation.disclosure.tables import TOTAL, Ints
from escalation.policy.clock import LONDON
from escalation.policy.document import Policy
from escalation.policy.quarters import Quarter
from escalation.reporting.counting import count
from escalation.reporting.counting.tabulating import moments
from escalation.reporting.counting.themes import themes_of
from escalation.reporting.events import record_exact_view
from escalation.reporting.models import Subject, number_of
from escalation.reporting.services.planning import unit_only
from escalation.reporting.wording import Row, Table
from escalation.rulebook.queries import current_policy

MOST_TABLES = "challenges_large"
"""The plan with most tables each quarter: here nothing is too small to be counted."""


@dataclass(frozen=True)
class Exact:
    """A quarter's true counts in words; `over` says whether they can still grow."""

    quarter: Quarter
    over: bool
    tables: tuple[Table, ...]


def exact_view(
    quarter: Quarter, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Exact:
    """Note the look, then count. Raises NotPermitted for everybody but the business unit."""
    unit_only(standing)
    record_exact_view(str(quarter), by=by, at=now, request_id=request_id)
    plan = from_document(shipped_document(MOST_TABLES))
    counted = count(plan, Subject.CHALLENGES, number_of(quarter))
    tables = []
    for linked, period in plan.due(number_of(quarter)):
        if period.quarters == 1:
            values = counted(linked.layout, linked.date, period)
            tables += [_table(plan, linked, table, values) for table in linked.tables]
    tables += _themes(quarter)
    return Exact(quarter, quarter.end < now.astimezone(LONDON).date(), tuple(tables))


def _themes(quarter: Quarter) -> Iterator[Table]:
    """What those that closed in a quarter show, by the words of today's policy."""
    found = themes_of(*moments(Period(number_of(quarter), 1)))
    policy = current_policy(quarter.end).policy
    yield Table(
        "Closed, by whether it is said what can be learnt",
        "",
        (Row("Said", str(found.said)), Row("Not said yet", str(found.closed - found.said))),
    )
    for title, counts, vocabulary in (
        ("What can be learnt, by what it was about (one can have several)", found.by_issue, "issue_group"),
        ("What can be learnt, by who was asked (one can have several)", found.by_group, "setting_group"),
    ):
        named = {
            (_word(policy, "learning_theme", theme), _word(policy, vocabulary, code)): number
            for (theme, code), number in counts.items()
        }
        yield Table(title, "", tuple(Row(", ".join(names), str(named[names])) for names in sorted(named)))
    sent = {_word(policy, "sent_to", code): number for code, number in found.sent_to.items()}
    yield Table("Where learning was sent", "", tuple(Row(name, str(sent[name])) for name in sorted(sent)))


def _word(policy: Policy, vocabulary: str, code: str) -> str:
    """A code in the policy's words; one that it does not have, as it is."""
    terms = policy.vocabularies.get(vocabulary, ())
    return next((term.label for term in terms if term.code == code), code.replace("_", " "))


def _table(plan: Plan, linked: Linked, table: PlanTable, values: Ints) -> Table:
    return Table(table.title, "", tuple(_rows(plan, linked, table, values)))


def _rows(plan: Plan, linked: Linked, table: PlanTable, values: Ints) -> Iterator[Row]:
    labels = {each.code: {c.code: c.label for c in each.categories} for each in plan.dimensions}
    for cell, number in linked.layout.index.items():
        if {code for code, _ in cell} == set(table.by) and values[number]:
            yield Row(", ".join(labels[code][name] for code, name in cell) or "Total", str(values[number]))
    if table.by:
        yield Row("Total", str(values[linked.layout.index[TOTAL]]))
