"""Who has read a referral, from the LADO's own read log."""

from dataclasses import dataclass
from datetime import datetime

from escalation.lado.events import ACCESS
from escalation.lado.models import Event, Referral

SHOWN = 20


@dataclass(frozen=True)
class Reading:
    who: str
    seat: str
    at: datetime


def readers_of(referral: Referral) -> list[Reading]:
    """The last readings, newest first; one statement."""
    events = Event.objects.filter(chain=ACCESS, object=str(referral.uuid)).select_related("actor")
    return [
        Reading(event.actor.full_name if event.actor else "", event.seat, event.at)
        for event in events.order_by("-seq")[:SHOWN]
    ]
