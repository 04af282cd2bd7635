"""Loads the directory: organisations, settings, people and seats, from a file with one row a seat.

All or nothing, and the same file twice changes nothing the second time. An empty cell leaves what is there.
Nothing is ever taken away: seats that are not in the file stay, and are ended by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from core.chance import drawn_id
from escalation.sheets import plain

from . import services
from .directory_file import COLUMNS, DirectoryError, Problem, Row
from .domains import words_of, wrong_with
from .events import ADDED, record
from .groups import LADO_KINDS, SETTING_KINDS, WALL_KINDS, SeatKind, SettingGroup
from .models import Organisation, Seat, Setting, User, plain_email

GROUPS = {plain(word): group.value for group in SettingGroup for word in (group.value, group.label)}
KINDS = {plain(word): kind.value for kind in SeatKind for word in (kind.value, kind.label)}
YES_NO = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
DEPUTIES = ("deputy_email", "second_deputy_email")
NOT_BY_FILE = {*LADO_KINDS, SeatKind.SERVICE.value}

Details = dict[str, str | bool]
Place = tuple[str, str]
"""A setting: its organisation's name and its own, both casefolded."""

Record = TypeVar("Record", bound=models.Model)


@dataclass
class Wanted:
    """Something one or more rows speak of: its name, its first row, what is said of it and where first."""

    name: str
    row: int
    details: Details = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WantedSeat:
    """One seat: who, what, where (nowhere for a partnership role), and who covers, in order."""

    row: int
    email: str
    kind: str
    place: Place | None
    deputies: tuple[str, ...]


@dataclass
class Plan:
    """All that a file asks for."""

    organisations: dict[str, Wanted] = field(default_factory=dict)
    settings: dict[Place, Wanted] = field(default_factory=dict)
    people: dict[str, Wanted] = field(default_factory=dict)
    seats: dict[tuple[str, str, Place | None], WantedSeat] = field(default_factory=dict)


def load(rows: Iterable[Row], *, dry_run: bool = False) -> list[str]:
    """Load rows; returns what changed, a line each. With `dry_run` all is tried and nothing kept.

    Raises `DirectoryError` with every problem found, by row and column; nothing is loaded then.
    """
    with transaction.atomic():
        changes = _Loading(_plan(rows)).run()
        transaction.set_rollback(dry_run)
    return changes


# Reading: every row by itself, then rows against each other.


def _plan(rows: Iterable[Row]) -> Plan:
    plan, problems = Plan(), list[Problem]()
    for row in rows:
        found = list(_row_problems(row))
        problems += found or _add(plan, row)
    if problems:
        raise DirectoryError(problems)
    return plan


def _row_problems(row: Row) -> Iterable[Problem]:
    """What is wrong with a row whatever the others say."""
    for column, rule in _RULES:
        words = rule(row)
        if words:
            yield Problem(row.number, column, words)
    for column, (_, most) in COLUMNS.items():
        if len(row[column]) > most:
            yield Problem(row.number, column, f"is longer than {most} letters. Shorten it.")
        if not row[column].isprintable():
            yield Problem(row.number, column, "holds a character that cannot be shown. Type it again.")


def _kind(row: Row) -> str:
    return KINDS.get(plain(row["seat_kind"]), "")


def _in_setting(row: Row) -> bool:
    return _kind(row) in SETTING_KINDS


def _bad_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return True
    return False


def _organisation(row: Row) -> str:
    return (
        "is empty. Name the organisation the setting is part of."
        if row["setting"] and not row["organisation"]
        else ""
    )


def _domain(row: Row) -> str:
    return wrong_with(words_of(row["email_domain"]))


def _setting(row: Row) -> str:
    if _in_setting(row) and not row["setting"]:
        return f"is empty. A {SeatKind(_kind(row)).label.lower()} sits in a setting: name it."
    if _kind(row) and not _in_setting(row) and row["setting"]:
        return f"must be empty: “{SeatKind(_kind(row)).label}” is for the whole partnership."
    return ""


def _group(row: Row) -> str:
    known = ", ".join(SettingGroup.labels)
    return (
        f"is not one of the groups. Use one of: {known}."
        if row["group"] and plain(row["group"]) not in GROUPS
        else ""
    )


def _outside(row: Row) -> str:
    return "is not yes or no." if row["outside"] and row["outside"].lower() not in YES_NO else ""


def _person(row: Row) -> str:
    return "is empty. Give the person's name." if row["email"] and not row["person_name"] else ""


def _email(row: Row) -> str:
    if not row["email"]:
        return "is empty. Give the person's work address." if row["person_name"] or row["seat_kind"] else ""
    return "is no e-mail address. Write it like name@example.org." if _bad_email(row["email"]) else ""


