"""How long one stays signed in, where, and what ends it. What a browser still sends then opens nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from core.outbox.jobs import Rota
from core.outbox.models import Message
from core.outbox.notices import notice_of
from core.sessions.models import Browser, Session
from escalation.accounts import services
from escalation.accounts.models import User
from tests import way_in
from tests.factories import PASSWORD, person, setting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PAGE = "/signed-in/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def joan() -> User:
    return person("Joan Adeyemi", practitioner=setting(), password=PASSWORD)


def browser_of(user: User, *, agent: str = FIREFOX) -> Client:
    """A browser of its own, in which they have signed in through the page."""
    browser = Client(headers={"User-Agent": agent})
    signs_in(browser, user)
    return browser


def signs_in(browser: Client, user: User) -> None:
    assert way_in.signs_in(browser, user, PASSWORD).status_code == 302


def is_in(browser: Client) -> bool:
    answer = browser.get(PAGE)
    assert answer.status_code == 200 or answer["Location"] == f"/sign-in/?next={PAGE}"
    return answer.status_code == 200


def key_of(browser: Client) -> str:
    return browser.cookies["sessionid"].value


# Rotation


def test_signing_in_gives_a_new_key_and_the_old_one_is_gone(joan: User) -> None:
    browser = Client()
    browser.get("/")
    session = browser.session
    session["before"] = "signing in"
    session.save()
    browser.cookies["sessionid"] = str(session.session_key)
    signs_in(browser, joan)
    assert key_of(browser) != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_session_keeps_its_name_and_times_under_another_key(joan: User) -> None:
    browser = browser_of(joan)
    before = Session.objects.get(user=joan)
    session = browser.session
    session.cycle_key()
    after = Session.objects.get(user=joan)
    assert after.session_key != before.session_key
    assert (after.uuid, after.started_at) == (before.uuid, before.started_at)


def test_signing_in_as_somebody_else_takes_nothing_over(joan: User) -> None:
    browser = browser_of(joan)
    session = browser.session
    session["what Joan looked for"] = "Oakfield"
    session.save()
    browser.post("/sign-out/")
    signs_in(browser, person("Leila", practitioner=setting(), password=PASSWORD))
    assert "what Joan looked for" not in browser.session


# Limits


def test_fifteen_minutes_without_a_request_are_the_end(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    for _ in range(3):
        clock.shift(timedelta(minutes=14, seconds=59))
        assert is_in(browser)
    clock.shift(timedelta(minutes=15))
    assert not is_in(browser)


@pytest.mark.parametrize("role", ["lado", "deputy_lado", "lado_support"])
def test_behind_the_lado_wall_ten_are(role: str, clock: time_machine.Traveller) -> None:
    browser = browser_of(person(role=role, password=PASSWORD))
    clock.shift(timedelta(minutes=9, seconds=59))
    assert is_in(browser)
    clock.shift(timedelta(minutes=10))
    assert not is_in(browser)


def test_eight_hours_are_the_end_whatever_one_does(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    for _ in range(47):
        clock.shift(timedelta(minutes=10))
        assert is_in(browser)
    clock.shift(timedelta(minutes=10))
    assert not is_in(browser)


def test_being_seen_is_written_once_a_minute(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    clock.shift(timedelta(seconds=59))
    browser.get(PAGE)
    assert Session.objects.get(user=joan).seen_at == NOW
    clock.shift(timedelta(seconds=1))
    browser.get(PAGE)
    assert Session.objects.get(user=joan).seen_at == NOW + timedelta(minutes=1)


# The warning


def test_a_page_that_asks_how_long_is_nothing_that_its_reader_did(
    joan: User, clock: time_machine.Traveller
) -> None:
    browser = browser_of(joan)
    clock.shift(timedelta(minutes=13))
    assert browser.get("/signed-in/still/").json() == {"seconds": 120, "last": False}
    clock.shift(timedelta(minutes=2))
    answer = browser.get("/signed-in/still/")
    assert (answer.status_code, answer.json()) == (401, {"seconds": 0})


def test_a_list_that_renews_itself_keeps_nobody_signed_in(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    for _ in range(14):
        clock.shift(timedelta(minutes=1))
        assert browser.get("/challenges/", headers={"X-By-Itself": "1"}).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert not is_in(browser)


def test_whoever_says_so_stays_but_not_over_eight_hours(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    clock.shift(timedelta(minutes=13))
    assert browser.post("/signed-in/still/").json() == {"seconds": 900, "last": False}
    for _ in range(46):
        clock.shift(timedelta(minutes=10))
        browser.get(PAGE)
    assert browser.post("/signed-in/still/").json() == {"seconds": 7 * 60, "last": True}


def test_every_page_of_theirs_knows_when_it_ends(joan: User, clock: time_machine.Traveller) -> None:
    browser = browser_of(joan)
    clock.shift(timedelta(seconds=30))
    assert b'data-ends-in="870"' in browser.get("/").content
    assert b"data-ends-in" not in Client().get("/").content


# What ends it


def test_a_cookie_that_was_signed_out_is_dead_on_the_server(joan: User) -> None:
    browser, thief = browser_of(joan), Client()
    thief.cookies["sessionid"] = key_of(browser)
    assert is_in(thief)
    browser.post("/sign-out/")
    assert not is_in(thief)
    assert not Session.objects.filter(user=joan).exists()


def test_whoever_is_shut_out_is_out_at_the_next_request(joan: User) -> None:
    browser = browser_of(joan)
    User.objects.filter(pk=joan.pk).update(is_active=False)
    assert not is_in(browser)


def test_whoever_leaves_is_out_at_the_next_request(joan: User) -> None:
    browser = browser_of(joan)
    services.leave(user=joan, now=NOW, by=None)
    assert not is_in(browser)
    assert not Session.objects.filter(user=joan).exists()


def test_a_seat_that_is_given_or_ended_counts_from_the_next_request(joan: User) -> None:
    before = browser_of(joan)
    seat = services.give_seat(user=joan, kind="lead", setting=setting(), by=None)
    assert not is_in(before)
    between = browser_of(joan)
    services.end_seat(seat=seat, by=None)
    assert not is_in(between)


def test_a_session_that_ends_while_it_is_used_is_not_brought_back(joan: User) -> None:
    session = browser_of(joan).session
    session["more"] = "than before"
    services.leave(user=joan, now=NOW, by=None)
    session.save()
    assert not Session.objects.filter(user=joan).exists()


def test_a_new_password_ends_every_session(joan: User) -> None:
    browser = browser_of(joan)
    joan.set_password("another horse, another staple")
    joan.save()
    assert not is_in(browser)


def test_signing_out_tells_the_browser_to_forget(joan: User) -> None:
    answer = browser_of(joan).post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["sessionid"]["max-age"] == 0


def test_ended_sessions_are_forgotten(joan: User, clock: time_machine.Traveller) -> None:
    browser_of(joan)
    clock.shift(timedelta(hours=1))
    still_here = browser_of(joan)
    for job in Rota().due(NOW):
        if job.name == "forget sessions":
            job.run(NOW)
    assert [each.session_key for each in Session.objects.all()] == [key_of(still_here)]


# Where one is signed in


def test_one_sees_where_one_is_signed_in_and_nobody_elses(joan: User) -> None:
    browser_of(joan, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
    browser_of(person("Leila", practitioner=setting(), password=PASSWORD), agent="Chrome/140 (X11; Linux)")
    page = browser_of(joan).get(PAGE).content.decode()
    assert "Here: Firefox on Windows, since" in page
    assert "Safari on an iPhone, since" in page
    assert "Chrome on Linux" not in page


def test_one_signs_out_elsewhere_with_the_password(joan: User) -> None:
    lost, here, kept = browser_of(joan), browser_of(joan), browser_of(joan)
    uuid = str(Session.objects.get(session_key=key_of(lost)).uuid)
    wrong = here.post(PAGE, {"where": uuid, "password": "a guess"})
    assert wrong.status_code == 422
    assert is_in(lost)
    assert here.post(PAGE, {"where": uuid, "password": PASSWORD}).status_code == 302
    assert [is_in(lost), is_in(here), is_in(kept)] == [False, True, True]


def test_one_cannot_sign_anybody_else_out(joan: User) -> None:
    other = browser_of(person("Leila", practitioner=setting(), password=PASSWORD))
    uuid = str(Session.objects.get(session_key=key_of(other)).uuid)
    browser_of(joan)
    assert browser_of(joan).post(PAGE, {"where": uuid, "password": PASSWORD}).status_code == 422
    assert is_in(other)


# Browsers


def test_a_browser_that_is_new_is_told_by_a_mail_without_details(joan: User) -> None:
    first = browser_of(joan)
    assert not Message.objects.exists()
    first.post("/sign-out/")
    signs_in(first, joan)
    assert not Message.objects.exists()
    browser_of(joan)
    told = Message.objects.get()
    words = notice_of(told.kind)
    assert (told.to, told.path) == (joan, "/signed-in/")
    assert not any(detail in words.subject + words.sentence for detail in ("Firefox", "Joan", "2026"))
    call_command("outbox")


def test_the_cookie_of_a_browser_is_kept_as_a_hash_and_opens_nothing(joan: User) -> None:
    browser = browser_of(joan)
    cookie = browser.cookies["browser"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(Browser.objects.values().get())
    copied = Client()
    copied.cookies["browser"] = cookie.value
    assert not is_in(copied)


def test_two_people_can_share_a_browser_and_neither_is_told_of_the_other(joan: User) -> None:
    shared = browser_of(joan)
    shared.post("/sign-out/")
    leila = person("Leila", practitioner=setting(), password=PASSWORD)
    signs_in(shared, leila)
    assert not Message.objects.exists()
    assert set(Browser.objects.values_list("user", flat=True)) == {joan.pk, leila.pk}
    assert Browser.objects.values("digest").distinct().count() == 1
