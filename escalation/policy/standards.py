"""The standards of a Section 11 audit (Children Act 2004) that figures are evidence for, as dated data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from escalation.rulefiles import Fault, Table, read, refuse

FILE = Path(__file__).parent / "standards.toml"


@dataclass(frozen=True)
class Standard:
    """One standard of a framework; `figures` names what is counted for it."""

    number: int
    title: str
    figures: str


@dataclass(frozen=True)
class Framework:
    """The standards that hold from `start` until a later framework begins."""

    name: str
    start: date
    confirmed: bool
    standards: tuple[Standard, ...]


@dataclass(frozen=True)
class Evidence:
    """A standard, with the framework that numbers and names it: the number alone says nothing."""

    number: int
    title: str
    framework: str
    confirmed: bool

    @property
    def words(self) -> str:
        """ "Standard 4, Professional challenge and escalation (Section 11 audit 2021-22)" """
        unsure = "" if self.confirmed else "; title to be confirmed by the partnership"
        return f"Standard {self.number}, {self.title} ({self.framework}{unsure})"


def parse(text: str, *, source: str) -> tuple[Framework, ...]:
    """Read a file of standards. Raises RuleFileErrors with every fault and its line."""
    own = read(text, source, _nothing_shared, ())
    faults: list[Fault] = []
    table = Table(own.values, (), "the standards", faults)
    frameworks = tuple(_framework(each) for each in table.tables("frameworks", "framework"))
    table.end()
    refuse(faults, own)
    return frameworks


def _nothing_shared(name: str) -> str:
    raise FileNotFoundError(name)


def _framework(table: Table) -> Framework:
    framework = Framework(
        name=table.text("name"),
        start=table.day("start"),
        confirmed=table.flag("confirmed"),
        standards=tuple(_standard(each) for each in table.tables("standards", f"{table.name}, standard")),
    )
    table.end()
    return framework


def _standard(table: Table) -> Standard:
    standard = Standard(
        number=table.number("number", least=1), title=table.text("title"), figures=table.code("figures")
    )
    table.end()
    return standard


@cache
def shipped() -> tuple[Framework, ...]:
    """The frameworks that come with the log."""
    return parse(FILE.read_text(encoding="utf-8"), source=FILE.name)


def evidence_for(figures: str, *, on: date, among: Sequence[Framework] | None = None) -> list[Evidence]:
    """The standards that these figures serve, by the framework that holds on a day; none before the first."""
    begun = [each for each in (shipped() if among is None else among) if each.start <= on]
    if not begun:
        return []
    holds = max(begun, key=lambda framework: framework.start)
    return [
        Evidence(each.number, each.title, holds.name, holds.confirmed)
        for each in holds.standards
        if each.figures == figures
    ]