def _seat_kind(row: Row) -> str:
    if not row["seat_kind"]:
        return "is empty. Say what the person's seat is." if row["email"] or row["person_name"] else ""
    if not _kind(row):
        return f"is not one of the kinds. Use one of: {', '.join(_kinds_by_file())}."
    if _kind(row) in NOT_BY_FILE:
        return "is not given by a file. LADO seats are given by the LADO, keys for systems by api_token."
    return ""


def _kinds_by_file() -> list[str]:
    return [kind.label for kind in SeatKind if kind not in NOT_BY_FILE]


def _deputy(row: Row) -> str:
    return _covers(row, "deputy_email")


def _second_deputy(row: Row) -> str:
    if row["second_deputy_email"] and not row["deputy_email"]:
        return "stands without a first deputy. Put it under “Deputy e-mail”, or name a first one there."
    wrong = _covers(row, "second_deputy_email")
    if not wrong and row["deputy_email"] and len(set(_deputies(row))) < len(_deputies(row)):
        return "is the first deputy's address too. Name somebody else, or leave it empty."
    return wrong


def _deputies(row: Row) -> tuple[str, ...]:
    """The addresses of who covers, in order."""
    return tuple(plain_email(row[column]) for column in DEPUTIES if row[column])


def _covers(row: Row, column: str) -> str:
    if not row[column]:
        return ""
    if _bad_email(row[column]):
        return "is no e-mail address. Write it like name@example.org."
    if plain_email(row[column]) == plain_email(row["email"]):
        return "is the person's own address. A deputy is somebody else."
    if not _in_setting(row):
        return "must be empty: a partnership role has no deputy. Give a second person a row of their own."
    return ""


_RULES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("organisation", _organisation),
    ("email_domain", _domain),
    ("setting", _setting),
    ("group", _group),
    ("outside", _outside),
    ("person_name", _person),
    ("email", _email),
    ("seat_kind", _seat_kind),
    ("deputy_email", _deputy),
    ("second_deputy_email", _second_deputy),
)


def _add(plan: Plan, row: Row) -> list[Problem]:
    """Put a row, right in itself, into the plan; what contradicts an earlier row is a problem."""
    problems: list[Problem] = []
    place = (row["organisation"].casefold(), row["setting"].casefold()) if row["setting"] else None
    if row["organisation"]:
        wanted = plan.organisations.setdefault(
            row["organisation"].casefold(), Wanted(row["organisation"], row.number)
        )
        problems += _say(
            wanted, row, {"short_name": "organisation_short_name", "email_domain": "email_domain"}
        )
    if place:
        wanted = plan.settings.setdefault(place, Wanted(row["setting"], row.number))
        columns = {"short_name": "setting_short_name", "group": "group", "phone": "setting_phone"}
        problems += _say(wanted, row, {**columns, "outside": "outside"})
    if row["email"]:
        wanted = plan.people.setdefault(plain_email(row["email"]), Wanted(row["person_name"], row.number))
        columns = {"full_name": "person_name", "job_title": "job_title", "phone": "person_phone"}
        problems += _say(wanted, row, columns)
        problems += _add_seat(plan, row, place)
    return problems


def _say(wanted: Wanted, row: Row, columns: dict[str, str]) -> Iterable[Problem]:
    for detail, column in columns.items():
        if not row[column]:
            continue
        value = _value(detail, row[column])
        if wanted.details.setdefault(detail, value) != value:
            first = wanted.rows[detail]
            yield Problem(
                row.number, column, f"differs from row {first} for {wanted.name}. Make them the same."
            )
        wanted.rows.setdefault(detail, row.number)


def _value(detail: str, text: str) -> str | bool:
    match detail:
        case "group":
            return GROUPS[plain(text)]
        case "outside":
            return YES_NO[text.lower()]
        case "email_domain":
            return " ".join(words_of(text))
        case _:
            return text


def _add_seat(plan: Plan, row: Row, place: Place | None) -> Iterable[Problem]:
    email, kind = plain_email(row["email"]), _kind(row)
    seat = WantedSeat(row.number, email, kind, place, _deputies(row))
    first = plan.seats.setdefault((email, kind, place), seat)
    if first is not seat:
        yield Problem(
            row.number, "seat_kind", f"is the same seat as in row {first.row}. Take one of them out."
        )


# Loading: the plan against what is there.


