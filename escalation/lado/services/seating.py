"""Who sits in the LADO team: they give these seats and end them themselves; nobody else can.

The neighbouring LADO reads what is about the people here, so the people here do not choose who reads it: they
give that seat once, before there is a neighbour, and from then on only a neighbour gives another or ends one.
What is refused never depends on a record: else a refusal would say that there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core.machine import NotPermitted, Refused
from escalation.access.acting import Acting
from escalation.access.standing import Standing
from escalation.accounts import services as accounts
from escalation.accounts.events import How
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.accounts.models import Seat
from escalation.directory.services import NewPerson, found_or_made, seated
from escalation.lado.case import DECIDES, seat_of

HERE = (SeatKind.LADO.value, SeatKind.DEPUTY_LADO.value, SeatKind.LADO_SUPPORT.value)
ABROAD = SeatKind.NEIGHBOUR_LADO.value
NEVER_EMPTY = {
    SeatKind.LADO.value: "Nobody else is LADO. Give somebody the LADO’s seat first, then end this one.",
    ABROAD: "Nobody else is a neighbouring LADO. Give somebody their seat first, then end this one.",
}
OURS = "The LADO and the deputies give these seats; a neighbouring LADO gives that of another."


@dataclass(frozen=True)
class Keeper(Acting):
    """Who changes the team, as what, when, and in which request."""

    @property
    def how(self) -> How:
        return How(self.now, seat_of(self.standing), self.request_id)


def team_seats() -> list[Seat]:
    """Every seat of the team whose holder works here, those who decide first; one statement."""
    seats = Seat.objects.filter(kind__in=LADO_KINDS, user__is_active=True).select_related("user", "given_by")
    return sorted(seats, key=lambda seat: (LADO_KINDS.index(seat.kind), seat.user.full_name, seat.pk))


def has_neighbour() -> bool:
    """Whether a neighbouring LADO has a seat here, whom what is about the people here goes to."""
    return Seat.objects.filter(kind=ABROAD, user__is_active=True).exists()


def keeps_team(standing: Standing) -> bool:
    """Support sees that there is a team, and changes nothing of it."""
    return bool(standing.roles & (DECIDES | {ABROAD}))


def kinds_to_give(standing: Standing, seats: Sequence[Seat]) -> tuple[str, ...]:
    """What this person may give, and end, as the team is now."""
    if ABROAD in standing.roles:
        return (ABROAD,)
    if not standing.roles & DECIDES:
        return ()
    return HERE if any(seat.kind == ABROAD for seat in seats) else (*HERE, ABROAD)


@transaction.atomic
def give_team_seat(kind: str, person: NewPerson, *, by: Keeper) -> Seat:
    """Seat somebody of this address. Raises NotPermitted, or Refused with what to do."""
    if kind not in kinds_to_give(by.standing, _locked()):
        raise NotPermitted(OURS)
    try:
        user = found_or_made(person, by=by.user, how=by.how)
        if not user.is_active:
            raise Refused(f"{user.full_name} has left. Give another address.", field="email")
        return seated(user, kind, None, by=by.user, how=by.how)
    except accounts.Refused as no:
        raise Refused(str(no), field="email") from no


@transaction.atomic
def end_team_seat(seat: Seat, *, by: Keeper) -> None:
    """End a seat at once; its holder is signed out. What they held stands on everybody's list."""
    seats = _locked()
    if seat.kind not in kinds_to_give(by.standing, seats):
        raise NotPermitted(OURS)
    others = [each for each in seats if each.kind == seat.kind and each.pk != seat.pk]
    if not others and seat.kind in NEVER_EMPTY:
        raise Refused(NEVER_EMPTY[seat.kind])
    accounts.end_seat(seat=seat, by=by.user, how=by.how)


def _locked() -> list[Seat]:
    """The team as it is, until this is done: two people do not end the last two seats at once."""
    list(Seat.objects.select_for_update().filter(kind__in=LADO_KINDS).order_by("pk"))
    return team_seats()
