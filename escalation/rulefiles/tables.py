"""One table of a rule file, read key by key, noting every fault with the path to it.

A wrong value is noted and replaced by a harmless one, so that one reading finds all the faults. The
reasons are read by the people who edit the file: they say what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from .lines import Path

Choice = TypeVar("Choice", bound=StrEnum)
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
