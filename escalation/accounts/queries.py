"""Who is an administrator and who is a system; the systems there are, and their keys."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from core.sessions.models import Session

from .groups import SeatKind
from .models import ApiToken, Seat, User


def is_administrator(user: User) -> bool:
    """One statement."""
    return user.seats.filter(kind=SeatKind.ADMINISTRATOR).exists()


def is_system(user: User) -> bool:
    """Whether this is a system, and nothing else besides; one statement."""
    return {seat.kind for seat in user.seats.all()} == {SeatKind.SERVICE}


def systems() -> QuerySet[User]:
    """Every system that has not been shut out, by name."""
    seats = Seat.objects.filter(user=OuterRef("pk"))
    others = seats.exclude(kind=SeatKind.SERVICE)
    return User.objects.filter(Exists(seats.filter(kind=SeatKind.SERVICE)), ~Exists(others), is_active=True)


def keys_of_systems() -> QuerySet[ApiToken]:
    """Their keys, the newest first, those that are over too."""
    seat = Seat.objects.filter(user=OuterRef("user"), kind=SeatKind.SERVICE)
    return ApiToken.objects.filter(Exists(seat)).select_related("user", "issued_by")


def sessions_of(user: User, *, now: datetime) -> QuerySet[Session]:
    """Where this person is signed in, the last seen first."""
    return Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at", "-started_at")
