"""The only writer of people, settings and seats. Each function is one act, all or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from core.audit.kept import ENDED
from core.chance import drawn_token
from core.sessions.models import Session

from .comings import ELSEWHERE, record_own
from .domains import wrong_with
from .events import (
    ADDED,
    AWAY,
    CANCELLED,
    DEPUTIES,
    DETAILS,
    DOMAINS,
    DONE,
    GIVEN,
    ISSUED,
    LEFT,
    PLANNED,
    SHUT,
    How,
    record,
    record_key,
)
from .groups import LADO_KINDS, SETTING_KINDS, WALL_KINDS, SeatKind
from .models import (
    ApiToken,
    Closure,
    Departure,
    Organisation,
    Seat,
    Setting,
    User,
    new_key_id,
    plain_email,
)
from .queries import is_administrator, is_system
from .scopes import SYSTEM_SCOPES, Scope

TOKEN_BYTES = 32
PREFIX_LENGTH = 8
MOST_DAYS = 366
NO_CASES = frozenset({SeatKind.ADMINISTRATOR.value, SeatKind.SERVICE.value})
"""Seats beside which nobody has a LADO seat: trust.md, section 1."""


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
    by: User | None = None,
    how: How | None = None,
) -> User:
    """A new person, without rights; without a password until one is set."""
    if User.objects.filter(email=plain_email(email)).exists():
        raise Refused("Somebody with this e-mail address is here already.")
    user = User.objects.create_user(
        email, password, full_name=full_name, job_title=job_title, phone=phone, best_times=best_times
    )
    record(user, ADDED, by=by, how=how)
    return user


@transaction.atomic
def first_administrator(*, email: str, full_name: str, password: str) -> User:
    """The first person of a new log, who can give seats and see no case. Refused when there is one."""
    if Seat.objects.filter(kind=SeatKind.ADMINISTRATOR).exists():
        raise Refused("There is an administrator already; they can make more.")
    user = create_user(email=email, full_name=full_name, password=password)
    give_seat(user=user, kind=SeatKind.ADMINISTRATOR, by=None)
    return user


@transaction.atomic
def first_lado(
    *, email: str, full_name: str, password: str | None, kind: str = SeatKind.LADO
) -> tuple[User, bool]:
    """The first LADO, or the first neighbouring LADO, and whether the log did not know them before.

    Refused where somebody has such a seat: they give the others, on their own page.
    """
    if Seat.objects.filter(kind=kind, user__is_active=True).exists():
        raise Refused(f"There is a {SeatKind(kind).label} already; they give the other seats.")
    user = User.objects.filter(email=plain_email(email), is_active=True).first()
    is_new = user is None
    user = user or create_user(email=email, full_name=full_name, password=password)
    give_seat(user=user, kind=kind, by=None)
    return user, is_new


@transaction.atomic
def give_seat(
    *, user: User, kind: str, setting: Setting | None = None, by: User | None, how: How | None = None
) -> Seat:
    """Seat a person; the same seat again is no second one. `by` is nobody for a command on the server."""
    User.objects.select_for_update().get(pk=user.pk)
    _check_seat(user=user, kind=kind, setting=setting, by=by)
    seat, new = Seat.objects.get_or_create(user=user, kind=kind, setting=setting, defaults={"given_by": by})
    if new:
        _end_sessions(user)
        record(seat, GIVEN, by=by, how=how)
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
    if kind in LADO_KINDS and by is not None and not by.seats.filter(kind__in=_givers(kind)).exists():
        raise Refused("Only the LADO or deputy LADO gives LADO seats; the first is given on the server.")
    apart = {kind, *user.seats.values_list("kind", flat=True)}
    if apart & NO_CASES and apart & set(LADO_KINDS):
        raise Refused("Who looks after the log, and a system, has no LADO seat. Choose somebody else.")


def _givers(kind: str) -> tuple[str, ...]:
    """Whose seats give this LADO seat: the LADO's and the deputies'; a neighbour can pass on their own."""
    return (*LADO_KINDS[:2], *((kind,) if kind == SeatKind.NEIGHBOUR_LADO else ()))


@transaction.atomic
def end_seat(*, seat: Seat, by: User | None, how: How | None = None) -> None:
    """Take a seat away, at once; its holder is signed out. Ended already is no error."""
    found = Seat.objects.select_for_update(of=("self",)).select_related("user").filter(pk=seat.pk).first()
    if found is not None:
        _end_seat(found, by=by, how=how)


def _end_seat(seat: Seat, *, by: User | None, how: How | None) -> None:
    record(seat, ENDED, by=by, how=how)
    seat.delete()
    _end_sessions(seat.user)


@transaction.atomic
def set_deputy(
    *,
    seat: Seat,
    deputy: User | None,
    second: User | None = None,
    by: User | None,
    how: How | None = None,
) -> Seat:
    """Name who covers this seat while its holder is away, and who while the deputy is too; or nobody."""
    if seat.kind not in SETTING_KINDS:
        raise Refused("A partnership role has no deputy; give a second person the seat instead.")
    if second is not None and deputy is None:
        deputy, second = second, None
    for person in (deputy, second):
        _check_deputy(seat, person)
    if deputy is not None and deputy == second:
        raise Refused("The second deputy is the same person as the first. Choose somebody else, or nobody.")
    if (seat.deputy, seat.second_deputy) != (deputy, second):
        seat.deputy, seat.second_deputy = deputy, second
        seat.save(update_fields=["deputy", "second_deputy"])
        record(seat, DEPUTIES, by=by, how=how)
    return seat


def _check_deputy(seat: Seat, person: User | None) -> None:
    if person is not None and person.pk == seat.user_id:
        raise Refused("A person cannot be their own deputy.")
    if person is not None and not person.is_active:
        raise Refused(f"{person.full_name} has left and cannot be a deputy.")


@transaction.atomic
def set_away(
    *,
    seat: Seat,
    away_from: date | None,
    away_until: date | None = None,
    reason: str = "",
    by: User | None,
    how: How | None = None,
) -> Seat:
    """Say from which day to which (both away) the holder is away; no first day means they are not."""
    if away_until is not None and (away_from is None or away_until < away_from):
        raise Refused("The last day away is before the first.")
    if (seat.away_from, seat.away_until, seat.away_reason) != (away_from, away_until, reason):
        seat.away_from, seat.away_until, seat.away_reason = away_from, away_until, reason
        seat.save(update_fields=["away_from", "away_until", "away_reason"])
        record(seat, AWAY, by=by, how=how)
    return seat


@transaction.atomic
def shut(
    *,
    setting: Setting,
    name: str,
    first: date,
    last: date,
    cover: User | None,
    by: User | None,
    how: How | None = None,
) -> Closure:
    """A setting is shut from one day to another, both included, and `cover` acts for it meanwhile."""
    Setting.objects.select_for_update().get(pk=setting.pk)
    if last < first:
        raise Refused("The last day is before the first.")
    if cover is not None and not cover.is_active:
        raise Refused(f"{cover.full_name} has left and cannot act. Choose somebody else.")
    clash = setting.closures.filter(first__lte=last, last__gte=first).first()
    if clash is not None:
        raise Refused(f"{clash.name} is there already, and overlaps. End that first.")
    closure = Closure.objects.create(setting=setting, name=name, first=first, last=last, cover=cover)
    record(closure, SHUT, by=by, how=how)
    return closure


@transaction.atomic
def end_closure(*, closure: Closure, by: User | None, how: How | None = None) -> None:
    """The setting is not shut then after all, and nobody covers it. Ended already is no error."""
    found = Closure.objects.select_for_update().filter(pk=closure.pk).first()
    if found is not None:
        record(found, ENDED, by=by, how=how)
        found.delete()


@transaction.atomic
def describe_setting(
    *, setting: Setting, phone: str, outside: bool, by: User | None, how: How | None = None
) -> Setting:
    """A setting's number, and whether it is outside the log."""
    if (setting.phone, setting.outside) != (phone, outside):
        setting.phone, setting.outside = phone, outside
        setting.save(update_fields=["phone", "outside"])
        record(setting, DETAILS, by=by, how=how)
    return setting


