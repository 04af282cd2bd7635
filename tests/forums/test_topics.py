"""Topics of forums: a second person reads each, and nobody learns from which challenge it comes."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.forums.events import faults
from escalation.forums.models import Event, Source, Topic, Vignette
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled, with_leads
from tests.factories import SENT, person, policy, setting
from tests.forums.planned import sitting, topic
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Nobody called back",
    "text": "A school asked another service to look again at a plan. Nobody called back for two weeks.",
    "question": "Who could have asked the next level?",
    "seen": "0",
}


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    travel(SENT)
    policy(today=SENT.date())
    return Cast()


@pytest.fixture
def colleague() -> User:
    return person("Sam Ode", role="business_unit")


def send(user: User, path: str, **said: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, said, follow=True)


def read(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return text(answer)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def written(user: User, **said: str) -> Vignette:
    answer = send(user, "/forums/topics/new/", key=str(uuid4()), **WORDS | said)
    assert answer.status_code == 200, text(answer)
    return Vignette.objects.order_by("-pk")[0]


def act(user: User, vignette: Vignette, what: str, words: str = "") -> str:
    return text(send(user, vignette.get_absolute_url(), act=what, words=words))


def closed(cast: Cast) -> Challenge:
    settled(cast)
    return cast.take("raiser", "confirm_settled", SENT)


def test_nothing_reaches_a_forum_without_a_second_person(cast: Cast, colleague: User) -> None:
    ruth, lead = cast.people["unit"], cast.people["raising_lead"]
    forum = sitting(by=ruth, host=cast.school.organisation, invited=[cast.school.organisation], now=SENT)
    choose, page = f"/forums/{forum.uuid}/topics/", forum.get_absolute_url()
    vignette = written(ruth)
    assert "No topic is approved yet" in read(ruth, choose)
    assert 'What the log asks about</h2><p class="govuk-body">Nothing.' in read(
        ruth, vignette.get_absolute_url()
    )
    assert "It waits for a colleague" in act(ruth, vignette, "propose")
    assert "so a colleague has to read" in act(ruth, vignette, "approve")
    send(ruth, choose, topics=[vignette.pk])
    assert not Topic.objects.exists(), "not even where the form is made up"
    assert "It is approved" in act(colleague, vignette, "approve")
    send(ruth, choose, topics=[vignette.pk])
    assert "Nobody called back for two weeks." in read(lead, page)
    act(ruth, vignette, "take back")
    assert "Nobody called back for two weeks." not in read(lead, page)
    call_command("verify_audit")


def test_the_database_refuses_that_one_person_does_both_and_that_approved_words_change(
    cast: Cast, colleague: User
) -> None:
    vignette = written(cast.people["unit"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Vignette.objects.update(state="approved", decided_by=cast.people["unit"], decided_at=SENT)
    act(cast.people["unit"], vignette, "propose")
    act(colleague, vignette, "approve")
    with pytest.raises(IntegrityError), transaction.atomic():
        Vignette.objects.update(text="Aisha of Oakfield.")
    assert "does not change any more" in text(
        send(cast.people["unit"], f"{vignette.get_absolute_url()}change/", **change(vignette, text="Other."))
    )


def change(vignette: Vignette, **said: str) -> dict[str, str]:
    vignette.refresh_from_db()
    return WORDS | {"key": str(vignette.uuid), "seen": str(vignette.version)} | said


def test_what_the_linter_asks_is_changed_or_explained_to_the_second_person(
    cast: Cast, colleague: User
) -> None:
    ruth = cast.people["unit"]
    vignette = written(ruth, text="The twins of a teacher at Oakfield were seen on Tuesday.")
    page = read(ruth, vignette.get_absolute_url())
    for word in ("twins", "Oakfield", "Tuesday"):
        assert f"<mark>{word}</mark>" in page
    assert "say why it may stay" in act(ruth, vignette, "propose", " ")
    act(ruth, vignette, "propose", "They are known to all who come.")
    assert "They are known to all who come." in read(colleague, vignette.get_absolute_url())
    assert "Say what should be other" in act(colleague, vignette, "send back")
    act(colleague, vignette, "send back", "Leave the school out.")
    assert "Leave the school out." in read(ruth, vignette.get_absolute_url())
    send(ruth, f"{vignette.get_absolute_url()}change/", **change(vignette))
    act(ruth, vignette, "propose")
    assert "It is approved" in act(colleague, vignette, "approve")


def test_whoever_changed_it_last_is_not_the_second_person(cast: Cast, colleague: User) -> None:
    ruth = cast.people["unit"]
    vignette = written(ruth)
    send(colleague, f"{vignette.get_absolute_url()}change/", **change(vignette, title="Another"))
    act(ruth, vignette, "propose")
    assert "so a colleague has to read" in act(colleague, vignette, "approve")
    assert "It is approved" in act(ruth, vignette, "approve")


def test_nobody_learns_which_challenge_it_is_but_who_reads_that_one(cast: Cast, colleague: User) -> None:
    """Closed at stage 1: its lead may read its words, and the business unit may not."""
    challenge = closed(cast)
    lead = cast.people["raising_lead"]
    vignette = written(lead, reference=challenge.reference.lower())
    act(lead, vignette, "propose")
    url = challenge.get_absolute_url()
    assert url in read(lead, vignette.get_absolute_url())
    page = read(colleague, vignette.get_absolute_url())
    for telling in (url, challenge.reference, "closed challenge", "Where it comes from"):
        assert telling not in page
    assert "It is approved" in act(colleague, vignette, "approve"), "they approve it without knowing"
    told = Event.objects.filter(object__startswith="source:")
    assert {str(challenge.pk)}.isdisjoint(str(event.codes["source"]["source.challenge"]) for event in told)


def test_every_number_that_is_not_theirs_to_use_gets_the_same_answer(cast: Cast, colleague: User) -> None:
    """One that is open, one that they may not read, one that is not there: alike, byte for byte."""
    challenge = closed(cast)
    stranger = person("Otto Elsewhere", lead=setting("Elsewhere Clinic", group="health"))
    hidden = refused(stranger, challenge.reference)
    assert hidden == refused(stranger, "BBBBBBB").replace("BBBBBBB", challenge.reference)
    assert "There is no closed challenge with this number" in hidden
    assert "There is no closed challenge" in refused(colleague, challenge.reference), (
        "stage 1: not the unit’s"
    )
    with_leads(cast)
    assert "There is no closed challenge" in refused(cast.people["raising_lead"], cast.challenge.reference)
    assert not Source.objects.exists()


def refused(user: User, reference: str) -> str:
    answer = send(user, "/forums/topics/new/", key=str(uuid4()), reference=reference, **WORDS)
    assert answer.status_code == 422
    return text(answer).partition("<main")[2].partition("<form")[0]


def test_words_copied_from_the_challenge_are_told_to_who_can_read_it_alone(
    cast: Cast, colleague: User
) -> None:
    challenge = closed(cast)
    lead = cast.people["raising_lead"]
    said = "A worker wrote: on 21 December I saw the child asleep in a car seat."
    vignette = written(lead, text=said, reference=challenge.reference)
    assert "These words stand in the challenge itself" in read(lead, vignette.get_absolute_url())
    assert "These words stand" not in read(colleague, vignette.get_absolute_url())


def test_what_is_sent_after_the_session_ended_is_there_after_signing_in(cast: Cast) -> None:
    """For whoever wrote it, once; and for nobody else at that browser."""
    lead, other = cast.people["raising_lead"], cast.people["responding_lead"]
    for who, there in ((lead, True), (other, False)):
        client = Client()
        client.force_login(lead)
        page = client.get("/forums/topics/new/").content.decode()
        [owner] = re.findall(r'name="owner" value="([^"]+)"', page)
        client.logout()
        answer = client.post("/forums/topics/new/", {**WORDS, "key": str(uuid4()), "owner": owner})
        assert answer["Location"].startswith("/sign-in/")
        client.force_login(who)
        shown = text(client.get("/forums/topics/new/"))
        assert (WORDS["text"] in shown) == there
        assert not Vignette.objects.exists()
        assert WORDS["text"] not in text(client.get("/forums/topics/new/")), "once"


def test_one_that_is_opened_again_is_not_approved(cast: Cast, colleague: User) -> None:
    challenge = closed(cast)
    vignette = written(cast.people["raising_lead"], reference=challenge.reference)
    act(cast.people["raising_lead"], vignette, "propose")
    Challenge.objects.filter(pk=challenge.pk).update(status="responded")
    assert "It cannot be approved now" in act(colleague, vignette, "approve")


def test_a_lead_sees_their_own_topics_and_no_other(cast: Cast) -> None:
    mine = written(cast.people["raising_lead"], title="Mine")
    written(cast.people["responding_lead"], title="Theirs")
    page = read(cast.people["raising_lead"], "/forums/topics/")
    assert "Mine" in page
    assert "Theirs" not in page
    assert send(cast.people["responding_lead"], mine.get_absolute_url(), act="take back").status_code == 404


TAMPERED: dict[str, Callable[[], object]] = {
    "approved past the second person": lambda: Vignette.objects.update(
        state="approved", decided_by=person("X"), decided_at=SENT
    ),
    "other words": lambda: Vignette.objects.update(text="Other."),
    "put on a forum": lambda: Topic.objects.create(
        sitting=sitting(by=person(role="business_unit"), host=setting().organisation, now=SENT),
        vignette=Vignette.objects.get(),
        at=SENT,
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_the_database_is_found(what: str, cast: Cast) -> None:
    topic(by=cast.people["unit"], now=SENT)
    assert list(faults()) == []
    TAMPERED[what]()
    assert list(faults()) != []


def test_pages_ask_as_little_of_many_topics_as_of_few(cast: Cast) -> None:
    ruth = cast.people["unit"]
    client = Client()
    client.force_login(ruth)

    def asked(path: str) -> int:
        client.get(path)
        with counted_sql() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    last = topic(by=ruth, now=SENT)
    few = [asked("/forums/topics/"), asked(last.get_absolute_url())]
    for number in range(20):
        topic(by=ruth, now=SENT, title=f"Topic {number}")
    assert [asked("/forums/topics/"), asked(last.get_absolute_url())] == few
    assert max(few) <= 10
