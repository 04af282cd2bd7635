"""A legal hold on what somebody wrote and did not send: "deleted at 30 days unless held" (domain.md 1.4).

One of the business unit holds, with a reason; a colleague lets go, since then things are deleted (trust.md 6:
two people). A hold lets nobody read anything, and is no secret from the writer: their drafts say so.
"""

from datetime import datetime

from django.db import transaction

from core.audit.chain import append_in_turn
from core.machine import NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.challenges.events import DRAFT_HOLD, HOLDS
from escalation.challenges.models import Draft, DraftHold, Event
from escalation.challenges.services.letting_in import LEAST_REASON

HELD, LET_GO = "drafts_held", "drafts_let_go"
UNIT_ONLY = "Only the business unit holds drafts, and lets go of them."
SAY_WHY = f"Say why in at least {LEAST_REASON} characters."
ANOTHER = "Somebody else lets go of it: not who held it, and not whose drafts they are. Ask a colleague."
HELD_DRAFT = "A legal hold keeps this draft, so nobody can throw it away. Ask the business unit why."


@transaction.atomic
def hold_drafts(
    owner: User, *, reason: str, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> DraftHold:
    """From now on nothing of theirs that was not sent is deleted. Held already is no error: it comes back."""
    _check(standing, reason)
    User.objects.select_for_update().get(pk=owner.pk)
    known = DraftHold.standing().filter(owner=owner).first()
    if known is not None:
        return known
    hold = DraftHold.objects.create(owner=owner, reason=reason, held_by=by, held_at=now)
    _note(hold, HELD, by=by, now=now, request_id=request_id)
    return hold


@transaction.atomic
def let_go(
    hold: DraftHold, *, reason: str, by: User, standing: Standing, now: datetime, request_id: str = ""
) -> None:
    """What is older than drafts are kept is deleted by the next sweep. Let go already is no error."""
    _check(standing, reason)
    hold = DraftHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at is not None:
        return
    if by.pk in (hold.held_by_id, hold.owner_id):
        raise Refused(ANOTHER)
    hold.lifted_by, hold.lifted_at, hold.lifted_because = by, now, reason
    hold.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    _note(hold, LET_GO, by=by, now=now, request_id=request_id)


@transaction.atomic
def throw_away(draft: Draft) -> None:
    """Its writer does not want it any more. Raises Refused where a hold keeps it."""
    User.objects.select_for_update().get(pk=draft.owner_id)  # a hold begins before this, or after
    if DraftHold.standing().filter(owner=draft.owner_id).exists():
        raise Refused(HELD_DRAFT)
    draft.delete()


def _check(standing: Standing, reason: str) -> None:
    if not standing.in_business_unit:
        raise NotPermitted(UNIT_ONLY)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(SAY_WHY, field="reason")


def _note(hold: DraftHold, act: str, *, by: User, now: datetime, request_id: str) -> None:
    told = DRAFT_HOLD.act(hold, act, by=by, at=now, seat="unit", request_id=request_id)
    append_in_turn(Event, chain=HOLDS, **told)
