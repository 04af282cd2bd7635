"""How an event of the trail reads to an auditor: seats and steps in words, and never who raised it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from core.audit.channel import Channel
from escalation.access.fields import FieldGroup
from escalation.access.reads import READ
from escalation.challenges.models import Challenge, Event
from escalation.challenges.queries.trail import TrailLine
from escalation.challenges.reference import spoken
from escalation.challenges.wording.names import SEATS
from escalation.challenges.workflow import STEP
from escalation.policy.words import join

WAYS = {
    Channel.PAGE: "on a page",
    Channel.API: "by the API",
    Channel.IMPORT: "from an import",
    Channel.SYSTEM: "",
}
GROUPS = {FieldGroup.F1: "the words", FieldGroup.F2: "who raised it"}


@dataclass(frozen=True)
class Line:
    when: datetime
    what: str
    who: str
    seat: str
    seq: int


def line(event: TrailLine) -> Line:
    """One row of the trail."""
    way = WAYS.get(Channel(event.channel), "") if event.channel else ""
    return Line(event.at, " ".join(p for p in (_what(event), way) if p), _who(event), _seat(event), event.seq)


def _what(event: TrailLine) -> str:
    if event.act == READ:
        return f"Read {join([GROUPS[FieldGroup(group)] for group in event.groups])}"
    if event.act == "raise":
        return "Raised it"
    return STEP[event.act].past if event.act in STEP else event.act.replace("_", " ").capitalize()


def _who(event: TrailLine) -> str:
    return SEATS["raiser"] if event.who is None else event.who


def _seat(event: TrailLine) -> str:
    return "" if event.who is None else SEATS.get(event.seat, "")


@dataclass(frozen=True)
class ReadRow:
    when: datetime
    who: str
    seat: str
    reference: str
    url: str


def read_row(event: Event, challenge: Challenge | None) -> ReadRow:
    """A read without an open task, with the way to the challenge's own trail."""
    mine = challenge is not None and event.actor_id == challenge.raised_by_id
    return ReadRow(
        when=event.at,
        who=SEATS["raiser"] if mine else str(event.actor),
        seat=SEATS.get(event.seat, ""),
        reference=spoken(challenge.reference) if challenge else "",
        url=reverse("challenges:trail", args=[UUID(event.object)]) if challenge else "",
    )
