"""From plain values (of TOML or JSON) to a Policy, noting every fault with the path to it."""

from collections.abc import Mapping

from escalation.rulefiles import Fault, Table

from .clock import Unit
from .document import Note, PhoneNumber, Policy, Term, WarningPattern
from .stages import Audience, Milestone, Owner, Seniority, Stage, StageKind, UnitPart, When

NOT_PUBLISHED = "not published"
"""Written as a quantity where the policy gives no time. In JSON it is null."""


def read_policy(values: Mapping[str, object], *, source: str, faults: list[Fault]) -> Policy:
    """A policy of the right shape; adds its faults to the list. Whether its parts fit is for checking."""
    table = Table(values, (), "the policy", faults)
    policy = Policy(
        key=table.code("key"),
        title=table.text("title"),
        version=table.number("version", least=1),
        start=table.day("start"),
        source=table.text("source", source),
        stages=tuple(_stage(each) for each in table.tables("stages", "stage")),
        milestones=tuple(_milestone(each) for each in table.tables("milestones", "milestone")),
        vocabularies=read_vocabularies(table.table("vocabularies", "the vocabularies")),
        limits=_limits(table.table("limits", "the limits")),
        numbers=tuple(read_number(each) for each in table.tables("numbers", "phone number")),
        patterns=tuple(_pattern(each) for each in table.tables("patterns", "warning pattern")),
        notes=tuple(read_note(each) for each in table.tables("notes", "note")),
        to_be_confirmed=table.texts("to_be_confirmed"),
    )
    table.end()
    return policy


def _stage(table: Table) -> Stage:
    stage = Stage(
        number=table.number("number", least=1),
        name=table.text("name"),
        long_name=table.text("long_name"),
        who=table.text("who"),
        kind=table.choice("kind", StageKind),
        seniority=table.choice("seniority", Seniority),
        formal=table.flag("formal"),
        unit=table.choice("unit", UnitPart),
        only_after_not_accepted=table.flag("only_after_not_accepted"),
        milestones=tuple(_milestone(each) for each in table.tables("milestones", f"{table.name}, milestone")),
    )
    table.end()
    return stage


def _milestone(table: Table) -> Milestone:
    milestone = Milestone(
        name=table.code("name"),
        label=table.text("label"),
        owed_by=table.choice("owed_by", Owner),
        quantity=_quantity(table),
        unit=table.choice("unit", Unit, Unit.WORKING_DAYS),
        after=table.text("after"),
        when=table.choice("when", When, When.ALWAYS),
        fast_track=_fast_track(table),
        met_by=table.texts("met_by"),
        audience=table.choice("audience", Audience, Audience.ALL_PARTIES).value,
    )
    table.end()
    return milestone


def _quantity(table: Table) -> int | None:
    if "quantity" in table.values and table.values["quantity"] in (NOT_PUBLISHED, None):
        table.known.append("quantity")
        return None
    if isinstance(table.values.get("quantity"), str):
        table.known.append("quantity")
        table.fault("quantity", f"“quantity” needs a whole number, or “{NOT_PUBLISHED}”.")
        return None
    return table.number("quantity", least=0)


def _fast_track(table: Table) -> int | None:
    if table.values.get("fast_track") is None:
        table.known.append("fast_track")
        return None
    return table.number("fast_track", least=1)


def read_vocabularies(table: Table) -> dict[str, tuple[Term, ...]]:
    return {
        name: tuple(_term(each) for each in table.tables(name, f"vocabulary “{name}”, term"))
        for name in table.values
    }


def _term(table: Table) -> Term:
    term = Term(
        code=table.code("code"),
        label=table.text("label"),
        short=table.text("short", ""),
        hint=table.text("hint", ""),
        group=table.text("group", ""),
    )
    table.end()
    return term


LIMITS = ("hold_working_days", "reopen_days", "draft_reminder_days", "draft_days")
MAY_BE_LEFT_OUT = ("treated_after_days",)
"""Limits that younger files alone have; without one, nothing is asked or done at that time."""


def _limits(table: Table) -> dict[str, int]:
    there = (*LIMITS, *(name for name in MAY_BE_LEFT_OUT if name in table.values))
    limits = {name: table.number(name, least=1) for name in there}
    table.end()
    return limits


def read_number(table: Table) -> PhoneNumber:
    number = PhoneNumber(
        code=table.code("code"),
        label=table.text("label"),
        number=table.text("number"),
        hours=table.text("hours", ""),
        to_be_confirmed=table.flag("to_be_confirmed"),
    )
    table.end()
    return number


def _pattern(table: Table) -> WarningPattern:
    pattern = WarningPattern(
        code=table.code("code"),
        label=table.text("label"),
        pattern=table.text("pattern"),
        advice=table.text("advice"),
        instead=table.text("instead", ""),
        ignore_case=table.flag("ignore_case"),
        allow=table.texts("allow"),
    )
    table.end()
    return pattern


def read_note(table: Table) -> Note:
    note = Note(
        code=table.code("code"),
        title=table.text("title"),
        text=table.text("text"),
        source=table.text("source"),
        as_of=table.day("as_of"),
    )
    table.end()
    return note
