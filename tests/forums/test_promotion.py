"""The Escalation Policy before everybody's staff: who has said so, who is asked, and who sees which."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.outbox.models import Message
from escalation.accounts.models import Setting, User
from escalation.forums.events import faults
from escalation.forums.models import Promotion, PromotionReminder
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import forget_current
from tests.factories import organisation, person, policy, setting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 24, 9)
BOARD = "/policy-promotion/"
SAID = {"day": "20 11 2026", "people": "42", "how": "meeting"}


@pytest.fixture
def version(travel: Callable[[datetime], None]) -> PolicyVersion:
    travel(NOW)
    return policy(today=NOW.date())


@pytest.fixture
def ruth(version: PolicyVersion) -> User:
    return person("Ruth Ames", role="business_unit")


@pytest.fixture
def school(version: PolicyVersion) -> Setting:
    return setting("Oakfield", group="education", of=organisation("Oakfield Trust"))


@pytest.fixture
def lead(school: Setting) -> User:
    return person("Priya Shah", lead=school)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def read(user: User, path: str = BOARD) -> str:
    answer = client_of(user).get(path)
    assert answer.status_code == 200
    return text(answer)


def say(user: User, place: Setting, **said: str) -> Any:
    return client_of(user).post(f"{BOARD}{place.organisation_id}/", SAID | said, follow=True)


def test_a_lead_confirms_it_for_their_organisation(ruth: User, school: Setting, lead: User) -> None:
    assert "0 of 1 organisations have confirmed" in read(ruth)
    assert "Confirm it" in read(lead)
    assert "Oakfield Trust has confirmed it" in text(say(lead, school))
    board = read(ruth)
    assert "1 of 1 organisations have confirmed" in board
    assert "Before 42 people. In a meeting. Said by Priya Shah" in board
    say(lead, school)
    assert Promotion.objects.count() == 1, "the same again is no second time"
    say(lead, school, people="60", how="training")
    assert "Before 60 people. In training." in read(ruth), "the latest counts"
    assert Promotion.objects.count() == 2, "what was said before stays"
    call_command("verify_audit")


def test_who_has_not_said_so_is_no_one_elses_to_see(ruth: User, school: Setting, lead: User) -> None:
    clinic = setting("East Clinic", group="health", of=organisation("East Health Trust"))
    other = person("Hana Head", senior_lead=clinic)
    assert "Oakfield Trust" not in read(other)
    assert say(other, school).status_code == 403
    assert client_of(person(practitioner=school)).get(BOARD).status_code == 403
    assert "for Oakfield Trust" in read(ruth)
    assert "has confirmed it" in text(say(ruth, school)), "as they were told by phone"


def test_a_new_version_is_to_be_put_before_staff_anew(
    ruth: User, school: Setting, lead: User, version: PolicyVersion, travel: Callable[[datetime], None]
) -> None:
    say(lead, school)
    new = copy(version)
    new.pk, new.version, new.start = None, version.version + 1, date(2026, 12, 1)
    new._state.adding = True
    new.save()
    assert "1 of 1" in read(ruth), "until it begins"
    travel(london(2026, 12, 2))
    forget_current()
    assert "0 of 1" in read(ruth)
    answer = say(lead, school)
    assert answer.status_code == 422
    assert "This version holds from Tue 1 Dec on" in text(answer)


def remind(user: User) -> str:
    return text(client_of(user).post(f"{BOARD}remind/", follow=True))


def test_the_unit_reminds_those_who_have_not_once_a_week(
    ruth: User, school: Setting, lead: User, travel: Callable[[datetime], None]
) -> None:
    done = setting("East Clinic", group="health", of=organisation("East Health Trust"))
    say(person(lead=done), done)
    assert "Leads of 1 organisation get a mail" in remind(ruth)
    assert [(each.to, each.kind, each.path) for each in Message.objects.all()] == [
        (lead, "policy_promotion", BOARD)
    ]
    assert "They were reminded on Tue 24 Nov. Wait a week." in remind(ruth)
    travel(NOW + timedelta(days=7))
    assert "Leads of 1 organisation" in remind(ruth)
    say(lead, school)
    travel(NOW + timedelta(days=14))
    assert "Everybody has confirmed it" in remind(ruth)
    assert PromotionReminder.objects.count() == 2
    call_command("verify_audit")


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a day to come": ({"day": "25 11 2026"}, "still to come"),
    "before it was in force": ({"day": "1 1 2020"}, "This version holds from"),
    "nobody": ({"people": "0"}, "Enter 1 or more"),
    "too many": ({"people": "100001"}, "or fewer"),
    "no number": ({"people": "all"}, "Enter a number"),
    "no way": ({"how": "by pigeon"}, "Select a valid choice"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_says_what_to_do(what: str, school: Setting, lead: User) -> None:
    said, sentence = WRONG[what]
    answer = say(lead, school, **said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Promotion.objects.exists()


def test_the_database_and_the_trail_hold_it(school: Setting, lead: User) -> None:
    say(lead, school)
    for wrong in ({"people": 0}, {"how": "pigeon"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promotion.objects.update(**wrong)
    assert list(faults()) == []
    Promotion.objects.update(people=9000)
    assert list(faults()) != []


def test_services_outside_the_log_are_not_asked(ruth: User, school: Setting) -> None:
    setting("Another borough", of=organisation("Another borough"), outside=True)
    assert "0 of 1 organisations" in read(ruth)


def test_the_board_asks_as_little_of_many_as_of_few(ruth: User, school: Setting, lead: User) -> None:
    client = client_of(ruth)

    def asked() -> int:
        client.get(BOARD)
        with counted_sql() as statements:
            client.get(BOARD)
        return len(statements)

    few = asked()
    for number in range(16):
        place = setting(f"Place {number}", of=organisation(f"Trust {number}"))
        say(ruth, place)
    assert asked() == few <= 8
