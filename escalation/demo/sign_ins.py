"""Who can sign in to the demo, and as what."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from allauth.mfa.models import Authenticator

from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, Seat
from escalation.signing_in.queries import APP

from .people import PASSWORD, app_secret, described


@dataclass(frozen=True)
class SignIn:
    """One seat of one fictional person: a person with two seats has two. `setting` "" for a role."""

    username: str
    password: str
    role: str
    setting: str
    name: str
    totp_secret: str
    """What the app of the second step knows, in base32; "" where they sign in without one."""


def is_demo() -> bool:
    """Is what this database holds the fictional partnership, and nothing else?"""
    told = {place["name"] for place in described()["organisations"]}
    return set(Organisation.objects.values_list("name", flat=True)) == told


def every_sign_in() -> list[SignIn]:
    """All seats of people with a password, by setting and kind; systems have none."""
    with_app = set(Authenticator.objects.filter(type=APP).values_list("user", flat=True))
    seats = Seat.objects.exclude(kind=SeatKind.SERVICE).select_related("user", "setting").order_by("pk")
    return [
        SignIn(
            s.user.email,
            PASSWORD,
            s.kind,
            s.setting.name if s.setting else "",
            s.user.full_name,
            app_secret(s.user.email) if s.user.pk in with_app else "",
        )
        for s in seats
    ]


def shown(sign_ins: Iterable[SignIn]) -> list[SignIn]:
    """A dozen, one of each kind of work, in the order of the file."""
    first: dict[tuple[str, str], SignIn] = {}
    for each in sign_ins:
        first.setdefault((each.role, each.setting), each)
    return [first[each["kind"], each.get("setting", "")] for each in described()["shown"]]


def table(sign_ins: Iterable[SignIn]) -> str:
    """Rows for a terminal: what they do, name, e-mail, whether they need a second step, setting."""
    rows = [("Seat", "Name", "Sign in as", "Second step", "Setting")]
    rows += [
        (SeatKind(s.role).label, s.name, s.username, "yes" if s.totp_secret else "", s.setting)
        for s in sign_ins
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    said = [
        f"Everybody's password, for fictional people alone: {PASSWORD}",
        "The code of the second step, in another terminal: make code WHO=THEIR-E-MAIL",
    ]
    return "\n".join([*lines, "", *said])


def write_json(sign_ins: Iterable[SignIn], file: Path) -> None:
    """A list of what a `SignIn` holds, for automated checks."""
    rows = [asdict(each) for each in sign_ins]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
