"""Changing one's password: what is asked, what is refused, and what ends with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.audit.verify import verify_all
from core.outbox.models import Message
from escalation.accounts.models import Event, User
from tests.factories import PASSWORD, person, setting
from tests.way_in import code_for, signs_in, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
PAGE = "/how-you-sign-in/password/"
NEW = "marmalade trumpet hillside"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def joan() -> User:
    return person("Joan Adeyemi", practitioner=setting(), password=PASSWORD)


def browser_of(user: User) -> Client:
    browser = Client()
    signs_in(browser, user, PASSWORD)
    return browser


def test_a_new_password_ends_every_other_session_and_leaves_an_event_and_a_mail(joan: User) -> None:
    here, elsewhere = browser_of(joan), browser_of(joan)
    key = here.session.session_key
    Message.objects.all().delete()
    assert here.post(PAGE, {"password": PASSWORD, "new": NEW, "again": NEW}).status_code == 302
    assert [each.get("/signed-in/").status_code for each in (here, elsewhere)] == [200, 302]
    assert here.session.session_key != key
    joan.refresh_from_db()
    assert joan.check_password(NEW)
    assert Event.objects.filter(act="password changed", actor=joan).count() == 1
    assert Message.objects.get().kind == "factor_changed"
    assert list(verify_all()) == []


REFUSED = [
    ("a guess", NEW, NEW, "This is not your password"),
    (PASSWORD, "too short", "too short", "at least 12"),
    (PASSWORD, "password1234", "password1234", "common"),
    (PASSWORD, "merton challenge log", "merton challenge log", "words from this log"),
    (PASSWORD, NEW, NEW + "s", "not the same"),
    (PASSWORD, "", "", "Enter a new password"),
]


@pytest.mark.parametrize(("old", "new", "again", "said"), REFUSED, ids=[said for *_, said in REFUSED])
def test_what_is_refused_and_why(joan: User, old: str, new: str, again: str, said: str) -> None:
    answer = browser_of(joan).post(PAGE, {"password": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(pk=joan.pk).check_password(PASSWORD)


def test_who_has_forgotten_it_says_by_a_code_who_they_are(clock: time_machine.Traveller) -> None:
    lead = with_app(person("Lee Lead", lead=setting(), password=PASSWORD))
    browser = browser_of(lead)
    assert browser.post(PAGE, {"new": NEW, "again": NEW}).status_code == 422, "signing in alone is not enough"
    clock.shift(timedelta(minutes=1))
    again = f"/how-you-sign-in/again/?next={PAGE}"
    assert browser.post(again, {"code": code_for(lead, now=timezone.now())})["Location"] == PAGE
    assert browser.post(PAGE, {"new": NEW, "again": NEW}).status_code == 302
    assert User.objects.get(pk=lead.pk).check_password(NEW)


def test_who_has_none_sets_one_once_they_have_proved_who_they_are(clock: time_machine.Traveller) -> None:
    joan = person("Joan Adeyemi", practitioner=setting())
    browser = Client()
    browser.force_login(joan)
    clock.shift(timedelta(minutes=11))
    assert browser.get(PAGE)["Location"].startswith("/how-you-sign-in/again/")
    browser.force_login(joan)
    assert browser.post(PAGE, {"new": NEW, "again": NEW}).status_code == 302
    assert User.objects.get(pk=joan.pk).check_password(NEW)
    assert browser.get("/signed-in/").status_code == 200
