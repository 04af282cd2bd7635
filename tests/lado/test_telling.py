"""How people outside tell the LADO, and that nobody else can see that they did."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from core.outbox.jobs import Rota
from core.outbox.models import Message as LogMessage
from escalation.accounts.models import User
from escalation.challenges.case import read_case
from escalation.challenges.events import snapshot
from escalation.challenges.models import Challenge
from escalation.challenges.models import Entry as ChallengeEntry
from escalation.challenges.models import Event as ChallengeEvent
from escalation.lado.models import Employer, Entry, Message, Referral, Unsent
from escalation.lado.models import Event as LadoEvent
from escalation.lado.numbers import receipt_of
from tests.challenges.cast import Cast
from tests.factories import person
from tests.lado.cast import NOW, Team

pytestmark = pytest.mark.django_db

FORM = {
    "telling_as": "employer",
    "referrer": "Amara Cole, teacher",
    "referrer_phone": "020 7946 0177",
    "what": "A helper shouted at a child and held her arm.",
}


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def plain(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def told(client: Client, **more: Any) -> str:
    """Send the form; the receipt number that it answers with."""
    page = plain(client.post("/tell-lado/", {"key": uuid4(), **FORM, **more}))
    found = re.search(r"receipt number is <strong[^>]*>([^<]+)<", page)
    assert found, page
    return found[1]


# The form


@pytest.mark.parametrize("who", ["practitioner", "lead", "unit", "auditor", "nobody"])
def test_anybody_signed_in_can_tell_and_sees_only_a_receipt(team: Team, who: str) -> None:
    client = signed_in(team.outside[who])
    assert client.get("/tell-lado/").status_code == 200
    number = told(client)
    referral = Referral.objects.get()
    assert number.replace(" ", "") == receipt_of(referral.key)
    assert (referral.way, referral.owner, referral.referrer_user) == ("form", None, team.outside[who])
    assert client.get(referral.get_absolute_url()).status_code == 404
    assert {m.to for m in Message.objects.all()} == {team.people["lado"], team.people["deputy"]}


@pytest.mark.parametrize(
    ("telling_as", "source", "police_as"),
    [
        ("employer", "", ""),
        ("agency", "", ""),
        ("police_employer", "police", "employer"),
        ("police_notifier", "police", "notifier"),
    ],
)
def test_the_police_tell_as_employer_or_as_notifier(
    team: Team, telling_as: str, source: str, police_as: str
) -> None:
    told(signed_in(team.outside["lead"]), telling_as=telling_as)
    referral = Referral.objects.get()
    assert (referral.source, referral.police_as) == (source, police_as)


def test_all_that_is_known_goes_in(team: Team) -> None:
    known = {
        "adult_name": "Dominic Achterberg",
        "adult_born": "1 2 1980",
        "adult_role": "driver",
        "sector": "transport",
        "employer_name": "Northfield Transport",
        "child_name": "Ada Lovell",
        "employer_aware_day": "4 1 2027",
        "employer_aware_time": "3pm",
    }
    told(signed_in(team.outside["lead"]), **known)
    referral = Referral.objects.get()
    assert (referral.adult_name, referral.adult_born, referral.told_in_time) == (
        "Dominic Achterberg",
        "1980-02-01",
        True,
    )
    assert Employer.objects.get().sector == "transport"
    assert referral.children.get().name == "Ada Lovell"


LATE = {"employer_aware_day": "22 12 2026"}
WHY = "Why was the LADO told more than one working day after it was known?"


def test_late_is_sent_and_the_reason_stays_an_open_question(team: Team) -> None:
    client = signed_in(team.outside["lead"])
    page = plain(client.post("/tell-lado/", {"key": uuid4(), **FORM, **LATE}))
    assert "The LADO has it" in page
    assert WHY in page
    team.referral = Referral.objects.get()
    assert (team.referral.told_in_time, team.referral.late_unexplained) == (False, True)
    record = plain(signed_in(team.people["lado"]).get(team.referral.get_absolute_url()))
    assert "Nobody has said why yet." in record
    assert "The employer found out on Tue 22 Dec 2026." in record  # no time, since nobody gave one
    receipt = {"receipt": receipt_of(team.referral.key)}
    page = plain(client.post("/tell-lado/receipt/", receipt))
    assert "The LADO asks you" in page
    assert re.search(r'value="late"[^>]*checked', page)
    answer = {**receipt, "question": "late", "what": "We asked our lawyers first."}
    assert "Your answer is sent to the LADO." in plain(client.post("/tell-lado/receipt/", answer))
    referral = Referral.objects.get()
    assert (referral.late_reason, referral.news) == ("We asked our lawyers first.", True)
    assert WHY not in plain(client.post("/tell-lado/receipt/", receipt))


def test_late_with_its_reason_leaves_no_question(team: Team) -> None:
    client = signed_in(team.outside["lead"])
    page = plain(client.post("/tell-lado/", {"key": uuid4(), **FORM, **LATE, "late_reason": "We were shut."}))
    assert WHY not in page
    assert not Referral.objects.get().late_unexplained


def test_the_same_form_twice_shows_the_same_receipt(team: Team) -> None:
    client, key = signed_in(team.outside["lead"]), uuid4()
    first, second = (client.post("/tell-lado/", {"key": key, **FORM}) for _ in range(2))
    masked = [re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", a.content) for a in (first, second)]
    assert masked[0] == masked[1]
    assert Referral.objects.count() == 1


# Begun and not sent


TYPED = {
    "telling_as": "agency",
    "what": "A helper shouted \u2013 and",
    "adult_name": "Dominic Achterberg",
    "adult_born": "1 2",
    "sector": "transport",
    "employer_aware_day": "4 1 2027",
    "employer_aware_time": "3pm",
}


def test_what_is_half_typed_can_be_saved_and_come_back_to(team: Team) -> None:
    """As it was typed, mistakes and all; the LADO knows nothing of it, and nobody else sees it."""
    client, key = signed_in(team.outside["lead"]), uuid4()
    assert client.post("/tell-lado/", {"key": key, **TYPED, "save": "1"})["Location"] == "/tell-lado/"
    page = plain(client.get("/tell-lado/"))
    assert "This is not sent yet." in page
    assert "There is a problem" not in page
    for text in (
        "A helper shouted",
        "Dominic Achterberg",
        'value="1 2"',
        'value="4 1 2027"',
        'value="3pm"',
        str(key),
    ):
        assert text in page
    assert re.search(r'value="agency"[^>]*checked', page)
    assert (Referral.objects.count(), Message.objects.count(), LadoEvent.objects.count()) == (0, 0, 0)
    for who in ("lado", "senior_lead", "administrator"):
        user = {**team.people, **team.outside}[who]
        assert "Achterberg" not in plain(signed_in(user).get("/tell-lado/"))


def test_once_sent_it_is_not_kept(team: Team) -> None:
    client, key = signed_in(team.outside["lead"]), uuid4()
    client.post("/tell-lado/", {"key": key, **TYPED, "save": "1"})
    assert client.post("/tell-lado/", {"key": key, **FORM}).status_code == 200
    assert Referral.objects.get().key == key
    assert "not sent yet" not in plain(client.get("/tell-lado/"))
    assert not Unsent.objects.exists()


def test_it_can_be_thrown_away_and_is_gone_after_thirty_days(
    team: Team, travel: Callable[[datetime], None]
) -> None:
    client = signed_in(team.outside["lead"])
    client.post("/tell-lado/", {"key": uuid4(), **TYPED, "save": "1"})
    client.post("/tell-lado/", {"key": uuid4(), "drop": "1"})
    assert not Unsent.objects.exists()
    client.post("/tell-lado/", {"key": uuid4(), **TYPED, "save": "1"})
    [job] = [job for job in Rota().due(NOW) if job.name == "forget unsent"]
    job.run(NOW + timedelta(days=30))
    assert Unsent.objects.exists()
    job.run(NOW + timedelta(days=30, seconds=1))
    assert not Unsent.objects.exists()


def test_what_is_sent_after_the_session_ended_waits_with_its_receipt(team: Team) -> None:
    """On the receipt's page too: after signing in, the words stand there, and are sent with one click."""
    user = team.outside["lead"]
    client = signed_in(user)
    number = told(client)
    held = plain(client.post("/tell-lado/receipt/", {"receipt": number}))
    owner = re.search(r'name="owner" value="([^"]+)"', held)
    assert owner
    client.cookies.clear()
    words = {"receipt": number, "what": "The cook saw it too.", "owner": owner[1]}
    assert "/sign-in/" in client.post("/tell-lado/receipt/", words)["Location"]
    assert Entry.objects.count() == 1
    client.force_login(user)
    page = plain(client.get("/tell-lado/receipt/"))
    assert "You were signed out." in page
    assert "The cook saw it too." in page
    assert "There is a problem" not in page
    client.post("/tell-lado/receipt/", words)
    assert Entry.objects.count() == 2


