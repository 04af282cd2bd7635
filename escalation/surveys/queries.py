"""What pages about surveys read, in few statements however many organisations there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from escalation.access.organisations import answering_for, answers_for_any
from escalation.access.standing import Standing
from escalation.accounts.models import Organisation

from .models import SHOWN_FROM, Counts, Survey, Tally, people_in


@dataclass(frozen=True)
class Result:
    """What staff of one organisation said. `counts` is None where fewer answered than are shown."""

    organisation: Organisation
    counts: Counts | None


def passes_on(standing: Standing) -> bool:
    """The unit opens surveys; whoever answers for an organisation passes them on, and reads its numbers."""
    return standing.in_business_unit or answers_for_any(standing)


def surveys() -> list[Survey]:
    """All there were, the newest first; one statement."""
    return list(Survey.objects.all())


def open_survey() -> Survey | None:
    """The one that is not sealed; by its day it may be over all the same."""
    return Survey.objects.filter(sealed_at__isnull=True).first()


def last_sealed() -> Survey | None:
    return Survey.objects.filter(sealed_at__isnull=False).order_by("-sealed_at", "-pk").first()


def results_of(survey: Survey, standing: Standing) -> list[Result]:
    """Of every organisation for the unit; for others of those for which they answer. No sum over them: less
    all that are shown, it would tell the one that is not."""
    return list(_results(_in_sight(survey, standing)))


def _in_sight(survey: Survey, standing: Standing) -> QuerySet[Tally]:
    found = survey.tallies.filter(sealed__isnull=False).select_related("organisation")
    if standing.in_business_unit:
        return found
    return found.filter(organisation__in=answering_for(standing))


def _results(tallies: Iterable[Tally]) -> Iterable[Result]:
    for each in tallies:
        enough = people_in(each.sealed) >= SHOWN_FROM
        yield Result(each.organisation, each.sealed if enough else None)


def by_organisation(results: Iterable[Result]) -> Mapping[int, Result]:
    return {each.organisation.pk: each for each in results}
