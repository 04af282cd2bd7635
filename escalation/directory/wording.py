"""The directory in words: who holds which seat, who covers it in which order, and who acts today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.web.components import State
from core.web.dates import short_day
from escalation.accounts.groups import SETTING_KINDS, SeatKind
from escalation.accounts.models import Closure, Seat, Setting, User
from escalation.policy import Policy
from escalation.policy.words import join

from .acting import STAGE_SEAT, Actor, acting_in, cover_note, who_acts
from .queries import Place


@dataclass(frozen=True)
class Row:
    """A setting in the list: who acts there today. `note` is empty where nobody is named."""

    setting: Setting
    actors: Sequence[Actor]
    note: str


@dataclass(frozen=True)
class SeatRow:
    """A seat on its setting's page; `acts` says who acts today where that is not its holder."""

    seat: Seat
    holder: User
    deputies: str
    away: str
    acts: str
    left: bool
    may_change: bool


@dataclass(frozen=True)
class Group:
    """The seats of one kind, and at which stages they act."""

    kind: str
    heading: str
    stages: str
    rows: Sequence[SeatRow]


@dataclass(frozen=True)
class ClosureRow:
    """When a setting is shut, and who acts for it then."""

    closure: Closure
    when: str
    who: str
    state: State | None


def row_of(place: Place, today: date) -> Row:
    actors = who_acts(place.seats, place.setting, person=None, kind=SeatKind.LEAD, day=today)
    return Row(place.setting, actors, cover_note(actors))


def groups_of(place: Place, policy: Policy, today: date, *, may_give: Iterable[str]) -> list[Group]:
    """Each kind of seat with its stages; partners only where there is one, or the reader can name one.
    Where the business unit acts for a setting outside the log, only what somebody holds all the same."""
    kinds = set(may_give)
    return [
        Group(
            kind,
            {"senior_lead": "Heads of service"}.get(kind, f"{SeatKind(kind).label}s"),
            _stages(kind, policy),
            [_seat_row(seat, today, may_change=kind in kinds) for seat in place.seats if seat.kind == kind],
        )
        for kind in SETTING_KINDS
        if place.held(kind) or (not place.setting.outside and (kind != SeatKind.PARTNER or kind in kinds))
    ]


def _stages(kind: str, policy: Policy) -> str:
    """ "Stage 2: Leads"; a practitioner acts at the first stage."""
    seniority = {"practitioner": "practitioner", "lead": "lead", "senior_lead": "senior_lead"}.get(kind, kind)
    found = [s for s in policy.stages if s.seniority == seniority and s.seniority in STAGE_SEAT]
    return join([f"stage {stage.number}" for stage in found])


def _seat_row(seat: Seat, today: date, *, may_change: bool) -> SeatRow:
    deputies = [str(each) for each in (seat.deputy, seat.second_deputy) if each is not None]
    covered = any(pk != seat.user_id for pk in seat.stand_ins(today))
    return SeatRow(
        seat=seat,
        holder=seat.user,
        deputies=", then ".join(deputies),
        away=away_words(seat, today),
        acts=cover_note(acting_in(seat, today)) if covered else "",
        left=not seat.user.is_active,
        may_change=may_change,
    )


def away_words(seat: Seat, today: date) -> str:
    """ "On leave from Mon 21 Dec until Fri 1 Jan 2027"; "" once it is over, or where there is none."""
    if seat.away_from is None or (seat.away_until is not None and seat.away_until < today):
        return ""
    reason = seat.away_reason or "away"
    until = f" until {_day(seat.away_until, today)}" if seat.away_until else ""
    return f"{reason[:1].upper()}{reason[1:]} from {_day(seat.away_from, today)}{until}"


def closure_row(closure: Closure, today: date) -> ClosureRow:
    when = f"{_day(closure.first, today)} to {_day(closure.last, today)}"
    covered = closure.cover is not None and closure.cover.is_active
    who = f"{closure.cover} acts" if covered else "Nobody is named to act"
    now = closure.first <= today
    state = None if covered else State("late", "Nobody covers")
    return ClosureRow(closure, when, who, State("hold", "Shut now") if now and covered else state)


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{short_day(day)}{year}"


def ended_words(seat: Seat) -> str:
    return f"{seat.user} is no {seat.get_kind_display().lower()} here any more."