# When they disagree, or it is about the LADO


def test_whoever_disagrees_is_told_whom_to_call(team: Team) -> None:
    client = signed_in(team.outside["lead"])
    page = plain(client.post("/tell-lado/receipt/", {"receipt": told(client)}))
    assert "The LADO's head of service" in page
    assert "020 7946 0122" in page
    step = f"{Referral.objects.get().get_absolute_url()}ask_head/"
    assert "020 7946 0122" in plain(signed_in(team.people["lado"]).get(step))


# The receipt


def test_with_the_receipt_one_answers_and_adds_and_sees_nothing_else(team: Team) -> None:
    referrer = signed_in(team.outside["lead"])
    number = told(referrer, adult_name="Dominic Achterberg")
    team.referral = Referral.objects.get()
    Message.objects.all().delete()
    team.take("support", "ask_referrer", what="Who else was in the room?")
    assert {m.to for m in Message.objects.all()} == {team.outside["lead"]}
    page = plain(referrer.post("/tell-lado/receipt/", {"receipt": number.lower()}))
    assert "Who else was in the room?" in page
    for hidden in ("Achterberg", "shouted", team.referral.reference, "Contact received", "Hannah"):
        assert hidden not in page
    question = team.row("questions")
    sent = {"receipt": number, "question": question, "what": "The class assistant."}
    assert "Your answer is sent" in plain(referrer.post("/tell-lado/receipt/", sent))
    assert "no question for you" in plain(referrer.post("/tell-lado/receipt/", {"receipt": number}))
    more = {"receipt": number, "what": "And the cook."}
    assert "is sent to the LADO" in plain(referrer.post("/tell-lado/receipt/", more))
    assert [e.step for e in Entry.objects.order_by("pk")][-2:] == ["answer_question", "add_information"]
    assert Referral.objects.get().news


