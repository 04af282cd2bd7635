"""Who is kept out of a challenge: named by somebody, or by themselves (rule 15).

Each act leaves an event in the chain "access", and tells nobody whom it keeps out.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from core.audit.chain import append_in_turn
from core.machine import NotPermitted
from escalation.access.models import known_reason
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.challenges import notifications
from escalation.challenges.case import Case, parts_of, party_of, read_case
from escalation.challenges.events import ACCESS, CONFLICT, LIFTED
from escalation.challenges.models import UNIT, Challenge, Conflict, Event
from escalation.challenges.services.entries import acting_seat
from escalation.challenges.workflow import Who

NAMES_OTHERS = {Who.RAISER, Who.MEMBER, Who.RAISING_LEAD, Who.RESPONDING_LEAD}


def name_conflict(
    challenge: Challenge,
    *,
    user: User,
    reason: str,
    by: User,
    standing: Standing,
    now: datetime,
    request_id: str = "",
) -> Conflict:
    """Keep somebody out of a challenge from now on; the same person twice is no second conflict.

    Anybody may say so of themselves; of others, people of the same side, and the business unit of
    everybody. Raises NotPermitted or Refused.
    """
    why = known_reason(reason)
    with transaction.atomic():
        case = locked(challenge, now)
        here = standing.within(case.exceptions)
        if user.pk != by.pk and not can_be_named(case, here).filter(pk=user.pk).exists():
            raise NotPermitted(
                "You can say this of yourself and of people of your own side. Ask the business unit."
            )
        conflict, new = Conflict.objects.get_or_create(
            challenge=challenge,
            user=user,
            lifted_at=None,
            defaults={"reason": why, "since": now, "named_by": by},
        )
        if new:
            note_access(
                case,
                CONFLICT,
                by=by,
                standing=here,
                now=now,
                codes={"number": conflict.pk, "user": user.pk, "reason": reason},
                request_id=request_id,
            )
            notifications.tell_of_conflict(case, user, by=by, now=now)
        return conflict


def lift_conflict(
    conflict: Conflict, *, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> None:
    """Let somebody back in to what they are by their seat: for the business unit, and never for oneself."""
    with transaction.atomic():
        case = locked(conflict.challenge, now)
        here = standing.within(case.exceptions)
        if UNIT not in here.roles or conflict.user_id == by.pk:
            raise NotPermitted("Only the business unit can let somebody back in.")
        if not conflict.lift(by=by, now=now):
            return
        note_access(
            case,
            LIFTED,
            by=by,
            standing=here,
            now=now,
            codes={"number": conflict.pk, "user": conflict.user_id},
            request_id=request_id,
        )


def can_be_named(case: Case, standing: Standing) -> QuerySet[User]:
    """Whom this person, as they stand within the case, can name: their own side; the unit, everybody."""
    parties = [case.raising, *case.responding]
    everybody = Q(seats__setting__in=[p.setting_id for p in case.parties])
    if UNIT in standing.roles:
        organisations = [p.setting.organisation_id for p in parties]
        partners = Q(seats__kind=SeatKind.PARTNER, seats__setting__organisation__in=organisations)
        wanted = everybody | partners | Q(seats__kind__in=[SeatKind.BUSINESS_UNIT, SeatKind.AUDITOR])
    else:
        party = party_of(case, standing)
        if party is None or not NAMES_OTHERS & parts_of(case, standing):
            return User.objects.none()
        wanted = Q(seats__setting=party.setting_id)
    # Those who are kept out already are among them: the list would say so otherwise.
    return User.objects.filter(wanted, is_active=True).distinct()


def note_access(
    case: Case | None,
    act: str,
    *,
    by: User,
    standing: Standing,
    now: datetime,
    codes: dict[str, object],
    request_id: str = "",
) -> Event:
    """One line in the chain of who read and who was let in or kept out; last in its transaction.

    `case` None: about no challenge that there is.
    """
    return append_in_turn(
        Event,
        chain=ACCESS,
        at=now,
        actor=by,
        seat=acting_seat(parts_of(case, standing)) if case else "",
        act=act,
        object=str(case.challenge.uuid) if case else "",
        codes=codes,
        request_id=request_id,
    )


def locked(challenge: Challenge, now: datetime) -> Case:
    """Waits for a step that is being taken, so that it and this see the same people."""
    found = (
        Challenge.objects.with_exceptions(now)
        .select_for_update(of=("self",))
        .select_related("policy_version", "raising", "raised_by")
        .get(pk=challenge.pk)
    )
    return read_case(found)