@transaction.atomic
def set_domains(
    *, organisation: Organisation, domains: Sequence[str], by: User | None, how: How | None = None
) -> Organisation:
    """Which addresses are this organisation's: whoever has one is offered its settings."""
    if wrong := wrong_with(domains):
        raise Refused(wrong)
    found = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if found.domains != list(domains):
        found.email_domain = " ".join(domains)
        found.save(update_fields=["email_domain"])
        record(found, DOMAINS, by=by, how=how)
    return found


@transaction.atomic
def leave(*, user: User, now: datetime, by: User | None, how: How | None = None) -> None:
    """A person leaves and keeps nothing: seats, cover, keys and sessions end. A second deputy moves up."""
    how = how or How(now)
    for seat in user.seats.select_for_update(of=("self",)).order_by("pk"):
        _end_seat(seat, by=by, how=how)
    for seat in user.deputy_seats.select_for_update(of=("self",)).select_related("second_deputy"):
        set_deputy(seat=seat, deputy=seat.second_deputy, by=by, how=how)
    for seat in user.second_deputy_seats.select_for_update(of=("self",)).select_related("deputy"):
        set_deputy(seat=seat, deputy=seat.deputy, by=by, how=how)
    for closure in user.closures_covered.select_for_update():
        closure.cover = None
        closure.save(update_fields=["cover"])
        record(closure, SHUT, by=by, how=how)
    revoke_tokens(user=user, now=now, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(user, LEFT, by=by, how=how)
    _end_sessions(user)


@transaction.atomic
def plan_departure(
    *,
    user: User,
    last_day: date,
    successors: Mapping[int, User],
    now: datetime,
    by: User,
    how: How | None = None,
) -> Departure:
    """Say that somebody leaves after a day, and who has each seat then; planned anew, the new plan counts."""
    User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(f"{user.full_name} has left already.")
    for heir in successors.values():
        if heir == user or not heir.is_active:
            raise Refused(f"{heir.full_name} cannot take over. Choose somebody else.")
    for known in Departure.objects.filter(user=user, done_at=None, cancelled_at=None):
        cancel_departure(departure=known, now=now, by=by, how=how)
    planned = Departure.objects.create(
        user=user,
        last_day=last_day,
        successors={str(seat): heir.pk for seat, heir in successors.items()},
        planned_by=by,
        planned_at=now,
    )
    record(planned, PLANNED, by=by, how=how)
    return planned


@transaction.atomic
def cancel_departure(*, departure: Departure, now: datetime, by: User, how: How | None = None) -> None:
    """They stay after all. Over already is no error."""
    found = Departure.objects.select_for_update(of=("self",)).get(pk=departure.pk)
    if not found.is_over:
        found.cancelled_at = now
        found.save(update_fields=["cancelled_at"])
        record(found, CANCELLED, by=by, how=how)


def departed(*, departure: Departure, now: datetime, how: How) -> None:
    """It is carried out; in the transaction in which it was."""
    departure.done_at = now
    departure.save(update_fields=["done_at"])
    record(departure, DONE, by=departure.planned_by, how=how)


@transaction.atomic
def sign_out_of(sessions: QuerySet[Session], *, uuids: Iterable[str], by: User, how: How) -> int:
    """End these of one's own sessions, at once; returns how many there were."""
    number = sessions.filter(uuid__in=list(uuids)).delete()[0]
    record_own(by, ELSEWHERE, {"sessions": number}, at=how.at, request_id=how.request_id)
    return number


def _end_sessions(user: User) -> None:
    Session.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(rights_changed=F("rights_changed") + 1)
    user.refresh_from_db(fields=["rights_changed"])


@dataclass(frozen=True)
class NewToken:
    """A key just made; `plain` is shown once and kept nowhere."""

    token: ApiToken
    plain: str


@dataclass(frozen=True)
class NewSystem:
    """A system that has no user yet: what it is, and the address of whoever looks after it."""

    name: str
    email: str


@transaction.atomic
def issue_token(
    *,
    user: User,
    name: str,
    days: int,
    now: datetime,
    scopes: str = "",
    by: User | None = None,
    uuid: UUID | None = None,
    request_id: str = "",
) -> NewToken:
    """A key for a system or for a person's own program; ends after so many days."""
    _check_key(user=user, days=days, scopes=scopes.split())
    plain = f"{_unused_prefix()}.{drawn_token('key', TOKEN_BYTES)}"
    token = ApiToken.objects.create(
        uuid=uuid or new_key_id(),
        user=user,
        name=name,
        prefix=plain.partition(".")[0],
        digest=token_digest(plain),
        scopes=scopes,
        created_at=now,
        issued_by=by,
        expires_at=now + timedelta(days=days),
    )
    record_key(token, ISSUED, by=by, at=now, request_id=request_id)
    return NewToken(token, plain)


def _check_key(*, user: User, days: int, scopes: Sequence[str]) -> None:
    if not user.is_active:
        raise Refused(f"{user.full_name} has left and cannot have a key.")
    if days < 1:
        raise Refused("A key lasts a day or more.")
    if days > MOST_DAYS:
        raise Refused(f"A key lasts a year at most: {MOST_DAYS} days.")
    to_system = is_system(user)
    known = SYSTEM_SCOPES if to_system else Scope.values
    unknown = [word for word in scopes if word not in known]
    if unknown or (to_system and not scopes):
        raise Refused(f"Say what the key may open, by one or more of: {', '.join(known)}.")


def _unused_prefix() -> str:
    while True:
        prefix = drawn_token("key", PREFIX_LENGTH)[:PREFIX_LENGTH]
        if not ApiToken.objects.filter(prefix=prefix).exists():
            return prefix


def token_digest(plain: str) -> str:
    """SHA-256: a key holds 256 random bits, so a slow hash would protect nothing more."""
    return sha256(plain.encode()).hexdigest()


@transaction.atomic
def issue_to_system(
    *,
    system: User | NewSystem,
    name: str,
    scopes: Sequence[str],
    days: int,
    uuid: UUID,
    by: User,
    now: datetime,
    request_id: str = "",
) -> NewToken:
    """An administrator gives a system a key; `uuid` is the form's own, so that a second click makes none.

    Never to a person: an administrator would then act as somebody who sees cases.
    """
    check_administrator(by)
    User.objects.select_for_update().get(pk=by.pk)  # the second click waits for the first
    if ApiToken.objects.filter(uuid=uuid).exists():
        raise Refused(
            "This key was made already, and was shown once. If nobody copied it, end it and make another."
        )
    user = system if isinstance(system, User) else new_system(email=system.email, name=system.name)
    if not is_system(user):
        raise Refused("This is a person. Their own key is made on the server.")
    return issue_token(
        user=user,
        name=name,
        days=days,
        now=now,
        scopes=" ".join(scopes),
        by=by,
        uuid=uuid,
        request_id=request_id,
    )


@transaction.atomic
def end_key(*, token: ApiToken, by: User, now: datetime, request_id: str = "") -> ApiToken:
    """An administrator ends a system's key; from the next request on it opens nothing. Ended stays ended."""
    check_administrator(by)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        _end(token, by=by, now=now, request_id=request_id)
    return token


@transaction.atomic
def revoke_tokens(*, user: User, now: datetime, by: User | None = None) -> int:
    """End all of a user's keys at once; returns how many."""
    found = list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None).order_by("pk"))
    for token in found:
        _end(token, by=by, now=now)
    return len(found)


def _end(token: ApiToken, *, by: User | None, now: datetime, request_id: str = "") -> None:
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record_key(token, ENDED, by=by, at=now, request_id=request_id)


def check_administrator(user: User) -> None:
    """Raises Refused for everybody but a system administrator."""
    if not is_administrator(user):
        raise Refused("Keys of systems are a system administrator's to give and to end.")


@transaction.atomic
def new_system(*, email: str, name: str) -> User:
    """The user that a new system acts as: no password, one seat of kind service."""
    user = create_user(email=email, full_name=name)
    give_seat(user=user, kind=SeatKind.SERVICE, by=None)
    return user


@transaction.atomic
def service_user(*, email: str, name: str) -> User:
    """The user a system acts as; made where there is none. Refused where the address is a person's."""
    user = User.objects.filter(email=plain_email(email)).first()
    if user is None:
        return new_system(email=email, name=name)
    if not is_system(user):
        raise Refused("This e-mail address is a person's. Give the address of the system's own.")
    return user
