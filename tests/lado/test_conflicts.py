"""Conflict of interest behind the wall: whom a record concerns has no part in it, whatever their role there.

They can neither open, list, search, count nor change it, are told of nothing, and nothing that they were
given before, or hold elsewhere, lets them back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from core.audit.verify import verify_all
from core.machine import Refused
from escalation.accounts.models import User
from escalation.challenges.services import break_glass
from escalation.lado.models import Conflict, Grant, Message, Referral
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


def named_later(team: Team, who: str) -> None:
    """A colleague says it, once it is open."""
    roads.called(team, adult_name=NAME, limbs=("harmed",))
    team.take(OTHER[who], "name_conflict", colleague=team.people[who].pk, conflict_reason="colleague")


def declared(team: Team, who: str) -> None:
    """They read it, and say so themselves; support could even read the words."""
    roads.called(team, adult_name=NAME, limbs=("harmed",))
    if who == "support":
        member = team.people["support"].pk
        team.take("lado", "let_support_read", support_member=member, until=TODAY, what="Minutes.")
    assert signed_in(team, who).get(team.referral.get_absolute_url()).status_code == 200
    team.take(who, "declare_conflict", conflict_reason="family", what="I know them.")


WAYS: dict[str, Callable[[Team, str], None]] = {
    "named": named,
    "named later": named_later,
    "declared": declared,
}
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


@pytest.mark.large
@pytest.mark.parametrize(("who", "way"), CASES)
def test_they_neither_open_nor_change_it(team: Team, who: str, way: Callable[[Team, str], None]) -> None:
    way(team, who)
    client, url = signed_in(team, who), team.referral.get_absolute_url()
    assert client.get(url).status_code == 404
    version = team.referral.version
    for step in STEP:
        assert client.get(f"{url}{step}/").status_code == 404, step
    assert client.get(f"{url}people/").status_code == 404
    for step in STEP:
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
    Referral.objects.update(referrer_user=team.people[who])
    team.take(OTHER[who], "ask_referrer", what="Who saw it?")
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


@pytest.mark.parametrize("who", ROLES)
def test_somebody_who_decides_lets_them_back_in_and_never_they_themselves(team: Team, who: str) -> None:
    named_later(team, who)
    with pytest.raises(Referral.DoesNotExist):
        team.take(who, "lift_conflict", kept_out=team.row("conflicts"), what="It is nothing.")
    team.take(OTHER[who], "lift_conflict", kept_out=team.row("conflicts"), what="It was another family.")
    assert signed_in(team, who).get(team.referral.get_absolute_url()).status_code == 200
    assert search(NAME, standing(team.people[who], TODAY), at_least=50).total == 1
    lifted = Conflict.objects.get()
    assert (lifted.named_by, lifted.lifted_by, lifted.reason) == (
        team.people[OTHER[who]],
        team.people[OTHER[who]],
        "colleague",
    )
    team.take(OTHER[who], "name_conflict", colleague=team.people[who].pk, conflict_reason="family")
    assert signed_in(team, who).get(team.referral.get_absolute_url()).status_code == 404
    assert list(verify_all()) == []


def test_a_grant_does_not_let_in_whom_it_concerns_and_ends_before_its_day(team: Team) -> None:
    roads.called(team, adult_name=NAME)
    support, url = team.people["support"], team.referral.get_absolute_url()
    until = TODAY + timedelta(days=9)
    team.take("lado", "let_support_read", support_member=support.pk, until=until, what="Minutes.")
    assert Message.objects.filter(to=support).count() == 1
    client = signed_in(team, "support")
    assert "escort driver" in client.get(url).content.decode()
    team.take("lado", "name_conflict", colleague=support.pk, conflict_reason="family")
    assert client.get(url).status_code == 404
    team.take("lado", "lift_conflict", kept_out=team.row("conflicts"), what="A mistake.")
    assert "escort driver" in client.get(url).content.decode()
    team.take("deputy", "end_support_reading", grant=team.row("grants"), what="The minutes are done.")
    assert "escort driver" not in client.get(url).content.decode()
    grant = Grant.objects.get()
    assert (grant.given_by, grant.since) == (team.people["lado"], NOW)
    assert (grant.ended_by, grant.ended_at) == (team.people["deputy"], NOW)
    assert list(verify_all()) == []


def test_those_who_decide_see_who_is_kept_out_why_and_by_whom(team: Team) -> None:
    roads.called(team, adult_name=NAME)
    support, url = team.people["support"], f"{team.referral.get_absolute_url()}people/"
    team.take("lado", "let_support_read", support_member=support.pk, until=TODAY, what="Minutes.")
    assert signed_in(team, "support").get(url).status_code == 403
    team.take("support", "name_conflict", colleague=team.people["deputy"].pk, conflict_reason="family")
    team.take("support", "declare_conflict", conflict_reason="colleague")
    team.take("lado", "lift_conflict", kept_out=team.row("conflicts"), what="A mistake.")
    page = " ".join(rows(signed_in(team, "lado"), url).split())
    assert "Idris Bell" in page
    assert "Idris Bell, by Hannah Lyle" in page
    assert "named by June Park" in page
    assert "a relative or a friend of the family." in page
    assert "close to somebody it is about. Named by themselves" in page
    assert "Let by Hannah Lyle" in page
    assert "Let somebody back in" in page
    assert signed_in(team, "deputy").get(url).status_code == 200


def test_what_cannot_be_undone_is_asked_once_more(team: Team) -> None:
    roads.called(team, adult_name=NAME)
    client, url = signed_in(team, "deputy"), f"{team.referral.get_absolute_url()}declare_conflict/"
    said = {"version": 1, "conflict_reason": "family", "what": "My “cousin” & <friend>."}
    asked = client.post(url, said)
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "You can’t undo this yourself" in page
    assert 'value="My “cousin” &amp; &lt;friend&gt;."' in page
    back = client.post(url, {**said, "sure": "change"}).content.decode()
    assert "My “cousin” &amp; &lt;friend&gt;." in back
    assert not Conflict.objects.exists()
    assert client.post(url, {**said, "sure": "yes"}).status_code == 302
    assert Conflict.objects.get().named_by == team.people["deputy"]
