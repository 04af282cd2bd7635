"""Passkeys, as far as they go without a browser; tests/browser/test_passkey.py has one with a device."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from escalation.accounts.events import How
from escalation.accounts.models import User
from escalation.accounts.services import Refused
from escalation.signing_in.services import end_factor
from tests.factories import PASSWORD, person, setting
from tests.way_in import signs_in, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
ADD = "/second-step/set-up/passkey/"
ODD: list[Any] = [
    None,
    [],
    "words",
    7,
    {},
    {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
    {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
    },
    {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
    },
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lead() -> User:
    return with_app(person("Chinwe Adebayo", lead=setting(), password=PASSWORD))


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_odd_answer_is_refused_in_peace(lead: User, odd: Any) -> None:
    browser = Client()
    browser.post("/sign-in/", {"username": lead.email, "password": PASSWORD})
    browser.get("/second-step/")
    answer = browser.post("/second-step/", {"credential": json.dumps(odd)})
    assert answer.status_code == 422
    assert "_auth_user_id" not in browser.session
    signs_in(browser, lead, PASSWORD)
    assert browser.get(ADD).status_code == 200
    words = {"name": "Phone", "password": PASSWORD, "credential": json.dumps(odd)}
    assert browser.post(ADD, words).status_code == 422
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_adding_one_asks_for_the_password_and_for_the_first_step_and_any_second() -> None:
    lead = with_app(person("Chinwe Adebayo", lead=setting(), password=PASSWORD))
    browser = Client()
    assert browser.get(ADD)["Location"] == f"/sign-in/?next={ADD}"
    browser.post("/sign-in/", {"username": lead.email, "password": PASSWORD})
    assert browser.get(ADD)["Location"] == "/second-step/"
    signs_in(browser, lead, PASSWORD)
    page = browser.post(ADD, {"name": "Phone", "password": "a guess", "credential": "{}"}).content.decode()
    assert "This is not your password" in page


def test_the_page_asks_the_browser_for_this_host_alone(lead: User) -> None:
    browser = Client()
    signs_in(browser, lead, PASSWORD)
    asked = browser.get(ADD, headers={"host": "localhost:8000"}).context["options"]["publicKey"]
    assert asked["rp"]["id"] == "localhost"


def test_the_only_one_of_who_needs_one_stays_and_with_the_last_go_printed_codes(lead: User) -> None:
    app = Authenticator.objects.get(user=lead)
    how = How(NOW, "self")
    with pytest.raises(Refused):
        end_factor(factor=app, user=lead, how=how, session_key=None)
    Authenticator.objects.create(user=lead, type="webauthn", data={"name": "Phone", "credential": {}})
    end_factor(factor=app, user=lead, how=how, session_key=None)
    assert [each.type for each in Authenticator.objects.filter(user=lead)] == ["webauthn"]


def test_nobody_ends_somebody_elses(lead: User) -> None:
    other = with_app(person("Otto Other", practitioner=setting(), password=PASSWORD))
    browser = Client()
    signs_in(browser, lead, PASSWORD)
    path = f"/how-you-sign-in/without/{Authenticator.objects.get(user=other).pk}/"
    assert browser.post(path, {"password": PASSWORD}).status_code == 404
    assert Authenticator.objects.filter(user=other).exists()
