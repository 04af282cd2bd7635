"""Nobody outside the LADO team gets anything but 404 on any page of the LADO; whom it concerns, neither."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from core.outbox.models import Message as LogMessage
from escalation.accounts.models import User
from escalation.challenges.models import Event as LogEvent
from escalation.lado.models import Entry, Event, Message, Referral
from escalation.lado.queries import listed
from escalation.lado.queries.searching import Found, search
from escalation.lado.workflow import STEP
from tests.architecture.test_every_address_is_closed import METHODS, routes
from tests.factories import standing
from tests.lado import roads
from tests.lado.cast import NOW, TODAY, Team

pytestmark = pytest.mark.django_db

PAGES = sorted(route for route in routes(get_resolver().url_patterns) if route.startswith("lado/"))


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return roads.called(Team(), adult_name="Dominic Achterberg")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(route: str, team: Team, step: str = "accept") -> str:
    filled = route.replace("<uuid:uuid>", str(team.referral.uuid)).replace("<slug:name>", step)
    filled = filled.replace("<int:number>", "1")
    return f"/{filled}"


def page(client: Client, path: str) -> bytes:
    """What is sent, but for the token of its sign-out button, which is new each time."""
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", client.get(path).content)


def test_there_are_pages_to_hide() -> None:
    assert len(PAGES) >= 6


@pytest.mark.large
def test_everybody_outside_gets_404_for_every_page_and_method(team: Team) -> None:
    before = Event.objects.count(), Entry.objects.count()
    for who, user in team.outside.items():
        client = signed_in(user)
        for page in PAGES:
            for method in METHODS:
                answer = getattr(client, method)(address(page, team))
                assert answer.status_code == 404, (who, page, method)
                assert b"Achterberg" not in answer.content
        for step in STEP:
            answer = client.post(
                address("lado/<uuid:uuid>/<slug:name>/", team, step), {"version": 1, "what": "x"}
            )
            assert answer.status_code == 404, (who, step)
    assert (Event.objects.count(), Entry.objects.count()) == before


def test_it_is_the_404_of_what_is_not_there(team: Team) -> None:
    """Byte for byte, but for the address, which the reader typed."""
    client = signed_in(team.outside["unit"])
    there = page(client, f"/lado/{team.referral.uuid}/")
    not_there = page(client, "/lado/00000000-0000-4000-8000-000000000000/")
    nowhere = page(client, "/nowhere/at/all/")
    assert there == not_there == nowhere


def test_who_has_not_signed_in_is_asked_to(team: Team) -> None:
    for page in PAGES:
        answer = Client().get(address(page, team))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_the_queryset_gives_nobody_outside_anything(team: Team) -> None:
    for who, user in team.outside.items():
        assert not listed(standing(user, TODAY)).exists(), who
        assert search("Achterberg", standing(user, TODAY), at_least=50) == Found(), who


def test_nothing_of_it_is_on_the_other_side(team: Team) -> None:
    team.contact(by="support")
    assert Message.objects.filter(to=team.people["lado"]).exists()
    assert not LogMessage.objects.exists()
    assert not LogEvent.objects.exists()


def test_whom_it_concerns_neither_sees_nor_hears_of_it(team: Team) -> None:
    deputy = team.people["deputy"]
    Message.objects.all().delete()
    hidden = team.contact(by="lado", concerned=(deputy,), adult_name="Idris Bell")
    client = signed_in(deputy)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(f"{hidden.get_absolute_url()}accept/").status_code == 404
    assert (
        "Idris"
        not in client.get("/lado/?show=open").content.decode().partition("<main")[2].partition("<footer")[0]
    )
    assert search("Idris Bell", standing(deputy, TODAY), at_least=50) == Found()
    team.take("referrer", "add_information", what="More.")
    assert not Message.objects.filter(to=deputy).exists()
    with pytest.raises(Referral.DoesNotExist):
        team.take("deputy", "add_note", what="x")


def test_whoever_steps_back_loses_sight_and_a_colleague_has_it(team: Team) -> None:
    client = signed_in(team.people["lado"])
    url = f"{team.referral.get_absolute_url()}declare_conflict/"
    said = {"version": 1, "conflict_reason": "family", "sure": "yes"}
    answer = client.post(url, said)
    assert (answer.status_code, answer["Location"]) == (302, "/lado/")
    assert client.get(team.referral.get_absolute_url()).status_code == 404
    assert Referral.objects.get().owner == team.people["deputy"]
    assert Message.objects.filter(to=team.people["deputy"]).exists()


def test_support_sees_what_was_done_and_not_what_people_said_until_let(team: Team) -> None:
    team.take("lado", "add_note", what="She cried in the hall.")
    client = signed_in(team.people["support"])
    page = client.get(team.referral.get_absolute_url()).content.decode()
    assert "Dominic Achterberg" in page
    assert "cried" not in page
    assert "escort driver" not in page
    let: dict[str, Any] = {"support_member": team.people["support"].pk, "until": TODAY, "what": "Minutes."}
    team.take("lado", "let_support_read", **let)
    assert "cried" in client.get(team.referral.get_absolute_url()).content.decode()


def test_every_reading_is_logged_before_the_page_is_sent(team: Team) -> None:
    access = Event.objects.filter(chain="lado-access")
    before = access.count()
    client = signed_in(team.people["lado"])
    for path in ("/lado/", team.referral.get_absolute_url()):
        client.get(path)
    client.post("/lado/search/", {"q": "Achterberg"})
    assert [e.act for e in access.order_by("seq")[before:]] == ["listed", "read", "searched"]
    assert "Achterberg" not in str([e.codes for e in access])
