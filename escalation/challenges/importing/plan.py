"""A file and its mapping into all that would happen, without writing anything."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from escalation.challenges.importing.cases import Maker
from escalation.challenges.importing.checks import Checks
from escalation.challenges.importing.directory import Directory
from escalation.challenges.importing.fields import FIELDS, KEY
from escalation.challenges.importing.words import known_words
from escalation.challenges.models import Challenge
from escalation.challenges.reference import spoken
from escalation.challenges.services import EarlierCase, already_here
from escalation.policy.document import Policy
from escalation.sheets import Mapping, Sheet, parse_mapping, planning, read_records
from escalation.sheets.proposing import propose
from escalation.sheets.records import TOLD_EVERY

Plan = planning.Plan[EarlierCase, Challenge]


def read_plan_mapping(path: Path, *, policy: Policy, directory: Directory) -> Mapping:
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
    mapping: Mapping,
    *,
    policy: Policy,
    directory: Directory,
    today: date,
    progress: planning.Progress = lambda doing, rows: None,
) -> Plan:
    """All that the sheets say, by their mapping; `policy` is the one in force."""
    read = read_records(sheets, mapping, FIELDS, today=today, progress=lambda rows: progress("Reading", rows))
    numbers = {sheet.name: number for number, sheet in enumerate(sheets, start=1)}
    maker, checks = Maker(mapping.log, policy, directory, numbers), Checks(policy, directory)
    taken: list[planning.Taken[EarlierCase]] = []
    problems = list(read.problems)
    for number, record in enumerate(read.records, start=1):
        earlier = maker.make(record)
        found = checks.of(record, earlier)
        problems += found
        if all(problem.warning for problem in found):
            taken.append(planning.Taken(record, earlier))
        if number % TOLD_EVERY == 0:
            progress("Checking", number)
    here = already_here(each.earlier.key for each in taken)
    return planning.against_the_log(
        taken, here, problems, read.left_out, called=lambda challenge: spoken(challenge.reference)
    )
