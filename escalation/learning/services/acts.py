"""What a sub-group decided about a point, what organisations do, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.machine import Refused
from escalation.access.acting import Acting, Calendar
from escalation.accounts.models import Organisation
from escalation.learning.events import MINUTED, PROMISED, record, recorder
from escalation.learning.models import Action, Decision, Point, Verdict
from escalation.learning.notifications import tell_of_action
from escalation.retelling import approving, promising
from escalation.retelling.models import TextState

NOT_APPROVED = "No second person has approved this, so it is not before the sub-group."


@dataclass(frozen=True)
class NewDecision:
    """What a sub-group decided, on its day."""

    met_on: date
    verdict: str
    words: str


@dataclass(frozen=True)
class NewAction:
    """`owner` is the job of who does it, never a name."""

    what: str
    organisation: Organisation
    owner: str
    due: date


@transaction.atomic
def minute(point: Point, new: NewDecision, *, key: UUID, by: Acting) -> Decision:
    """Write down what the sub-group decided. `key`: a second click is the same decision."""
    approving.unit_only(by)
    known = Decision.objects.filter(key=key).first()
    if known is not None:
        return known
    _approved(point)
    if new.verdict not in Verdict.values:
        raise Refused("Choose what it decided.", field="verdict")
    row = Decision.objects.create(
        key=key,
        point=point,
        met_on=new.met_on,
        verdict=new.verdict,
        words=new.words,
        minuted_by=by.user,
        minuted_at=by.now,
    )
    record(row, MINUTED, by=by)
    return row


@transaction.atomic
def act(point: Point, new: NewAction, *, key: UUID, by: Acting) -> Action:
    """Write down what an organisation does about it. `key`: a second click is the same action."""
    approving.unit_only(by)
    known = Action.objects.filter(uuid=key).first()
    if known is not None:
        return known
    _approved(point)
    row = Action.objects.create(
        uuid=key,
        point=point,
        what=new.what,
        organisation=new.organisation,
        owner=new.owner,
        due=new.due,
        made_by=by.user,
        made_at=by.now,
    )
    record(row, PROMISED, by=by)
    return row


def _approved(point: Point) -> None:
    if approving.locked(point).state != TextState.APPROVED:
        raise Refused(NOT_APPROVED)


@transaction.atomic
def end_action(row: Action, *, is_done: bool, changed: str, evidence: str, by: Acting) -> Action:
    """Done, with what is other now and where one can see it; or not done, and why. A second click is none."""
    return promising.end(row, is_done=is_done, changed=changed, evidence=evidence, by=by, record=recorder(by))


def remind_of_actions(*, now: datetime) -> int:
    """Once, a week before the day: the leads of whoever does it. Returns how many actions that were."""
    waiting = promising.to_remind_of(Action.objects.standing(), now)
    return sum(_reminded(row, Calendar(now)) for row in waiting)


@transaction.atomic
def _reminded(row: Action, by: Calendar) -> bool:
    told = promising.remind(row, now=by.now, record=recorder(by))
    if told is not None:
        tell_of_action(told, by=by)
    return told is not None
