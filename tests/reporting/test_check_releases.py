"""Whether what is published still stands, as a command."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from escalation.challenges.models import Challenge
from escalation.reporting.services import NewFact, register_fact
from tests.factories import policy, standing
from tests.reporting.quarters import Q1, Unit, after, logged

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    policy(today=date(2026, 4, 1))
    found = Unit()
    found.plan(log_begins=True)
    return found


def test_what_was_published_stands(unit: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_releases")
    assert "Nothing of this is published" in capsys.readouterr().out
    logged(23)
    unit.published()
    call_command("check_releases")
    assert "2 sets of tables, each figure within 4" in capsys.readouterr().out


def test_what_was_counted_wrongly_by_more_than_4_is_to_be_withdrawn(unit: Unit) -> None:
    logged(23)
    unit.published()
    Challenge.objects.filter(pk__in=Challenge.objects.values("pk")[:9]).update(imported_at=after(Q1))
    with pytest.raises(
        CommandError, match="tables of what was logged in 2026-27-Q1: a figure is more than 4"
    ):
        call_command("check_releases")


@pytest.mark.large
def test_a_fact_that_tells_too_much_is_said(unit: Unit) -> None:
    """Nothing was closed, so 0 was published; then a paper tells of one."""
    logged(23)
    unit.published()
    fact = NewFact(
        subject="challenges",
        kind="at_least",
        value=1,
        source="A newspaper",
        public_since=date(2026, 9, 1),
        date="closed",
        first_quarter=2026 * 4,
        quarters=1,
    )
    register_fact(fact, by=unit.ruth, standing=standing(unit.ruth), now=after(Q1))
    with pytest.raises(CommandError, match="not shown to be safe"):
        call_command("check_releases")
