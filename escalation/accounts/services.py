"""The only writer of people, settings and seats. Each function is one act, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q

from core.chance import drawn_token

from .groups import LADO_KINDS, SETTING_KINDS, WALL_KINDS, SeatKind
from .models import ApiToken, Seat, Setting, User, plain_email

TOKEN_BYTES = 32
PREFIX_LENGTH = 8


class Refused(Exception):
    """Not done, and why, as a sentence for the person who asked."""


@transaction.atomic
def create_user(
    *,
    email: str,
    full_name: str,
    job_title: str = "",
    phone: str = "",
    best_times: str = "",
    password: str | None = None,
) -> User:
    """A new person, without rights; without a password until one is set."""
    if User.objects.filter(email=plain_email(email)).exists():
        raise Refused("Somebody with this e-mail address is here already.")
    return User.objects.create_user(
        email, password, full_name=full_name, job_title=job_title, phone=phone, best_times=best_times
    )


@transaction.atomic
def first_administrator(*, email: str, full_name: str, password: str) -> User:
    """The first person of a new log, who can give seats and see no case. Refused when there is one."""
    if Seat.objects.filter(kind=SeatKind.ADMINISTRATOR).exists():
        raise Refused("There is an administrator already; they can make more.")
    user = create_user(email=email, full_name=full_name, password=password)
    give_seat(user=user, kind=SeatKind.ADMINISTRATOR, by=None)
    return user


@transaction.atomic
def give_seat(*, user: User, kind: str, setting: Setting | None = None, by: User | None) -> Seat:
    """Seat a person; the same seat again is no second one. `by` is nobody for a command on the server."""
    User.objects.select_for_update().get(pk=user.pk)
    _check_seat(user=user, kind=kind, setting=setting, by=by)
    seat, new = Seat.objects.get_or_create(user=user, kind=kind, setting=setting, defaults={"given_by": by})
    if new:
        _end_sessions(user)
    return seat


def _check_seat(*, user: User, kind: str, setting: Setting | None, by: User | None) -> None:
    if kind not in SeatKind.values:
        raise Refused(f"There is no kind of seat called “{kind}”.")
    if (kind in SETTING_KINDS) != (setting is not None):
        raise Refused(
            f"“{SeatKind(kind).label}” is a seat {'in' if setting is None else 'without'} a setting."
        )
    if kind in WALL_KINDS and user.seats.filter(kind__in=WALL_KINDS).exclude(kind=kind).exists():
        raise Refused(
            "The business unit must not see LADO work, so one person cannot hold seats on both sides, "
            "nor two LADO seats. End the other seat first."
        )
    if kind in LADO_KINDS and by is not None and not by.seats.filter(kind__in=LADO_KINDS[:2]).exists():
        raise Refused("Only the LADO or deputy LADO gives LADO seats; the first is given on the server.")


@transaction.atomic
def end_seat(*, seat: Seat, by: User | None) -> None:
    """Take a seat away, at once; its holder is signed out. `by` is kept for the trail of changes."""
    user = seat.user
    seat.delete()
    _end_sessions(user)


@transaction.atomic
def set_deputy(*, seat: Seat, deputy: User | None, by: User | None) -> Seat:
    """Name who covers this seat while its holder is away, or nobody."""
    if seat.kind not in SETTING_KINDS:
        raise Refused("A partnership role has no deputy; give a second person the seat instead.")
    if deputy is not None and deputy.pk == seat.user_id:
        raise Refused("A person cannot be their own deputy.")
    if deputy is not None and not deputy.is_active:
        raise Refused(f"{deputy.full_name} has left and cannot be a deputy.")
    seat.deputy = deputy
    seat.save(update_fields=["deputy"])
    return seat


@transaction.atomic
def set_away(
    *, seat: Seat, away_from: date | None, away_until: date | None = None, reason: str = "", by: User | None
) -> Seat:
    """Say from which day to which (both away) the holder is away; no first day means they are not."""
    if away_until is not None and (away_from is None or away_until < away_from):
        raise Refused("The last day away is before the first.")
    seat.away_from, seat.away_until, seat.away_reason = away_from, away_until, reason
    seat.save(update_fields=["away_from", "away_until", "away_reason"])
    return seat


@transaction.atomic
def leave(*, user: User, now: datetime, by: User | None) -> None:
    """A person leaves and keeps nothing: seats, cover, keys and sessions all end."""
    user.seats.all().delete()
    user.deputy_seats.update(deputy=None)
    user.api_tokens.filter(revoked_at=None).update(revoked_at=now)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(rights_changed=F("rights_changed") + 1)
    user.refresh_from_db(fields=["rights_changed"])


@dataclass(frozen=True)
class NewToken:
    """A key just made; `plain` is shown once and kept nowhere."""

    token: ApiToken
    plain: str


@transaction.atomic
def issue_token(
    *, user: User, name: str, days: int, now: datetime, scopes: str = "", by: User | None = None
) -> NewToken:
    """A key for a system or for a person's own program; ends after so many days."""
    if not user.is_active:
        raise Refused(f"{user.full_name} has left and cannot have a key.")
    if days < 1:
        raise Refused("A key lasts a day or more.")
    plain = f"{_unused_prefix()}.{drawn_token('key', TOKEN_BYTES)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=plain.partition(".")[0],
        digest=token_digest(plain),
        scopes=scopes,
        expires_at=now + timedelta(days=days),
    )
    return NewToken(token, plain)


def _unused_prefix() -> str:
    while True:
        prefix = drawn_token("key", PREFIX_LENGTH)[:PREFIX_LENGTH]
        if not ApiToken.objects.filter(prefix=prefix).exists():
            return prefix


def token_digest(plain: str) -> str:
    """SHA-256: a key holds 256 random bits, so a slow hash would protect nothing more."""
    return sha256(plain.encode()).hexdigest()


@transaction.atomic
def revoke_tokens(*, user: User, now: datetime, by: User | None = None) -> int:
    """End all of a user's keys at once; returns how many."""
    return ApiToken.objects.filter(Q(user=user), revoked_at=None).update(revoked_at=now)


@transaction.atomic
def service_user(*, email: str, name: str) -> User:
    """The user a system acts as: no password, one seat of kind service. The same one when it exists."""
    user = User.objects.filter(email=plain_email(email)).first()
    if user is None:
        user = create_user(email=email, full_name=name)
        give_seat(user=user, kind=SeatKind.SERVICE, by=None)
    return user
