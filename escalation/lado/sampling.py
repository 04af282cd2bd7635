"""The LADO's own dip sample: "was local LADO policy followed?", of ended records of a year, by employer.

It has the shape of a dip sample of challenges, on this side of the wall. Nothing of it leaves but a finding
that a second person gave, by the door `lado.findings`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.lado.case import DECIDES_HERE, Member, team_on
from escalation.lado.models import Conflict, DipSample, Referral, SampleReading
from escalation.lado.workflow import ENDED
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter

QUARTERS = 4
FROM_AN_EARLIER_LOG = "import"


def ended_in_year(until: Quarter, sector: str, *, readers: Sequence[User]) -> QuerySet[Referral]:
    """Ended in the year up to a quarter, of one employer's sector ("": any), about nobody of the LADO's own,
    and concerning none of the readers."""
    begins, ends = year_up_to(until)
    found = Referral.objects.filter(
        status__in=ENDED, ended_at__gte=begins, ended_at__lt=ends, about_lado=False
    ).exclude(way=FROM_AN_EARLIER_LOG)
    if sector:
        found = found.filter(sector=sector)
    for reader in readers:
        found = found.exclude(pk__in=Conflict.of(reader.pk))
    return found.order_by("uuid")


def year_up_to(until: Quarter) -> tuple[datetime, datetime]:
    """From the first moment of the quarter three before it to that of the day after its last."""
    first = until
    for _ in range(QUARTERS - 1):
        first = first.previous
    return _midnight(first.start), _midnight(until.end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


def could_read(day: date) -> list[Member]:
    """The LADO, deputies, and neighbouring LADOs: support reads no words."""
    return [each for each in team_on(day) if each.decides]


def may_draw(standing: Standing) -> bool:
    """The LADO and the deputies."""
    return bool(standing.roles & DECIDES_HERE)


def samples_of(standing: Standing) -> QuerySet[DipSample]:
    """Those that somebody reads or has read; to others of the team they do not exist."""
    return DipSample.objects.filter(readers__user=standing.user_id).distinct()


def readings_in_sight(sample: DipSample, standing: Standing) -> list[SampleReading]:
    """One's own, of records that one may see: as the team sees them, or as a neighbour who was asked to read.

    A conflict of interest beats it, and what turned out to be about the LADO is the neighbour's alone. One
    statement.
    """
    mine = SampleReading.objects.filter(sample=sample, user=standing.user_id).exclude(
        referral__in=Conflict.of(standing.user_id)
    )
    if SeatKind.NEIGHBOUR_LADO not in standing.roles:
        mine = mine.filter(referral__in=Referral.objects.visible_to(standing))
    return list(mine.select_related("referral__policy_version").order_by("number"))
