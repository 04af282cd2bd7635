"""Counting who comes, at the door: how many of each organisation, never who."""

from django.db import transaction

from core.machine import Moved, NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import MOST_PLACES, Invitation, Sitting
from escalation.forums.queries import door_is_open, keeps_the_door

from .locking import locked


@transaction.atomic
def count(sitting: Sitting, organisation: int, came: int, *, seen: int, by: Acting) -> Invitation:
    """So many of an organisation have come, where the page said `seen`.

    Raises Moved where somebody else counted meanwhile: nobody's count is lost. A second click is no change.
    """
    now = _open_door(sitting, by=by)
    row = Invitation.objects.filter(sitting=now, organisation=organisation).first()
    if row is None or not 0 <= came <= MOST_PLACES:
        raise Refused("Choose an organisation of the list, and a number that can be.")
    if row.came == came:
        return row
    if row.came != seen:
        raise Moved("Somebody else has counted meanwhile. Look at the number, and count again.")
    row.came = came
    row.save(update_fields=["came"])
    events.record(row, events.COUNTED, by=by)
    return row


@transaction.atomic
def add_at_the_door(sitting: Sitting, organisation: Organisation, *, by: Acting) -> Invitation:
    """Somebody came whose organisation was not invited: it is put on the list, with one person."""
    now = _open_door(sitting, by=by)
    row, is_new = Invitation.objects.get_or_create(
        sitting=now, organisation=organisation, defaults={"at": by.now, "at_the_door": True, "came": 1}
    )
    if is_new:
        events.record(row, events.COUNTED, by=by)
    return row


def _open_door(sitting: Sitting, *, by: Acting) -> Sitting:
    if not keeps_the_door(by.standing, sitting):
        raise NotPermitted("The business unit and the host’s leads count who comes.")
    now = locked(sitting)
    if not door_is_open(now, by.now):
        raise Refused("The door opens on the day of the forum.")
    return now
