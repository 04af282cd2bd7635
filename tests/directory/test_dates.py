"""Closed days, school holidays and numbers to call: two people of the business unit change them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from escalation.accounts.models import User
from escalation.rulebook.events import faults
from escalation.rulebook.models import CalendarCheck, ClosedDay, FrontDoorNumber, Proposal, SchoolHoliday
from escalation.rulebook.queries import calendar_alarms, closed_days
from tests.factories import person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 24, 9)
TODAY = NOW.date()
CLOSED = {"day": "24 12 2026", "name": "offices closed"}
HOLIDAY = {"name": "the Christmas holidays", "first": "21 12 2026", "last": "1 1 2027"}
NUMBER = {"code": "front_door", "number": "020 7946 0999", "hours": "day and night", "start": "1 12 2026"}


@dataclass
class Unit:
    ruth: User
    sam: User


@pytest.fixture
def unit(travel: Callable[[datetime], None]) -> Unit:
    travel(NOW)
    policy(today=TODAY)
    return Unit(person("Ruth Ames", role="business_unit"), person("Sam Ode", role="business_unit"))


def send(user: User, path: str, **said: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, said, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def read(user: User, path: str = "/dates/") -> str:
    client = Client()
    client.force_login(user)
    return text(client.get(path))


def proposed(user: User, change: str, **said: str) -> Proposal:
    answer = send(user, f"/dates/propose/{change}/", key=str(uuid4()), **said)
    assert "It is proposed" in text(answer), text(answer)
    return Proposal.objects.order_by("-pk")[0]


def decide(user: User, proposal: Proposal, say: str = "yes") -> str:
    return text(send(user, f"/dates/{proposal.uuid}/decide/", say=say))


def test_a_closed_day_holds_once_a_colleague_has_confirmed_it(unit: Unit) -> None:
    proposal = proposed(unit.ruth, "closed", **CLOSED)
    day = date(2026, 12, 24)
    assert not closed_days(day, day), "nothing holds yet"
    assert "Waits for a colleague" in read(unit.ruth)
    assert "a colleague has to confirm it" in decide(unit.ruth, proposal)
    assert not ClosedDay.objects.exists()
    assert "Thursday 24 December 2026 is a closed day: offices closed" in read(unit.sam)
    assert "It is confirmed" in decide(unit.sam, proposal)
    assert closed_days(day, day) == {day: "offices closed"}
    assert "It is confirmed" in decide(unit.sam, proposal), "one's own second click"
    back = proposed(unit.sam, "reopened", day="2026-12-24")
    decide(unit.ruth, back)
    assert not closed_days(day, day)
    call_command("verify_audit")


def test_what_is_not_confirmed_never_holds(unit: Unit) -> None:
    proposal = proposed(unit.ruth, "closed", **CLOSED)
    decide(unit.sam, proposal, "no")
    assert "Somebody has decided this meanwhile" in decide(unit.sam, proposal)
    assert not ClosedDay.objects.exists()
    assert "Not confirmed" in read(unit.ruth)


def test_the_database_refuses_that_one_person_does_both(unit: Unit) -> None:
    proposal = proposed(unit.ruth, "closed", **CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(decided_by=unit.ruth, decided_at=NOW, confirmed=True)


def test_a_second_click_proposes_nothing_twice(unit: Unit) -> None:
    key = str(uuid4())
    for _ in range(2):
        send(unit.ruth, "/dates/propose/closed/", key=key, **CLOSED)
    assert Proposal.objects.count() == 1


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "a day that is over": ("closed", {**CLOSED, "day": "23 11 2026"}, "Choose a later day"),
    "no date": ("closed", {**CLOSED, "day": "soon"}, "Enter a date, like"),
    "without a name": ("closed", {**CLOSED, "name": ""}, "Write something here"),
    "back before gone": ("holiday", {**HOLIDAY, "last": "20 12 2026"}, "The last day is before the first"),
    "a number that is none": ("number", {**NUMBER, "number": "ask Ruth"}, "Enter a phone number"),
    "a number nobody has": ("number", {**NUMBER, "code": "pizza"}, "Select a valid choice"),
    "a day that is not closed": ("reopened", {"day": "2026-12-24"}, "Select a valid choice"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_says_what_to_do(why: str, unit: Unit) -> None:
    change, said, words = REFUSED[why]
    answer = send(unit.ruth, f"/dates/propose/{change}/", key=str(uuid4()), **said)
    assert answer.status_code == 422
    assert words in text(answer)


def test_holidays_that_overlap_are_refused_when_they_are_confirmed_too(unit: Unit) -> None:
    first, second = proposed(unit.ruth, "holiday", **HOLIDAY), proposed(unit.ruth, "holiday", **HOLIDAY)
    decide(unit.sam, first)
    assert "overlaps" in decide(unit.sam, second)
    assert SchoolHoliday.objects.count() == 1


def test_a_number_is_todays_from_its_day_on(unit: Unit, travel: Callable[[datetime], None]) -> None:
    decide(unit.sam, proposed(unit.ruth, "number", **NUMBER))
    assert "020 7946 0999" not in text(Client().get("/"))
    travel(london(2026, 12, 1, 9))
    assert "020 7946 0999" in text(Client().get("/danger/"))


def test_a_school_that_says_nothing_of_the_coming_holidays_is_a_gap(unit: Unit) -> None:
    school = setting("Oakfield", group="education")
    person(lead=school)
    decide(unit.sam, proposed(unit.ruth, "holiday", **HOLIDAY | {"first": "1 12 2026"}))
    assert "Says nothing of the Christmas holidays, from Tue 1 Dec" in read(unit.ruth, "/directory/gaps/")


def test_fewer_than_twelve_months_are_an_alarm(unit: Unit, capsys: Any) -> None:
    assert len(calendar_alarms(TODAY)) == 2
    with pytest.raises(SystemExit):
        call_command("closed_days")
    assert "Fewer than 12 months" in read(unit.ruth, "/monday/")
    decide(unit.sam, proposed(unit.ruth, "checked", until="23 11 2027"))
    assert "until 23 November 2027 only" in calendar_alarms(TODAY)[0]
    decide(unit.sam, proposed(unit.ruth, "checked", until="31 12 2027"))
    decide(unit.sam, proposed(unit.ruth, "holiday", **HOLIDAY | {"first": "20 12 2027", "last": "3 1 2028"}))
    assert calendar_alarms(TODAY) == []
    call_command("closed_days")
    assert "Christmas Day" in capsys.readouterr().out
    assert "Fewer than 12 months" not in read(unit.ruth, "/monday/")


TAMPERED: dict[str, Callable[[], object]] = {
    "a closed day put in": lambda: ClosedDay.objects.create(date=TODAY, name="x"),
    "a number put in": lambda: FrontDoorNumber.objects.create(code="front_door", number="1", start=TODAY),
    "a check put in": lambda: CalendarCheck.objects.create(until=TODAY),
    "holidays moved": lambda: SchoolHoliday.objects.update(last=date(2027, 1, 8)),
    "holidays taken away": lambda: SchoolHoliday.objects.all().delete(),
    "a proposal changed": lambda: Proposal.objects.update(says={"name": "y"}),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_the_database_is_found(what: str, unit: Unit) -> None:
    decide(unit.sam, proposed(unit.ruth, "holiday", **HOLIDAY))
    assert list(faults()) == []
    TAMPERED[what]()
    assert list(faults()) != []


@pytest.mark.parametrize(("change", "said"), [("holiday", HOLIDAY), ("number", NUMBER), ("closed", CLOSED)])
def test_what_waits_is_as_the_trail_says_in_whatever_order_a_database_keeps_it(
    unit: Unit, change: str, said: dict[str, str]
) -> None:
    proposed(unit.ruth, change, **said)
    assert [str(each) for each in faults()] == []
