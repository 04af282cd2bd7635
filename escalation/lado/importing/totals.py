"""What the LADO compares with the old log and with what was published, to the unit."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from escalation.lado.services.earlier import EarlierReferral
from escalation.policy.lado import LadoPolicy
from escalation.policy.quarters import Quarter

IN_TIME = {True: "yes", False: "no", None: "not known"}


@dataclass(frozen=True)
class Totals:
    """Numbers of referrals: the three levels, and by what each stands under; each once in each."""

    contacts: int
    met: int
    meetings: int
    told_in: Counter[str]
    in_time: Counter[str]
    now: Counter[str]
    outcome: Counter[str]
    source: Counter[str]
    sector: Counter[str]
    nature: Counter[str]

    @classmethod
    def of(cls, referrals: Iterable[EarlierReferral]) -> "Totals":
        rows = list(referrals)
        return cls(
            contacts=len(rows),
            met=sum(each.met for each in rows),
            meetings=sum(each.meeting_on is not None for each in rows),
            told_in=Counter(_year(each.told_on) for each in rows),
            in_time=Counter(IN_TIME[each.told_in_time] for each in rows),
            now=Counter(each.status.label.lower() if each.status else "open" for each in rows),
            outcome=Counter(each.outcome for each in rows if each.outcome),
            source=Counter(each.facts["source"] for each in rows if each.facts["source"]),
            sector=Counter(each.facts["sector"] for each in rows if each.facts["sector"]),
            nature=Counter(each.nature for each in rows if each.nature),
        )

    def in_words(self, policy: LadoPolicy) -> Iterator[str]:
        """A line for each kind of total; nothing that stands under fewer than all is left out."""
        yield f"Contacts {self.contacts}, threshold met {self.met}, meetings held {self.meetings}"
        yield _line("Told in", sorted(self.told_in.items()))
        yield _line("Told within one working day", self.in_time.most_common())
        yield _line("Now", self.now.most_common())
        for name, counts in (
            ("outcome", self.outcome),
            ("source", self.source),
            ("sector", self.sector),
            ("nature", self.nature),
        ):
            told = [(policy.label(name, code), number) for code, number in counts.most_common()]
            yield _line(name.capitalize(), told)


def _year(day: date) -> str:
    """A financial year as people write it: 2021-22."""
    first = Quarter.of(day).year
    return f"{first}-{(first + 1) % 100:02}"


def _line(name: str, counts: Iterable[tuple[str, int]]) -> str:
    told = ", ".join(f"{what} {number}" for what, number in counts)
    return f"{name}: {told or 'none'}"
