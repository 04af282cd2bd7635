"""What dip samples found, for packs and for who reads them: of challenges, and what the LADO gave out.

Words alone, with who read and when: no record, and no number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.web.dates import london_day
from escalation.lado.findings import given
from escalation.policy.section11 import standard_words
from escalation.policy.words import join
from escalation.reporting.models import number_of, quarter_of

from .models import DipSample, EvidencePack
from .queries import findings_given

YEAR = 4
"""Quarters."""


@dataclass(frozen=True)
class Finding:
    """What was found, of what and which period, by whom and when. `number`: that of its last quarter."""

    title: str
    standard: int
    standard_words: str
    number: int
    period: str
    readers: str
    given: date
    words: str

    def as_values(self) -> dict[str, str]:
        return {
            "title": self.title,
            "period": self.period,
            "readers": self.readers,
            "given": self.given.isoformat(),
            "words": self.words,
        }


def findings() -> list[Finding]:
    """All there are, the newest quarter first."""
    found = [*_of_challenges(findings_given()), *_of_the_lado()]
    return sorted(found, key=lambda each: (-each.number, each.standard))


def findings_for(pack: EvidencePack) -> list[Finding]:
    """Those under its standard, of the year up to its quarter."""
    return [
        each
        for each in findings()
        if each.standard == pack.standard and pack.number - YEAR < each.number <= pack.number
    ]


def _of_challenges(samples: Iterable[DipSample]) -> Iterable[Finding]:
    for each in samples:
        assert each.ended_at is not None  # noqa: S101 - of one that was given
        yield Finding(
            each.title,
            each.standard,
            standard_words(each.standard, each.standard_title, each.framework, each.note),
            each.number,
            quarter_of(each.number).label,
            join([reader.organisation.name for reader in each.readers.all()]),
            london_day(each.ended_at),
            each.finding,
        )


def _of_the_lado() -> Iterable[Finding]:
    """What the LADO gave out of the wall: words that two stand for."""
    for each in given():
        yield Finding(
            f"{each.title} {each.employers}",
            each.standard,
            each.standard_words,
            number_of(each.until),
            f"The year up to {each.until.label}",
            "The LADO",
            each.day,
            each.words,
        )
