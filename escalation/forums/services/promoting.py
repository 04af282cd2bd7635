"""An organisation says that it has put the policy before its staff; the unit asks those who have not."""

from datetime import date, timedelta

from django.db import transaction

from core.machine import NotPermitted, Refused
from core.web.dates import london_day, short_day
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import Promotion, PromotionReminder
from escalation.forums.notifications import tell_of_policy
from escalation.forums.promotions import board, confirms
from escalation.rulebook.models import PolicyVersion

from .locking import unit_only

BETWEEN = timedelta(days=7)


@transaction.atomic
def confirm_promotion(
    organisation: Organisation, version: PolicyVersion, *, day: date, people: int, how: str, by: Acting
) -> Promotion:
    """Say when, before how many and how. The same again is no second time. Raises NotPermitted or Refused."""
    if organisation not in confirms(by.standing):
        raise NotPermitted("Leads of the organisation say this, and the business unit.")
    if day < version.start:
        raise Refused(f"This version holds from {short_day(version.start, now=by.now)} on.", field="day")
    last = Promotion.objects.filter(organisation=organisation, policy_version=version).order_by("-pk").first()
    if last is not None and (last.day, last.people, last.how) == (day, people, how):
        return last
    row = Promotion.objects.create(
        organisation=organisation,
        policy_version=version,
        day=day,
        people=people,
        how=how,
        said_by=by.user,
        said_at=by.now,
    )
    events.record(row, events.CONFIRMED, by=by)
    return row


@transaction.atomic
def remind_of_policy(*, by: Acting) -> int:
    """A mail to the leads of those who have not said so, once a week at most; how many organisations."""
    unit_only(by)
    found = board(by.standing, london_day(by.now))
    if found.reminded is not None and by.now - found.reminded.at < BETWEEN:
        raise Refused(f"They were reminded on {short_day(found.reminded.at, now=by.now)}. Wait a week.")
    missing = [each.organisation for each in found.missing]
    if not missing:
        raise Refused("Everybody has confirmed it.")
    row = PromotionReminder.objects.create(policy_version=found.version, at=by.now, by=by.user)
    events.record(row, events.REMINDED, by=by)
    tell_of_policy(missing, by=by)
    return len(missing)
