"""Bringing an earlier log in, as a story tells it: the sample's directory, and the command."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from escalation.challenges.models import Challenge
from tests.factories import load_shipped_policies
from tests.moments import london

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "docs/importing"
FAULTY, MENDED = SAMPLE / "earlier-log.xlsx", SAMPLE / "earlier-log-mended.xlsx"
MAPPING = SAMPLE / "earlier-log.toml"
TODAY = london(2026, 11, 24, 10)
"""After the last day that the sample tells, and before the one that it gets wrong."""
NADIA = "nadia.khan@mscp.example.org"


def directory() -> None:
    """The four services of the example, and the business unit."""
    load_shipped_policies()
    call_command("load_directory", str(ROOT / "docs/directory-example.csv"), stdout=StringIO())


def bring_in(file: Path, mapping: Path = MAPPING, *, by: str = NADIA, **options: Any) -> str:
    """What the command says; with CommandError, what it says of that is the error."""
    out = StringIO()
    call_command("import_challenges", str(file), mapping=mapping, write=True, by=by, stdout=out, **options)
    return out.getvalue()


def tried(file: Path, mapping: Path = MAPPING, **options: Any) -> str:
    """What a try says, errors and all; nothing is written."""
    out = StringIO()
    try:
        call_command("import_challenges", str(file), mapping=mapping, stdout=out, stderr=out, **options)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def verified() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


HEADINGS = ("Ref", "Raised", "From", "To", "Stage", "Status", "Ended", "Outcome", "Child", "Details")
ROW = (
    "A1",
    "12/03/2024",
    "School",
    "CSC",
    "2",
    "closed",
    "20/03/2024",
    "changed",
    "HV-1",
    "It has not begun.",
)
SMALL = """
log = "A small log"
[[sheets]]
name = "*"
header = 1
[columns]
reference = "Ref"
raised_on = "Raised"
raising = "From"
responding = "To"
stage = "Stage"
status = "Status"
ended_on = "Ended"
outcome = "Outcome"
our_pointer = "Child"
worry = "Details"
[words.setting]
"Ravensbury Primary School" = ["School"]
"Children's social care" = ["CSC"]
"South West public protection unit" = ["Police"]
"Children's ward" = ["Ward"]
[words.outcome]
decision_changed = ["changed"]
"""


class SmallLog:
    """A CSV with a row or two, and its mapping."""

    def __init__(self, folder: Path) -> None:
        self.file, self.mapping = folder / "small.csv", folder / "small.toml"
        self.mapping.write_text(SMALL, encoding="utf-8")

    def with_rows(self, *changes: Mapping[str, str]) -> "SmallLog":
        """A row as it should be for each, but for what is said."""
        rows = [
            [change.get(name, cell) for name, cell in zip(HEADINGS, ROW, strict=True)] for change in changes
        ]
        return self.with_lines([HEADINGS, *rows])

    def with_lines(self, lines: Iterable[Iterable[str]]) -> "SmallLog":
        with self.file.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return self

    def mapped(self, more: str) -> "SmallLog":
        """With more lines at the top of the mapping."""
        self.mapping.write_text(more + SMALL, encoding="utf-8")
        return self

    def bring_in(self, **options: Any) -> list[Challenge]:
        bring_in(self.file, self.mapping, **options)
        return list(Challenge.objects.order_by("pk"))

    def tried(self) -> str:
        return tried(self.file, self.mapping)


OPEN: Mapping[str, str] = {"Status": "open", "Ended": "", "Outcome": ""}
