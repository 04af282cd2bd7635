"""The business unit opens a survey: the questions of the day, one address, and a last day."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from core.machine import NotPermitted, Refused
from core.text.reference import drawn_signs
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.policy.section11 import framework_on
from escalation.surveys import events
from escalation.surveys.models import Survey, Tally
from escalation.surveys.notifications import tell_of_survey
from escalation.surveys.queries import open_survey

LEAST, LONGEST = timedelta(days=3), timedelta(days=60)
UNIT_ONLY = "Only the partnership’s business unit opens a staff survey."
ONE_AT_A_TIME = "A survey is open already. Wait until it is over: people would answer one and not the other."
NO_QUESTIONS = "There are no questions for staff today. They come with the Section 11 framework."
TOO_SHORT = "Give people at least 3 days."
TOO_LONG = "Choose a day within 60 days: what people say in spring and in autumn is not one answer."


@transaction.atomic
def open_up(*, closes_on: date, key: UUID, by: Acting) -> Survey:
    """Open a survey until a day. `key` is the form's own: a second click is the same survey. Raises
    NotPermitted or Refused."""
    if not by.standing.in_business_unit:
        raise NotPermitted(UNIT_ONLY)
    known = Survey.objects.filter(uuid=key).first()
    if known is not None:
        return known
    _check_day(closes_on, by)
    framework = framework_on(by.today)
    if framework is None or not framework.surveys:
        raise Refused(NO_QUESTIONS)
    if open_survey() is not None:
        raise Refused(ONE_AT_A_TIME)
    [kind, *_] = framework.surveys
    survey = Survey.objects.create(
        uuid=key,
        code=drawn_signs("survey", 8),
        title=kind.title,
        framework=framework.name,
        questions=[
            {"code": each.code, "standard": each.standard, "says": each.says} for each in kind.questions
        ],
        answers=[{"code": each.code, "label": each.label} for each in kind.answers],
        closes_on=closes_on,
        opened_by=by.user,
        opened_at=by.now,
    )
    nobody_yet = {q.code: dict.fromkeys([a.code for a in kind.answers], 0) for q in kind.questions}
    tallies = [
        Tally.objects.create(survey=survey, organisation=each, counts=nobody_yet)
        for each in Organisation.objects.order_by("pk")
    ]
    events.record([survey, *tallies], events.OPENED, by=by)
    tell_of_survey(by=by)
    return survey


def _check_day(closes_on: date, by: Acting) -> None:
    if closes_on < by.today + LEAST:
        raise Refused(TOO_SHORT, field="closes_on")
    if closes_on > by.today + LONGEST:
        raise Refused(TOO_LONG, field="closes_on")
