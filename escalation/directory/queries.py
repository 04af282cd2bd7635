"""The directory, read whole: settings, the seats in them, and when they are shut. Three statements.

Whoever works in a setting may read it, and the business unit. It holds no case.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from escalation.access.standing import Standing
from escalation.accounts.groups import SETTING_KINDS, SeatKind, SettingGroup
from escalation.accounts.models import Closure, Seat, Setting, User

PEOPLE = ("user", "deputy", "second_deputy", "setting")


@dataclass(frozen=True)
class Place:
    """A setting, every seat in it, and its closures that are not over; as they stand on one day."""

    setting: Setting
    seats: tuple[Seat, ...] = ()
    closures: tuple[Closure, ...] = ()

    def held(self, kind: str) -> list[Seat]:
        """Seats of one kind whose holder still works here."""
        return [seat for seat in self.seats if seat.kind == kind and seat.user.is_active]


def may_read(standing: Standing) -> bool:
    return bool(standing.settings or standing.partner_organisations or standing.in_business_unit)


def may_keep(standing: Standing, setting: Setting) -> bool:
    """A lead keeps the page of their own setting, as whoever covers for them does; the unit keeps all."""
    return standing.in_business_unit or setting.pk in standing.lead_settings | standing.senior_settings


def keeps_any(standing: Standing) -> bool:
    """Whether there is a page that they keep."""
    return bool(standing.in_business_unit or standing.lead_settings or standing.senior_settings)


def kinds_to_give(standing: Standing) -> tuple[str, ...]:
    """A lead seats workers and leads. A head of service can open any challenge in an emergency, and a
    partner decides: those seats are the business unit's to give."""
    return SETTING_KINDS if standing.in_business_unit else (SeatKind.PRACTITIONER, SeatKind.LEAD)


def places(today: date, settings: Iterable[Setting] | None = None) -> list[Place]:
    """Every setting, in the order of the groups, or those given; three statements, or two."""
    found = all_settings() if settings is None else list(settings)
    chosen = {} if settings is None else {"setting__in": [each.pk for each in found]}
    seats, closures = _seats(today, chosen), _closures(today, chosen)
    return [Place(each, tuple(seats[each.pk]), tuple(closures[each.pk])) for each in found]


def staffed(today: date) -> list[Place]:
    """Every setting with its seats, each of which knows if it is shut now or soon; two statements."""
    seats = _seats(today, {})
    return [Place(each, tuple(seats[each.pk])) for each in all_settings()]


def all_settings() -> list[Setting]:
    """Every service, with its organisation, in the order of the groups; one statement."""
    order = list(SettingGroup.values)
    found = Setting.objects.select_related("organisation").order_by("organisation__name", "name")
    return sorted(found, key=lambda setting: order.index(setting.group))


def place(uuid: UUID, today: date) -> Place | None:
    """One setting; three statements."""
    setting = Setting.objects.select_related("organisation").filter(uuid=uuid).first()
    return next(iter(places(today, [setting])), None) if setting else None


def people_to_choose(standing: Standing, setting: Setting) -> list[User]:
    """Who can be seated or named as a deputy: those who work in the same organisation; for the unit, all."""
    people = User.objects.filter(is_active=True, seats__setting__isnull=False)
    if not standing.in_business_unit:
        people = people.filter(seats__setting__organisation=setting.organisation_id)
    return people_with_seats(people)


def people_with_seats(people: QuerySet[User]) -> list[User]:
    """Each once, with their seats, so that a list can say where they work; three statements."""
    return list(people.distinct().prefetch_related("seats__setting"))


def _seats(today: date, chosen: Mapping[str, object]) -> dict[int, list[Seat]]:
    rows = Seat.objects.on(today).filter(setting__isnull=False, **chosen).select_related(*PEOPLE)
    found = defaultdict(list)
    for seat in rows.order_by("user__full_name", "pk"):
        found[seat.setting_id or 0].append(seat)
    return found


def _closures(today: date, chosen: Mapping[str, object]) -> dict[int, list[Closure]]:
    found = defaultdict(list)
    for closure in Closure.objects.filter(last__gte=today, **chosen).select_related("cover"):
        found[closure.setting_id].append(closure)
    return found
