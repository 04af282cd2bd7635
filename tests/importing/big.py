"""A long log as somebody might have kept it for years: many spellings, styles of dates, texts; no fault.

`write_log(path, 50_000)` writes it as XLSX and says what is in it, counted by the writer and not by a reader.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from openpyxl import Workbook

HEADINGS = (
    "Ref", "Raised", "From", "To", "Stage", "Status", "Answered", "Ended", "Outcome", "Issue", "Child", "Age",
    "Details", "Wanted", "Learning", "RAG",
)  # fmt: skip
Spellings = dict[str, tuple[str, ...]]
SERVICES: Spellings = {
    "Ravensbury Primary School": ("School", "Ravensbury"),
    "Children's social care": ("CSC", "Social Care"),
    "South West public protection unit": ("Police", "SW PPU"),
    "Children's ward": ("Ward", "St Helier ward"),
}
OUTCOMES: Spellings = {
    "decision_changed": ("Plan changed", "changed"),
    "decision_stays": ("upheld", "no change"),
    "agreed_difference": ("agreed to disagree",),
    "partly_changed": ("resolved", "some of it changed"),
}
ISSUES: Spellings = {
    "threshold": ("Level of need",),
    "drift_delay": ("drift",),
    "information_sharing": ("info sharing",),
}
STAGES = {1: ("S1", "stage one", "1"), 2: ("stg 2", "Stage two"), 3: ("3", "S3"), 4: ("Panel",)}
FIRST = date(2015, 4, 1)
LONGEST = 4000
TEXT = "the plan that was agreed in the autumn has not begun, and the school is worried about the child. "
OPEN_OF_A_THOUSAND = 20
MAPPING = """
log = "A long log"
ignore = ["RAG"]
[[not_cases]]
begins = ["total"]
[[sheets]]
name = "Log"
header = 2
[columns]
reference = "Ref"
raised_on = "Raised"
raising = "From"
responding = "To"
stage = "Stage"
status = "Status"
answered_on = "Answered"
ended_on = "Ended"
outcome = "Outcome"
issue = "Issue"
our_pointer = "Child"
age_band = "Age"
worry = "Details"
want = "Wanted"
learning = "Learning"
[split]
responding = ["/"]
[words.stage]
4 = ["Panel"]
"""


@dataclass
class Written:
    """What stands in a log: numbers of cases by what each is."""

    cases: int = 0
    open: int = 0
    parties: int = 0
    stage: Counter[int] = field(default_factory=Counter)
    outcome: Counter[str] = field(default_factory=Counter)
    issue: Counter[str] = field(default_factory=Counter)
    year: Counter[int] = field(default_factory=Counter)


def write_mapping(path: Path) -> None:
    """The mapping that reads it, with every spelling."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {
        "setting": SERVICES,
        "outcome": OUTCOMES,
        "issue": ISSUES,
    }
    lines = []
    for name, table in tables.items():
        lines.append(f"[words.{name}]")
        lines += [f'"{ours}" = {json.dumps(theirs)}' for ours, theirs in table.items()]
    path.write_text(MAPPING + "\n".join(lines), encoding="utf-8")


def write_log(path: Path, number: int, *, seed: int = 1) -> Written:
    """So many cases, a line of total every hundred; the same for the same seed."""
    book, written = Workbook(write_only=True), Written()
    sheet = book.create_sheet("Log")
    sheet.append(["Our log, do not circulate"])
    sheet.append(HEADINGS)
    for row in _rows(number, Random(seed), written):
        sheet.append(row)
    book.save(path)
    return written


def _rows(number: int, dice: Random, written: Written) -> Iterator[list[object]]:
    for count in range(1, number + 1):
        yield _row(count, dice, written)
        if count % 100 == 0:
            yield [f"Total so far: {count}"]


def _row(count: int, dice: Random, written: Written) -> list[object]:
    raising, *asked = dice.sample(list(SERVICES), dice.choice((2, 2, 2, 3)))
    raised = FIRST + timedelta(days=dice.randrange(LONGEST))
    running = dice.randrange(1000) < OPEN_OF_A_THOUSAND
    # Not every service of the directory has a head of service, who answers an open one at stage 3.
    stage = dice.choice((1, 2)) if running else dice.choice((1, 1, 1, 2, 2, 3, 4))
    outcome, issue = dice.choice(list(OUTCOMES)), dice.choice(list(ISSUES))
    written.cases += 1
    written.open += running
    written.parties += 1 + len(asked)
    written.stage[stage] += 1
    written.outcome["" if running else outcome] += 1
    written.issue[issue] += 1
    written.year[raised.year] += 1
    return [
        f"E{count:05}",
        _day(raised, dice),
        dice.choice(SERVICES[raising]),
        " / ".join(dice.choice(SERVICES[name]) for name in asked),
        dice.choice(STAGES[stage]),
        "open" if running else "closed",
        _day(raised + timedelta(days=2), dice),
        None if running else _day(raised + timedelta(days=20), dice),
        None if running else dice.choice(OUTCOMES[outcome]),
        dice.choice(ISSUES[issue]),
        f"M{count:06}",
        dice.choice((3, "7 yrs", "10-15", "unborn")),
        f"Case {count}: {TEXT * dice.randrange(1, 6)}",
        "a visit this week, and a date for the sessions",
        "talk first" if dice.random() < 0.2 else None,
        "amber",
    ]


def _day(day: date, dice: Random) -> object:
    return dice.choice((day, f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day:%y}", f"{day.day} {day:%B %Y}"))
