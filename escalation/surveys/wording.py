"""Surveys in words: what staff of an organisation said."""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import Survey, people_in
from .queries import Result

TOO_FEW = "Fewer than ten people answered, so their answers are not shown here."


@dataclass(frozen=True)
class Said:
    """What people of one organisation said to one question, such as ("Yes", 12)."""

    says: str
    standard: int
    answers: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Shown:
    """One organisation: how many answered and what, or why that is not shown."""

    name: str
    people: int
    said: Sequence[Said]
    why_not: str = ""


def shown(survey: Survey, result: Result | None) -> Shown | None:
    """None where the survey did not know of an organisation."""
    if result is None:
        return None
    name, counts = result.organisation.name, result.counts
    if counts is None:
        return Shown(name, 0, (), TOO_FEW)
    said = [
        Said(
            each.says,
            each.standard,
            [(label, counts[each.code][code]) for code, label in survey.labels.items()],
        )
        for each in survey.asked
    ]
    return Shown(name, people_in(counts), said)
