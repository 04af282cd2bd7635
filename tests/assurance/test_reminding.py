"""Whoever was asked to show something is reminded: a week before the day, on it, and each week after it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from core.outbox.models import Message
from core.outbox.notices import notice_of
from escalation.accounts.models import Organisation, User
from escalation.assurance.models import AssuranceRequest
from escalation.assurance.notifications import DUE, NEARLY_DUE, OVERDUE
from escalation.assurance.services import remind_of_requests
from escalation.assurance.services.reminding import reminder_day
from tests.assurance.asked import answered, asked, step
from tests.factories import organisation, person, policy, setting
from tests.moments import london

NOW = london(2026, 11, 24, 9)
THE_DAY = date(2026, 12, 15)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 12, 7), None),
        (date(2026, 12, 8), date(2026, 12, 8)),
        (date(2026, 12, 14), date(2026, 12, 8)),
        (date(2026, 12, 15), date(2026, 12, 15)),
        (date(2026, 12, 21), date(2026, 12, 15)),
        (date(2026, 12, 22), date(2026, 12, 22)),
        (date(2027, 1, 6), date(2027, 1, 5)),
    ],
)
def test_the_days_on_which_one_is_reminded(today: date, day: date | None) -> None:
    assert reminder_day(THE_DAY, today) == day


def told() -> list[tuple[str, str]]:
    found = sorted(Message.objects.values_list("kind", "to__full_name"))
    Message.objects.all().delete()
    return found


def on(day: int, month: int = 12, hour: int = 9) -> list[tuple[str, str]]:
    """Who is told what by the work of that hour, done twice."""
    for _ in range(2):
        remind_of_requests(now=london(2026, month, day, hour))
    return told()


@pytest.fixture
def ruth(travel: Callable[[datetime], None]) -> User:
    travel(NOW)
    policy(today=NOW.date())
    return person("Ruth Ames", role="business_unit")


@pytest.fixture
def police(ruth: User) -> Organisation:
    unit = setting("Child Safeguarding Unit", group="police", of=organisation("South Thames Police"))
    person("Alan Frost", senior_lead=unit)
    person("Nia Owen", lead=unit)
    return unit.organisation


pytestmark = pytest.mark.django_db


def test_who_can_sign_is_reminded_once_for_each_day_until_it_is_answered(
    ruth: User, police: Organisation
) -> None:
    request = asked(by=ruth, of=police, now=NOW)
    told()
    assert on(7) == []
    assert on(8) == [(NEARLY_DUE, "Alan Frost")]
    assert on(9) == []
    assert on(15) == [(DUE, "Alan Frost")]
    assert on(16) == on(21) == []
    assert on(22) == on(29) == [(OVERDUE, "Alan Frost")]
    answered(request, by=User.objects.get(full_name="Alan Frost"), now=london(2026, 12, 30, 9))
    told()
    assert on(31) == []
    call_command("verify_audit")


def test_a_new_day_begins_anew_and_one_that_is_near_is_not_told_twice(
    ruth: User, police: Organisation
) -> None:
    """Whoever was given a day this morning knows it."""
    request = asked(by=ruth, of=police, now=NOW, days=3)
    told()
    assert on(25, month=11) == []
    step(request, "more_time", by=ruth, now=london(2026, 11, 26, 9), due=date(2026, 12, 15), what="")
    told()
    assert on(27, month=11) == []
    assert on(8) == [(NEARLY_DUE, "Alan Frost")]


def test_a_day_that_the_worker_missed_is_made_up_for_as_what_it_is_now(
    ruth: User, police: Organisation
) -> None:
    asked(by=ruth, of=police, now=NOW)
    told()
    assert on(17) == [(OVERDUE, "Alan Frost")]
    assert on(22) == [(OVERDUE, "Alan Frost")]


def test_where_the_organisation_has_nobody_here_the_unit_is_reminded(ruth: User) -> None:
    nobody = setting("Elsewhere", group="health", of=organisation("Another borough"), outside=True)
    asked(by=ruth, of=nobody.organisation, now=NOW)
    told()
    assert on(15) == [(DUE, "Ruth Ames")]


def test_no_mail_says_what_is_asked_or_of_whom(ruth: User, police: Organisation) -> None:
    request = asked(by=ruth, of=police, now=NOW)
    for kind in (NEARLY_DUE, DUE, OVERDUE):
        said = " ".join((notice_of(kind).subject, notice_of(kind).sentence))
        for secret in (request.title, request.question, "LADO", police.name, "police"):
            assert secret.lower() not in said.lower()
    assert AssuranceRequest.objects.get().due - NOW.date() == timedelta(days=21)
