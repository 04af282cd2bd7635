"""An organisation's own word under a standard, beside what its staff say by nobody's name."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from escalation.accounts.models import Organisation
from escalation.policy.section11 import Framework, Standard, standard_words
from escalation.surveys.models import Survey
from escalation.surveys.queries import Result
from escalation.surveys.wording import Said, shown

from .models import SelfRating

NOT_ASKED = "No staff survey was held yet."
NO_QUESTION = "Staff are not asked about this standard."


@dataclass(frozen=True)
class Side:
    """One organisation: what it says itself (None: nothing yet), what staff say, or why that is not shown.
    `may_rate`: the reader answers for it."""

    organisation: Organisation
    own: SelfRating | None
    staff: Sequence[Said]
    why_not: str
    may_rate: bool


@dataclass(frozen=True)
class Both:
    """A standard in words, and every organisation under it."""

    number: int
    words: str
    sides: Sequence[Side]


def side_by_side(
    framework: Framework,
    organisations: Sequence[Organisation],
    ratings: Mapping[tuple[int, int], SelfRating],
    survey: Survey | None,
    results: Mapping[int, Result],
    mine: Container[int],
) -> list[Both]:
    """Of every standard of a framework. `results`: by the number of an organisation."""
    return [
        Both(
            each.number,
            standard_words(each.number, each.title, framework.name, framework.note),
            list(_sides(each, organisations, ratings, survey, results, mine)),
        )
        for each in framework.standards
    ]


def _sides(
    standard: Standard,
    organisations: Iterable[Organisation],
    ratings: Mapping[tuple[int, int], SelfRating],
    survey: Survey | None,
    results: Mapping[int, Result],
    mine: Container[int],
) -> Iterable[Side]:
    for each in organisations:
        staff, why_not = _staff(standard, survey, results.get(each.pk))
        yield Side(each, ratings.get((each.pk, standard.number)), staff, why_not, each.pk in mine)


def _staff(standard: Standard, survey: Survey | None, result: Result | None) -> tuple[Sequence[Said], str]:
    """What staff said to the questions of one standard; or why there is nothing."""
    if survey is None:
        return (), NOT_ASKED
    if standard.number not in [each.standard for each in survey.asked]:
        return (), NO_QUESTION
    found = shown(survey, result)
    if found is None:
        return (), NOT_ASKED
    return [each for each in found.said if each.standard == standard.number], found.why_not
