"""Keys of systems, as an administrator gives and ends them; and what one opens in the wrong hands."""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.audit.models import AppendOnlyError
from escalation.access.addresses import addresses
from escalation.accounts import services
from escalation.accounts.events import faults
from escalation.accounts.models import ApiToken, Event, User
from tests.factories import person, setting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = london(2026, 11, 24, 9)
REPORTS, CHALLENGES, DIRECTORY = "/api/v1/reports/", "/api/v1/challenges/", "/api/v1/settings/"
SHOWN = re.compile(r'id="key" type="text" value="([^"]+)"')
ASKED = {
    "system": "new",
    "system_name": "The council’s dashboard",
    "email": "dashboard@example.org",
    "name": "Quarterly figures",
    "scopes": ["reports"],
    "days": "90",
}


@pytest.fixture(autouse=True)
def that_day(travel: Travel) -> None:
    travel(NOW)


@pytest.fixture
def kim() -> User:
    return person("Kim Roe", role="administrator")


@pytest.fixture
def browser(kim: User) -> Client:
    client = Client()
    client.force_login(kim)
    return client


def send(browser: Client, **changed: Any) -> Any:
    return browser.post("/keys/new/", {"uuid": str(uuid4()), **ASKED, **changed})


def made(browser: Client, **changed: Any) -> str:
    """The key, copied from the page that shows it."""
    answer = send(browser, **changed)
    assert answer.status_code == 200, answer.content
    found = SHOWN.search(answer.content.decode())
    assert found is not None
    return found[1]


def asked(key: str, address: str = REPORTS) -> int:
    return Client(headers={"Authorization": f"Bearer {key}"}).get(address).status_code


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_from_the_form_to_an_answer_and_to_the_end(browser: Client) -> None:
    assert "There is none yet" in text(browser, "/keys/")
    assert "Another one" in text(browser, "/keys/new/")
    key = made(browser)
    assert asked(key) == 200
    listed = text(browser, "/keys/")
    for words in (
        "Quarterly figures",
        "The council’s dashboard. Opens: Published figures",
        "Tuesday 24 November 2026, by Kim Roe",
        "Tue 24 Nov, 9am",
        "Works until Monday 22 February 2027",
    ):
        assert words in listed
    end = f"/keys/{ApiToken.objects.get().uuid}/end/"
    assert "It stops at once" in text(browser, end)
    assert asked(key) == 200, "asking ends nothing"
    browser.post(end)
    assert asked(key) == 401
    assert "Ended on Tuesday 24 November 2026" in text(browser, "/keys/")
    assert "nothing to do" in text(browser, end)
    call_command("verify_audit")


def test_a_system_that_is_known_gets_a_second_key(browser: Client) -> None:
    first = made(browser)
    [system] = User.objects.filter(email="dashboard@example.org")
    second = made(browser, system=str(system.pk), name="Its successor", scopes=["reports", "directory"])
    assert [asked(each) for each in (first, second)] == [200, 200]
    assert ApiToken.objects.filter(user=system).count() == 2


WRONG = {
    "nothing": ({"system": ""}, "Choose a system."),
    "a system without a name": ({"system_name": ""}, "Say what the system is called."),
    "no address": ({"email": ""}, "Enter an e-mail address"),
    "what it is for": ({"name": ""}, "Say what the key is for."),
    "no scope": ({"scopes": []}, "Choose what it may open."),
    "a person's scope": ({"scopes": ["write"]}, "Select a valid choice"),
    "for ever": ({"days": "3650"}, "Select a valid choice"),
    "a name with a NUL": ({"name": "a\0b"}, "cannot keep"),
}


