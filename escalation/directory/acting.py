"""Who acts for a setting from a day on, and who covers: "until Wed 23 Dec", "from Thu 24 Dec"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.web.dates import short_day
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import SOON, Seat, Setting, Shut, User
from escalation.policy.calendar import SATURDAY
from escalation.policy.stages import Seniority

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


def who_acts(
    seats: Sequence[Seat], setting: Setting, *, person: User | None, kind: str, day: date
) -> list[Actor]:
    """Who acts for a service from `day` on: the person named, else who holds the seat of `kind`.

    Whoever covers is named with them. Empty where nobody holds the seat. `seats` are as `Seat.objects.on`
    read them for that day, with their people.
    """
    here = [seat for seat in seats if seat.setting_id == setting.pk]
    if person is not None:
        chosen = [s for s in here if s.user_id == person.pk and s.kind == SeatKind.PRACTITIONER][:1]
    else:
        chosen = [s for s in here if s.kind == kind]
    return list(dict.fromkeys(actor for seat in chosen for actor in acting_in(seat, day)))


def acting_in(seat: Seat, day: date) -> list[Actor]:
    """Who acts in one seat from a day on: its holder, or whoever covers their leave or their setting."""
    shut = seat.closure
    if shut is not None and shut.cover is not None and shut.cover != seat.user_id:
        return _while_shut(seat, shut, day)
    return _on_leave(seat, day)


def _while_shut(seat: Seat, shut: Shut, day: date) -> list[Actor]:
    """ "Joan, until Fri 18 Dec; Kim, from Sat 19 Dec. The school is shut for ... until Sun 3 Jan."."""
    cover = Actor(shut.cover_name or "", shut.cover_job or "", shut.cover_phone or "")
    closes = f"{_service(seat)} is shut for {shut.name} until {_day(shut.last, day)}."
    if shut.first <= day:
        return [replace(cover, span=closes)]
    until = f"until {short_day(shut.first - timedelta(days=1))}"
    before = [a if a.span else replace(a, span=until) for a in _on_leave(seat, day)]
    return [*before, replace(cover, span=f"from {short_day(shut.first)}. {closes}")]


def _on_leave(seat: Seat, day: date) -> list[Actor]:
    leave = seat.away_from
    if leave is None or leave > day + SOON or (seat.away_until is not None and seat.away_until < day):
        return [_actor(seat.user)]
    absence, covers = _absence(seat, day), list(_covers(seat))
    if leave > day:
        after = short_day(leave)
        cover = [_actor(each, f"from {after}. {absence}") for each in covers[:1]]
        return [_actor(seat.user, f"until {short_day(leave - timedelta(days=1))}"), *cover]
    if covers:
        return [_actor(covers[0], absence)]
    return [_actor(seat.user, f"{absence} Nobody covers: call the service.")]


def _covers(seat: Seat) -> Iterator[User]:
    """The deputies in order; the first is not there while they are away too."""
    both: Iterable[User | None] = (seat.deputy, seat.second_deputy)
    found = [person for person in both if person is not None and person.is_active]
    yield from found[1:] if seat.deputy_away else found


def _absence(seat: Seat, day: date) -> str:
    """ "Tom is on leave and back on Mon 4 Jan 2027."."""
    first_name = seat.user.full_name.split()[0]
    reason = seat.away_reason or "away"
    if seat.away_until is None:
        return f"{first_name} is {reason}."
    back = seat.away_until + timedelta(days=1)
    while back.weekday() >= SATURDAY:
        back += timedelta(days=1)
    return f"{first_name} is {reason} and back on {_day(back, day)}."


def _day(day: date, today: date) -> str:
    return f"{short_day(day)}{'' if day.year == today.year else f' {day.year}'}"


def _service(seat: Seat) -> str:
    name = seat.setting.short_name if seat.setting else ""
    return name[:1].upper() + name[1:]


def _actor(user: User, span: str = "") -> Actor:
    return Actor(name=user.full_name, job=user.job_title, phone=user.phone, span=span)


def cover_note(actors: Sequence[Actor]) -> str:
    """In one line, for under the service's name: "Tom Whitfield, social worker, until Wed 23 Dec; ..."."""
    said = [
        "".join((actor.name, f", {actor.job}" if actor.job else "", _joined(actor.span))) for actor in actors
    ]
    return "; ".join(part.rstrip(".") for part in said) + "." if said else ""


def _joined(span: str) -> str:
    """ "until Wed 23 Dec" goes on with the sentence; "Tom is on leave." is one of its own."""
    return f"{'. ' if span[0].isupper() else ', '}{span}" if span else ""
