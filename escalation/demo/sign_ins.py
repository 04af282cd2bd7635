"""Who can sign in to the demo, and as what."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, Seat

from .people import PASSWORD, described


@dataclass(frozen=True)
class SignIn:
    """One seat of one fictional person: a person with two seats has two. `setting` "" for a role."""

    username: str
    password: str
    role: str
    setting: str
    name: str


def is_demo() -> bool:
    """Is what this database holds the fictional partnership, and nothing else?"""
    told = {place["name"] for place in described()["organisations"]}
    return set(Organisation.objects.values_list("name", flat=True)) == told


def every_sign_in() -> list[SignIn]:
    """All seats of people with a password, by setting and kind; systems have none."""
    seats = Seat.objects.exclude(kind=SeatKind.SERVICE).select_related("user", "setting").order_by("pk")
    return [
        SignIn(s.user.email, PASSWORD, s.kind, s.setting.name if s.setting else "", s.user.full_name)
        for s in seats
    ]


def shown(sign_ins: Iterable[SignIn]) -> list[SignIn]:
    """A dozen, one of each kind of work, in the order of the file."""
    first: dict[tuple[str, str], SignIn] = {}
    for each in sign_ins:
        first.setdefault((each.role, each.setting), each)
    return [first[each["kind"], each.get("setting", "")] for each in described()["shown"]]


def table(sign_ins: Iterable[SignIn]) -> str:
    """Rows for a terminal: what they do, name, e-mail, setting."""
    rows = [("Seat", "Name", "Sign in as", "Setting")]
    rows += [(SeatKind(s.role).label, s.name, s.username, s.setting) for s in sign_ins]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([*lines, "", f"Everybody's password, for fictional people alone: {PASSWORD}"])


def write_json(sign_ins: Iterable[SignIn], file: Path) -> None:
    """A list of objects with username, password, role, setting and name, for automated checks."""
    rows = [asdict(each) for each in sign_ins]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
