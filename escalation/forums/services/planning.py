"""Planning a sitting, inviting to it, and its end."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.audit.kept import ENDED
from core.machine import Moved, Refused
from core.text.reference import drawn_signs
from core.web.dates import london_day
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import Invitation, Pulse, SignUp, Sitting, State, Wave
from escalation.forums.notifications import CANCELLED, CHANGED, tell_invited, tell_signed_up
from escalation.forums.queries import coming_to

from .locking import check_planned, locked, unit_only

TOLD_OF = ("starts_at", "ends_at", "place")
"""Whoever signed up is told where one of these changes."""
SIGNS = 8
"""In the address of a pulse: about 10^11 of them."""
TOO_FEW = "{} people have signed up already. Keep at least as many places."


@dataclass(frozen=True)
class NewSitting:
    """What the unit says of a sitting; `notice` is what people are told of the Chatham House rule."""

    theme: str
    starts_at: datetime
    ends_at: datetime
    place: str
    host: Organisation
    places: int
    agenda: str
    notice: str


@transaction.atomic
def plan(new: NewSitting, *, key: UUID, by: Acting) -> Sitting:
    """Plan a sitting. `key` is the form's own: a second click is the same sitting."""
    unit_only(by)
    known = Sitting.objects.filter(uuid=key).first()
    if known is not None:
        return known
    sitting = Sitting.objects.create(uuid=key, planned_by=by.user, planned_at=by.now, **_fields(new))
    events.record(sitting, events.PLANNED, by=by)
    pulses = [
        Pulse.objects.create(sitting=sitting, wave=wave, code=drawn_signs("pulse", SIGNS)) for wave in Wave
    ]
    events.record_many(pulses, events.PLANNED, by=by)
    return sitting


def _fields(new: NewSitting) -> dict[str, object]:
    return {**asdict(new), "host": new.host}


@transaction.atomic
def change(sitting: Sitting, new: NewSitting, *, seen: int, by: Acting) -> Sitting:
    """Say it anew. Raises Moved where somebody else did since version `seen`, Refused with what to do."""
    unit_only(by)
    now = locked(sitting)
    said = _fields(new)
    before = {name: getattr(now, name) for name in said}
    if before == said:
        return now
    if now.version != seen:
        raise Moved("Somebody else has changed this forum meanwhile.")
    coming = sum(coming_to(now).values())
    if new.places < coming:
        raise Refused(TOO_FEW.format(coming), field="places")
    for name, value in said.items():
        setattr(now, name, value)
    now.version += 1
    now.save()
    events.record(now, events.CHANGED, by=by)
    if any(before[name] != said[name] for name in TOLD_OF):
        tell_signed_up(now, CHANGED, by=by)
    return now


@transaction.atomic
def invite(sitting: Sitting, organisations: Iterable[Organisation], *, by: Acting) -> list[Invitation]:
    """Invite organisations, each once; their leads are told. Those invited before stay as they are."""
    unit_only(by)
    now = locked(sitting)
    there = {row.organisation_id: row for row in now.invitations.all()}
    new = [
        Invitation.objects.create(sitting=now, organisation=each, at=by.now)
        for each in organisations
        if each.pk not in there
    ]
    events.record_many(new, events.INVITED, by=by)
    if new:
        tell_invited(now, [row.organisation for row in new], by=by)
    return new


@transaction.atomic
def close(sitting: Sitting, *, by: Acting) -> Sitting:
    """It took place: numbers stay, and who had signed up is forgotten."""
    unit_only(by)
    now = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if now.state == State.CLOSED:
        return now  # a second click
    _end(now, State.CLOSED, by=by)
    coming = coming_to(now)
    rows = list(now.invitations.all())
    for row in rows:
        row.signed_up = coming.get(row.organisation_id, 0)
    Invitation.objects.bulk_update(rows, ["signed_up"])
    events.record_many(rows, events.CLOSED, by=by)
    _forget_sign_ups(now, by=by)
    return now


@transaction.atomic
def cancel(sitting: Sitting, *, why: str, by: Acting) -> Sitting:
    """It does not take place; whoever signed up is told, and then forgotten."""
    unit_only(by)
    now = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if now.state == State.CANCELLED:
        return now  # a second click
    now.why_cancelled = why
    _end(now, State.CANCELLED, by=by)
    tell_signed_up(now, CANCELLED, by=by)
    _forget_sign_ups(now, by=by)
    return now


def _end(now: Sitting, state: State, *, by: Acting) -> None:
    check_planned(now)
    if state == State.CLOSED and london_day(now.starts_at) > london_day(by.now):
        raise Refused("This forum is still to come. Close it once it has taken place, or call it off.")
    now.state, now.ended_at = state, by.now
    now.version += 1
    now.save()
    events.record(now, events.CLOSED if state == State.CLOSED else events.CANCELLED, by=by)


def _forget_sign_ups(sitting: Sitting, *, by: Acting) -> None:
    rows = list(SignUp.objects.filter(sitting=sitting).order_by("pk"))
    events.record_many(rows, ENDED, by=by)
    SignUp.objects.filter(sitting=sitting).delete()
