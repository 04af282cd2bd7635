"""Who has read a referral, from the LADO's own read log."""

from dataclasses import dataclass
from datetime import date, datetime

from escalation.lado.events import ACCESS
from escalation.lado.models import Event, Referral
from escalation.policy.words import london_date

SHOWN = 100


@dataclass(frozen=True)
class Reading:
    who: str
    seat: str
    at: datetime


def readers_of(referral: Referral) -> list[Reading]:
    """Who read it on which days, of the last readings, newest first; one statement."""
    events = Event.objects.filter(chain=ACCESS, object=str(referral.uuid)).select_related("actor")
    found: dict[tuple[int | None, date], Reading] = {}
    for event in events.order_by("-seq")[:SHOWN]:
        reading = Reading(event.actor.full_name if event.actor else "", event.seat, event.at)
        found.setdefault((event.actor_id, london_date(event.at)), reading)
    return list(found.values())
