"""How the LADO works, as data: clocks, targets and words. Plain Python, like the rest of the policy.

Statutory guidance sets one time (tell the LADO within one working day); every other one is local.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from escalation.rulefiles import Fault, Table
from escalation.rulefiles.sources import Source, read, refuse

from .clock import Unit
from .document import PhoneNumber, Term
from .reading import read_number, read_vocabularies

FOLDER = Path(__file__).parent / "lado_policies"
CHOSEN = "chosen"
LIMITS = ("police_wait_months", "alike_percent")
VOCABULARIES = frozenset(
    [
        "limb",
        "source",
        "sector",
        "role",
        "nature",
        "outcome",
        "police_as",
        "strand",
        "strand_state",
        "letter_to",
        "welfare_of",
        "dbs_answer",
        "regulator",
        "regulator_answer",
        "no_role_reason",
        "followed",
        "method",
    ]
)


@dataclass(frozen=True)
class LadoClock:
    """One named clock. `quantity` None: people choose the day. `law` "": local, optional."""

    name: str
    label: str
    quantity: int | None
    unit: Unit
    after: str
    met_by: tuple[str, ...]
    law: str

    @property
    def standing(self) -> str:
        """Where the time comes from, as the page says it."""
        return self.law or "Local, optional"


@dataclass(frozen=True)
class Target:
    """So many of the referrals (percent; None: no line is set) have an outcome within so many months."""

    months: int
    percent: int | None


@dataclass(frozen=True)
class LadoPolicy:
    """One version. `document` is the same as JSON values, which a referral keeps."""

    title: str
    version: int
    start: date
    clocks: tuple[LadoClock, ...]
    targets: tuple[Target, ...]
    limits: Mapping[str, int]
    vocabularies: Mapping[str, tuple[Term, ...]]
    numbers: tuple[PhoneNumber, ...]
    to_be_confirmed: tuple[str, ...]
    document: Mapping[str, object]

    def __hash__(self) -> int:
        return hash((self.title, self.version, self.start))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the document."""
        text = json.dumps(self.document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def clock(self, name: str) -> LadoClock:
        """Raises LookupError for a clock this policy does not have."""
        found = next((clock for clock in self.clocks if clock.name == name), None)
        if found is None:
            raise LookupError(f"This policy has no clock {name!r}.")
        return found

    def number(self, code: str) -> PhoneNumber:
        """Raises LookupError for a number this policy does not have."""
        found = next((number for number in self.numbers if number.code == code), None)
        if found is None:
            raise LookupError(f"This policy has no number {code!r}.")
        return found

    @property
    def neighbour(self) -> PhoneNumber:
        """The LADO who takes what is about our LADO, their manager or a director."""
        return self.number("neighbouring_lado")

    @property
    def head_of_service(self) -> PhoneNumber:
        """Who hears somebody that disagrees with the LADO."""
        return self.number("head_of_service")

    def label(self, vocabulary: str, code: str) -> str:
        """A code in words; the code itself where an older version had it and this one does not."""
        return next((t.label for t in self.vocabularies[vocabulary] if t.code == code), code)


@cache
def shipped_lado_policies() -> tuple[LadoPolicy, ...]:
    """The versions that come with the log, the newest last; read once a process."""
    read = [parse_lado(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(read, key=lambda policy: (policy.start, policy.version)))


def parse_lado(text: str, source: str = "") -> LadoPolicy:
    """From TOML. Raises RuleFileErrors with every fault, its line and file."""
    found = read(text, source, _nothing_shared, ())
    return _policy(json.loads(json.dumps(found.values, default=str)), found)


def lado_policy(values: Mapping[str, object]) -> LadoPolicy:
    """From JSON values, as stored. Raises RuleFileErrors with every fault, without lines."""
    return _policy(values, Source({}))


def _nothing_shared(name: str) -> str:
    raise FileNotFoundError(name)


def _policy(values: Mapping[str, object], source: Source) -> LadoPolicy:
    faults: list[Fault] = []
    table = Table(values, (), "the LADO policy", faults)
    policy = LadoPolicy(
        title=table.text("title"),
        version=table.number("version", least=1),
        start=table.day("start"),
        clocks=tuple(_clock(each) for each in table.tables("clocks", "clock")),
        targets=tuple(_target(each) for each in table.tables("targets", "target")),
        limits=_limits(table.table("limits", "the limits")),
        vocabularies=read_vocabularies(table.table("vocabularies", "the vocabularies")),
        numbers=tuple(read_number(each) for each in table.tables("numbers", "phone number")),
        to_be_confirmed=table.texts("to_be_confirmed"),
        document=values,
    )
    table.end()
    faults += [
        Fault(("vocabularies", name), f"The vocabulary “{name}” is missing. The log asks for it.")
        for name in sorted(VOCABULARIES - policy.vocabularies.keys())
    ]
    refuse(faults, source)
    return policy


def _clock(table: Table) -> LadoClock:
    clock = LadoClock(
        name=table.code("name"),
        label=table.text("label"),
        quantity=_quantity(table),
        unit=table.choice("unit", Unit, Unit.WORKING_DAYS),
        after=table.text("after"),
        met_by=table.texts("met_by"),
        law=table.text("law", ""),
    )
    table.end()
    return clock


def _quantity(table: Table) -> int | None:
    if table.values.get("quantity") == CHOSEN:
        table.known.append("quantity")
        return None
    return table.number("quantity", least=0)


def _target(table: Table) -> Target:
    percent = table.number("percent", least=1) if "percent" in table.values else None
    target = Target(months=table.number("months", least=1), percent=percent)
    table.end()
    return target


def _limits(table: Table) -> dict[str, int]:
    limits = {name: table.number(name, least=1) for name in LIMITS}
    table.end()
    return limits
