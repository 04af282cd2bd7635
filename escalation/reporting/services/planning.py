"""Choosing a release plan, and approving it before its period begins.

A person types how many cases a year they expect, and takes the plan for so many. The log never counts to
choose: a plan that depended on the count would tell it.
"""

from datetime import date, datetime

from django.db import transaction

from core.chance import drawn_id
from core.machine import NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.disclosure.plan import APRIL, Plan
from escalation.disclosure.plan_files import from_document, shipped_document
from escalation.policy.clock import LONDON
from escalation.policy.words import long_date
from escalation.reporting.events import record_plan
from escalation.reporting.models import ReleasePlan, Subject

UNIT_ONLY = "Only the partnership's business unit makes releases."
EARLIEST, LATEST = 14, 120
"""Days after a quarter's end on which it can be published."""


def unit_only(standing: Standing) -> None:
    """Raises NotPermitted for everybody else."""
    if not standing.in_business_unit:
        raise NotPermitted(UNIT_ONLY)


@transaction.atomic
def choose_plan(
    *,
    subject: str,
    key: str,
    starts: date,
    expected: int,
    days_after: int,
    log_begins: bool,
    by: User,
    standing: Standing,
    now: datetime,
) -> ReleasePlan:
    """Propose a plan from the day `starts` on. Raises NotPermitted, or Refused with what to do instead."""
    unit_only(standing)
    document = _document(key, subject)
    plan = from_document(document)
    _check_volume(plan, expected)
    _check_start(plan, starts, now)
    if not EARLIEST <= days_after <= LATEST:
        raise Refused(f"Choose a number of days from {EARLIEST} to {LATEST}.", field="days_after")
    _check_same_words(plan, subject)
    chosen = ReleasePlan.objects.create(
        uuid=drawn_id("plan"),
        subject=subject,
        key=plan.key,
        version=plan.version,
        title=plan.title,
        document=document,
        starts=starts,
        expected=expected,
        log_begins=log_begins,
        days_after=days_after,
        chosen_by=by,
        chosen_at=now,
    )
    record_plan(chosen, "chosen", by=by, at=now)
    return chosen


@transaction.atomic
def approve_plan(chosen: ReleasePlan, *, by: User, standing: Standing, now: datetime) -> ReleasePlan:
    """A second person approves a plan, before it begins. Raises NotPermitted or Refused."""
    unit_only(standing)
    chosen = ReleasePlan.objects.select_for_update().get(pk=chosen.pk)
    if chosen.approved_at is not None:
        return chosen
    if chosen.chosen_by_id == by.pk:
        raise Refused("You chose this plan. Somebody else in the business unit has to approve it.")
    _check_begins_later(chosen.starts, now)
    if ReleasePlan.objects.filter(
        subject=chosen.subject, starts=chosen.starts, approved_at__isnull=False
    ).exists():
        raise Refused("Another plan is approved for this year already. Choose a later year.")
    chosen.approved_by, chosen.approved_at = by, now
    chosen.save(update_fields=["approved_by", "approved_at"])
    record_plan(chosen, "approved", by=by, at=now)
    return chosen


def _document(key: str, subject: str) -> dict[str, object]:
    try:
        document = shipped_document(key)
    except OSError:
        raise Refused("There is no such plan. Choose one of the list.", field="key") from None
    if key.partition("_")[0] != Subject(subject).value:
        raise Refused("This plan counts something else. Choose one for the same subject.", field="key")
    return document


def _check_volume(plan: Plan, expected: int) -> None:
    if expected < plan.least or (plan.most is not None and expected > plan.most):
        most = "or more" if plan.most is None else f"to {plan.most}"
        raise Refused(
            f"This plan is made for {plan.least} {most} cases a year, and you expect {expected}. "
            "Choose the plan for that many.",
            field="key",
        )


def _check_start(plan: Plan, starts: date, now: datetime) -> None:
    if (starts.month, starts.day) != (APRIL, 1):
        raise Refused("A plan begins on 1 April, with the financial year.", field="starts")
    if starts < plan.start:
        raise Refused(f"This plan can be used from {long_date(plan.start)}.", field="starts")
    _check_begins_later(starts, now)


def _check_begins_later(starts: date, now: datetime) -> None:
    if starts <= now.astimezone(LONDON).date():
        raise Refused(
            "This year has begun. A plan is chosen and approved before its year begins, so that nobody can "
            "choose by what happened. Choose a later year.",
            field="starts",
        )


def _check_same_words(plan: Plan, subject: str) -> None:
    """What is published is checked together, so a code means the same in every plan of a subject."""
    for other in ReleasePlan.objects.filter(subject=subject, approved_at__isnull=False):
        codes = {each.code: [c.code for c in each.categories] for each in other.plan.dimensions}
        for each in plan.dimensions:
            if codes.get(each.code, [c.code for c in each.categories]) != [c.code for c in each.categories]:
                raise Refused(
                    f"“{each.label}” has other categories than in the plan from "
                    f"{long_date(other.starts)}. Give it another code in the plan's file.",
                    field="key",
                )
