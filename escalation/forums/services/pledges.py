"""What organisations say at a forum that they will do, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.machine import Refused
from escalation.access.acting import Acting, Calendar
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import Pledge, Sitting, State
from escalation.forums.notifications import tell_of_pledge
from escalation.retelling import promising

from .locking import unit_only


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
    return promising.end(
        row,
        is_done=is_done,
        changed=changed,
        evidence=evidence,
        by=by,
        record=lambda ended, act: events.record(ended, act, by=by),
    )


def remind_of_pledges(*, now: datetime) -> int:
    """Once, a week before the day: the leads of whoever owes it. Returns how many pledges that were."""
    return sum(_reminded(row, Calendar(now)) for row in promising.to_remind_of(Pledge.objects.all(), now))


@transaction.atomic
def _reminded(row: Pledge, by: Calendar) -> bool:
    told = promising.remind(row, now=by.now, record=lambda row, act: events.record(row, act, by=by))
    if told is not None:
        tell_of_pledge(told.get_absolute_url(), told.organisation, by=by)
    return told is not None
