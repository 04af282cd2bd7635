"""The directory as the raiser needs it: which services can be asked, who acts there, and who covers.

Reads only. What it says is about seats: "until Wed 23 December", "from Thu 24 December".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import Q

from core.web.dates import short_day
from escalation.accounts.groups import SeatKind, SettingGroup
from escalation.accounts.models import Seat, Setting, User
from escalation.policy.stages import Seniority

SOON = timedelta(days=14)
"""How far ahead somebody's leave is worth saying to a person who asks today."""

ANSWERING = (SeatKind.PRACTITIONER, SeatKind.LEAD, SeatKind.SENIOR_LEAD)
SATURDAY = 5
STAGE_SEAT = {
    Seniority.PRACTITIONER: SeatKind.LEAD,
    Seniority.LEAD: SeatKind.LEAD,
    Seniority.SENIOR_LEAD: SeatKind.SENIOR_LEAD,
    Seniority.PARTNER: SeatKind.PARTNER,
}
"""Whose seat answers at a stage where nobody is named."""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts for a service: `span` is "", "until Wed 23 Dec" or "from Thu 24 Dec. ..."."""

    name: str
    job: str
    phone: str
    span: str = ""


def all_settings() -> list[Setting]:
    """Every service, with its organisation, in the order of the groups; one statement."""
    order = list(SettingGroup.values)
    found = Setting.objects.select_related("organisation").order_by("organisation__name", "name")
    return sorted(found, key=lambda setting: order.index(setting.group))


def settings_of(uuids: Iterable[UUID]) -> list[Setting]:
    """The services of these uuids; one statement."""
    return list(Setting.objects.filter(uuid__in=list(uuids)).select_related("organisation"))


def choices_of(settings: Iterable[Setting]) -> list[tuple[str, list[tuple[str, str]]]]:
    """For a select: group -> (uuid, "Family Safeguarding Team 2, Merton Council")."""
    return [
        (str(SettingGroup(group).label), [(str(each.uuid), _name(each)) for each in members])
        for group, members in groupby(settings, key=attrgetter("group"))
    ]


def _name(setting: Setting) -> str:
    outside = " (not in the log: the business unit calls them)" if setting.outside else ""
    return f"{setting.name}, {setting.organisation.name}{outside}"


def seats_at(settings: Iterable[Setting]) -> list[Seat]:
    """Who can answer in these services, with their deputies; one statement, none for no services."""
    chosen = [setting.pk for setting in settings]
    if not chosen:
        return []
    seats = Seat.objects.filter(setting__in=chosen, kind__in=ANSWERING, user__is_active=True)
    return list(
        seats.select_related("user", "deputy", "setting__organisation").order_by("user__full_name", "pk")
    )


def seats_to_send(user: User, asked: Iterable[UUID], *, named: Iterable[int]) -> list[Seat]:
    """One's own seats and cover, one's own leads, and the leads and named people of the services asked.

    One statement.
    """
    lead = Q(kind__in=(SeatKind.LEAD, SeatKind.SENIOR_LEAD)) | Q(
        kind=SeatKind.PRACTITIONER, user__in=list(named)
    )
    there = Q(setting__uuid__in=list(asked), user__is_active=True) & lead
    own = Seat.objects.filter(Q(user=user) | Q(deputy=user))
    our_leads = Q(setting__in=own.values("setting"), kind=SeatKind.LEAD, user__is_active=True)
    seats = Seat.objects.filter(Q(user=user) | Q(deputy=user) | our_leads | there)
    return list(seats.select_related("user", "deputy", "setting__organisation").order_by("pk"))


def practitioners(seats: Iterable[Seat], setting: Setting) -> list[User]:
    """The people of a service whom a challenge can be put to by name."""
    return [s.user for s in seats if s.setting_id == setting.pk and s.kind == SeatKind.PRACTITIONER]


def who_acts(
    seats: Sequence[Seat], setting: Setting, *, person: User | None, kind: str, day: date
) -> list[Actor]:
    """Who acts for a service from `day` on: the person named, else who holds the seat of `kind`.

    Whoever covers is named with them. Empty where nobody holds the seat.
    """
    here = [seat for seat in seats if seat.setting_id == setting.pk]
    if person is not None:
        chosen = [s for s in here if s.user_id == person.pk and s.kind == SeatKind.PRACTITIONER][:1]
    else:
        chosen = [s for s in here if s.kind == kind]
    return [actor for seat in chosen for actor in _actors(seat, day)]


def _actors(seat: Seat, day: date) -> list[Actor]:
    leave = seat.away_from
    if leave is None or leave > day + SOON or (seat.away_until is not None and seat.away_until < day):
        return [_actor(seat.user)]
    absence = _absence(seat, day)
    if leave > day:
        after = short_day(leave)
        cover = [_actor(seat.deputy, f"from {after}. {absence}")] if seat.deputy else []
        return [_actor(seat.user, f"until {short_day(leave - timedelta(days=1))}"), *cover]
    if seat.deputy:
        return [_actor(seat.deputy, absence)]
    return [_actor(seat.user, f"{absence} Nobody covers: call the service.")]


def _absence(seat: Seat, day: date) -> str:
    """ "Tom is on leave and back on Mon 4 Jan 2027."."""
    first_name = seat.user.full_name.split()[0]
    reason = seat.away_reason or "away"
    if seat.away_until is None:
        return f"{first_name} is {reason}."
    back = seat.away_until + timedelta(days=1)
    while back.weekday() >= SATURDAY:
        back += timedelta(days=1)
    year = "" if back.year == day.year else f" {back.year}"
    return f"{first_name} is {reason} and back on {short_day(back)}{year}."


def _actor(user: User, span: str = "") -> Actor:
    return Actor(name=user.full_name, job=user.job_title, phone=user.phone, span=span)


def cover_note(actors: Sequence[Actor]) -> str:
    """In one line, for under the service's name: "Tom Whitfield, social worker, until Wed 23 Dec; ..."."""
    said = [
        "".join((actor.name, f", {actor.job}" if actor.job else "", f", {actor.span}" if actor.span else ""))
        for actor in actors
    ]
    return "; ".join(part.rstrip(".") for part in said) + "." if said else ""
