"""Conflict of interest behind the wall: whom a record concerns has no part in it, whatever their role there.

They can neither open, list, search, count nor change it, are told of nothing, and nothing that they were
given before, or hold elsewhere, lets them back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from core.machine import Refused
from escalation.accounts.models import User
from escalation.challenges.services import break_glass
from escalation.lado.models import Message, Referral
from escalation.lado.queries import listed
from escalation.lado.queries.lists import LISTS
from escalation.lado.queries.searching import search
from escalation.lado.workflow import STEP
from tests.factories import challenge, setting, standing
from tests.lado import roads
from tests.lado.cast import NOW, TODAY, Team

pytestmark = pytest.mark.django_db
NAME = "Dominic Achterberg"
ROLES = ("lado", "deputy", "support")
OTHER = {"lado": "deputy", "deputy": "lado", "support": "lado"}


def named(team: Team, who: str) -> None:
    """Whoever takes the call says whom it concerns."""
    team.contact(by=OTHER[who], adult_name=NAME, limbs=("harmed",), concerned=(team.people[who],))


def declared(team: Team, who: str) -> None:
    """They read it, and say so themselves; support could even read the words."""
    roads.called(team, adult_name=NAME, limbs=("harmed",))
    if who == "support":
        member = team.people["support"].pk
        team.take("lado", "let_support_read", support_member=member, until=TODAY, what="Minutes.")
    assert signed_in(team, who).get(team.referral.get_absolute_url()).status_code == 200
    team.take(who, "declare_conflict", what="I know them.")


WAYS: dict[str, Callable[[Team, str], None]] = {"named": named, "declared": declared}
CASES = [pytest.param(who, WAYS[way], id=f"{who}, {way}") for who in ROLES for way in WAYS]


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def signed_in(team: Team, who: str) -> Client:
    client = Client()
    client.force_login(team.people[who])
    return client


def rows(client: Client, path: str) -> str:
    """The page without its frame."""
    return client.get(path).content.decode().partition("<main")[2].partition("<footer")[0]


@pytest.mark.parametrize(("who", "way"), CASES)
def test_they_neither_open_nor_change_it(team: Team, who: str, way: Callable[[Team, str], None]) -> None:
    way(team, who)
    client, url = signed_in(team, who), team.referral.get_absolute_url()
    assert client.get(url).status_code == 404
    version = team.referral.version
    for step in STEP:
        assert client.get(f"{url}{step}/").status_code == 404, step
        sent = client.post(f"{url}{step}/", {"version": version, "what": "I am still here."})
        assert sent.status_code == 404, step
        with pytest.raises(Referral.DoesNotExist):
            team.take(who, step, what="I had it on my screen.")
    assert Referral.objects.get().version == version


@pytest.mark.parametrize(("who", "way"), CASES)
def test_they_neither_list_search_nor_count_it(
    team: Team, who: str, way: Callable[[Team, str], None]
) -> None:
    before = {show: rows(signed_in(team, who), f"/lado/?show={show}") for show in LISTS}
    way(team, who)
    client, theirs = signed_in(team, who), standing(team.people[who], TODAY)
    for show in LISTS:
        assert rows(client, f"/lado/?show={show}") == before[show], show
    found = client.post("/lado/search/", {"q": NAME}).content.decode()
    assert team.referral.get_absolute_url() not in found
    assert search(NAME, theirs, at_least=50).total == 0
    assert not listed(theirs).exists()
    assert team.referral.get_absolute_url() in rows(signed_in(team, OTHER[who]), "/lado/?show=open")


@pytest.mark.parametrize(("who", "way"), CASES)
def test_they_are_told_of_nothing(team: Team, who: str, way: Callable[[Team, str], None]) -> None:
    way(team, who)
    Message.objects.all().delete()
    team.take("referrer", "add_information", what="She told me more.")
    team.take(OTHER[who], "add_note", what="I called them.")
    team.take(OTHER[who], "accept", what="A mark was seen.")
    assert not Message.objects.filter(to=team.people[who]).exists()


@pytest.mark.parametrize("who", ["lado", "deputy"])
def test_breaking_the_glass_of_a_challenge_opens_no_record(team: Team, who: str) -> None:
    """It opens one challenge to read; and not that, where they must not see it either."""
    named(team, who)
    user: User = team.people[who]
    sent = challenge(raising=setting("Ward 7", group="health"), now=NOW - timedelta(days=1))
    grant = break_glass(
        reference=sent.reference, reason="x" * 30, by=user, standing=standing(user, TODAY), now=NOW
    )
    client = signed_in(team, who)
    assert client.get(sent.get_absolute_url()).status_code == 200
    assert client.get(team.referral.get_absolute_url()).status_code == 404
    grant.delete()
    sent.conflicts.create(user=user, reason="family", since=NOW, named_by=user)
    with pytest.raises(Refused, match="There is no challenge with this reference"):
        break_glass(
            reference=sent.reference, reason="x" * 30, by=user, standing=standing(user, TODAY), now=NOW
        )
