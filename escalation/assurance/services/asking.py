"""Asking an organisation to show something: under a standard, by a list of clauses, by a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from core.machine import NotPermitted, Refused
from escalation.accounts.models import Organisation
from escalation.assurance import events, notifications
from escalation.assurance.acting import Acting
from escalation.assurance.models import AssuranceRequest, ClauseAnswer, Entry
from escalation.assurance.queries import framework_now
from escalation.assurance.workflow import ASK
from escalation.policy.section11 import Clause

UNIT_ONLY = "Only the partnership’s business unit asks organisations to show something."
NOTHING_TO_ASK = "There is nothing of that name to ask about today. Choose from the list of standards."


@dataclass(frozen=True)
class NewRequest:
    """What the unit asks; `about` is the code of a list of the framework of the day."""

    organisation: Organisation
    about: str
    question: str
    due: date


@transaction.atomic
def ask(new: NewRequest, *, key: UUID, by: Acting) -> AssuranceRequest:
    """Ask. `key` is the form's own: a second click is the same request. Raises NotPermitted or Refused."""
    if not by.standing.in_business_unit:
        raise NotPermitted(UNIT_ONLY)
    known = AssuranceRequest.objects.filter(uuid=key).first()
    if known is not None:
        return known
    due = checked_due(new.due, by)
    framework = framework_now(by)
    try:
        if framework is None:
            raise LookupError
        asked = framework.clauses(new.about)
    except LookupError:
        raise Refused(NOTHING_TO_ASK) from None
    standard = framework.standard(asked.standard)
    request = AssuranceRequest.objects.create(
        uuid=key,
        organisation=new.organisation,
        framework=framework.name,
        note=framework.note,
        standard=standard.number,
        standard_title=standard.title,
        about=asked.code,
        title=asked.title,
        question=new.question,
        due=due,
        asked_by=by.user,
        asked_at=by.now,
    )
    begin(request, asked.clauses, by=by)
    return request


def checked_due(due: date, by: Acting) -> date:
    """A day to come, or today. Raises Refused."""
    if due < by.today:
        raise Refused("This day has passed. Give them a day to come.", field="due")
    return due


def ask_again(first: AssuranceRequest, *, key: UUID, due: date, by: Acting) -> AssuranceRequest:
    """The same, with the clauses it was made with, as a request of its own; in the caller's transaction."""
    request = AssuranceRequest.objects.create(
        uuid=key,
        organisation=first.organisation,
        framework=first.framework,
        note=first.note,
        standard=first.standard,
        standard_title=first.standard_title,
        about=first.about,
        title=first.title,
        question=first.question,
        due=due,
        asked_by=by.user,
        asked_at=by.now,
        retest_of=first,
    )
    clauses = [Clause(each.code, each.title, each.says) for each in first.clauses.all()]
    begin(request, clauses, by=by)
    return request


def begin(request: AssuranceRequest, clauses: Iterable[Clause], *, by: Acting) -> None:
    """The clauses, the first line of the trail, the event, and who is told."""
    rows = [
        ClauseAnswer.objects.create(
            request=request, number=number, code=each.code, title=each.title, says=each.says
        )
        for number, each in enumerate(clauses, start=1)
    ]
    entry = Entry.objects.create(
        request=request, at=by.now, act=ASK, by=by.user, seat=by.seat, due=request.due
    )
    events.record([request, *rows, entry], ASK, by=by)
    notifications.tell(request, ASK, by=by)
