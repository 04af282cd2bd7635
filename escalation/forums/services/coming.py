"""Signing up for a sitting, and taking it back: each person for themselves."""

from django.db import transaction

from core.audit.kept import ENDED
from core.machine import NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import SignUp, Sitting
from escalation.forums.queries import can_come_for

from .locking import locked

FULL = "Every place is taken. Ask the business unit: places are given back now and then."


@transaction.atomic
def come(sitting: Sitting, organisation: Organisation | None, *, by: Acting) -> SignUp:
    """Take a place for one's organisation; a second click is the same place.

    `organisation` None: the only one there is. Raises NotPermitted, or Refused with what to do.
    """
    mine = can_come_for(sitting, by.user)
    if not mine:
        raise NotPermitted("Your organisation is not invited to this forum.")
    chosen = organisation or (mine[0] if len(mine) == 1 else None)
    if chosen not in mine:
        raise Refused("Choose for which organisation you come.")
    now = locked(sitting)
    known = SignUp.objects.filter(sitting=now, user=by.user).first()
    if known is not None:
        return known
    if now.starts_at <= by.now:
        raise Refused("This forum has begun. Just come: you are counted at the door.")
    if SignUp.objects.filter(sitting=now).count() >= now.places:
        raise Refused(FULL)
    row = SignUp.objects.create(sitting=now, organisation=chosen, user=by.user, at=by.now)
    events.record(row, events.SIGNED_UP, by=by)
    return row


@transaction.atomic
def come_not(sitting: Sitting, *, by: Acting) -> None:
    """Give one's place back; nothing happens where there is none."""
    now = locked(sitting)
    row = SignUp.objects.filter(sitting=now, user=by.user).first()
    if row is not None:
        events.record(row, ENDED, by=by)
        row.delete()
