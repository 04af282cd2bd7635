"""The pulse: one question at three times, by nobody's name; and what the calendar does with it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.forums.events import faults
from escalation.forums.models import Event, Pulse, Sitting
from escalation.forums.services import cancel, close, count, keep_pulses
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import acting, sitting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW, THE_DAY = london(2026, 11, 24, 9), london(2026, 12, 8, 14)
Travel = Callable[[datetime], None]


@pytest.fixture
def ruth(travel: Travel) -> User:
    travel(NOW)
    policy(today=NOW.date())
    return person("Ruth Ames", role="business_unit")


@pytest.fixture
def forum(ruth: User) -> Sitting:
    school = setting("Oakfield", group="education", of=organisation("Oakfield Trust"))
    person("Priya Shah", lead=school)
    host = school.organisation
    return sitting(by=ruth, host=host, invited=[host], now=NOW, starts_at=THE_DAY, places=3)


def say(pulse: Pulse, level: str, client: Client | None = None) -> Any:
    return (client or Client()).post(pulse.get_absolute_url(), {"level": level}, follow=True)


def wave(forum: Sitting, name: str) -> Pulse:
    return forum.pulses.get(wave=name)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


WHEN = {
    "as soon as it is planned": (NOW, "before"),
    "a minute before it begins": (THE_DAY - timedelta(minutes=1), "before"),
    "as it begins": (THE_DAY, "after"),
    "two weeks after": (THE_DAY + timedelta(days=14), "after"),
    "between the two": (THE_DAY + timedelta(days=60), None),
    "three months after": (THE_DAY + timedelta(days=91), "later"),
    "four months after": (THE_DAY + timedelta(days=121), None),
}


@pytest.mark.parametrize("when", WHEN)
def test_each_question_has_its_time(when: str, forum: Sitting, travel: Travel) -> None:
    moment, expected = WHEN[when]
    travel(moment)
    for pulse in forum.pulses.all():
        answer = say(pulse, "4")
        assert ("Thank you" in text(answer)) == (pulse.wave == expected), pulse.wave
    assert {pulse.wave for pulse in Pulse.objects.all() if sum(pulse.counts.values())} == {expected} - {None}


def test_nothing_of_an_answer_is_kept_but_that_there_is_one_more(forum: Sitting, ruth: User) -> None:
    """Signed in or not, the same rows change, by the same statements; and nothing else changes."""
    pulse = wave(forum, "before")
    inside = Client()
    inside.force_login(ruth)
    before, events = rows(), Event.objects.count()
    for client in (Client(), inside):
        client.get(pulse.get_absolute_url())
        with counted_sql() as statements:
            say(pulse, "2", client)
        written = [sql for sql in statements if sql.startswith(("INSERT", "UPDATE"))]
        assert len([sql for sql in written if "forums_pulse" in sql]) == 1
        assert all("forums_pulse" in sql or "session" in sql for sql in written), written
    assert Event.objects.count() == events
    after = rows()
    assert after.pop("counts") == {"1": 0, "2": 2, "3": 0, "4": 0, "5": 0}
    assert before.pop("counts") == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert after == before


def rows() -> dict[str, Any]:
    return dict(Pulse.objects.filter(wave="before").values()[0])


def test_a_link_that_goes_astray_bends_no_more_than_there_are_places(forum: Sitting) -> None:
    pulse = wave(forum, "before")
    for _ in range(3):
        assert "Thank you" in text(say(pulse, "5"))
    assert "As many people have answered" in text(say(pulse, "1"))
    pulse.refresh_from_db()
    assert sum(pulse.counts.values()) == 3


@pytest.mark.parametrize("level", ["", "0", "6", "many", "1' OR 1=1"])
def test_no_other_answer_is_taken(level: str, forum: Sitting) -> None:
    answer = Client().post(wave(forum, "before").get_absolute_url(), {"level": level})
    assert answer.status_code == 422


def test_an_address_that_is_nobodys_is_not_there(forum: Sitting) -> None:
    for path in ("/pulse/BBBBBBBB/", "/pulse/x/", "/pulse/BBBBBBBB/thanks/"):
        assert Client().get(path).status_code == 404
    typed = wave(forum, "before").code.lower()
    assert Client().get(f"/pulse/{typed}/").status_code == 200, "typed from a sheet of paper"


def test_the_calendar_asks_again_after_three_months_and_seals_what_is_over(
    forum: Sitting, ruth: User, travel: Travel
) -> None:
    say(wave(forum, "before"), "2")
    travel(THE_DAY)
    say(wave(forum, "after"), "4")
    count(forum, forum.host_id, 2, seen=0, by=acting(ruth, THE_DAY))
    close(forum, by=acting(ruth, THE_DAY))
    Message.objects.all().delete()
    assert keep_pulses(now=THE_DAY) == 1, "the first is over when it begins"
    assert keep_pulses(now=THE_DAY) == 0
    later = THE_DAY + timedelta(days=91)
    assert keep_pulses(now=later) == 2
    assert keep_pulses(now=later) == 0
    [mail] = Message.objects.all()
    assert (mail.to.full_name, mail.path) == ("Priya Shah", wave(forum, "later").get_absolute_url())
    assert wave(forum, "before").sealed == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0}
    travel(later)
    page = in_words(ruth, forum)
    assert "Before closed 0 1 0 0 0 1" in page
    assert "Not for release" in page
    call_command("verify_audit")


def in_words(user: User, forum: Sitting) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(forum.get_absolute_url()).content.decode()).split())


def test_only_the_unit_sees_how_many_chose_what(forum: Sitting) -> None:
    say(wave(forum, "before"), "2")
    lead = User.objects.get(full_name="Priya Shah")
    page = in_words(lead, forum)
    assert "One question, one minute" in page
    assert "Not for release" not in page


def test_a_forum_that_is_called_off_asks_nobody(forum: Sitting, ruth: User) -> None:
    cancel(forum, why="Snow.", by=acting(ruth, NOW))
    assert "closed" in text(say(wave(forum, "before"), "3"))
    assert keep_pulses(now=THE_DAY + timedelta(days=200)) == 0


def test_a_number_changed_after_the_end_is_found(forum: Sitting) -> None:
    keep_pulses(now=THE_DAY)
    assert list(faults()) == []
    Pulse.objects.filter(wave="before").update(counts={"1": 9, "2": 0, "3": 0, "4": 0, "5": 0})
    assert "counted on after its end" in str(next(iter(faults())))


def test_the_question_asks_three_statements(forum: Sitting) -> None:
    path = wave(forum, "before").get_absolute_url()
    Client().get(path)
    with counted_sql() as statements:
        Client().get(path)
    assert len(statements) <= 3
