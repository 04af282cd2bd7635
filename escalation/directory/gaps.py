"""Where the directory would let a challenge wait for nobody. Pure: places and a day come in, gaps go out."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.urls import reverse

from core.web.dates import short_day
from escalation.accounts.groups import SeatKind, SettingGroup
from escalation.accounts.models import SOON, Seat, Setting
from escalation.policy import Policy
from escalation.rulebook.models import SchoolHoliday

from .acting import STAGE_SEAT
from .queries import Place


class Kind(TextChoices):
    """What is missing, the worst first."""

    NO_LEAD = "no_lead", "No lead"
    AWAY = "away", "A lead away, and nobody covers"
    SHUT = "shut", "Shut, and nobody covers"
    LEFT = "left", "A seat of somebody who has left"
    NO_DEPUTY = "no_deputy", "One lead, and no deputy"
    NO_SENIOR = "no_senior", "No head of service"
    NO_PARTNER = "no_partner", "No lead safeguarding partner anywhere"
    NO_PRACTITIONER = "no_practitioner", "No practitioner"
    NO_PHONE = "no_phone", "No phone number"


@dataclass(frozen=True)
class Gap:
    """What is missing where, and the page that mends it; `setting` is none where it is missing everywhere."""

    kind: Kind
    setting: Setting | None
    url: str
    detail: str = ""


def gaps(
    places: Iterable[Place], policy: Policy, holidays: Iterable[SchoolHoliday], today: date
) -> list[Gap]:
    """All of them, by kind, and within it in the order of the places; nothing is asked of the database."""
    places = list(places)
    needed = {STAGE_SEAT[stage.seniority] for stage in policy.stages if stage.seniority in STAGE_SEAT}
    soon = next((each for each in holidays if today <= each.last and each.first <= today + SOON), None)
    found = [gap for place in places for gap in _of(place, needed, soon, today)]
    if SeatKind.PARTNER in needed and places and not any(each.held(SeatKind.PARTNER) for each in places):
        found.append(Gap(Kind.NO_PARTNER, None, reverse("directory")))
    order = list(Kind)
    return sorted(found, key=lambda gap: order.index(gap.kind))


def _of(place: Place, needed: Collection[str], soon: SchoolHoliday | None, today: date) -> Iterator[Gap]:
    """One setting's. The business unit acts for one outside the log, so only its number can be missing."""
    setting = place.setting
    if not setting.phone:
        yield Gap(Kind.NO_PHONE, setting, reverse("directory-details", args=[setting.uuid]))
    if not setting.outside:
        yield from _leavers(place)
        yield from _leads(place, today)
        yield from _shut(place, soon)
        yield from _not_held(place, needed)


def _leavers(place: Place) -> Iterator[Gap]:
    for seat in place.seats:
        if not seat.user.is_active:
            detail = f"{seat.user}, {seat.get_kind_display().lower()}"
            yield Gap(Kind.LEFT, place.setting, _end(seat), detail)


def _shut(place: Place, soon: SchoolHoliday | None) -> Iterator[Gap]:
    """Now or soon, as each of its seats was read with it; or a school that says nothing of the holidays."""
    found = next((shut for seat in place.seats if (shut := seat.closure) is not None), None)
    if found is None and soon is not None and place.setting.group == SettingGroup.EDUCATION:
        url = reverse("directory-shut", args=[place.setting.uuid])
        yield Gap(Kind.SHUT, place.setting, url, f"Says nothing of {soon.name}, from {short_day(soon.first)}")
    if found is not None and found.cover is None:
        url = reverse("directory-setting", args=[place.setting.uuid])
        yield Gap(Kind.SHUT, place.setting, url, f"{found.name}, from {short_day(found.first)}")


def _not_held(place: Place, needed: Collection[str]) -> Iterator[Gap]:
    """Seats that a stage of the policy, or every setting, needs, and that nobody holds."""
    kinds = {SeatKind.SENIOR_LEAD: Kind.NO_SENIOR, SeatKind.PRACTITIONER: Kind.NO_PRACTITIONER}
    for kind, gap in kinds.items():
        if not place.held(kind) and (kind in needed or kind == SeatKind.PRACTITIONER):
            yield Gap(gap, place.setting, _give(place.setting, kind))


def _leads(place: Place, today: date) -> Iterator[Gap]:
    """No lead; or each of them away at once, now or soon, without anybody to cover; or one, and no deputy."""
    setting, leads = place.setting, place.held(SeatKind.LEAD)
    if not leads:
        yield Gap(Kind.NO_LEAD, setting, _give(setting, SeatKind.LEAD))
        return
    open_ones = [seat for seat in leads if not _away_soon(seat, today) or _covered(seat)]
    if not open_ones:
        seat = min(leads, key=lambda each: each.away_from or today)
        detail = f"{seat.user}, from {short_day(seat.away_from)}" if seat.away_from else ""
        yield Gap(Kind.AWAY, setting, _change(seat), detail)
    elif len(leads) == 1 and not _covered(leads[0]):
        yield Gap(Kind.NO_DEPUTY, setting, _change(leads[0]), str(leads[0].user))


def _away_soon(seat: Seat, today: date) -> bool:
    if seat.away_from is None or seat.away_from > today + SOON:
        return False
    return seat.away_until is None or seat.away_until >= today


def _covered(seat: Seat) -> bool:
    """Whether a deputy who is there can act: the second counts where the first is away too."""
    if seat.second_deputy is not None and seat.second_deputy.is_active:
        return True
    return seat.deputy is not None and seat.deputy.is_active and not seat.deputy_away


def _give(setting: Setting, kind: str) -> str:
    return f"{reverse('directory-new-seat', args=[setting.uuid])}?kind={kind}"


def _change(seat: Seat) -> str:
    return reverse("directory-seat", args=[_uuid(seat), seat.pk])


def _end(seat: Seat) -> str:
    return reverse("directory-end-seat", args=[_uuid(seat), seat.pk])


def _uuid(seat: Seat) -> object:
    return seat.setting.uuid if seat.setting else ""
