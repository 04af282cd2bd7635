"""Who is an administrator and who is a system; the systems there are, and their keys."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.sessions.models import Session

from .domains import domain_of
from .groups import SECOND_FACTOR_KINDS, SeatKind
from .models import ApiToken, Closure, Organisation, Seat, Setting, User


def is_administrator(user: User) -> bool:
    """One statement."""
    return user.seats.filter(kind=SeatKind.ADMINISTRATOR).exists()


def is_system(user: User) -> bool:
    """Whether this is a system, and nothing else besides; one statement."""
    return {seat.kind for seat in user.seats.all()} == {SeatKind.SERVICE}


def needs_second_factor(user: User, *, today: date) -> bool:
    """Whether a password is not enough: a seat of theirs asks for more, or one in which they stand in today.

    The one rule of who has to. A second deputy counts from the first day of the leave; one statement.
    """
    away = Q(away_from__lte=today) & (Q(away_until__isnull=True) | Q(away_until__gte=today))
    deputy = away & (Q(deputy=user) | Q(second_deputy=user))
    shut = Closure.objects.filter(setting=OuterRef("setting"), cover=user, first__lte=today, last__gte=today)
    seats = Seat.objects.filter(kind__in=SECOND_FACTOR_KINDS)
    return seats.filter(Q(user=user) | deputy | Exists(shut)).exists()


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Their apps and passkeys, oldest first; printed codes are no factor by themselves."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return rows.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("created_at", "pk")


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


def knows_domain(email: str) -> bool:
    """Whether an organisation has addresses like this one; one statement."""
    return bool(_organisations_at(email))


def proposed_settings(email: str) -> QuerySet[Setting]:
    """Where somebody with this address may work: the settings of the organisations that have its domain.

    None outside the log, for which the business unit acts.
    """
    found = Setting.objects.filter(organisation__in=_organisations_at(email), outside=False)
    return found.select_related("organisation").order_by("organisation__name", "name")


def _organisations_at(email: str) -> list[int]:
    domain, known = domain_of(email), Organisation.objects.exclude(email_domain="")
    return [pk for pk, domains in known.values_list("pk", "email_domain") if domain in domains.split()]
