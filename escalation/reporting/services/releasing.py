"""What people do to a release: start it, approve it, refuse it, take tables back.

Whoever approves is not whoever started, and sees published values only. So nothing that is decided here
depends on a true count.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from core.chance import drawn_id
from core.machine import Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.words import long_date
from escalation.reporting.events import record, record_opening
from escalation.reporting.models import (
    RefusalReason,
    Release,
    ReleasePlan,
    State,
    Subject,
    Withdrawal,
    WithdrawalReason,
    number_of,
)
from escalation.reporting.services.changing import changing, destroy_snapshot, move
from escalation.reporting.services.planning import unit_only

WEEK = timedelta(days=7)


def start(
    quarter: Quarter, subject: str, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Release:
    """Begin a quarter's release; the worker makes it. Raises NotPermitted, or Refused in words."""
    unit_only(standing)
    return _start(quarter, subject, by=by, now=now, request_id=request_id)


def start_for_command(quarter: Quarter, subject: str, *, now: datetime) -> Release:
    """The same from a terminal of the server, by nobody that the log knows. Raises Refused."""
    return _start(quarter, subject, by=None, now=now, request_id="")


@transaction.atomic
def _start(quarter: Quarter, subject: str, *, by: User | None, now: datetime, request_id: str) -> Release:
    _check_finished(quarter, now)
    plan = plan_for(quarter, subject)
    if plan is None:
        raise Refused(
            f"No plan was approved before {quarter} began, so nothing can be released for it. "
            "Choose a plan for the years to come."
        )
    number = number_of(quarter)
    if not list(plan.plan.due(number)):
        raise Refused(f"By its plan ({plan.title}) nothing is published after {quarter}.")
    _check_order(subject, number)
    release = Release.objects.create(
        uuid=drawn_id("release"),
        subject=subject,
        plan=plan,
        quarter=str(quarter),
        number=number,
        started_by=by,
        started_at=now,
        publish_at=plan.publish_at(quarter),
    )
    record(release, "started", before={}, by=by, at=now, request_id=request_id)
    record_opening(release, by=by, at=now)
    return release


def plan_for(quarter: Quarter, subject: str) -> ReleasePlan | None:
    """The approved plan that holds for a quarter."""
    approved = ReleasePlan.objects.filter(subject=subject, approved_at__isnull=False)
    return approved.filter(starts__lte=quarter.start).order_by("-starts").first()


def _check_finished(quarter: Quarter, now: datetime) -> None:
    if now.astimezone(LONDON).date() <= quarter.end:
        raise Refused(
            f"{quarter} is not over: it ends on {long_date(quarter.end)}. "
            f"Its figures can be made from {long_date(quarter.next.start)} on.",
            field="quarter",
        )


def _check_order(subject: str, number: int) -> None:
    """One after another, in the order of quarters: each is checked together with all before."""
    theirs = Release.objects.filter(subject=subject)
    there = theirs.filter(number=number).first()
    if there is not None:
        raise Refused(
            f"There is a release for {there.quarter} already: {there.get_state_display()[:1].lower()}"
            f"{there.get_state_display()[1:]}. A quarter is never drawn twice."
        )
    before = theirs.under_way().first()
    if before is not None:
        raise Refused(f"Finish the release of {before.quarter} first.")
    later = theirs.filter(number__gt=number).order_by("number").first()
    if later is not None:
        raise Refused(f"The release of {later.quarter} was made already, so this quarter stays without one.")


def approve(
    release: Release, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Release:
    """A second person lets it go, on its date; where that has passed, some whole weeks after it."""
    unit_only(standing)
    if release.state == State.APPROVED and release.approved_by_id == by.pk:
        return release
    with changing(release, "approved", by=by, now=now, request_id=request_id) as locked:
        if locked.started_by_id == by.pk:
            raise Refused("You started this release. Somebody else in the business unit has to approve it.")
        move(locked, State.APPROVED)
        locked.approved_by, locked.approved_at = by, now
        while locked.publish_at <= now:
            locked.publish_at += WEEK
    return locked


def refuse(
    release: Release, *, reason: str, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> Release:
    """It is not released, ever: what was drawn is kept, and never drawn again."""
    unit_only(standing)
    if reason not in RefusalReason.values:
        raise Refused("Choose a reason.", field="reason")
    return refuse_for(release, reason, by=by, now=now, request_id=request_id)


def refuse_for(
    release: Release, reason: str, *, by: User | None, now: datetime, request_id: str = ""
) -> Release:
    """The same, by a person or by the worker."""
    with changing(release, "refused", by=by, now=now, request_id=request_id) as locked:
        move(locked, State.REFUSED)
        locked.refused_by, locked.refused_at, locked.refusal = by, now, reason
        destroy_snapshot(locked)
    return locked


@transaction.atomic
def withdraw(
    release: Release,
    parts: Iterable[tuple[str, int]],
    *,
    reason: str,
    by: User,
    standing: Standing,
    now: datetime,
    request_id: str = "",
) -> Release:
    """Take back sets of linked tables, each by its date and how many quarters it counts.

    They are shown as not available from the next edition on, which the worker makes, in this release and in
    all later ones that add to them. They are never drawn again.
    """
    unit_only(standing)
    wanted = list(dict.fromkeys(parts))
    if reason not in WithdrawalReason.values:
        raise Refused("Choose a reason.", field="reason")
    if not wanted:
        raise Refused("Choose the tables that are withdrawn.", field="parts")
    with changing(release, "withdrawn", by=by, now=now, request_id=request_id) as locked:
        if not locked.is_public:
            raise Refused("It is not published, so there is nothing to withdraw. Refuse it instead.")
        _withdraw(locked, wanted, reason, by, now)
    for later in Release.objects.published().filter(subject=release.subject, number__gt=release.number):
        with changing(later, "touched", by=by, now=now, request_id=request_id) as touched:
            touched.edition += 1
    return locked


def _withdraw(release: Release, wanted: list[tuple[str, int]], reason: str, by: User, now: datetime) -> None:
    drawn = {(each["date"], len(each["quarters"])) for each in release.figures.values}
    gone = set(release.withdrawals.values_list("date", "quarters"))
    if not set(wanted) <= drawn:
        raise Refused("Choose tables of this release.", field="parts")
    Withdrawal.objects.bulk_create(
        Withdrawal(release=release, date=date, quarters=quarters, reason=reason, by=by, at=now)
        for date, quarters in wanted
        if (date, quarters) not in gone
    )
    release.edition += 1
    if drawn <= gone | set(wanted) and release.state == State.PUBLISHED:
        move(release, State.WITHDRAWN)


def subject_named(text: str) -> Subject:
    """Raises Refused for what is not counted."""
    if text not in Subject.values:
        raise Refused(f"Choose what is counted: {', '.join(Subject.values)}.", field="subject")
    return Subject(text)
