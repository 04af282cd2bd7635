"""What organisations say at a forum that they will do, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from core.machine import NotPermitted, Refused
from core.web.dates import london_day
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.acting import Acting, Calendar
from escalation.forums.models import Pledge, PledgeState, Sitting, State
from escalation.forums.notifications import tell_of_pledge
from escalation.forums.pledges import may_end

from .locking import unit_only

REMIND_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class NewPledge:
    """You said, we will: `owner` is the job of who does it, never a name."""

    said: str
    what: str
    organisation: Organisation
    owner: str
    due: date


@transaction.atomic
def pledge(sitting: Sitting, new: NewPledge, *, key: UUID, by: Acting) -> Pledge:
    """Write down what was said, and who does what about it. `key`: a second click is the same pledge."""
    unit_only(by)
    known = Pledge.objects.filter(uuid=key).first()
    if known is not None:
        return known
    if sitting.state == State.CANCELLED or not sitting.has_begun(by.now):
        raise Refused("Pledges are made at a forum. This one has not taken place.")
    row = Pledge.objects.create(
        uuid=key,
        sitting=sitting,
        said=new.said,
        what=new.what,
        organisation=new.organisation,
        owner=new.owner,
        due=new.due,
        made_by=by.user,
        made_at=by.now,
    )
    events.record(row, events.PLEDGED, by=by)
    return row


@transaction.atomic
def end_pledge(row: Pledge, *, is_done: bool, changed: str, evidence: str, by: Acting) -> Pledge:
    """Done, with what is other now and where one can see it; or not done, and why. A second click is none."""
    if not may_end(by.standing, row):
        raise NotPermitted("Leads of the organisation that said it, and the business unit, say this.")
    now = Pledge.objects.select_for_update(of=("self",)).get(pk=row.pk)
    state = PledgeState.DONE if is_done else PledgeState.DROPPED
    if now.state == state and (now.changed, now.evidence) == (changed, evidence):
        return now
    if now.state != PledgeState.OPEN:
        raise Refused("Somebody has said what came of it meanwhile.")
    if is_done and not evidence.strip():
        raise Refused("Say where one can see it: a page, a leaflet, a date in a plan.", field="evidence")
    now.state, now.changed, now.evidence, now.ended_at = state, changed, evidence, by.now
    now.save(update_fields=["state", "changed", "evidence", "ended_at"])
    events.record(now, events.DONE if is_done else events.DROPPED, by=by)
    return now


def remind_of_pledges(*, now: datetime) -> int:
    """Once, a week before the day: the leads of whoever owes it. Returns how many pledges that were."""
    near = london_day(now) + REMIND_BEFORE
    waiting = Pledge.objects.filter(state=PledgeState.OPEN, reminded_at=None, due__lte=near)
    return sum(_reminded(pk, Calendar(now)) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _reminded(pk: int, by: Calendar) -> bool:
    row = Pledge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    if row.state != PledgeState.OPEN or row.reminded_at is not None:
        return False
    row.reminded_at = by.now
    row.save(update_fields=["reminded_at"])
    events.record(row, events.REMINDED, by=by)
    tell_of_pledge(row.get_absolute_url(), row.organisation, by=by)
    return True
