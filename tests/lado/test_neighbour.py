"""What is about the LADO, their manager or a director is the neighbouring LADO's alone, from the start."""

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.audit.verify import verify_all
from core.machine import NotPermitted
from escalation.accounts.services import give_seat
from escalation.lado.models import Message, Referral
from escalation.lado.queries.lists import LISTS
from escalation.lado.services.importing import import_referrals
from escalation.lado.workflow import STEP
from tests.factories import person
from tests.lado import roads
from tests.lado.cast import NOW, Team

pytestmark = pytest.mark.django_db
HERE = ("lado", "deputy", "support")
CALL = {
    "referrer": "Bernadette Quarshie",
    "referrer_phone": "020 7946 0177",
    "what": "The LADO's manager shouted at a child.",
    "about_lado": "yes",
}


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    team = Team()
    team.people["neighbour"] = person("Nadia Firth", job="LADO, Sutton", role="neighbour_lado")
    return team


def signed_in(team: Team, who: str) -> Client:
    client = Client()
    client.force_login(team.people[who])
    return client


def taken_by(team: Team, who: str, **more: Any) -> str:
    """Somebody here takes the call; what the next page says to them."""
    form = {"key": uuid4(), **CALL, "concerned": ["above"], **more}
    answer = signed_in(team, who).post("/lado/contact/", form, follow=True)
    team.referral = Referral.objects.latest("pk")
    return html.unescape(answer.content.decode())


@pytest.mark.large
@pytest.mark.parametrize("who", HERE)
def test_from_the_call_on_nobody_here_sees_it(team: Team, who: str) -> None:
    page = taken_by(team, who)
    assert "Nadia Firth, the neighbouring LADO, has it. Nobody here can see it." in page
    url = team.referral.get_absolute_url()
    for each in HERE:
        client = signed_in(team, each)
        assert client.get(url).status_code == 404
        for step in STEP:
            assert client.get(f"{url}{step}/").status_code == 404, step
        for show in LISTS:
            assert url not in client.get(f"/lado/?show={show}").content.decode()
        assert url not in client.post("/lado/search/", {"q": team.referral.reference}).content.decode()
        with pytest.raises(Referral.DoesNotExist):
            team.take(each, "give_advice", what="I still had it.")
    assert {message.to for message in Message.objects.all()} == {team.people["neighbour"]}


def test_the_neighbour_works_on_it_and_sees_nothing_else(team: Team) -> None:
    other = team.contact(limbs=("harmed",))
    taken_by(team, "lado")
    client = signed_in(team, "neighbour")
    page = client.get("/lado/").content.decode()
    assert team.referral.get_absolute_url() in page
    assert other.get_absolute_url() not in client.get("/lado/?show=open").content.decode()
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(team.referral.get_absolute_url()).status_code == 200
    team.take("neighbour", "record_threshold", limbs=["harmed"])
    assert team.take("neighbour", "accept", what="A child may have been harmed.").status == "accepted"
    assert list(verify_all()) == []


def test_the_neighbour_brings_no_earlier_log_in(team: Team) -> None:
    with pytest.raises(NotPermitted):
        import_referrals([], by=team.people["neighbour"], standing=team.standing("neighbour"), now=NOW)


def test_a_call_that_the_neighbour_takes_is_about_us(team: Team) -> None:
    form = {"key": uuid4(), **CALL, "about_lado": ""}
    answer = signed_in(team, "neighbour").post("/lado/contact/", form)
    referral = Referral.objects.get()
    assert answer["Location"] == referral.get_absolute_url()
    assert (referral.about_lado, referral.owner) == (True, team.people["neighbour"])
    assert signed_in(team, "lado").get(referral.get_absolute_url()).status_code == 404


def test_what_turns_out_to_be_about_us_is_handed_over(team: Team) -> None:
    roads.accepted(team)
    url = team.referral.get_absolute_url()
    form = {"version": team.referral.version, "what": "The driver is the director's brother."}
    assert signed_in(team, "lado").post(f"{url}hand_over/", form)["Location"] == "/lado/"
    assert signed_in(team, "deputy").get(url).status_code == 404
    page = html.unescape(signed_in(team, "neighbour").get(url).content.decode())
    assert "Only you, the neighbouring LADO, can see it" in page
    assert Referral.objects.get().owner == team.people["neighbour"]


def test_one_that_waited_for_a_neighbour_is_taken_by_the_first_there_is() -> None:
    """The only LADO is the accused: nobody here has it, until a neighbouring LADO gets a seat."""
    team = Team()
    concerned = tuple(team.people[who] for who in ("lado", "deputy"))
    referral = team.contact(by="support", about_lado=True, concerned=concerned)
    assert referral.owner_id is None
    team.people["neighbour"] = person("Nadia Firth")
    give_seat(user=team.people["neighbour"], kind="neighbour_lado", by=None)
    team.take("neighbour", "hand_over", what="I take it.")
    assert team.referral.owner_id == team.people["neighbour"].pk
    assert signed_in(team, "support").get(team.referral.get_absolute_url()).status_code == 404
