"""The first pages: open to everyone, with numbers to call, and nobody is ever stopped."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SENT, person, policy, setting

pytestmark = pytest.mark.django_db

OPEN = ("start", "danger", "unsure", "doors", "help", "privacy", "accessibility")


@pytest.mark.parametrize("name", OPEN)
def test_open_to_everyone_with_a_policy_or_without(client: Client, name: str) -> None:
    assert client.get(reverse(f"challenges:{name}")).status_code == 200
    policy()
    page = client.get(reverse(f"challenges:{name}"))
    assert page.status_code == 200
    assert "Call 999" in page.text


def test_the_start_shows_todays_numbers_as_links(client: Client) -> None:
    policy()
    page = client.get("/").text
    for number in ("tel:999", "tel:02079460112", "tel:02079460199"):
        assert number in page
    assert page.count("Numbers to be confirmed by MSCP") == 1


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("decision", "/raise/"),
        ("adult", "Do not ask or tell the adult yet"),
        ("behaviour", "Their manager is the right person"),
        ("my-work", "speaking up"),
        ("conference", "dispute process"),
        ("partnership", "The business unit will not see it"),
        ("not-sure", "/raise/"),
    ],
)
def test_each_door_says_where_it_goes(client: Client, slug: str, words: str) -> None:
    policy()
    assert reverse("challenges:door", args=[slug]) in client.get("/doors/").text
    assert words in client.get(f"/doors/{slug}/").text


def test_the_ladoes_number_is_on_its_door(client: Client) -> None:
    policy()
    assert "020 7946 0120" in client.get("/doors/adult/").text


def test_there_are_no_other_doors(client: Client) -> None:
    policy()
    assert client.get("/doors/cellar/").status_code == 404


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "Choose who is acting for the child."),
        ({"acting": "called"}, "Say who took the call."),
        ({"acting": "called", "called_who": "duty worker"}, "Enter the time of the call."),
        ({"acting": "checked"}, "Enter the time when you checked."),
        (
            {"acting": "called", "called_who": "a\x00b", "called_at": "9am"},
            "a character in it that we cannot keep",
        ),
        ({"acting": "called", "called_who": "duty", "called_at": "x" * 1_000_000}, "Enter a time"),
    ],
)
def test_a_call_needs_who_and_when(client: Client, answer: dict[str, str], message: str) -> None:
    policy()
    page = client.post("/danger/", answer)
    assert page.status_code == 422
    assert message in page.text


@pytest.mark.parametrize(
    "slip", [{}, {"tried_at": "half past"}, {"tried_who": "x" * 5_000}, {"tried_who": "\x00"}]
)
def test_nobody_acting_stops_nobody(client: Client, slip: dict[str, str]) -> None:
    policy()
    page = client.post("/danger/", {"acting": "nobody", **slip})
    assert page.status_code == 302
    assert page["Location"] == "/raise/"


def test_nobody_acting_shows_the_numbers_again(client: Client) -> None:
    policy()
    school = setting(group="education")
    client.force_login(person(practitioner=school))
    page = client.post("/danger/", {"acting": "nobody"}, follow=True)
    assert "Keep calling" in page.text
    assert "020 7946 0199" in page.text


def test_the_answer_survives_signing_in(client: Client, travel: Callable[[datetime], None]) -> None:
    travel(SENT)
    policy()
    school = setting(group="education")
    leila = person("Leila Osei-Bonsu", practitioner=school, password="correct horse battery staple")
    client.post("/danger/", {"acting": "called", "called_who": "duty social worker", "called_at": "10:05am"})
    signed_in = client.post(
        "/sign-in/", {"username": leila.email, "password": "correct horse battery staple", "next": "/raise/"}
    )
    page = client.get(signed_in["Location"], follow=True)
    assert "You called: Wednesday 23 December 2026, 10:05am." in page.text
    assert "duty" not in str(page.redirect_chain)
