"""The raiser asked that the other side see their job and not their name (rule 16).

Then the name, the number and the address of the raiser are nowhere that anybody outside their own side can
look: no page, list, answer of the API, notice, chronology or read log. It is shown by the raiser, or for a
reason to which a third person agrees; and the log never promises that it stays hidden.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.machine import NotPermitted, Refused
from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.accounts.services import set_deputy
from escalation.challenges.models import Entry
from escalation.challenges.queries import find, view_case
from tests.challenges.cast import CALLED, FORM, Cast
from tests.factories import SENT, WORDS, person, seat

pytestmark = pytest.mark.django_db
OUTSIDE = (
    "counterpart",
    "responding_lead",
    "responding_senior",
    "officer",
    "police_lead",
    "police_senior",
    "supporting_lead",
    "unit",
    "partner",
    "auditor",
)
INSIDE = ("raiser", "raising_lead", "raising_senior")
LATER = SENT + timedelta(days=30)


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    """At the last stage, where everybody sees it; the raiser has called, noted, and moved it up."""
    travel(SENT)
    cast = Cast()
    raiser = cast.people["raiser"]
    User.objects.filter(pk=raiser.pk).update(job_title="class teacher", phone="020 7946 0999")
    set_deputy(
        seat=seat(raiser, cast.school), deputy=person("Grace Okafor", practitioner=cast.school), by=None
    )
    words = {**WORDS, "callback": "020 7946 0555", "best_times": "after assembly"}
    cast.raise_it(name_withheld=True, words=words)
    for service in (cast.care, cast.police):
        cast.take("raiser", "match", SENT, party=cast.party(service), **CALLED)
    cast.take("raiser", "add_note", SENT, what="It goes on.", audience="all_parties")
    cast.take("raiser", "complete_form", SENT, **FORM)
    asking = [cast.party(cast.care), cast.party(cast.police)]
    cast.take("raiser", "escalate", LATER, still_asking=asking)
    cast.take("raising_lead", "escalate", LATER + timedelta(days=30), still_asking=asking)
    return cast


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def everything_of(cast: Cast, who: str) -> str:
    """All that this person can get, by page and API, on one string."""
    client, url = client_of(cast.people[who]), cast.challenge.get_absolute_url()
    steps = client.get(f"/api/v1{url}").json().get("steps", [])
    addresses = [
        url,
        *(f"{url}{page}/" for page in ("who", "sent", "conflict", "people", "trail", "add_note", "reply")),
        *(f"{url}{step['name']}/" for step in steps),
        "/challenges/",
        "/challenges/?show=any",
        "/audit/",
        "/audit/reads/",
        f"/api/v1{url}",
        "/api/v1/challenges/",
    ]
    if who == "unit":
        # These list everybody who works there, which the unit knows.
        addresses = [each for each in addresses if each not in (f"{url}conflict/", f"{url}people/")]
    return "\n".join(client.get(address).content.decode() for address in addresses)


@pytest.mark.large
@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_learns_who_it_is(cast: Cast, travel: Any, who: str) -> None:
    travel(LATER + timedelta(days=31))
    everything_of(cast, "raiser")  # the read log has lines of the raiser now
    text = everything_of(cast, who)
    for secret in (
        "Amara",
        "Cole",
        "020 7946 0999",
        "020 7946 0555",
        "after assembly",
        cast.people["raiser"].email,
    ):
        assert secret not in text, secret


@pytest.mark.parametrize("who", INSIDE)
def test_their_own_side_knows_them(cast: Cast, travel: Any, who: str) -> None:
    travel(LATER + timedelta(days=31))
    assert "Amara Cole" in client_of(cast.people[who]).get(cast.challenge.get_absolute_url()).content.decode()


def test_the_other_side_sees_the_job_and_the_services_number(cast: Cast, travel: Any) -> None:
    travel(LATER + timedelta(days=31))
    page = client_of(cast.people["responding_senior"]).get(cast.challenge.get_absolute_url()).content.decode()
    assert "The person who raised it, class teacher" in page
    assert cast.school.phone in page


def test_no_notice_names_anybody(cast: Cast) -> None:
    assert Message.objects.exists()
    for message in Message.objects.all():
        assert "amara" not in f"{message.path} {message.kind} {message.message_id}".lower()


# Showing it after all


def withheld(cast: Cast) -> bool:
    return cast.challenge.name_withheld


def test_the_raiser_shows_it_alone(cast: Cast) -> None:
    cast.take("raiser", "show_name", LATER)
    seen = view_case(
        find(cast.challenge.uuid, cast.standings["counterpart"]), cast.standings["counterpart"], now=LATER
    )
    assert seen.raiser is not None
    assert seen.raiser.name == "Amara Cole"


def test_two_people_show_it_for_a_reason_that_the_raiser_reads(cast: Cast) -> None:
    Message.objects.all().delete()
    cast.take("unit", "ask_disclosure", LATER, what="The court has ordered it.")
    assert withheld(cast)
    assert Message.objects.filter(to=cast.people["raiser"]).count() == 1
    cast.take("raising_lead", "agree_disclosure", LATER, what="The order is in our file.")
    assert not withheld(cast)
    assert Message.objects.filter(to=cast.people["raiser"]).count() == 2
    page = client_of(cast.people["raiser"]).get(cast.challenge.get_absolute_url()).content.decode()
    for words in ("The court has ordered it.", "The order is in our file."):
        assert words in page
        for who in ("responding_senior", "partner"):
            other = client_of(cast.people[who]).get(cast.challenge.get_absolute_url()).content.decode()
            assert words not in other
    for who in ("responding_senior", "unit"):
        seen = view_case(find(cast.challenge.uuid, cast.standings[who]), cast.standings[who], now=LATER)
        assert seen.raiser is not None, who


def test_who_asked_does_not_agree_with_themselves(cast: Cast) -> None:
    cast.take("raising_lead", "ask_disclosure", LATER, what="They asked me.")
    for step in ("agree_disclosure", "decline_disclosure"):
        with pytest.raises(NotPermitted):
            cast.take("raising_lead", step, LATER, what="I think so too.")
    cast.take("unit", "decline_disclosure", LATER, what="Nobody has to know.")
    assert withheld(cast)


@pytest.mark.parametrize(
    "who", ["raiser", "counterpart", "responding_lead", "responding_senior", "partner", "auditor"]
)
def test_nobody_else_can_have_it_shown(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        cast.take(who, "ask_disclosure", LATER, what="I want to know.")
    cast.take("unit", "ask_disclosure", LATER, what="The court has ordered it.")
    with pytest.raises(NotPermitted):
        cast.take(who, "agree_disclosure", LATER, what="Yes.")


@pytest.mark.parametrize("step", ["ask_disclosure", "agree_disclosure"])
def test_a_reason_is_needed(cast: Cast, step: str) -> None:
    if step == "agree_disclosure":
        cast.take("unit", "ask_disclosure", LATER, what="The court has ordered it.")
    with pytest.raises(Refused):
        cast.take("raising_lead", step, LATER)
    assert not Entry.objects.filter(step=step, actor=cast.people["raising_lead"]).exists()


def test_there_is_nothing_to_show_where_nothing_is_withheld() -> None:
    cast = Cast()
    cast.raise_it()
    with pytest.raises(Refused):
        cast.take("unit", "ask_disclosure", SENT, what="For the record.")
