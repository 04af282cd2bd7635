"""True counts, by the categories of a plan. Private: for what makes a release, and for the exact view.

One GROUP BY for each table, in one transaction that sees the log as it stood at one moment, so that tables
that share a margin agree in it. No row of a case ever leaves the database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from escalation.disclosure.audit import Publication
from escalation.disclosure.plan import Plan
from escalation.disclosure.tables import Ints
from escalation.reporting.counting import challenges, forums, lado, learning, survey
from escalation.reporting.counting.tabulating import Counted, GroupBy, count_due, count_linked
from escalation.reporting.models import linked_of

GROUP_BY: dict[str, Callable[[Plan], GroupBy]] = {
    "challenges": challenges.group_by,
    "lado": lado.group_by,
    "forums": forums.group_by,
    "learning": learning.group_by,
    "survey": survey.group_by,
}
"""By the subject of a release."""


def count(plan: Plan, subject: str, number: int) -> Counted:
    """All that a release after a quarter, by its number, needs. Raises ValueError for an impossible case."""
    with one_moment():
        return count_due(plan, number, GROUP_BY[subject](plan))


def recount(plan: Plan, subject: str, publication: Publication) -> Ints:
    """What is counted today of tables that were published; shape of their values."""
    linked = linked_of(plan, publication.date, len(publication.quarters))
    return count_linked(linked, publication.period, GROUP_BY[subject](plan))


@contextmanager
def one_moment() -> Iterator[None]:
    """All statements inside see the database as it stood at one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


__all__ = ["Counted", "count", "one_moment", "recount"]
