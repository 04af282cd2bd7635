"""Which requests somebody may see and decide, and who is asked to."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, Setting, User, plain_email

from .models import LASTS, JoinRequest, Status

UNIT_AFTER = timedelta(days=3)
"""So long a lead has; then the business unit is reminded that it may decide too."""
MOST_ASKED = 3
"""So often one address may ask in the time of one request, whatever was said."""


def waiting_of(email: str, *, now: datetime) -> JoinRequest | None:
    """What this address has asked for and nobody has decided."""
    found = JoinRequest.objects.waiting(now).filter(email=plain_email(email))
    return found.select_related("setting").first()


def last_word(email: str) -> JoinRequest | None:
    """That the last time somebody said no, or nobody answered, while that is kept."""
    over = JoinRequest.objects.filter(email=plain_email(email)).exclude(status=Status.WAITING)
    last = over.select_related("setting").order_by("-decided_at", "-pk").first()
    return last if last and last.status in (Status.DECLINED, Status.UNANSWERED) else None


def asked_lately(email: str, *, now: datetime) -> int:
    """How often this address has asked of late."""
    return JoinRequest.objects.filter(email=plain_email(email), asked_at__gt=now - LASTS).count()


def to_decide(standing: Standing, *, now: datetime) -> QuerySet[JoinRequest]:
    """Those that somebody may decide: of settings whose page they keep; the business unit's are all."""
    found = JoinRequest.objects.waiting(now).select_related("setting")
    if standing.in_business_unit:
        return found
    return found.filter(setting__in=standing.lead_settings | standing.senior_settings)


def to_do(standing: Standing, *, now: datetime) -> QuerySet[JoinRequest]:
    """Those that wait for this person first: the unit's are of settings without a lead, or wait too long."""
    found = to_decide(standing, now=now)
    if not standing.in_business_unit:
        return found
    led = Seat.objects.filter(setting=OuterRef("setting"), kind=SeatKind.LEAD, user__is_active=True)
    mine = Q(setting__in=standing.lead_settings | standing.senior_settings)
    return found.filter(mine | ~Exists(led) | Q(asked_at__lte=now - UNIT_AFTER))


def deciders(setting: Setting, *, today: date) -> list[User]:
    """Whom a request is told to: the leads who are there, and who covers for them; else the business unit."""
    seats = Seat.objects.on(today).filter(setting=setting, kind=SeatKind.LEAD, user__is_active=True)
    leads = list(seats)
    here = {seat.user_id for seat in leads if not seat.away_on(today)}
    covering = {pk for seat in leads for pk in seat.stand_ins(today)}
    people = User.objects.filter(is_active=True).order_by("pk")
    found = list(people.filter(pk__in=here | covering))
    return found or list(people.filter(seats__kind=SeatKind.BUSINESS_UNIT))
