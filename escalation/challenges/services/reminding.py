"""The clocks that speak up by themselves: once for each reminder that a clock comes to."""

from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.urls import reverse

from core.outbox import digests
from core.outbox.models import Message
from core.outbox.services import queue
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.challenges.clocks import due_time
from escalation.challenges.models import Action, Challenge, Deadline, Reminded
from escalation.challenges.notifications import business_unit
from escalation.challenges.queries.week import this_week
from escalation.challenges.reminders import WEEK, remind, remind_of_actions
from escalation.challenges.services.conflicts import locked
from escalation.challenges.workflow import Status
from escalation.challenges.worklist import RUNNING, days
from escalation.policy.calendar import is_working_day, next_working_day
from escalation.policy.clock import opening
from escalation.policy.reminders import Reminder, reminder_now
from escalation.policy.words import london_date
from escalation.rulebook.queries import closed_days

WITH_ACTIONS = (*RUNNING, Status.CLOSED_ACTIONS_OPEN)
"""Statuses in which an action is still to be done."""
AHEAD, BEHIND = timedelta(days=14), timedelta(days=31)
"""Between them lies every reminder of a clock, over the longest holidays; what is later still is on the
business unit's page each week, and in every list."""


def remind_all(*, now: datetime) -> int:
    """Queue the reminders that have come since the last time; returns how many clocks and actions spoke up.

    Twice at once, or again at once, does no harm: each reminder of a clock is noted as told, in the
    transaction of its notices. Where a hold has moved the clock it speaks up anew. Mail itself goes in
    working time: a clock is late at 5pm, and its people hear at 9am; on the fast track at once.
    """
    closed = closed_days((now - BEHIND).date(), (now + AHEAD).date())
    running = (
        Deadline.objects.filter(
            decided_at__isnull=True,
            started__lte=now,
            due__range=(now - BEHIND, now + AHEAD),
            challenge__status__in=RUNNING,
        )
        .select_related("challenge")
        .prefetch_related("reminded")
        .order_by("challenge", "pk")
    )
    told = _remind_of_actions(now, closed)
    for challenge, deadlines in groupby(running, key=attrgetter("challenge")):
        fresh = [d for d in deadlines if _comes_to(d, challenge, now, closed)]
        told += _remind(challenge, {d.pk for d in fresh}, now, closed) if fresh else 0
    return told


def _comes_to(
    deadline: Deadline, challenge: Challenge, now: datetime, closed: Container[date]
) -> Reminder | None:
    """The reminder that a clock has come to and has not given yet."""
    reminder = reminder_now(
        now,
        started=deadline.started,
        due_at=deadline.due,
        overdue_from=deadline.overdue_from,
        closed=closed,
        at_any_hour=challenge.fast,
    )
    return _if_untold(reminder, deadline.due, deadline.reminded.all())


@transaction.atomic
def _remind(challenge: Challenge, pks: set[int], now: datetime, closed: Container[date]) -> int:
    """Unless somebody met it or told it meanwhile: with the challenge locked, both are seen."""
    case = locked(challenge, now)
    if case.challenge.status not in RUNNING:
        return 0
    clocks = [
        (deadline, reminder)
        for deadline in case.running_deadlines(now)
        if deadline.pk in pks and (reminder := _comes_to(deadline, case.challenge, now, closed))
    ]
    Reminded.objects.bulk_create(
        [Reminded(deadline=d, due=d.due, kind=reminder, told_at=now) for d, reminder in clocks]
    )
    remind(case, clocks, now=now)
    return len(clocks)


def _remind_of_actions(now: datetime, closed: Container[date]) -> int:
    """What was agreed on settling, also once it is closed: a case ends when the last action is done."""
    waiting = (
        Action.objects.filter(
            done_on__isnull=True,
            due__range=(london_date(now - BEHIND), london_date(now + AHEAD)),
            challenge__status__in=WITH_ACTIONS,
        )
        .select_related("challenge")
        .prefetch_related("reminded")
        .order_by("challenge", "pk")
    )
    told = 0
    for challenge, actions in groupby(waiting, key=attrgetter("challenge")):
        fresh = {a.pk for a in actions if _action_comes_to(a, challenge, now, closed)}
        told += _remind_of(challenge, fresh, now, closed) if fresh else 0
    return told


def _action_comes_to(
    action: Action, challenge: Challenge, now: datetime, closed: Container[date]
) -> Reminder | None:
    """The reminder that an action has come to and has not given yet."""
    due = due_time(action)
    reminder = reminder_now(
        now,
        started=challenge.settled_at or challenge.opened_at,
        due_at=due,
        overdue_from=due,
        closed=closed,
    )
    return _if_untold(reminder, due, action.reminded.all())


def _if_untold(reminder: Reminder | None, due: datetime, reminded: Iterable[Reminded]) -> Reminder | None:
    return None if (reminder, due) in {(each.kind, each.due) for each in reminded} else reminder


@transaction.atomic
def _remind_of(challenge: Challenge, pks: set[int], now: datetime, closed: Container[date]) -> int:
    """Unless somebody did it or told it meanwhile: with the challenge locked, both are seen."""
    case = locked(challenge, now)
    if case.challenge.status not in WITH_ACTIONS:
        return 0
    actions = [
        (action, reminder)
        for action in case.actions
        if action.pk in pks
        and action.done_on is None
        and (reminder := _action_comes_to(action, case.challenge, now, closed))
    ]
    Reminded.objects.bulk_create(
        [Reminded(action=a, due=due_time(a), kind=reminder, told_at=now) for a, reminder in actions]
    )
    remind_of_actions(case, actions, now=now)
    return len(actions)


@transaction.atomic
def tell_of_the_week(*, now: datetime) -> int:
    """To the business unit, at 9am on the first working day of a week; once, however often it is asked."""
    today = london_date(now)
    monday = today - timedelta(days=today.weekday())
    closed = closed_days(monday, monday + AHEAD)
    begins = opening(monday if is_working_day(monday, closed) else next_working_day(monday, closed))
    if now < begins or Message.objects.filter(kind=WEEK, created_at__gte=begins).exists():
        return 0
    unit = business_unit(())
    return sum(_tell_of_the_week(person, now) for person in unit.values())


def _tell_of_the_week(person: User, now: datetime) -> int:
    """The numbers of their own page: who must not see a challenge does not have it counted either."""
    standing = standing_of(person, today=london_date(now), at=now)
    numbers = this_week(standing, days(now)).numbers
    path = reverse("challenges:monday")
    return len(queue(to=[person], kind=WEEK, path=path, now=now, figures=numbers))


def tell_of_the_day(*, now: datetime) -> int:
    """At 9am of a working day, to everybody who chose one mail a day and for whom something waits."""
    today = london_date(now)
    begins = opening(today)
    if now < begins or not is_working_day(today, closed_days(today, today)):
        return 0
    return digests.tell_of_the_day(now=now, since=begins, path=reverse("challenges:list"))