@pytest.mark.parametrize(("changed", "words"), WRONG.values(), ids=WRONG)
def test_what_is_missing_is_said_and_nothing_is_made(
    browser: Client, changed: dict[str, Any], words: str
) -> None:
    answer = send(browser, **changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_second_click_makes_no_second_key(browser: Client) -> None:
    once = str(uuid4())
    made(browser, uuid=once)
    again = send(browser, uuid=once)
    assert again.status_code == 422
    assert "was shown once" in again.content.decode()
    assert ApiToken.objects.count() == 1


def test_the_words_of_a_system_are_shown_as_words(browser: Client) -> None:
    made(browser, name="<script>alert(1)</script>")
    assert "<script>alert" not in text(browser, "/keys/")


# An administrator sees no case, and cannot make a key that does.


def test_a_key_for_a_person_is_refused(browser: Client) -> None:
    teacher = person("Amal Idris", practitioner=setting())
    assert send(browser, system=str(teacher.pk)).status_code == 422
    answer = send(browser, email=teacher.email)
    assert answer.status_code == 422
    assert "e-mail address is here already" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_system_with_a_seat_besides_is_no_system(browser: Client) -> None:
    made(browser)
    system = User.objects.get(email="dashboard@example.org")
    services.give_seat(user=system, kind="practitioner", setting=setting(), by=None)
    assert send(browser, system=str(system.pk)).status_code == 422
    assert f'name="system" value="{system.pk}"' not in text(browser, "/keys/new/")


@pytest.mark.parametrize("role", ["business_unit", "lado", "auditor", "service"])
def test_nobody_else_gives_or_ends_keys(browser: Client, role: str) -> None:
    made(browser)
    key = ApiToken.objects.get()
    other = person(role=role)
    client = Client()
    client.force_login(other)
    assert client.get("/keys/").status_code == 403
    assert send(client).status_code == 403
    assert client.post(f"/keys/{key.uuid}/end/").status_code == 403
    with pytest.raises(services.Refused, match="administrator's"):
        services.end_key(token=key, by=other, now=NOW)
    with pytest.raises(services.Refused, match="administrator's"):
        services.issue_to_system(
            system=key.user, name="x", scopes=["reports"], days=1, uuid=uuid4(), by=other, now=NOW
        )
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_key_of_a_person_is_not_ended_here(browser: Client) -> None:
    amal = person("Amal Idris", practitioner=setting())
    own = services.issue_token(user=amal, name="mine", days=1, now=NOW).token
    assert browser.post(f"/keys/{own.uuid}/end/").status_code == 404


# With a key in the wrong hands.


def test_a_key_that_ran_out_opens_nothing_from_that_second_on(browser: Client, travel: Travel) -> None:
    key = made(browser, days="30")
    travel(NOW + timedelta(days=30, seconds=-1))
    assert asked(key) == 200
    travel(NOW + timedelta(days=30))
    assert asked(key) == 401


def test_of_two_keys_the_one_that_is_ended_is_refused_at_its_next_request(browser: Client) -> None:
    first, second = made(browser), made(browser, email="other@example.org")
    browser.post(f"/keys/{ApiToken.objects.earliest('pk').uuid}/end/")
    assert [asked(first), asked(second)] == [401, 200]


def test_a_system_that_is_shut_out_is_refused(browser: Client) -> None:
    key = made(browser)
    services.leave(user=User.objects.get(email="dashboard@example.org"), now=NOW, by=None)
    assert asked(key) == 401
    User.objects.filter(email="dashboard@example.org").update(is_active=True)
    assert asked(key) == 401, "who comes back has no key"


@pytest.mark.parametrize(
    ("scopes", "opened"),
    [
        (["reports"], [200, 403, 403]),
        (["directory"], [403, 200, 403]),
        (["reports", "directory"], [200, 200, 403]),
    ],
)
def test_a_key_opens_what_it_was_made_for(browser: Client, scopes: list[str], opened: list[int]) -> None:
    key = made(browser, scopes=scopes)
    assert [asked(key, address) for address in (REPORTS, DIRECTORY, CHALLENGES)] == opened


def test_a_scope_narrows_a_key_of_somebody_who_sees_challenges_too() -> None:
    school = setting()
    amal = person("Amal Idris", practitioner=school)
    key = services.issue_token(user=amal, name="mine", days=1, now=NOW, scopes="reports").plain
    assert [asked(key, address) for address in (REPORTS, DIRECTORY, CHALLENGES)] == [200, 403, 403]


OPEN_TO_ANY_KEY = {"api-schema"}


def test_no_address_of_the_api_forgets_to_ask_what_a_key_opens() -> None:
    """A key whose one scope names nothing is refused everywhere, save where the API is described."""
    amal = person("Amal Idris", practitioner=setting())
    made_for_nothing = services.issue_token(user=amal, name="mine", days=1, now=NOW)
    ApiToken.objects.filter(pk=made_for_nothing.token.pk).update(scopes="nothing")
    gaps = {"<uuid:uuid>": str(uuid4()), "<str:quarter>": "2026-27-Q1", "<over:over>": "year-to-date"}
    gaps |= {"<int:standard>": "4"}
    opened = set()
    for each in addresses():
        if each.is_api:
            route = each.route
            for gap, value in gaps.items():
                route = route.replace(gap, value)
            status = asked(made_for_nothing.plain, "/" + re.sub(r"<[^>]+>", "opened", route))
            if status not in (403, 405):
                opened.add(each.name)
    assert opened == OPEN_TO_ANY_KEY


IN_THE_ADDRESS = ("key", "api_key", "token", "access_token", "authorization", "Authorization")


@pytest.mark.parametrize("name", IN_THE_ADDRESS)
def test_a_key_in_an_address_is_not_looked_at(browser: Client, name: str) -> None:
    key = made(browser)
    for value in (key, f"Bearer {key}"):
        assert Client().get(REPORTS, {name: value}).status_code == 401
    cookie = Client()
    cookie.cookies["key"] = key
    assert cookie.get(REPORTS).status_code == 401


def test_a_key_stands_nowhere_once_its_page_is_closed(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = made(browser)
    secret = key.partition(".")[2]
    asked(key)
    asked(f"{key}x")
    Client().get(f"{REPORTS}?key={key}")
    for page in ("/keys/", "/keys/new/", f"/keys/{ApiToken.objects.get().uuid}/end/"):
        assert secret not in text(browser, page)
    rows = [str(row) for model in apps.get_models() for row in model._default_manager.values()]
    assert len(rows) > 5
    assert not [row for row in rows if secret in row]
    assert secret not in caplog.text


def test_the_page_with_the_key_is_kept_by_no_browser(browser: Client) -> None:
    assert "no-store" in send(browser)["Cache-Control"]


# The trail.


def test_the_trail_says_who_gave_and_ended_a_key(browser: Client, kim: User) -> None:
    made(browser)
    key = ApiToken.objects.get()
    browser.post(f"/keys/{key.uuid}/end/")
    browser.post(f"/keys/{key.uuid}/end/")
    told = (
        Event.objects.filter(chain="api-keys").order_by("seq").values_list("act", "actor", "seat", "object")
    )
    assert list(told) == [
        ("issued", kim.pk, "administrator", str(key.uuid)),
        ("ended", kim.pk, "administrator", str(key.uuid)),
    ]
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()


DONE_TO_IT = {
    "made to last": lambda keys: keys.update(expires_at=NOW + timedelta(days=9999)),
    "opened wide": lambda keys: keys.update(scopes="write"),
    "given to another": lambda keys: keys.update(user=person(practitioner=setting())),
    "exchanged": lambda keys: keys.update(digest=services.token_digest("mine.mine")),
    "deleted": lambda keys: keys.delete(),
    "brought back": lambda keys: keys.update(revoked_at=None),
}


@pytest.mark.parametrize("what", DONE_TO_IT)
def test_a_key_that_was_changed_in_the_database_is_found(browser: Client, what: str) -> None:
    made(browser)
    if what == "brought back":
        browser.post(f"/keys/{ApiToken.objects.get().uuid}/end/")
    assert list(faults()) == []
    DONE_TO_IT[what](ApiToken.objects.all())
    assert [fault.chain for fault in faults()] == ["api-keys"]


def test_a_key_that_was_put_into_the_database_is_found(kim: User) -> None:
    ApiToken.objects.create(
        user=kim,
        name="mine",
        prefix="mine",
        digest=services.token_digest("mine.mine"),
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    [fault] = faults()
    assert "was never issued" in str(fault)


def test_the_list_costs_the_same_however_long_it_is(browser: Client) -> None:
    made(browser)
    with counted_sql() as few:
        text(browser, "/keys/")
    for number in range(8):
        made(browser, email=f"dashboard{number}@example.org")
    with counted_sql() as many:
        text(browser, "/keys/")
    assert len(many) == len(few) <= 6, many


def test_reading_writes_once_a_minute(browser: Client, travel: Travel) -> None:
    key = made(browser)
    asked(key)
    with counted_sql() as again:
        asked(key)
    assert not [sql for sql in again.about("accounts_apitoken") if sql.startswith("UPDATE")], again
    travel(timezone.now() + timedelta(seconds=61))
    with counted_sql() as later:
        asked(key)
    assert len([sql for sql in later.about("accounts_apitoken") if sql.startswith("UPDATE")]) == 1
