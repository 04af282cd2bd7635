"""Organisations, settings, people and seats of the fictional partnership, made in bulk.

All people share one password, which is public, and so is what their apps for the second step know: a
database with these people in it must hold nothing real. The same day and the same file give the same people.
"""

import random
import tomllib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password

from escalation.accounts.events import GIVEN, How, record_many
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, Seat, Setting, User
from escalation.accounts.queries import needs_second_factor
from escalation.accounts.services import shut
from escalation.signing_in.events import record_many as record_factors
from escalation.signing_in.queries import APP

FILE = Path(__file__).with_name("partnership.toml")
PASSWORD = "made-up people share this phrase"  # noqa: S105  # a password that is public by design
"""Of every fictional person; in the open on purpose."""
SEED = 1948
SERVICE = "reports.reader@example.org"
FIRST_SETTING_PHONE, FIRST_PERSON_PHONE = 400, 500


@dataclass
class Team:
    """A setting and who works in it; `partner` speaks for its organisation at the last stage."""

    setting: Setting
    practitioners: list[User] = field(default_factory=list)
    lead: User | None = None
    senior: User | None = None
    partner: User | None = None


@dataclass
class Partnership:
    """All that was made: teams by the setting's name, and the holders of roles by the seat's kind."""

    teams: dict[str, Team]
    roles: dict[str, list[User]]


def app_secret(email: str) -> str:
    """What the app of a fictional person knows, in base32; in the open, as their password is."""
    return b32encode(sha256(f"{PASSWORD}, {email}".encode()).digest()[:20]).decode()


