"""The Section 11 standards for which published figures are evidence, by the framework of their day."""

from dataclasses import dataclass
from datetime import date

from escalation.policy.section11 import framework_on, standard_words


@dataclass(frozen=True)
class Standard:
    """Number, title and framework are shown together: numbers differ between partnerships."""

    number: int
    title: str
    framework: str
    note: str

    @property
    def words(self) -> str:
        """ "Standard 4, professional challenge and escalation (MSCP Section 11 2021-22; ...)" """
        return standard_words(self.number, self.title, self.framework, self.note)


def standards_of(subject: str, *, on: date) -> list[Standard]:
    """Those of the framework that held on a day; none before the first."""
    framework = framework_on(on)
    if framework is None:
        return []
    return [
        Standard(each.number, each.title, framework.name, framework.note)
        for each in framework.standards
        if subject in each.subjects
    ]
