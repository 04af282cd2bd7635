"""A file and its mapping into all that would happen, without writing anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from escalation.challenges.importing.cases import Maker
from escalation.challenges.importing.checks import Checks
from escalation.challenges.importing.directory import Directory
from escalation.challenges.importing.fields import FIELDS, KEY
from escalation.challenges.importing.words import known_words
from escalation.challenges.models import Challenge
from escalation.challenges.reference import spoken
from escalation.challenges.services import EarlierCase, already_here
from escalation.policy.document import Policy
from escalation.sheets import Mapping as SheetMapping
from escalation.sheets import Problem, Record, Sheet, parse_mapping, read_records
from escalation.sheets.proposing import propose
from escalation.sheets.records import TOLD_EVERY, LeftOut

Progress = Callable[[str, int], None]
"""Told what is being done, and how many rows of it are done."""

CHANGED = (
    "this row is in the log as {case}, and has changed since: {columns}. The log keeps what it has. If the "
    "change is right, add it to the case there."
)


@dataclass(frozen=True)
class Taken:
    """A row that is a case, and the case."""

    record: Record
    earlier: EarlierCase


@dataclass(frozen=True)
class Plan:
    """What an import would do. It can be done where `errors` is empty.

    `cases` are all that the file tells. Those that are not `here`, in the log already, would be brought in;
    the others stay as they are. `changed` is how many of these stand differently in the file now.
    """

    cases: Sequence[Taken]
    here: Mapping[UUID, Challenge]
    changed: int
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]

    @property
    def new(self) -> list[Taken]:
        return [taken for taken in self.cases if taken.earlier.key not in self.here]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.warning]


def read_plan_mapping(path: Path, *, policy: Policy, directory: Directory) -> SheetMapping:
    """The mapping file, with what it shares from one beside it; raises RuleFileErrors or OSError."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    names = [field.name for field in FIELDS]
    terms = known_words(policy, list(directory.settings.values()))

    def beside(name: str) -> str:
        return path.with_name(Path(name).name).read_text(encoding="utf-8-sig")

    return parse_mapping(text, source=path.name, fields=names, terms=terms, key=KEY, shared=beside)


def propose_mapping(sheets: Sequence[Sheet], *, policy: Policy, directory: Directory) -> str:
    """The text of a first mapping, for a person to finish."""
    return propose(sheets, FIELDS, known_words(policy, list(directory.settings.values())))


def plan_import(
    sheets: Sequence[Sheet],
    mapping: SheetMapping,
    *,
    policy: Policy,
    directory: Directory,
    today: date,
    progress: Progress = lambda doing, rows: None,
) -> Plan:
    """All that the sheets say, by their mapping; `policy` is the one in force."""
    read = read_records(sheets, mapping, FIELDS, today=today, progress=lambda rows: progress("Reading", rows))
    numbers = {sheet.name: number for number, sheet in enumerate(sheets, start=1)}
    maker, checks = Maker(mapping.log, policy, directory, numbers), Checks(policy, directory)
    taken: list[Taken] = []
    problems = list(read.problems)
    for number, record in enumerate(read.records, start=1):
        earlier = maker.make(record)
        found = checks.of(record, earlier)
        problems += found
        if all(problem.warning for problem in found):
            taken.append(Taken(record, earlier))
        if number % TOLD_EVERY == 0:
            progress("Checking", number)
    return _against_the_log(taken, problems, read.left_out)


def _against_the_log(
    taken: Sequence[Taken], problems: Iterable[Problem], left_out: Sequence[LeftOut]
) -> Plan:
    """What is here already stays as it is, changed in the file or not; a change is told."""
    here = already_here(each.earlier.key for each in taken)
    told = []
    for each in taken:
        if each.earlier.key in here:
            case, source = here[each.earlier.key]
            columns = _differing(each, source)
            if columns:
                words = CHANGED.format(case=spoken(case.reference), columns=", ".join(columns))
                told.append(each.record.problem("", words, warning=True))
    return Plan(
        cases=taken,
        here={key: case for key, (case, _) in here.items()},
        changed=len(told),
        problems=sorted([*problems, *told], key=lambda problem: (problem.sheet, problem.row)),
        left_out=left_out,
    )


def _differing(each: Taken, source: Mapping[str, Any]) -> list[str]:
    """The headings of what a row says otherwise than when it was brought in."""
    now, before = each.earlier.source["fields"], source["fields"]
    assert isinstance(now, dict)  # noqa: S101  as Maker makes it
    names = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    return [each.record.columns.get(name, name) for name in names]