@cache
def described() -> Mapping[str, Any]:
    """The file, as it stands."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def make_partnership(today: date) -> Partnership:
    """Write everybody; `today` (a London date) is the day on which two of them are on leave."""
    return _Maker().make(today)


class _Maker:
    """Draws names and numbers in the order of the file."""

    def __init__(self) -> None:
        self.names = self._drawn_names()
        self.hash = make_password(PASSWORD)  # once: it is slow on purpose
        self.users: list[User] = []
        self.seats: list[Seat] = []

    def make(self, today: date) -> Partnership:
        teams = {team.setting.name: team for team in self._settings()}
        for place in described()["organisations"]:
            self._people_of(place, teams)
        roles: dict[str, list[User]] = {}
        for role in described()["roles"]:
            person = self._person(role.get("name", ""), job=role["job"], domain="example.org")
            roles.setdefault(role["kind"], []).append(person)
            self._seat(person, role["kind"])
        service = User(email=SERVICE, full_name="Reports reader", password=make_password(None))
        self.users.append(service)
        self._seat(service, SeatKind.SERVICE)
        self._deputies(teams)
        self._leave(teams, today)
        User.objects.bulk_create(self.users)
        Seat.objects.bulk_create(self.seats)
        record_many(Seat.objects.order_by("pk"), GIVEN, by=None, how=How.on_the_server())
        self._closures(teams, today)
        self._apps(today)
        return Partnership(teams, roles)

    @staticmethod
    def _apps(today: date) -> None:
        """Whoever's seat asks for a second step has an app, whose secret is public too."""
        people = [u for u in User.objects.order_by("pk") if needs_second_factor(u, today=today)]
        rows = [
            Authenticator(user=u, type=APP, data={"secret": encrypt(app_secret(u.email))}) for u in people
        ]
        Authenticator.objects.bulk_create(rows)
        record_factors(Authenticator.objects.order_by("pk"), how=How.on_the_server())

    def _settings(self) -> Iterator[Team]:
        number = FIRST_SETTING_PHONE
        for place in described()["organisations"]:
            organisation = Organisation.objects.create(
                name=place["name"], short_name=place["short"], email_domain=place["domain"]
            )
            for each in place["settings"]:
                setting = self._setting(organisation, each, number)
                number += 1
                yield Team(setting)
            for each in place.get("outside", ()):
                self._setting(organisation, each, number, outside=True)
                number += 1

    @staticmethod
    def _setting(
        organisation: Organisation, each: Mapping[str, Any], number: int, *, outside: bool = False
    ) -> Setting:
        return Setting.objects.create(
            organisation=organisation,
            name=each["name"],
            short_name=each["short"],
            group=each["group"],
            phone="" if each.get("no_phone") else f"020 7946 0{number}",
            outside=outside,
        )

    def _people_of(self, place: Mapping[str, Any], teams: Mapping[str, Team]) -> None:
        seniors: dict[str, User] = {}
        for each in place["settings"]:
            team, named = teams[each["name"]], each.get("people", {})
            for name in named.get("practitioners", ["", ""]):
                person = self._person(name, job=each["job"], domain=place["domain"])
                team.practitioners.append(person)
                self._seat(person, SeatKind.PRACTITIONER, team.setting)
            team.lead = self._person(named.get("lead", ""), job=each["lead"], domain=place["domain"])
            self._seat(team.lead, SeatKind.LEAD, team.setting)
            post = each["name"] if place.get("own_seniors") else each["senior"]
            if post not in seniors:
                seniors[post] = self._person("", job=each["senior"], domain=place["domain"])
            team.senior = seniors[post]
            self._seat(team.senior, SeatKind.SENIOR_LEAD, team.setting)
            if each.get("partner"):
                team.partner = self._person(
                    "", job="lead safeguarding partner’s delegate", domain=place["domain"]
                )
                self._seat(team.partner, SeatKind.PARTNER, team.setting)

    def _person(self, name: str, *, job: str, domain: str) -> User:
        name = name or next(self.names)
        person = User(
            email=f"{name.lower().replace(' ', '.')}@{domain}",
            full_name=name,
            job_title=job,
            phone=f"020 7946 0{FIRST_PERSON_PHONE + len(self.users)}",
            password=self.hash,
        )
        self.users.append(person)
        return person

    def _seat(self, person: User, kind: str, setting: Setting | None = None) -> None:
        self.seats.append(Seat(user=person, kind=kind, setting=setting))

    def _deputies(self, teams: Mapping[str, Team]) -> None:
        """A practitioner stands in for each lead, and another after them; the lead for the first of them."""
        without = {s["name"] for o in described()["organisations"] for s in o["settings"] if "no_deputy" in s}
        for seat in self.seats:
            team = teams[seat.setting.name] if seat.setting else None
            if team and seat.kind == SeatKind.LEAD and team.setting.name not in without:
                seat.deputy, seat.second_deputy = team.practitioners[-1], team.practitioners[0]
            if team and seat.user is team.practitioners[0]:
                seat.deputy = team.lead

    def _leave(self, teams: Mapping[str, Team], today: date) -> None:
        """On leave since Monday, until the Sunday after next."""
        monday = today - timedelta(days=today.weekday())
        away = {s.get("on_leave") for o in described()["organisations"] for s in o["settings"]} - {None}
        for seat in self.seats:
            if seat.user.full_name in away:
                seat.away_from, seat.away_until = monday, monday + timedelta(days=13)
                seat.away_reason = "on leave"

    @staticmethod
    def _closures(teams: Mapping[str, Team], today: date) -> None:
        """Schools are shut from the Monday after next for two weeks, and their heads act for them."""
        first = today - timedelta(days=today.weekday()) + timedelta(days=14)
        schools = [
            s for o in described()["organisations"] for s in o["settings"] if s["group"] == "education"
        ]
        for each in (school for school in schools if "no_cover" not in school):
            team, last = teams[each["name"]], first + timedelta(days=11)
            name = "the school holidays"
            shut(setting=team.setting, name=name, first=first, last=last, cover=team.senior, by=None)

    @staticmethod
    def _drawn_names() -> Iterator[str]:
        """Every first name with every last name, shuffled, without those that the file gives to somebody."""
        taken: set[str] = {role["name"] for role in described()["roles"] if "name" in role}
        for place in described()["organisations"]:
            for each in place["settings"]:
                people = each.get("people", {})
                taken |= {*people.get("practitioners", []), people.get("lead", "")}
        names = described()["names"]
        every = [f"{first} {last}" for first in names["first"] for last in names["last"]]
        # Not for secrets: the same names each time are the point.
        random.Random(SEED).shuffle(every)  # noqa: S311
        yield from (name for name in every if name not in taken)