class _Loading:
    """One load, inside one transaction. Looks everything up once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.changes: list[str] = []
        self.organisations = {each.name.casefold(): each for each in Organisation.objects.all()}
        self.settings = {
            (each.organisation.name.casefold(), each.name.casefold()): each
            for each in Setting.objects.select_related("organisation")
        }
        self.people = {each.email: each for each in User.objects.all()}
        self.seats = {
            (each.user.email, each.kind, self._place(each.setting)): each
            for each in Seat.objects.select_related(
                "user", "setting__organisation", "deputy", "second_deputy"
            )
        }

    def run(self) -> list[str]:
        problems = [*self._new_settings(), *self._people_who_left(), *self._deputies(), *self._wall()]
        if problems:
            raise DirectoryError(problems)
        self._save_organisations()
        self._save_settings()
        self._save_people()
        self._save_seats()
        return self.changes

    def _new_settings(self) -> Iterable[Problem]:
        needed = {"short_name": "setting_short_name", "group": "group"}
        for place, wanted in self.plan.settings.items():
            for detail, column in needed.items():
                if place not in self.settings and detail not in wanted.details:
                    yield Problem(wanted.row, column, f"is empty. {wanted.name} is new and needs it.")

    def _people_who_left(self) -> Iterable[Problem]:
        for email, wanted in self.plan.people.items():
            if email in self.people and not self.people[email].is_active:
                yield Problem(wanted.row, "email", "belongs to somebody who has left. Take the row out.")

    def _deputies(self) -> Iterable[Problem]:
        for seat in self.plan.seats.values():
            for column, email in zip(DEPUTIES, seat.deputies, strict=False):
                known = self.people.get(email)
                if email not in self.plan.people and not (known and known.is_active):
                    yield Problem(seat.row, column, "is nobody we know. Give the deputy a row of their own.")

    def _wall(self) -> Iterable[Problem]:
        """A file gives no LADO seat, so the only clash is a LADO whom it names to what has none beside it."""
        beyond = {email for email, kind, _ in self.seats if kind in LADO_KINDS}
        for seat in self.plan.seats.values():
            if seat.kind in {*WALL_KINDS, *services.NO_CASES} and seat.email in beyond:
                yield Problem(seat.row, "seat_kind", "cannot be given to this person. Ask the LADO.")

    def _save_organisations(self) -> None:
        for key, wanted in self.plan.organisations.items():
            there = self.organisations.get(key)
            new = Organisation(name=wanted.name)
            self.organisations[key] = self._save("organisation", there, new, wanted.details)

    def _save_settings(self) -> None:
        for place, wanted in self.plan.settings.items():
            there = self.settings.get(place)
            new = Setting(
                uuid=drawn_id("setting"), name=wanted.name, organisation=self.organisations[place[0]]
            )
            self.settings[place] = self._save("setting", there, new, wanted.details)

    def _save_people(self) -> None:
        for email, wanted in self.plan.people.items():
            new = User(email=email)
            new.set_unusable_password()
            known = self.people.get(email)
            self.people[email] = self._save("person", known, new, wanted.details)
            if known is None:
                record(self.people[email], ADDED, by=None, how=None)

    def _save(self, what: str, there: Record | None, new: Record, details: Details) -> Record:
        """Make it, or bring it up to date; says which."""
        record = there or new
        changed = [name for name, value in details.items() if getattr(record, name) != value]
        for name in changed:
            setattr(record, name, details[name])
        if there is None or changed:
            record.save()
            self.changes.append(_change(what, record, [] if there is None else changed))
        return record

    def _save_seats(self) -> None:
        for key, wanted in self.plan.seats.items():
            user = self.people[wanted.email]
            setting = self.settings[wanted.place] if wanted.place else None
            seat = self.seats.get(key)
            if seat is None:
                seat = services.give_seat(user=user, kind=wanted.kind, setting=setting, by=None)
                self.changes.append(f"New seat: {user}, {seat}")
            self._save_deputies(seat, wanted)

    def _save_deputies(self, seat: Seat, wanted: WantedSeat) -> None:
        """In the order of the file; a second who is there stays where the file names a first alone."""
        if not wanted.deputies:
            return
        first, *rest = (self.people[email] for email in wanted.deputies)
        second = rest[0] if rest else seat.second_deputy
        second = None if second == first else second
        if (seat.deputy, seat.second_deputy) != (first, second):
            services.set_deputy(seat=seat, deputy=first, second=second, by=None)
            named = f"deputy: {first}" if second is None else f"deputies: {first}, then {second}"
            self.changes.append(f"New {named}, for {self.people[wanted.email]}, {seat}")

    @staticmethod
    def _place(setting: Setting | None) -> Place | None:
        return (setting.organisation.name.casefold(), setting.name.casefold()) if setting else None


def _change(what: str, record: models.Model, changed: list[str]) -> str:
    """A new one has no list of what changed."""
    names = ", ".join(name.replace("_", " ") for name in changed)
    return f"Changed {what}: {record} ({names})" if changed else f"New {what}: {record}"
