"""The Section 11 standards for which published figures are evidence: data, by the framework of their day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("standards.toml")


@dataclass(frozen=True)
class Standard:
    """Number, title and framework are shown together: numbers differ between partnerships."""

    number: int
    title: str
    framework: str
    note: str

    @property
    def words(self) -> str:
        """ "Standard 4, professional challenge and escalation (MSCP Section 11 2021-22; ...)" """
        return f"Standard {self.number}, {self.title} ({self.framework}; {self.note})"


def standards_of(subject: str, *, on: date) -> list[Standard]:
    """Those of the framework that held on a day; none before the first."""
    held = [each for each in _frameworks() if each["starts"] <= on]
    newest = max(held, key=lambda each: each["starts"], default=None)
    if newest is None:
        return []
    return [
        Standard(each["number"], each["title"], newest["name"], newest["note"])
        for each in newest["standards"]
        if each["subject"] == subject
    ]


@cache
def _frameworks() -> list[dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["frameworks"]  # type: ignore[no-any-return]
