"""The one door for changes of the directory: who may, then the services of accounts, which leave the trail.

Nobody gives themselves a seat, or names themselves as the one who covers, where they have none: so two
people see to it that somebody may read a setting's challenges. Who sits in the business unit covers for no
setting, since the unit does not see who raised a challenge.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.machine import NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.accounts import services
from escalation.accounts.events import How
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Closure, Seat, Setting, User, plain_email

from .notifications import invite
from .queries import kinds_to_give, may_keep

YOURSELF = "You cannot give yourself sight of this service. Ask a colleague, or the business unit, to do it."
UNIT_ALONE = "Ask the business unit: heads of service and safeguarding partners are theirs to name."
LAST_LEAD = "Nobody else leads {}. Give the lead’s seat to somebody first, then end this one."


@dataclass(frozen=True)
class Keeper(Acting):
    """Who changes the directory, as what, when, and in which request."""

    @property
    def how(self) -> How:
        seat = "unit" if self.standing.in_business_unit else "lead"
        return How(self.now, seat, self.request_id)


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom the log does not know yet, or knows by this address."""

    email: str
    full_name: str
    job_title: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Absence:
    """Leave: both days count; no last day: not known yet. No first day: they are here."""

    first: date | None = None
    last: date | None = None
    reason: str = ""


@transaction.atomic
def give_seat(setting: Setting, kind: str, person: User | NewPerson, *, by: Keeper) -> Seat:
    """Seat somebody. Raises NotPermitted, or Refused with what to do."""
    _check_may_keep(setting, by)
    _check_kind(kind, by)
    user = found_or_made(person, by=by.user, how=by.how) if isinstance(person, NewPerson) else person
    _check_person(setting, user, by)
    with _heard():
        return seated(user, kind, setting, by=by.user, how=by.how)


def seated(user: User, kind: str, setting: Setting | None, *, by: User, how: How) -> Seat:
    """Give the seat, in the caller's transaction; whoever had none before is invited to sign in."""
    is_first = not user.seats.exists()
    seat = services.give_seat(user=user, kind=kind, setting=setting, by=by, how=how)
    if is_first:
        invite(user, now=how.at)
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, by: Keeper) -> None:
    """End a seat at once; its holder is signed out. Not the last lead's: somebody has to be asked."""
    setting = _setting_of(seat)
    _check_may_keep(setting, by)
    _check_kind(seat.kind, by)
    Setting.objects.select_for_update().get(pk=setting.pk)
    others = Seat.objects.filter(setting=setting, kind=SeatKind.LEAD, user__is_active=True).exclude(
        pk=seat.pk
    )
    if seat.kind == SeatKind.LEAD and seat.user.is_active and not others.exists():
        raise Refused(LAST_LEAD.format(setting.name))
    services.end_seat(seat=seat, by=by.user, how=by.how)


@transaction.atomic
def change_seat(seat: Seat, *, deputy: User | None, second: User | None, away: Absence, by: Keeper) -> Seat:
    """Who covers a seat, in order, and when its holder is away. Raises NotPermitted or Refused."""
    setting = _setting_of(seat)
    _check_may_keep(setting, by)
    locked = Seat.objects.select_for_update(of=("self",)).select_related("user").filter(pk=seat.pk).first()
    if locked is None:
        raise Refused("This seat was ended meanwhile.")
    for person in (deputy, second):
        if person is not None and person.pk not in (locked.deputy_id, locked.second_deputy_id):
            _check_person(setting, person, by)
    with _heard():
        services.set_deputy(seat=locked, deputy=deputy, second=second, by=by.user, how=by.how)
        services.set_away(
            seat=locked,
            away_from=away.first,
            away_until=away.last,
            reason=away.reason,
            by=by.user,
            how=by.how,
        )
    return locked


@transaction.atomic
def shut(setting: Setting, *, name: str, first: date, last: date, cover: User | None, by: Keeper) -> Closure:
    """A setting is shut for a time, and somebody acts for it meanwhile."""
    _check_may_keep(setting, by)
    if cover is not None:
        _check_person(setting, cover, by)
    with _heard():
        return services.shut(
            setting=setting, name=name, first=first, last=last, cover=cover, by=by.user, how=by.how
        )


def end_closure(closure: Closure, *, by: Keeper) -> None:
    """It is not shut then after all; whoever covered does not any more."""
    _check_may_keep(closure.setting, by)
    services.end_closure(closure=closure, by=by.user, how=by.how)


@transaction.atomic
def describe(
    setting: Setting, *, phone: str, outside: bool, domains: Sequence[str] | None = None, by: Keeper
) -> Setting:
    """Its phone number; and whether it is outside the log, and its organisation's e-mail domains, which are
    the business unit's to say: they hold for every service of the organisation. `domains` None: as before."""
    _check_may_keep(setting, by)
    changed = outside != setting.outside or domains not in (None, setting.organisation.domains)
    if changed and not by.standing.in_business_unit:
        raise NotPermitted(UNIT_ALONE)
    if domains is not None:
        services.set_domains(organisation=setting.organisation, domains=domains, by=by.user, how=by.how)
    return services.describe_setting(setting=setting, phone=phone, outside=outside, by=by.user, how=by.how)


def _check_may_keep(setting: Setting, by: Keeper) -> None:
    if not may_keep(by.standing, setting):
        raise NotPermitted("This is kept by the service’s own lead, and by the business unit.")


def _check_kind(kind: str, by: Keeper) -> None:
    if kind not in kinds_to_give(by.standing):
        raise Refused(UNIT_ALONE)


def _check_person(setting: Setting, user: User, by: Keeper) -> None:
    """Who may be seated or named here, by whom."""
    seats = {(seat.setting_id, seat.kind) for seat in user.seats.all()}
    if (None, SeatKind.BUSINESS_UNIT) in seats:
        raise Refused(
            f"{user.full_name} works in the business unit, which does not see who raised a challenge. "
            "Choose somebody else."
        )
    if user == by.user and setting.pk not in {where for where, _ in seats}:
        raise Refused(YOURSELF)
    if not user.is_active:
        raise Refused(f"{user.full_name} has left. Choose somebody else.")


def found_or_made(person: NewPerson, *, by: User, how: How) -> User:
    """Whoever has this address already, else somebody new without a password."""
    known = User.objects.filter(email=plain_email(person.email)).first()
    return known or services.create_user(
        email=person.email,
        full_name=person.full_name,
        job_title=person.job_title,
        phone=person.phone,
        by=by,
        how=how,
    )


def _setting_of(seat: Seat) -> Setting:
    if seat.setting is None:
        raise NotPermitted("A partnership role is not kept here.")
    return seat.setting


@contextmanager
def _heard() -> Iterator[None]:
    """What accounts refuse is refused here, in the same words."""
    try:
        yield
    except services.Refused as no:
        raise Refused(str(no)) from no
