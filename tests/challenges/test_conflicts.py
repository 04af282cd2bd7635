"""Conflict of interest: whoever is named, or says so, loses sight of the challenge, whatever their role.

They can neither open, find, list, count nor change it, and hear of nothing. Their deputy takes
their place, else the business unit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core.machine import NotPermitted
from core.outbox.models import Message
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.accounts.services import set_deputy
from escalation.challenges.events import ACCESS
from escalation.challenges.models import Challenge, Conflict, Event
from escalation.challenges.queries import find, open_case
from escalation.challenges.services import lift_conflict, name_conflict
from tests.challenges.cast import CALLED, Cast
from tests.challenges.test_refusals import with_partners
from tests.factories import SENT, person, seat

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "raiser",
    "raising_lead",
    "raising_senior",
    "counterpart",
    "responding_lead",
    "responding_senior",
    "officer",
    "supporting_lead",
    "unit",
    "partner",
    "auditor",
)


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    """At stage 5, where everybody of them sees it."""
    cast = with_partners(Cast())
    travel(SENT + timedelta(days=60))
    return cast


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def keep_out(cast: Cast, who: str, by: str = "") -> Conflict:
    """They say so themselves, unless somebody else does."""
    namer = by or who
    return name_conflict(
        cast.challenge,
        user=cast.people[who],
        reason="family",
        by=cast.people[namer],
        standing=cast.standings[namer],
        now=SENT,
    )


@pytest.mark.parametrize("who", EVERYBODY)
def test_they_lose_sight_of_it_everywhere(cast: Cast, who: str) -> None:
    client, url = client_of(cast.people[who]), cast.challenge.get_absolute_url()
    reference = cast.challenge.reference
    assert client.get(url).status_code == 200
    keep_out(cast, who)
    for address in (
        url,
        f"{url}who/",
        f"{url}sent/",
        f"{url}add_note/",
        f"{url}trail/",
        f"{url}conflict/",
        f"{url}people/",
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address
    assert client.get(f"/api/v1{url}").status_code == 404
    step = f"/api/v1{url}steps/add_note/"
    sent = client.post(step, {"version": 1, "answers": {"what": "x"}}, content_type="application/json")
    assert sent.status_code == 404
    for listed in (
        "/challenges/",
        "/challenges/?show=any",
        f"/challenges/?q={reference}",
        "/api/v1/challenges/",
    ):
        text = client.get(listed).content.decode()
        assert f">{reference}" not in text, listed
        assert str(cast.challenge.uuid) not in text, listed
    assert client.get("/api/v1/challenges/").json()["count"] == 0
    assert not Challenge.objects.visible_to(cast.standings[who]).exists()


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_step_they_had_on_their_screen_is_not_theirs_any_more(cast: Cast, who: str) -> None:
    keep_out(cast, who)
    with pytest.raises(NotPermitted):
        cast.take(who, "add_note", SENT, what="I was still here.", audience="all_parties")


@pytest.mark.parametrize("who", EVERYBODY)
def test_they_are_told_of_nothing(cast: Cast, who: str) -> None:
    keep_out(cast, who, by="unit" if who != "unit" else "")
    Message.objects.all().delete()
    cast.take(
        "partner" if who != "partner" else "raising_senior",
        "add_note",
        SENT,
        what="New.",
        audience="all_parties",
    )
    assert not Message.objects.filter(to=cast.people[who]).exists()


def test_naming_somebody_tells_the_unit_and_not_them(travel: Any) -> None:
    cast = Cast()
    cast.raise_it()
    Message.objects.all().delete()
    keep_out(cast, "raising_lead", by="raiser")
    assert [m.to for m in Message.objects.all()] == [cast.people["unit"]]


# Whoever stands in


def test_the_deputy_takes_over_though_nobody_is_away(travel: Callable[[datetime], None]) -> None:
    travel(SENT)
    cast = Cast()
    cast.raise_it()
    deputy = person("Grace Okafor", practitioner=cast.care)
    set_deputy(seat=seat(cast.people["counterpart"], cast.care), deputy=deputy, by=None)
    url = cast.challenge.get_absolute_url()
    assert client_of(deputy).get(url).status_code == 404
    keep_out(cast, "counterpart")
    page = client_of(deputy).get(url).content.decode()
    assert "the plan we agreed in October has not started" in page
    cast.people["deputy"] = deputy
    cast.standings["deputy"] = standing_of(deputy, today=SENT.date())
    cast.take("deputy", "match", SENT, **CALLED)
    cast.take("deputy", "reply", SENT, answer="acted", what="We visited.", acted_on=SENT.date())
    assert "ours" in client_of(deputy).get("/api/v1/challenges/?show=any").json()["results"][0]["turn"]
    assert Message.objects.filter(to=deputy).exists()


def test_without_a_deputy_the_unit_is_told_that_it_is_its_turn(travel: Any) -> None:
    cast = Cast()
    cast.raise_it()
    keep_out(cast, "counterpart")
    Message.objects.all().delete()
    cast.take("raiser", "match", SENT, party=cast.party(cast.care), **CALLED)
    told = {(m.to, m.kind) for m in Message.objects.all()}
    assert (cast.people["unit"], "your_turn") in told
    assert cast.people["counterpart"] not in {to for to, _ in told}


def test_who_can_read_it_is_said_without_them(travel: Any) -> None:
    cast = Cast()
    cast.raise_it()
    keep_out(cast, "raising_lead")
    standing = cast.standings["raiser"]
    _, readers = open_case(find(cast.challenge.uuid, standing), standing, now=SENT)
    assert "Priya Shah" not in [reader.name for reader in readers]


# Who may name whom

MAY_NAME = [
    ("raiser", "raising_lead", True),
    ("raising_lead", "raiser", True),
    ("raising_lead", "responding_lead", False),  # the other side's people are for the unit
    ("counterpart", "responding_lead", True),
    ("counterpart", "raiser", False),
    ("unit", "counterpart", True),
    ("unit", "raising_lead", True),
    ("supporting_lead", "raiser", False),
    ("auditor", "raiser", False),
]


@pytest.mark.parametrize(("by", "who", "may"), MAY_NAME)
def test_who_may_be_named_by_whom(cast: Cast, by: str, who: str, may: bool) -> None:
    if not may:
        with pytest.raises(NotPermitted):
            keep_out(cast, who, by=by)
        assert not Conflict.objects.exists()
        return
    keep_out(cast, who, by=by)
    assert Conflict.objects.get().user == cast.people[who]


def test_saying_so_on_the_page(cast: Cast) -> None:
    client, url = client_of(cast.people["counterpart"]), f"{cast.challenge.get_absolute_url()}conflict/"
    assert "Lena Brook" in client.get(url).content.decode()
    assert "Amara Cole" not in client.get(url).content.decode()
    assert client.post(url, {"who": "me"}).status_code == 422
    said = client.post(url, {"who": "me", "reason": "family", "sure": "yes"}, follow=True)
    assert "You will not see this challenge any more" in said.content.decode()
    assert client.get(cast.challenge.get_absolute_url()).status_code == 404


def test_it_is_asked_once_more_since_they_cannot_undo_it(cast: Cast) -> None:
    client, url = client_of(cast.people["counterpart"]), f"{cast.challenge.get_absolute_url()}conflict/"
    lena = cast.people["responding_lead"]
    asked = client.post(url, {"who": "me", "reason": "family"}).content.decode()
    assert "Only the business unit can let you back in" in asked
    assert 'name="reason" value="family"' in asked
    other = client.post(url, {"who": "another", "person": lena.pk, "reason": "family"}).content.decode()
    assert f"{lena.full_name} must not see this" in other
    back = client.post(url, {"who": "me", "reason": "family", "sure": "change"}).content.decode()
    assert 'value="family"' in back
    assert "Continue" in back
    assert not Conflict.objects.exists()


def test_somebody_of_the_other_side_cannot_be_slipped_in(cast: Cast) -> None:
    client, url = client_of(cast.people["counterpart"]), f"{cast.challenge.get_absolute_url()}conflict/"
    slipped = {"who": "another", "person": str(cast.people["raiser"].pk), "reason": "other"}
    assert client.post(url, slipped).status_code == 422
    assert not Conflict.objects.exists()


def test_the_unit_sees_who_is_out_and_lets_them_back_in(cast: Cast) -> None:
    keep_out(cast, "counterpart", by="responding_lead")
    unit, url = client_of(cast.people["unit"]), f"{cast.challenge.get_absolute_url()}people/"
    page = unit.get(url).content.decode()
    assert "Tom Whitfield" in page
    assert "Named by Chinwe Adebayo" in page
    unit.post(f"{url}{Conflict.objects.get().pk}/back-in/")
    assert client_of(cast.people["counterpart"]).get(cast.challenge.get_absolute_url()).status_code == 200
    assert client_of(cast.people["responding_lead"]).get(url).status_code == 403


def test_nobody_lets_themselves_back_in(cast: Cast) -> None:
    kept_out = keep_out(cast, "unit")
    with pytest.raises(NotPermitted):
        lift_conflict(kept_out, by=cast.people["unit"], standing=cast.standings["unit"], now=SENT)


def test_the_same_person_twice_is_one_conflict(cast: Cast) -> None:
    keep_out(cast, "counterpart")
    keep_out(cast, "counterpart", by="responding_lead")
    assert Conflict.objects.count() == 1
    assert Event.objects.filter(chain=ACCESS, act="conflict").count() == 1


def test_a_conflict_past_the_log_is_found(cast: Cast) -> None:
    keep_out(cast, "counterpart")
    call_command("verify_audit")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM challenges_conflict")
    with pytest.raises(CommandError, match="is not what the events say"):
        call_command("verify_audit")
