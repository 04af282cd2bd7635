"""From plain values (of TOML or JSON) to a Policy, noting every fault with the path to it.

A wrong value is noted and replaced by a harmless one, so that one reading finds all the faults. The
reasons are read by a safeguarding lead who edits the file: they say what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from .clock import Unit
from .document import Note, PhoneNumber, Policy, Term, WarningPattern
from .lines import Path
from .stages import Audience, Milestone, Owner, Seniority, Stage, StageKind, UnitPart, When

Choice = TypeVar("Choice", bound=StrEnum)
NOT_PUBLISHED = "not published"
"""Written as a quantity where the policy gives no time. In JSON it is null."""
NO_DAY = date(1, 1, 1)


@dataclass(frozen=True)
class Fault:
    """What is wrong at a path. For a missing key the path is that of the key."""

    path: Path
    reason: str


class Table:
    """One table of the source, read key by key. `name` says in words which it is."""

    def __init__(self, values: object, path: Path, name: str, faults: list[Fault]) -> None:
        self.path, self.name, self.faults = path, name, faults
        self.known: list[str] = []
        self.values: Mapping[str, object] = {}
        if isinstance(values, Mapping):
            self.values = values
        else:
            self._refuse(path, f"{name} needs keys with values here, not {_said(values)}.")

    def fault(self, key: str, reason: str) -> None:
        self._refuse((*self.path, key), f"{self.name}: {reason}")

    def _refuse(self, path: Path, reason: str) -> None:
        self.faults.append(Fault(path, reason[:1].upper() + reason[1:]))

    def _take(self, key: str, kind: type, what: str, default: object) -> object:
        """The value of a key if it is of this kind; else the default, or a fault where there is none."""
        self.known.append(key)
        if key not in self.values:
            if default is None:
                self.fault(key, f"“{key}” is missing. Add it: it is {what}.")
            return default
        value = self.values[key]
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self.fault(key, f"“{key}” needs {what}, not {_said(value)}.")
        return default

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, str, "words in quotation marks", default)
        if default is None and isinstance(value, str) and not value.strip():
            self.fault(key, f"“{key}” is empty. Write what it should say.")
        return str(value or "")

    def code(self, key: str) -> str:
        value = self.text(key)
        if value and not is_code(value):
            self.fault(key, f"“{value}” is no code. Use small letters, figures and underscores only.")
        return value

    def number(self, key: str, *, least: int, default: int | None = None) -> int:
        value = self._take(key, int, "a whole number", default)
        if not isinstance(value, int):
            return least
        if value < least:
            self.fault(key, f"“{key}” is {value}. It needs to be {least} or more.")
        return value

    def flag(self, key: str) -> bool:
        return bool(self._take(key, bool, "true or false", False))

    def day(self, key: str) -> date:
        """A TOML date, or its ISO text in a stored document."""
        value = self.values.get(key)
        if isinstance(value, str):
            self.known.append(key)
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.fault(key, f"“{value}” is no date. Write it as 2026-04-01, without quotation marks.")
                return NO_DAY
        what = "a date such as 2026-04-01"
        if isinstance(value, datetime):
            self.known.append(key)
            self.fault(key, f"“{key}” needs {what}, without a time.")
            return NO_DAY
        taken = self._take(key, date, what, None)
        return taken if isinstance(taken, date) else NO_DAY

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        value = self.text(key, default)
        try:
            return choices(value)
        except ValueError:
            if value:
                self.fault(key, f"unknown {key} “{value}”. Use one of: {', '.join(choices)}.")
            return next(iter(choices))

    def items(self, key: str) -> list[object]:
        value = self._take(key, list, "a list", [])
        return list(value) if isinstance(value, list) else []

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; a text is read as words with spaces between them."""
        value = self.values.get(key)
        if isinstance(value, str):
            self.known.append(key)
            return tuple(value.split())
        return tuple(self._word(key, index, each) for index, each in enumerate(self.items(key)))

    def _word(self, key: str, index: int, value: object) -> str:
        if not isinstance(value, str):
            reason = f"{self.name}: “{key}” needs words in quotation marks, not {_said(value)}."
            self._refuse((*self.path, key, index), reason)
        return str(value)

    def tables(self, key: str, name: str) -> list["Table"]:
        """The tables of a list; each is called `name` and its own number, name or code."""
        return [
            Table(each, (*self.path, key, index), f"{name} {_called(each, index)}", self.faults)
            for index, each in enumerate(self.items(key))
        ]

    def table(self, key: str, name: str) -> "Table":
        return Table(self._take(key, dict, "a table", {}), (*self.path, key), name, self.faults)

    def end(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.values:
            if key not in self.known:
                close = get_close_matches(key, self.known, n=1)
                hint = f"Did you mean “{close[0]}”?" if close else f"Known here: {', '.join(self.known)}."
                self.fault(key, f"unknown key “{key}”. {hint}")


def is_code(text: str) -> bool:
    """ "decision_changed": what is stored and sent, never shown."""
    return text.isascii() and text.isidentifier() and text == text.lower()


def _called(values: object, index: int) -> str:
    if isinstance(values, Mapping):
        for key in ("number", "name", "code"):
            if isinstance(values.get(key), str | int):
                return (
                    f"“{values[key]}”"
                    if key != "number" or isinstance(values[key], str)
                    else str(values[key])
                )
    return f"number {index + 1}"


def _said(value: object) -> str:
    """A value as its reader wrote it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else str(value)


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


def _limits(table: Table) -> dict[str, int]:
    limits = {name: table.number(name, least=1) for name in LIMITS}
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
