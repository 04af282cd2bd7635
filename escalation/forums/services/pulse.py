"""Answering the pulse, by nobody's name, and what the calendar does with it."""

from datetime import datetime

from django.db import transaction

from core.machine import Refused
from escalation.access.acting import Calendar
from escalation.accounts.models import Organisation
from escalation.forums import events
from escalation.forums.models import LEVELS, Pulse, Sitting, State, Wave
from escalation.forums.notifications import tell_of_pulse

ENOUGH = "As many people have answered as there were places, so the question is closed."
NOT_NOW = "This question is closed. You have nothing to do."


@transaction.atomic
def answer(pulse: Pulse, level: str, *, now: datetime) -> None:
    """One more of an answer. Neither who nor when is kept, so it has no event: the sums have one at the end.

    As many answers are taken as there are places, or people came: a link that goes astray bends no more.
    """
    locked = Pulse.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=pulse.pk)
    if level not in LEVELS:
        raise Refused("Choose a number from 1 to 5.")
    if not locked.is_open(now):
        raise Refused(NOT_NOW)
    came = sum(locked.sitting.invitations.values_list("came", flat=True))
    if sum(locked.counts.values()) >= max(locked.sitting.places, came):
        raise Refused(ENOUGH)
    locked.counts = {**locked.counts, level: locked.counts[level] + 1}
    locked.save(update_fields=["counts"])


def keep_pulses(*, now: datetime) -> int:
    """Seal what is over, and tell of what has opened three months later; returns how many were either."""
    waiting = Pulse.objects.filter(sealed__isnull=True).exclude(sitting__state=State.CANCELLED)
    done = 0
    for pk in waiting.values_list("pk", flat=True):
        done += _kept(pk, Calendar(now))
    return done


@transaction.atomic
def _kept(pk: int, by: Calendar) -> bool:
    pulse = Pulse.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=pk)
    if pulse.sealed is None and pulse.closes <= by.now:
        pulse.sealed, pulse.sealed_at = pulse.counts, by.now
        pulse.save(update_fields=["sealed", "sealed_at"])
        events.record(pulse, events.SEALED, by=by)
        return True
    if pulse.wave == Wave.LATER and pulse.told_at is None and pulse.is_open(by.now):
        pulse.told_at = by.now
        pulse.save(update_fields=["told_at"])
        events.record(pulse, events.ASKED, by=by)
        tell_of_pulse(pulse.get_absolute_url(), came_to(pulse.sitting), by=by)
        return True
    return False


def came_to(sitting: Sitting) -> list[Organisation]:
    rows = sitting.invitations.filter(came__gt=0).select_related("organisation")
    return [row.organisation for row in rows]
