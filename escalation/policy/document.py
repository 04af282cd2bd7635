"""A policy as one frozen value, and as the JSON document a case keeps it by."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from .stages import Milestone, Stage

T = TypeVar("T")


@dataclass(frozen=True)
class Term:
    """One word of a vocabulary. `group` is a code of the vocabulary NAME_group, such as issue_group."""

    code: str
    label: str
    short: str = ""
    hint: str = ""
    group: str = ""


@dataclass(frozen=True)
class PhoneNumber:
    """A number to call; `hours` says when somebody answers."""

    code: str
    label: str
    number: str
    hours: str = ""
    to_be_confirmed: bool = False


@dataclass(frozen=True)
class WarningPattern:
    """Text that looks like identifying detail. It warns while typing and never blocks.

    pattern: a regular expression that means the same in Python and in JavaScript. ignore_case: capitals
    do not matter. allow: matches that are ordinary words. advice: what to do about it. instead: what
    to write in its place, "" if there is nothing to offer.
    """

    code: str
    label: str
    pattern: str
    advice: str
    instead: str = ""
    ignore_case: bool = False
    allow: tuple[str, ...] = ()

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)

    @cached_property
    def allowed(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.allow)

    def found_in(self, text: str) -> tuple[str, ...]:
        """What in the text looks like it, each once, in order."""
        found = (match.group() for match in self.expression.finditer(text))
        return tuple(dict.fromkeys(words for words in found if words.lower() not in self.allowed))

    def warning(self, found: str) -> str:
        """The words under the field: "“Jayden” looks like a name. Please leave names out." and so on."""
        return f"“{found}” looks like {self.label}. {self.advice}"


@dataclass(frozen=True)
class Note:
    """A legal or safety note on screen. `source` is where it comes from, `as_of` when it was last checked."""

    code: str
    title: str
    text: str
    source: str
    as_of: date


@dataclass(frozen=True)
class Policy:
    """One version of one policy: everything that may differ between partnerships or change with the law.

    source: the file it was read from. vocabularies: terms by vocabulary name. limits: days.
    to_be_confirmed: what only the partnership can confirm, in words.
    """

    key: str
    title: str
    version: int
    start: date
    source: str
    stages: tuple[Stage, ...]
    milestones: tuple[Milestone, ...]
    vocabularies: Mapping[str, tuple[Term, ...]]
    limits: Mapping[str, int]
    numbers: tuple[PhoneNumber, ...]
    patterns: tuple[WarningPattern, ...]
    notes: tuple[Note, ...]
    to_be_confirmed: tuple[str, ...]

    def __hash__(self) -> int:
        return hash((self.key, self.version, self.start))

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def last(self) -> Stage:
        return self.stages[-1]

    def stage(self, number: int) -> Stage:
        """Raises LookupError for a stage this policy does not have."""
        return _only((stage for stage in self.stages if stage.number == number), f"stage {number}")

    def milestones_of(self, number: int) -> tuple[Milestone, ...]:
        """The stage's own milestones, then the case-wide ones."""
        return self.stage(number).milestones + self.milestones

    def milestone(self, number: int, name: str) -> Milestone:
        """Raises LookupError for a milestone that neither the stage nor the case has."""
        return _only((m for m in self.milestones_of(number) if m.name == name), f"milestone {name!r}")

    def terms(self, vocabulary: str) -> tuple[Term, ...]:
        """Raises LookupError for a vocabulary this policy does not have."""
        return _only((t for name, t in self.vocabularies.items() if name == vocabulary), vocabulary)

    def term(self, vocabulary: str, code: str) -> Term:
        """Raises LookupError for a code or a vocabulary this policy does not have."""
        return _only((term for term in self.terms(vocabulary) if term.code == code), f"{vocabulary} {code!r}")

    def number(self, code: str) -> PhoneNumber:
        """Raises LookupError for a number this policy does not have."""
        return _only((number for number in self.numbers if number.code == code), f"number {code!r}")

    def note(self, code: str) -> Note:
        """Raises LookupError for a note this policy does not have."""
        return _only((note for note in self.notes if note.code == code), f"note {code!r}")

    @cached_property
    def document(self) -> dict[str, object]:
        """The whole policy as JSON values; `from_document` reads it back to an equal policy."""
        return {
            "key": self.key,
            "title": self.title,
            "version": self.version,
            "start": self.start.isoformat(),
            "source": self.source,
            "stages": [_plain(stage) for stage in self.stages],
            "milestones": [_plain(milestone) for milestone in self.milestones],
            "vocabularies": {name: [_plain(t) for t in terms] for name, terms in self.vocabularies.items()},
            "limits": dict(self.limits),
            "numbers": [_plain(number) for number in self.numbers],
            "patterns": [_plain(pattern) for pattern in self.patterns],
            "notes": [_plain(note) for note in self.notes],
            "to_be_confirmed": list(self.to_be_confirmed),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the document, in hexadecimal."""
        canonical = json.dumps(self.document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _only(found: Iterator[T], what: str) -> T:
    for thing in found:
        return thing
    raise LookupError(f"This policy has no {what}.")


def _plain(value: object) -> object:
    """A frozen value of this package as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
