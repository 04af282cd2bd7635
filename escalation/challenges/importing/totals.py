"""What the keeper compares with the earlier log, to the unit: how many, of what, by when it happened."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from escalation.challenges.services import EarlierCase
from escalation.challenges.services.earlier import OPEN
from escalation.challenges.workflow import Status
from escalation.policy.document import Policy
from escalation.policy.quarters import Quarter


@dataclass(frozen=True)
class Totals:
    """Numbers of cases by what each stands under; every case once in each but `asked`, once a service."""

    cases: int
    raised_in: Counter[str]
    ended_in: Counter[str]
    status: Counter[str]
    stage: Counter[int]
    outcome: Counter[str]
    issue: Counter[str]
    raising: Counter[str]
    asked: Counter[str]

    @classmethod
    def of(cls, cases: Iterable[EarlierCase]) -> "Totals":
        cases = list(cases)
        return cls(
            cases=len(cases),
            raised_in=Counter(year_of(case.raised_on) for case in cases),
            ended_in=Counter(year_of(case.ended_on) for case in cases if case.ended_on),
            status=Counter("open" if case.status == OPEN else str(case.status) for case in cases),
            stage=Counter(case.stage for case in cases),
            outcome=Counter(str(case.facts["outcome"]) for case in cases if case.facts["outcome"]),
            issue=Counter(str(case.facts["issue"]) for case in cases if case.facts["issue"]),
            raising=Counter(case.raising.name for case in cases),
            asked=Counter(setting.name for case in cases for setting in case.asked),
        )

    def in_words(self, policy: Policy) -> Iterator[str]:
        """A line for each kind of total; nothing that stands under fewer than all is left out."""
        yield _line("Raised in", sorted(self.raised_in.items()))
        yield _line("Ended in", sorted(self.ended_in.items()))
        yield _line("Now", [(_status(code), number) for code, number in sorted(self.status.items())])
        yield _line("Highest stage", [(str(stage), number) for stage, number in sorted(self.stage.items())])
        for name, counts in (("outcome", self.outcome), ("issue", self.issue)):
            labels = {term.code: term.label for term in policy.terms(name)}
            yield _line(name.capitalize(), [(labels[code], number) for code, number in counts.most_common()])
        yield _line("Raised by", self.raising.most_common())
        yield _line("Asked", self.asked.most_common())


def year_of(day: date) -> str:
    """A financial year as people write it: 2024-25."""
    first = Quarter.of(day).year
    return f"{first}-{(first + 1) % 100:02}"


def _status(code: str) -> str:
    return code if code == "open" else str(Status(code).label).lower()


def _line(name: str, counts: Iterable[tuple[str, int]]) -> str:
    told = ", ".join(f"{what} {number}" for what, number in counts)
    return f"{name}: {told or 'none'}"
