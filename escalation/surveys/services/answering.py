"""Answering a survey, by nobody's name, and what the calendar does with it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.machine import Refused
from core.web.dates import london_day
from escalation.access.acting import Calendar
from escalation.surveys import events
from escalation.surveys.models import MOST, Survey, Tally, people_in

CHOOSE = "Choose your organisation, and an answer to every question."
NOT_NOW = "This survey is closed. You have nothing to do."
ENOUGH = "More answers than people could have come from this organisation. Please tell the business unit."


@transaction.atomic
def answer(survey: Survey, organisation: int, said: Mapping[str, str], *, now: datetime) -> None:
    """One more of each answer. Neither who nor when is kept, so it has no event: sums have one at the end.

    `said`: the code of each question -> the code of an answer. Raises Refused.
    """
    row = Tally.objects.select_for_update().filter(survey=survey, organisation=organisation).first()
    if not Survey.objects.get(pk=survey.pk).is_open(now):
        raise Refused(NOT_NOW)
    if row is None or not _is_whole(row, said):
        raise Refused(CHOOSE)
    if people_in(row.counts) >= MOST:
        raise Refused(ENOUGH)
    row.counts = {code: counts | {said[code]: counts[said[code]] + 1} for code, counts in row.counts.items()}
    row.save(update_fields=["counts"])


def _is_whole(row: Tally, said: Mapping[str, str]) -> bool:
    return set(said) == set(row.counts) and all(said[code] in counts for code, counts in row.counts.items())


def keep_surveys(*, now: datetime) -> int:
    """Seal each survey whose last day has passed; returns how many that were."""
    over = Survey.objects.filter(sealed_at__isnull=True, closes_on__lt=london_day(now))
    return sum(_sealed(pk, Calendar(now)) for pk in over.values_list("pk", flat=True))


@transaction.atomic
def _sealed(pk: int, by: Calendar) -> bool:
    survey = Survey.objects.select_for_update().get(pk=pk)
    if survey.sealed_at is not None:
        return False
    survey.sealed_at = by.now
    survey.save(update_fields=["sealed_at"])
    tallies = list(survey.tallies.select_for_update(of=("self",)).order_by("pk"))
    for each in tallies:
        each.sealed = each.counts
        each.save(update_fields=["sealed"])
    events.record([survey, *tallies], events.SEALED, by=by)
    return True
