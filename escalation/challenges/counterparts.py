"""The directory as the raiser needs it: which services can be asked, and whose seats are there."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import Q, QuerySet

from escalation.access.standing import concerning
from escalation.accounts.groups import SeatKind, SettingGroup
from escalation.accounts.models import Seat, Setting, User

ANSWERING = (SeatKind.PRACTITIONER, SeatKind.LEAD, SeatKind.SENIOR_LEAD)


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


def seats_at(settings: Iterable[Setting], *, today: date) -> list[Seat]:
    """Who can answer in these services, and who covers; one statement, none for no services."""
    chosen = [setting.pk for setting in settings]
    if not chosen:
        return []
    seats = Seat.objects.on(today).filter(setting__in=chosen, kind__in=ANSWERING, user__is_active=True)
    return list(with_people(seats).order_by("user__full_name", "pk"))


def seats_to_send(user: User, asked: Iterable[UUID], *, named: Iterable[int], today: date) -> list[Seat]:
    """One's own seats and cover, one's own leads, and the leads and named people of the services asked.

    One statement.
    """
    lead = Q(kind__in=(SeatKind.LEAD, SeatKind.SENIOR_LEAD)) | Q(
        kind=SeatKind.PRACTITIONER, user__in=list(named)
    )
    there = Q(setting__uuid__in=list(asked), user__is_active=True) & lead
    own = concerning(user, today)
    ours = Seat.objects.filter(own).values("setting")
    our_leads = Q(setting__in=ours, kind=SeatKind.LEAD, user__is_active=True)
    return list(with_people(Seat.objects.on(today).filter(own | our_leads | there)).order_by("pk"))


def with_people(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """With whoever holds them, deputises, and where."""
    return seats.select_related("user", "deputy", "second_deputy", "setting__organisation")


def practitioners(seats: Iterable[Seat], setting: Setting) -> list[User]:
    """The people of a service whom a challenge can be put to by name."""
    return [s.user for s in seats if s.setting_id == setting.pk and s.kind == SeatKind.PRACTITIONER]
