"""Two years of allegations as Bromley published them: what our method would have published instead.

For teaching. The figures are public, as they are here; nothing of this is in any register.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from escalation.attacker import Findings, Learnt, attack, uncover
from escalation.disclosure.document import document
from escalation.disclosure.periods import Period, Span
from escalation.disclosure.plan import Category, Date, Plan, PlanDimension, PlanTable
from escalation.disclosure.randomness import BYTES
from escalation.disclosure.releasing import Counter, Drawn, release
from escalation.disclosure.tables import Ints, Layout

from .naive import naive_document

OUTCOME = "outcome"


@dataclass(frozen=True)
class Year:
    """What was published of the referrals of a financial year: how many came to each end."""

    name: str
    counts: Mapping[str, int]
    note: str

    @property
    def plan(self) -> Plan:
        """One table a year, by how each referral ended."""
        categories = tuple(Category(each, each, (each,)) for each in self.counts)
        start = date(int(self.name[:4]), 4, 1)
        return Plan(
            key="bromley",
            title=f"Referrals to Bromley's LADO, {self.name}",
            version=1,
            start=start,
            unit="case",
            least=0,
            most=None,
            dimensions=(PlanDimension(OUTCOME, "Outcome", categories, categories[-1].code, ""),),
            tables=(PlanTable("outcomes", "By outcome", (OUTCOME,), Date.LOGGED, Span.YEAR),),
        )

    @property
    def counter(self) -> Counter:
        """Counts the year's referrals, whatever the period."""

        def count(layout: Layout, _date: Date, _period: Period) -> Ints:
            return np.array([self.counts[cell[0][1]] if cell else self.total for cell in layout.cells])

        return count

    @property
    def total(self) -> int:
        """All referrals of the year."""
        return sum(self.counts.values())


YEARS = (
    Year(
        "2021-22",
        {
            "Substantiated": 72,
            "Unsubstantiated": 30,
            "Unfounded": 69,
            "False": 1,
            "Malicious": 0,
            "Still going on": 32,
        },
        "All 204 referrals were published by outcome.",
    ),
    Year(
        "2016-17",
        {
            "Founded": 2,
            "Substantiated": 3,
            "Unsubstantiated": 60,
            "Unfounded": 25,
            "Still going on": 16,
            "No meeting": 117,
        },
        "223 referrals and 106 meetings were published, and how the 106 ended. A total and a part of it are "
        "nested counts, so parts are made of them: 117 referrals without a meeting, and the 106 by outcome.",
    ),
)


def page() -> str:
    """The page docs/disclosure-bromley.md."""
    return "\n".join([INTRODUCTION, *(_year(each) for each in YEARS), CONCLUSION])


INTRODUCTION = """# Two published years, worked through

Bromley published how the allegations that its LADO dealt with ended. Below is what stood in the reports; what
the usual rule ("hide 1 to 4") would have shown, and what the attacker makes of that; and one draw of what the
log would publish. The figures are public, and are here for teaching; they are in no register of the log. This
page is written by `manage.py disclosure_report`. The method is in [disclosure.md](disclosure.md)."""

CONCLUSION = """
## What to see

- A single number that the usual rule hides is hidden from nobody: it is the total less everything else.
- Where the rule hides two, their sum is still exact, so whoever knows one of the cases learns of the others.
- What is published instead may be off by 4, and says so. Large figures still say what they said. Small ones
  do not say whether there was any case.
- Whoever was a party to a case knows of that case. The rounded figures do not tell them whether there was
  another one.
"""


def _year(year: Year) -> str:
    count, plan = year.counter, year.plan
    last = plan.since + 3
    drawn = release(plan, last, count, bits=int(year.name[:4]).to_bytes(BYTES, "big"))
    told = document(plan, last, drawn.publications)
    naive = naive_document(plan, [plan.since], count)
    uncovered: dict[str | None, Learnt] = {_category(each): each for each in uncover([naive])}
    cells = {cell.get(OUTCOME): cell for part in told["tables"][0]["parts"] for cell in part["cells"]}
    counts: list[tuple[str | None, int]] = [(None, year.total), *year.counts.items()]
    rows = [
        f"| {name or 'All'} | {number} | {_usual(uncovered.get(name), number)} "
        f"| {cells[name]['value']} | {cells[name]['low']} to {cells[name]['high']} |"
        for name, number in counts
    ]
    return "\n".join(
        [
            f"\n## {year.name}\n",
            f"{year.note}\n",
            "| Outcome | Published then | The usual rule, attacked | Ours | That is |",
            "|---|---|---|---|---|",
            *rows,
            f"\n{_shown(drawn, Findings.of(attack([told])))}",
        ]
    )


def _category(learnt: Learnt) -> str | None:
    return dict(learnt.where[2]).get(OUTCOME)


def _usual(learnt: Learnt | None, number: int) -> str:
    """What the usual rule shows of a cell, and what is known once it was attacked."""
    if learnt is None:
        return str(number)
    return (
        f"[c], known to be {learnt.low}"
        if learnt.exact
        else f"[c], known to be {learnt.low} to {learnt.high}"
    )


def _shown(drawn: Drawn, found: Findings) -> str:
    certificate = drawn.certificate
    cases = sum(certificate.lists[0].values())
    return (
        f"The certificate is a list of {cases} cases that is exactly what was published, and "
        f"{len(certificate.moves)} moves of four equal cases on it. The attacker, who knows nothing of it, "
        f"looks at {found.cells} figures: {found.exact} known exactly, {found.small} certain to be 1 to 4, "
        f"{found.narrow} known to less than 4."
    )
