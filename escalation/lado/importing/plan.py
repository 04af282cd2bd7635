"""A file and its mapping into all that would happen, without writing anything."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from escalation.lado.importing.checks import Checks
from escalation.lado.importing.fields import FIELDS, KEY
from escalation.lado.importing.referrals import Maker
from escalation.lado.importing.words import known_words
from escalation.lado.models import Referral
from escalation.lado.numbers import spoken
from escalation.lado.services.earlier import EarlierReferral
from escalation.lado.services.importing import already_here
from escalation.policy.lado import LadoPolicy
from escalation.sheets import Mapping, Sheet, parse_mapping, planning, read_records
from escalation.sheets.proposing import propose
from escalation.sheets.records import TOLD_EVERY

LadoPlan = planning.Plan[EarlierReferral, Referral]


def read_plan_mapping(path: Path, *, policy: LadoPolicy) -> Mapping:
    """The mapping file, with what it shares from one beside it; raises RuleFileErrors or OSError."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")

    def beside(name: str) -> str:
        return path.with_name(Path(name).name).read_text(encoding="utf-8-sig")

    names, terms = [field.name for field in FIELDS], known_words(policy)
    return parse_mapping(text, source=path.name, fields=names, terms=terms, key=KEY, shared=beside)


def propose_mapping(sheets: Sequence[Sheet], *, policy: LadoPolicy) -> str:
    """The text of a first mapping, for a person to finish."""
    return propose(sheets, FIELDS, known_words(policy))


def plan_import(
    sheets: Sequence[Sheet],
    mapping: Mapping,
    *,
    policy: LadoPolicy,
    today: date,
    progress: planning.Progress = lambda doing, rows: None,
) -> LadoPlan:
    """All that the sheets say, by their mapping."""
    read = read_records(sheets, mapping, FIELDS, today=today, progress=lambda rows: progress("Reading", rows))
    maker = Maker(mapping.log, policy, {sheet.name: number for number, sheet in enumerate(sheets, start=1)})
    checks, problems = Checks(), list(read.problems)
    taken: list[planning.Taken[EarlierReferral]] = []
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
        taken, here, problems, read.left_out, called=lambda referral: spoken(referral.reference)
    )