@pytest.mark.parametrize("number", ["", "K7M4", "K7M4 QX9B 2DFG", "\x00", "x" * 50, "<script>"])
def test_a_number_that_is_none_gets_the_same_answer(team: Team, number: str) -> None:
    team.contact()
    answer = signed_in(team.outside["lead"]).post("/tell-lado/receipt/", {"receipt": number})
    assert answer.status_code == 422


def test_somebody_elses_question_cannot_be_answered(team: Team) -> None:
    client = signed_in(team.outside["lead"])
    told(client)
    team.referral = Referral.objects.get()
    team.take("support", "ask_referrer", what="Secret?")
    other = told(client)
    sent = {"receipt": other, "question": team.row("questions"), "what": "x"}
    answer = client.post("/tell-lado/receipt/", sent)
    assert answer.status_code == 200  # that page has no question: what was written is added instead
    assert team.referral.questions.get().answered_at is None


# The sealed copy (rule 18)


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    travel(NOW)
    cast = Cast()
    cast.raise_it()
    return cast


SEAL = {"referrer_phone": "020 7946 0177", "what": "The worker may have hit him."}


def seal_url(challenge: Challenge) -> str:
    return f"/tell-lado/challenge/{challenge.uuid}/"


def test_who_may_read_it_sends_a_copy_and_others_cannot(cast: Cast) -> None:
    stranger = person("Nobody Here")
    may = {"raiser": 200, "counterpart": 200, "raising_lead": 200, "supporting_lead": 403, "unit": 403}
    for who, status in may.items():
        client = signed_in(cast.people[who])
        assert client.get(seal_url(cast.challenge)).status_code == status, who
        assert client.post(seal_url(cast.challenge), {"key": uuid4(), **SEAL}).status_code == status, who
    assert signed_in(stranger).post(seal_url(cast.challenge), {"key": uuid4(), **SEAL}).status_code == 404
    assert Referral.objects.count() == 3
    copied = Entry.objects.earliest("pk").words["copy"]
    assert "the plan we agreed in October has not started" in copied
    assert Referral.objects.earliest("pk").challenge == cast.challenge.uuid


NEW_EACH_TIME = re.compile(rb'csrfmiddlewaretoken" value="\w+"|"request_id":"\w+"')


def looked(client: Client, paths: list[str]) -> list[tuple[int, bytes]]:
    """What each page answers; the look itself is taken back, since it is logged."""
    with transaction.atomic():
        answers = [client.get(path) for path in paths]
        transaction.set_rollback(True)
    return [(a.status_code, NEW_EACH_TIME.sub(b"", a.content)) for a in answers]


def test_a_sealed_copy_changes_nothing_that_anybody_else_can_see(cast: Cast) -> None:
    """Every page of the challenge and every list, byte for byte, for everybody; its rows, trail and mails."""
    url = cast.challenge.get_absolute_url()
    paths = [
        url,
        f"{url}who/",
        "/challenges/",
        f"/api/v1/challenges/{cast.challenge.uuid}/",
        "/api/v1/challenges/",
    ]
    clients = {who: signed_in(user) for who, user in cast.people.items()}
    before = {who: looked(client, paths) for who, client in clients.items()}
    counts = rows(cast)
    sent = signed_in(cast.people["raiser"]).post(seal_url(cast.challenge), {"key": uuid4(), **SEAL})
    assert sent.status_code == 200
    assert Referral.objects.count() == 1
    assert rows(cast) == counts
    for who, client in clients.items():
        for path, one, other in zip(paths, before[who], looked(client, paths), strict=True):
            assert one == other, (who, path)


def rows(cast: Cast) -> tuple[Any, ...]:
    challenge = Challenge.objects.get(pk=cast.challenge.pk)
    events = ChallengeEvent.objects.filter(object=str(challenge.uuid)).exclude(chain="access").count()
    return (
        snapshot(read_case(challenge)),
        challenge.version,
        ChallengeEntry.objects.count(),
        events,
        LogMessage.objects.count(),
    )


def test_a_second_copy_is_answered_as_the_first(cast: Cast) -> None:
    client = signed_in(cast.people["raiser"])
    answers = [client.post(seal_url(cast.challenge), {"key": uuid4(), **SEAL}) for _ in range(2)]
    shapes = {re.sub(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b", "NUMBER", plain(a)) for a in answers}
    assert len({re.sub(r'value="\w+"', "", shape) for shape in shapes}) == 1
