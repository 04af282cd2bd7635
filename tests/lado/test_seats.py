"""Who gives and ends the LADO team's seats: the team itself, and nobody else; a neighbour is chosen once."""

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core.audit.verify import verify_all
from core.outbox.models import Message
from escalation.accounts.models import Event, Seat, User
from escalation.accounts.services import Refused, give_seat
from escalation.lado.models import Referral
from tests.factories import person
from tests.lado.cast import NOW, Team
from tests.lado.test_telling import told

pytestmark = pytest.mark.django_db
NEW = {
    "kind": "deputy_lado",
    "full_name": "Nell Ford",
    "email": "nell.ford@sutton.example",
    "job_title": "deputy LADO",
}


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def gives(by: User, **said: str) -> str:
    """Somebody of the team fills in the form, and says yes to what happens then."""
    return text(as_(by).post("/lado/team/new/", {**NEW, "sure": "yes", **said}, follow=True))


def ends(by: User, seat: Seat) -> Any:
    return as_(by).post(f"/lado/team/{seat.pk}/end/")


def seat_of(user: User) -> Seat:
    return Seat.objects.get(user=user)


@pytest.mark.parametrize("who", ["lado", "deputy"])
def test_the_lado_and_the_deputies_give_a_seat_once_they_have_said_so_twice(team: Team, who: str) -> None:
    asked = as_(team.people[who]).post("/lado/team/new/", NEW)
    assert "nell.ford@sutton.example is new to the log." in text(asked)
    assert not User.objects.filter(email=NEW["email"]).exists()
    assert "Nell Ford is Deputy LADO now." in gives(team.people[who])
    new = User.objects.get(email=NEW["email"])
    assert [(each.to, each.path) for each in Message.objects.all()] == [(new, "/sign-in/")]
    assert as_(new).get("/lado/").status_code == 200
    event = Event.objects.filter(chain="seats").latest("seq")
    assert (event.actor, event.object) == (team.people[who], f"seat:{seat_of(new).pk}")
    assert event.seat == seat_of(team.people[who]).kind
    assert list(verify_all()) == []


def test_whom_the_log_knows_by_the_address_is_named_before_they_get_the_seat(team: Team) -> None:
    known = team.outside["lead"]
    page = text(as_(team.people["lado"]).post("/lado/team/new/", {**NEW, "email": known.email.upper()}))
    assert f"The log knows {known.email} as {known.full_name}." in page
    assert f"{known.full_name} becomes Deputy LADO." in page


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("unit", "The business unit must not see LADO work"),
        ("administrator", "Who looks after the log, and a system, has no LADO seat."),
        ("service", "Who looks after the log, and a system, has no LADO seat."),
    ],
)
def test_some_can_never_have_a_seat_behind_the_wall(team: Team, who: str, words: str) -> None:
    assert words in gives(team.people["lado"], email=team.outside[who].email)
    assert Seat.objects.filter(user=team.outside[who]).count() == 1


def test_nor_can_a_lado_become_the_administrator(team: Team) -> None:
    with pytest.raises(Refused, match="has no LADO seat"):
        give_seat(user=team.people["lado"], kind="administrator", by=None)


def test_nobody_outside_the_team_finds_these_pages_and_support_changes_nothing(team: Team) -> None:
    pages = ("/lado/team/", "/lado/team/new/", f"/lado/team/{seat_of(team.people['support']).pk}/end/")
    for page in pages:
        assert {as_(user).get(page).status_code for user in team.outside.values()} == {404}
        assert as_(team.people["support"]).get(page).status_code == 403
    assert as_(team.outside["administrator"]).post(pages[1], {**NEW, "sure": "yes"}).status_code == 404
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_seat_ends_at_once_and_the_last_lados_not_before_somebody_else_has_it(team: Team) -> None:
    deputy, lado = team.people["deputy"], team.people["lado"]
    theirs = as_(deputy)
    assert ends(lado, seat_of(deputy)).status_code == 302
    assert theirs.get("/lado/").status_code == 302  # signed out
    refused = ends(lado, seat_of(lado))
    assert refused.status_code == 422
    assert "Give somebody the LADO’s seat first" in text(refused)
    gives(lado, kind="lado")
    assert ends(lado, seat_of(lado)).status_code == 302
    assert [seat.user.full_name for seat in Seat.objects.filter(kind="lado")] == ["Nell Ford"]


def test_what_somebody_held_stands_on_everybodys_list_once_their_seat_ended(team: Team) -> None:
    team.contact(adult_name="Dominic Achterberg")
    gives(team.people["lado"], kind="lado")
    ends(team.people["deputy"], seat_of(team.people["lado"]))
    assert "Dominic Achterberg" in text(as_(team.people["deputy"]).get("/lado/?show=mine"))


def test_the_team_chooses_its_neighbour_once_and_from_then_on_a_neighbour_does(team: Team) -> None:
    lado = team.people["lado"]
    assert "Nell Ford is Neighbouring LADO now." in gives(lado, kind="neighbour_lado")
    neighbour = User.objects.get(email=NEW["email"])
    another = {"kind": "neighbour_lado", "email": "ann@sutton.example", "full_name": "Ann Lee"}
    assert "Select a valid choice" in gives(lado, **another)
    assert ends(lado, seat_of(neighbour)).status_code == 404
    refused = ends(neighbour, seat_of(neighbour))
    assert "Nobody else is a neighbouring LADO." in text(refused)
    assert ends(neighbour, seat_of(team.people["support"])).status_code == 404
    assert "Select a valid choice" in gives(neighbour, kind="deputy_lado", email="ann@sutton.example")
    assert "Ann Lee is Neighbouring LADO now." in gives(neighbour, **another)
    assert ends(neighbour, seat_of(neighbour)).status_code == 302


@pytest.fixture
def neighbour(team: Team) -> User:
    return person("Nadia Firth", job="LADO, Sutton", role="neighbour_lado")


def test_what_the_form_says_is_about_the_lado_goes_to_the_neighbour_alone(
    team: Team, neighbour: User
) -> None:
    client = as_(team.outside["lead"])
    page = text(client.get("/tell-lado/"))
    assert "tick that box above the button" in page
    assert "please don’t send it here" not in page
    told(client, about_lado="on")
    assert as_(neighbour).get(Referral.objects.get().get_absolute_url()).status_code == 200
    for who in ("lado", "deputy", "support"):
        assert as_(team.people[who]).get(Referral.objects.get().get_absolute_url()).status_code == 404


def test_not_ticked_it_is_the_teams(team: Team, neighbour: User) -> None:
    told(as_(team.outside["lead"]))
    assert as_(team.people["lado"]).get(Referral.objects.get().get_absolute_url()).status_code == 200
    assert as_(neighbour).get(Referral.objects.get().get_absolute_url()).status_code == 404


def test_without_a_neighbour_the_form_says_whom_to_call_and_never_sends_it_here(team: Team) -> None:
    client = as_(team.outside["lead"])
    assert "please don’t send it here. Call instead:" in text(client.get("/tell-lado/"))
    with pytest.raises(AssertionError, match="none has a seat here now"):
        told(client, about_lado="on")
    assert not Referral.objects.exists()
