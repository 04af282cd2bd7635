"""A partnership with an approved plan and a quarter behind it, for tests of releases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from escalation.accounts.models import User
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy.quarters import Quarter
from escalation.reporting.counting import count
from escalation.reporting.models import Release, ReleasePlan, number_of
from escalation.reporting.services import approve, approve_plan, choose_plan, make, start, work
from tests.factories import challenge, person, policy, setting, standing
from tests.moments import london

BEFORE, IN_SPRING = london(2026, 3, 2, 10), london(2026, 5, 12, 10)
Q1, Q2, Q3, Q4 = (Quarter(2026, number) for number in (1, 2, 3, 4))


class Unit:
    """Two people of the business unit: one starts, the other approves."""

    def __init__(self, password: str | None = None) -> None:
        self.ruth = person("Ruth Ames", role="business_unit", password=password)
        self.omar = person("Omar Haddad", role="business_unit", password=password)

    def plan(
        self,
        key: str = "challenges_large",
        *,
        expected: int = 200,
        starts: date = date(2026, 4, 1),
        log_begins: bool = False,
        now: datetime = BEFORE,
    ) -> ReleasePlan:
        chosen = choose_plan(
            subject=key.partition("_")[0],
            key=key,
            starts=starts,
            expected=expected,
            days_after=42,
            log_begins=log_begins,
            by=self.ruth,
            standing=standing(self.ruth),
            now=now,
        )
        return approve_plan(chosen, by=self.omar, standing=standing(self.omar), now=now)

    def started(self, quarter: Quarter = Q1, subject: str = "challenges") -> Release:
        return start(quarter, subject, by=self.ruth, standing=standing(self.ruth), now=after(quarter))

    def ready(self, quarter: Quarter = Q1, subject: str = "challenges") -> Release:
        return make(self.started(quarter, subject), now=after(quarter))

    def approved(self, quarter: Quarter = Q1, subject: str = "challenges") -> Release:
        return self.approve(self.ready(quarter, subject))

    def published(self, quarter: Quarter = Q1, subject: str = "challenges") -> Release:
        """A release, once its date has come."""
        release = self.approved(quarter, subject)
        work(now=release.publish_at)
        return Release.objects.get(pk=release.pk)

    def approve(self, release: Release, by: User | None = None) -> Release:
        who = by or self.omar
        return approve(release, by=who, standing=standing(who), now=after(release.period))


def logged(number: int, at: datetime = IN_SPRING) -> None:
    """So many challenges, all sent at one moment."""
    school, team = setting(group="education"), setting(group="social_care")
    teacher = person(practitioner=school)
    for _ in range(number):
        challenge(by=teacher, raising=school, asked=[team], now=at)


def unit_in_august(
    travel: Callable[[datetime], None], number: int, key: str = "challenges_large", expected: int = 200
) -> Unit:
    """A unit with an approved plan. So many challenges were sent in spring; nothing is released yet."""
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan(key, expected=expected)
    logged(number)
    travel(london(2026, 8, 11, 10))
    return unit


def true_total(quarter: Quarter, on: Date) -> int:
    """How many challenges there truly are in a quarter, as a release would count them."""
    plan = next(each for each in shipped_plans() if each.key == "challenges_large")
    begun, number = replace(plan, start=date(quarter.year, 4, 1)), number_of(quarter)
    return count(begun, "challenges", number).totals[on.value, number]


def after(quarter: Quarter, days: int = 10) -> datetime:
    """Some days after a quarter's end, at noon."""
    day = quarter.end + timedelta(days=days)
    return london(day.year, day.month, day.day, 12)
