"""What an auditor reads: who did and who read what, and when. Coded facts only, and never who raised it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from core.audit.models import Verification
from core.audit.registry import LOG
from core.audit.verify import faults_of
from escalation.access.reads import READ
from escalation.challenges.events import ACCESS, chain_of
from escalation.challenges.models import Challenge, Event


@dataclass(frozen=True)
class TrailLine:
    """One event. `who` is "" for the log itself, None for the person who raised it; `seat` is coded."""

    at: datetime
    act: str
    seat: str
    who: str | None
    channel: str
    groups: tuple[str, ...]
    seq: int


@dataclass(frozen=True)
class Trail:
    """What was done and what was read, newest first; `fault` is "" where the case's own chain holds."""

    done: tuple[TrailLine, ...]
    read: tuple[TrailLine, ...]
    fault: str


def trail_of(challenge: Challenge) -> Trail:
    """Two statements."""
    events = list(Event.objects.filter(chain=chain_of(challenge)).select_related("actor").order_by("seq"))
    reads = Event.objects.filter(chain=ACCESS, object=str(challenge.uuid)).select_related("actor")
    fault = next(faults_of(events), None)
    return Trail(
        done=tuple(_line(event, challenge) for event in reversed(events)),
        read=tuple(_line(event, challenge) for event in reads.order_by("-seq")),
        fault="" if fault is None else str(fault),
    )


def _line(event: Event, challenge: Challenge | None) -> TrailLine:
    raiser = challenge is None or event.actor_id == challenge.raised_by_id
    name = event.actor.full_name if event.actor else ""
    return TrailLine(
        at=event.at,
        act=event.act,
        seat=event.seat,
        who=None if raiser and event.actor else name,
        channel=str(event.codes.get("channel", "")),
        groups=tuple(event.codes.get("groups", ())),
        seq=event.seq,
    )


def last_verification() -> Verification | None:
    """What verify_audit found last."""
    return Verification.objects.filter(side=LOG).first()


def reads_without_task(since: datetime) -> QuerySet[Event]:
    """Reads of somebody whose turn it was not, newest first; raisers aside, who may always look."""
    found = Event.objects.filter(chain=ACCESS, act=READ, at__gte=since, codes__task=False)
    return found.exclude(seat="raiser").select_related("actor").order_by("-seq")


@dataclass(frozen=True)
class Reading:
    """How often somebody read without an open task: of how many challenges, and when last."""

    who: str
    times: int
    challenges: int
    last: datetime


def who_reads_without_task(since: datetime) -> list[Reading]:
    """By person, who read most first; one statement."""
    people = (
        reads_without_task(since)
        .order_by()
        .values("actor", "actor__full_name")
        .annotate(times=Count("pk"), challenges=Count("object", distinct=True), last=Max("at"))
        .order_by("-times", "actor__full_name")
    )
    return [Reading(p["actor__full_name"], p["times"], p["challenges"], p["last"]) for p in people]


def challenges_of(events: Iterable[Event]) -> dict[str, Challenge]:
    """By the uuid that the events name; one statement."""
    uuids = {UUID(event.object) for event in events}
    return {str(found.uuid): found for found in Challenge.objects.filter(uuid__in=uuids)}
