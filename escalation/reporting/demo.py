"""Published figures for the demo: each past quarter is released by the services, at its own time.

The demo finds `fill` by its name in the settings.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Min

from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.disclosure.plan import APRIL
from escalation.disclosure.plan_files import from_document, shipped_document
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.reporting.models import Release, State, Subject
from escalation.reporting.services import approve, approve_plan, choose_plan, make, start
from escalation.reporting.services.making import publish

PLANS = {
    Subject.CHALLENGES: ("challenges_middle", 110),
    Subject.FORUMS: ("forums_middle", 100),
}
"""The plan of each subject that is published of, and how many the unit expects a year."""
CHOSEN_BEFORE, STARTED_AFTER, APPROVED_AFTER = timedelta(days=30), timedelta(days=6), timedelta(days=9)
DAYS_AFTER = 42


def fill(today: date) -> None:
    """Plans from the first April that the demo's cases cover, and a release for each quarter since."""
    first = Challenge.objects.aggregate(first=Min("opened_at"))["first"]
    unit = list(User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT).order_by("pk").distinct()[:2])
    if first is None or len(unit) < 2:
        return
    one, other = unit
    for subject, (plan, expected) in PLANS.items():
        begins = from_document(shipped_document(plan)).start
        starts = max(_next_april(first.astimezone(LONDON).date()), begins)
        _plan(subject, plan, expected, starts, one, other)
        quarter = Quarter.of(starts)
        while quarter.end + APPROVED_AFTER < today:
            _release(quarter, subject, one, other, today)
            quarter = quarter.next


def _next_april(day: date) -> date:
    """The 1 April on or after a day."""
    april = date(day.year, APRIL, 1)
    return april if day <= april else date(day.year + 1, APRIL, 1)


def _plan(subject: str, key: str, expected: int, starts: date, one: User, other: User) -> None:
    day = starts - CHOSEN_BEFORE
    chosen = choose_plan(
        subject=subject,
        key=key,
        starts=starts,
        expected=expected,
        days_after=DAYS_AFTER,
        log_begins=False,
        by=one,
        standing=standing_of(one, today=day),
        now=_at(day),
    )
    approve_plan(chosen, by=other, standing=standing_of(other, today=day), now=_at(day, 15))


def _release(quarter: Quarter, subject: str, one: User, other: User, today: date) -> Release:
    """Started by one and approved by the other; the newest waits for them until its date has come."""
    day = quarter.end + STARTED_AFTER
    started = start(quarter, subject, by=one, standing=standing_of(one, today=day), now=_at(day))
    release = make(started, now=_at(day))
    if release.state != State.READY or release.publish_at.astimezone(LONDON).date() >= today:
        return release
    day = quarter.end + APPROVED_AFTER
    approved = approve(release, by=other, standing=standing_of(other, today=day), now=_at(day))
    return publish(approved, now=approved.publish_at)


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=LONDON)
