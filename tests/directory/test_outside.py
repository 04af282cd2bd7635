"""A service outside the log: the business unit writes down what it says, and whatever it wants to raise."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.outbox.models import Message
from escalation.access.standing import standing_of
from escalation.accounts.models import Setting, User
from escalation.accounts.services import issue_token
from escalation.challenges.models import Challenge
from escalation.challenges.services.letting_in import may_break_glass
from tests.factories import SENT, WORDS, challenge, person, policy, setting

pytestmark = pytest.mark.django_db
NOW = SENT + timedelta(hours=1)
CALL = {"spoke_to": "Ms Ito", "their_pointer": "SC-3"}


@pytest.fixture
def sutton(travel: Callable[[datetime], None]) -> Setting:
    travel(NOW)
    policy(today=NOW.date())
    return setting("Sutton Children’s Services", short="Sutton", outside=True)


@pytest.fixture
def unit(sutton: Setting) -> User:
    return person("Ruth Ames", job="business manager", role="business_unit")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_unit_calls_and_writes_down_the_answer(sutton: Setting, unit: User) -> None:
    raiser = person("Leila Osei", job="health visitor", practitioner=setting("Oakfield", group="education"))
    asked = challenge(by=raiser, raising=raiser.seats.get().setting, asked=[sutton], now=SENT)
    url = asked.get_absolute_url()
    assert unit in [each.to for each in Message.objects.all()], "it is told that it is its turn"
    desk, hers = signed_in(unit), signed_in(raiser)
    page = text(desk.get(url))
    assert "It is your turn to answer" in page
    assert "Sutton does not use the log: call them, and write down here what they say." in page
    assert "the plan we agreed in October has not started" in page, "to tell them, one has to read it"
    assert "The business unit can read it too." in text(hers.get(url))
    version = {"version": 1}
    moment = {"called_at_day": "23 12 2026", "called_at_time": "11am"}
    assert desk.post(f"{url}match/", {**version, **CALL, **moment}).status_code == 302
    said = {"version": 2, "answer": "differs", "what_differs": "They see it differently, and say why."}
    assert "Who told you this, and how?" in text(desk.get(f"{url}reply/"))
    said["told_by"] = "their duty manager, by phone"
    assert desk.post(f"{url}reply/", said).status_code == 302
    page = text(hers.get(url))
    assert "They see it differently, and say why." in page
    written = "Written down by the business unit, for Sutton Children’s Services."
    assert f"{written} Told by their duty manager, by phone" in page
    token = issue_token(user=raiser, name="Mine", days=1, now=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.plain}"})
    entries = api.get(f"/api/v1{url}").json()["entries"]
    assert [e["words"]["told_by"] for e in entries if "told_by" in e["words"]] == [said["told_by"]]
    call_command("verify_audit")


def test_nobody_is_asked_who_told_them_what_they_say_themselves(sutton: Setting, unit: User) -> None:
    care = setting("Family Safeguarding Team 2", short="social care")
    lead = person("Lena Lead", lead=care)
    asked = challenge(asked=[sutton, care], now=SENT)
    assert "Who told you" not in text(signed_in(lead).get(f"{asked.get_absolute_url()}add_note/"))
    assert "Who told you" in text(signed_in(unit).get(f"{asked.get_absolute_url()}add_note/"))


def test_it_stands_in_the_units_own_turn(sutton: Setting, unit: User) -> None:
    challenge(asked=[sutton], now=SENT)
    assert "Sutton" in text(signed_in(unit).get("/challenges/?show=ours"))


def test_the_unit_raises_what_they_say_by_phone(sutton: Setting, unit: User) -> None:
    care = setting("Family Safeguarding Team 2", short="social care")
    person("Chinwe Adebayo", lead=care)
    desk = signed_in(unit)
    start = desk.get("/raise/")["Location"]
    page = text(desk.get(start))
    assert "Who told you this, and how?" in page
    assert "You write down what they told you, by phone or on an old form." in page
    told = {**WORDS, "told_by": "their form of 3 May"}
    raised = challenge(by=unit, raising=sutton, asked=[care], now=SENT, words=told)
    page = text(signed_in(User.objects.get(full_name="Chinwe Adebayo")).get(raised.get_absolute_url()))
    assert "Written down by the business unit, for Sutton Children’s Services. Told by their form" in page
    assert Challenge.objects.get().raising == sutton


def test_the_raise_form_says_that_the_unit_calls_them(sutton: Setting) -> None:
    raiser = signed_in(person(practitioner=setting("Oakfield", group="education")))
    start = raiser.get("/raise/")["Location"]
    raiser.post(start, {"asked_1": str(sutton.uuid), "act": "look"})
    assert "They do not use the log. The business unit calls them" in text(raiser.get(start))


def test_acting_for_them_opens_nothing_else(sutton: Setting, unit: User) -> None:
    """No emergency, no other service's words; and once it uses the log, nothing of its either."""
    other = challenge(now=SENT)
    page = text(signed_in(unit).get(other.get_absolute_url()))
    assert "the plan we agreed in October" not in page
    standing = standing_of(unit, today=NOW.date())
    assert standing.outside == {sutton.pk}
    assert not may_break_glass(standing)
    Setting.objects.update(outside=False)
    assert standing_of(unit, today=NOW.date()).settings == frozenset()


def test_nobody_but_the_unit_acts_for_them(sutton: Setting) -> None:
    for role in ("auditor", "administrator", "scrutineer", "lado"):
        assert standing_of(person(role=role), today=NOW.date()).settings == frozenset()
