"""Contacts with the LADO: the one narrow door in the wall, through which only counts come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from escalation.disclosure.plan import Date, Plan
from escalation.lado import counting as door
from escalation.reporting.counting.tabulating import GroupBy, Row


def group_by(plan: Plan) -> GroupBy:
    """Counts contacts by the dimensions of a plan."""

    def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
        return door.count(plan, by, on=on, begins=begins, ends=ends)

    return count
