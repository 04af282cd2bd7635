"""Due times in a calendar program: one's own turn alone, no detail, by a secret address that can be ended."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from escalation.access.models import ConflictReason
from escalation.accounts.models import User
from escalation.challenges.models import CalendarFeed
from escalation.challenges.services import make_calendar, name_conflict
from tests.challenges.cast import CALLED, Cast
from tests.factories import SENT
from tests.lado.cast import Team

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = SENT + timedelta(hours=1)


@pytest.fixture
def cast(travel: Travel) -> Cast:
    travel(NOW)
    cast = Cast()
    cast.raise_it(label="five weeks without a visit")
    return cast


def read(secret: str) -> Any:
    """As a calendar program does: without cookies."""
    return Client().get("/calendar.ics", {"key": secret})


def feed(user: User) -> str:
    answer = read(make_calendar(owner=user, now=NOW))
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\r\n ", "")


def test_it_has_what_is_my_turn_and_by_when(cast: Cast) -> None:
    text = feed(cast.people["counterpart"])
    assert re.findall(r"DTSTART:(\S+)", text) == ["20261229T170000Z"]
    assert f"{cast.challenge.get_absolute_url()}\r\n" in text
    for who in ("raiser", "supporting_lead", "auditor", "unit"):
        assert "BEGIN:VEVENT" not in feed(cast.people[who]), who


def test_it_says_nothing_of_what_it_is_about(cast: Cast) -> None:
    text = feed(cast.people["counterpart"])
    assert re.findall(r"SUMMARY:(.*)\r", text) == ["Log: something is due"]
    for word in ("Oakfield", "Amara", "Tom", "social care", cast.challenge.reference, "visit", "stage"):
        assert word.lower() not in text.lower(), word


def test_it_follows_the_turn(cast: Cast) -> None:
    counterpart, raiser = cast.people["counterpart"], cast.people["raiser"]
    for who in ("counterpart", "officer"):
        cast.take(who, "match", NOW, **CALLED)
        cast.take(who, "reply", NOW, answer="acted", what="A visit.", acted_on=SENT.date())
    assert "BEGIN:VEVENT" not in feed(counterpart)
    assert "BEGIN:VEVENT" in feed(raiser)


def test_who_must_not_see_it_has_it_in_no_calendar(cast: Cast) -> None:
    user = cast.people["counterpart"]
    name_conflict(
        cast.challenge,
        user=user,
        by=user,
        standing=cast.standings["counterpart"],
        reason=ConflictReason.FAMILY,
        now=NOW,
    )
    assert "BEGIN:VEVENT" not in feed(user)


def test_a_new_address_ends_the_old_one_and_ending_it_ends_it(cast: Cast, client: Client) -> None:
    user = cast.people["counterpart"]
    client.force_login(user)
    first = secret_on(client.post("/my/calendar/new/"))
    second = secret_on(client.post("/my/calendar/new/"))
    assert (read(first).status_code, read(second).status_code) == (404, 200)
    assert "You made an address" in client.get("/my/notices/").content.decode()
    client.post("/my/calendar/end/")
    assert read(second).status_code == 404


def secret_on(page: Any) -> str:
    found = re.search(r"calendar\.ics\?key=([\w-]+)", page.content.decode())
    assert found is not None
    return found[1]


def test_the_secret_is_kept_nowhere(cast: Cast) -> None:
    secret = make_calendar(owner=cast.people["raiser"], now=NOW)
    assert secret not in str(CalendarFeed.objects.values())
    assert len(secret) >= 43


@pytest.mark.parametrize("key", ["", "x", "é", "\x00", "' OR 1=1"])
def test_without_the_secret_there_is_nothing(cast: Cast, key: str) -> None:
    make_calendar(owner=cast.people["counterpart"], now=NOW)
    assert read(key).status_code == 404


def test_who_has_left_has_no_calendar(cast: Cast) -> None:
    user = cast.people["counterpart"]
    secret = make_calendar(owner=user, now=NOW)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert read(secret).status_code == 404


def test_it_is_kept_by_nobody_on_the_way_and_only_read(cast: Cast) -> None:
    secret = make_calendar(owner=cast.people["counterpart"], now=NOW)
    answer = read(secret)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert Client().post(f"/calendar.ics?key={secret}").status_code == 405


def test_no_log_line_has_the_secret(cast: Cast, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    read("a-wrong-secret")
    assert "a-wrong-secret" not in caplog.text


def test_the_lados_times_are_in_nobodys_calendar(cast: Cast) -> None:
    team = Team()
    users = [*cast.people.values(), *team.people.values()]
    before = {user: feed(user) for user in users}
    team.contact(employer_name="Northfield Transport", sector="transport")
    assert {user: feed(user) for user in users} == before
    assert all("BEGIN:VEVENT" not in before[user] for user in team.people.values())
