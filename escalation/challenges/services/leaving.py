"""Somebody leaves: their seats, and what waits for them in open challenges, pass on in one step.

Duties pass with the seat. What somebody wrote stays theirs; what only they may read, such as their drafts,
nobody reads after them, and the rule of 30 days ends it.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core.audit.channel import Channel
from core.machine import Refused
from escalation.access.standing import Standing
from escalation.accounts import services as accounts
from escalation.accounts.events import How
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Departure, Seat, User
from escalation.challenges.models import Challenge, Party, PartyRole
from escalation.challenges.services.stepping import take_step
from escalation.challenges.workflow import OPEN, STEP
from escalation.policy.words import london_date

logger = logging.getLogger(__name__)


def carry_out_due(*, now: datetime) -> int:
    """End the sign-in of everybody whose last day is over; returns how many left. The worker's job."""
    over = Departure.objects.filter(last_day__lt=london_date(now), done_at=None, cancelled_at=None)
    due = list(over.order_by("pk"))
    for departure in due:
        carry_out(departure, now=now)
    return len(due)


@transaction.atomic
def carry_out(departure: Departure, *, now: datetime) -> None:
    """All at once: successors are seated, open challenges pass on, and the leaver keeps nothing."""
    found = Departure.objects.select_for_update(of=("self",)).select_related("user", "planned_by")
    plan = found.get(pk=departure.pk)
    if plan.is_over:
        return
    leaver, by, how = plan.user, plan.planned_by, How(now, "system")
    heirs = {seat.pk: _successor(plan, seat) for seat in _seats(leaver)}
    for seat in _seats(leaver):
        heir = heirs[seat.pk]
        if heir is not None:
            _seat_successor(seat, heir, by=by, how=how)
    for party in _waiting_for(leaver):
        _pass_on(party, _heir_of(party, leaver, heirs), now=now)
    accounts.leave(user=leaver, now=now, by=by, how=how)
    accounts.departed(departure=plan, now=now, how=how)


def _seats(leaver: User) -> Iterator[Seat]:
    """In settings; the more senior come last, so that a case goes to whoever does the practitioner's work."""
    seats = leaver.seats.filter(setting__isnull=False)
    yield from seats.select_related("setting", "deputy", "second_deputy").order_by("pk")


def _successor(plan: Departure, seat: Seat) -> User | None:
    return User.objects.filter(pk=plan.successors.get(str(seat.pk), 0), is_active=True).first()


def _seat_successor(seat: Seat, heir: User, *, by: User | None, how: How) -> None:
    """The same seat, with the same deputies, where they have none of their own."""
    new = accounts.give_seat(user=heir, kind=seat.kind, setting=seat.setting, by=by, how=how)
    deputies = [d for d in (seat.deputy, seat.second_deputy) if d is not None and d != heir and d.is_active]
    if new.deputy_id is None and deputies:
        first, second = (*deputies, None)[:2]
        accounts.set_deputy(seat=new, deputy=first, second=second, by=by, how=how)


def _waiting_for(leaver: User) -> list[Party]:
    """The places in open challenges where somebody is named, and it is they."""
    raised = Q(role=PartyRole.RAISING, challenge__raised_by=leaver, counterpart__isnull=True)
    asked = Q(counterpart=leaver, role__in=[PartyRole.RAISING, PartyRole.RESPONDING])
    found = Party.objects.filter(raised | asked, challenge__status__in=OPEN)
    return list(found.select_related("challenge", "setting").order_by("challenge_id", "pk"))


def _heir_of(party: Party, leaver: User, heirs: dict[int, User | None]) -> list[User]:
    """Who could take it up, the first choice first: the successor there, then the setting's leads."""
    seats = [seat for seat in _seats(leaver) if seat.setting_id == party.setting_id]
    seats.sort(key=lambda seat: seat.kind != SeatKind.PRACTITIONER)
    successors = [heir for seat in seats if (heir := heirs[seat.pk]) is not None]
    leads = Seat.objects.filter(setting=party.setting, kind=SeatKind.LEAD, user__is_active=True)
    others = [seat.user for seat in leads.exclude(user=leaver).select_related("user").order_by("pk")]
    return list(dict.fromkeys([*successors, *others]))


def _pass_on(party: Party, heirs: list[User], *, now: datetime) -> None:
    """By the step with which a lead gives a challenge to somebody else, taken by the log itself."""
    for heir in heirs:
        challenge = Challenge.objects.select_for_update().get(pk=party.challenge_id)
        try:
            take_step(
                challenge,
                STEP["allocate"],
                by=None,
                standing=Standing(),
                expected=challenge.version,
                now=now,
                answers={"person": heir.pk},
                channel=Channel.SYSTEM,
                acting_for=party.setting_id,
            )
        except Refused:  # they must not see this one
            continue
        return
    logger.warning("Nobody could take up what waits for somebody who left")
