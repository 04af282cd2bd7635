"""Signing in and out: one answer for every way to be wrong, and a limit to guessing."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django import Settings

from escalation.accounts import forms, services
from escalation.accounts.models import SignInFailure, User
from escalation.accounts.sign_in import MOST_FAILURES, WINDOW, turn_to_check
from tests.core.test_settings import found_in_earnest

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def joan() -> User:
    return services.create_user(email="joan@school.example", full_name="Joan Adeyemi", password=PASSWORD)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def sign_in(client: Client, email: str, password: str, **more: str) -> "Response":
    return client.post("/sign-in/", {"username": email, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_signs_in_and_changes_the_session(client: Client) -> None:
    session = client.session
    session["typed"] = "kept"
    session.save()
    before = session.session_key
    assert sign_in(client, " Joan@School.example ", PASSWORD).status_code == 302
    assert signed_in(client)
    assert client.session.session_key != before


SAME_ANSWER = [
    ("wrong password", "joan@school.example", "wrong"),
    ("unknown address", "nobody@school.example", PASSWORD),
    ("has left", "left@school.example", PASSWORD),
    ("no password yet", "new@school.example", ""),
    ("a system", "reports@mscp.example", "!"),
]


@pytest.mark.parametrize(("who", "email", "password"), SAME_ANSWER, ids=[who for who, *_ in SAME_ANSWER])
def test_every_way_to_be_wrong_gets_the_same_words(
    client: Client, who: str, email: str, password: str
) -> None:
    left = services.create_user(email="left@school.example", full_name="Lee", password=PASSWORD)
    services.leave(user=left, now=NOW, by=None)
    services.create_user(email="new@school.example", full_name="New")
    services.service_user(email="reports@mscp.example", name="Reports")
    page = sign_in(client, email, password or "anything").content.decode()
    assert forms.WRONG in page
    assert not signed_in(client)


WHERE_TO = [
    ("/raise/", "/raise/"),
    ("/cases/?turn=mine", "/cases/?turn=mine"),
    ("https://evil.example/", "/"),
    ("//evil.example/", "/"),
    ("javascript:alert(1)", "/"),
    ("/sign-in/", "/"),
]


@pytest.mark.parametrize(("wanted", "got"), WHERE_TO)
def test_one_lands_where_one_wanted_to_be_if_it_is_ours(
    client: Client, wanted: str, got: str, settings: Settings
) -> None:
    settings.LOGIN_REDIRECT_URL = "/"
    assert sign_in(client, "joan@school.example", PASSWORD, next=wanted)["Location"] == got
    assert client.get("/sign-in/", {"next": wanted})["Location"] == got


def test_the_page_carries_where_to_through_a_mistake(client: Client) -> None:
    page = sign_in(client, "joan@school.example", "wrong", next="/raise/").content.decode()
    assert 'name="next" value="/raise/"' in page


@pytest.mark.parametrize("email", ["joan@school.example", "nobody@school.example"])
def test_ten_failures_have_to_wait_even_with_the_right_password(
    client: Client, clock: time_machine.Traveller, email: str
) -> None:
    for _ in range(MOST_FAILURES):
        assert forms.WRONG in sign_in(client, email, "wrong").content.decode()
    assert forms.WAIT in sign_in(client, email.upper(), PASSWORD).content.decode()
    assert not signed_in(client)
    clock.shift(WINDOW + timedelta(seconds=1))
    assert forms.WAIT not in sign_in(client, email, PASSWORD).content.decode()
    assert signed_in(client) is email.startswith("joan")


def test_waiting_is_for_one_address_and_hashes_no_password(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_FAILURES):
        sign_in(client, "nobody@school.example", "wrong")
    with monkeypatch.context() as patch:
        patch.setattr("django.contrib.auth.forms.authenticate", lambda *_, **__: pytest.fail("hashed"))
        sign_in(client, "nobody@school.example", "wrong")
    sign_in(client, "joan@school.example", PASSWORD)
    assert signed_in(client)


def test_a_strangers_guesses_keep_nobody_out_of_their_own_browser(client: Client) -> None:
    sign_in(client, "joan@school.example", PASSWORD)
    client.post("/sign-out/")
    for _ in range(MOST_FAILURES):
        sign_in(Client(), "joan@school.example", "wrong")
    assert forms.WAIT in sign_in(Client(), "joan@school.example", PASSWORD).content.decode()
    sign_in(client, "joan@school.example", PASSWORD)
    assert signed_in(client)


def test_in_ones_own_browser_ten_failures_have_to_wait_as_well(client: Client) -> None:
    sign_in(client, "joan@school.example", PASSWORD)
    client.post("/sign-out/")
    for _ in range(MOST_FAILURES):
        sign_in(client, "joan@school.example", "wrong")
    assert forms.WAIT in sign_in(client, "joan@school.example", PASSWORD).content.decode()


@pytest.mark.parametrize("email", ["joan@school.example", "nobody@school.example"])
def test_while_two_passwords_are_checked_a_third_is_not(client: Client, email: str) -> None:
    with turn_to_check() as first, turn_to_check() as second:
        assert first
        assert second
        answer = sign_in(client, email, PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert forms.BUSY in answer.content.decode()
    assert not SignInFailure.objects.exists()
    sign_in(client, "joan@school.example", PASSWORD)
    assert signed_in(client)


KNOWN, UNKNOWN, NO_PASSWORD = "joan@school.example", "nobody@school.example", "new@school.example"
A_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def test_a_stranger_cannot_tell_who_has_an_account_by_the_answer_or_by_its_time(
    settings: Settings, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever it is, the slow hash of a server is worked out once; beside it the rest takes no time."""
    settings.PASSWORD_HASHERS = found_in_earnest("PASSWORD_HASHERS")["PASSWORD_HASHERS"]
    services.create_user(email=NO_PASSWORD, full_name="New")
    joan = User.objects.get(email=KNOWN)
    joan.set_password(PASSWORD)
    joan.save()
    hashes = _slow_hashes(monkeypatch)
    pages, worked_out = {}, {}
    for email in (KNOWN, UNKNOWN, NO_PASSWORD):
        hashes.clear()
        pages[email] = A_TOKEN.sub(
            b"", sign_in(Client(), email, "wrong").content.replace(email.encode(), b"")
        )
        worked_out[email] = len(hashes)
    assert len(set(pages.values())) == 1
    assert worked_out == dict.fromkeys(worked_out, 1)


def _slow_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time from now on that a password is hashed, whether to make one or to compare it with one."""
    done: list[str] = []
    for name in ("encode", "verify"):
        slow = getattr(Argon2PasswordHasher, name)

        def noted(*args: object, slow: Callable[..., object] = slow, name: str = name) -> object:
            done.append(name)
            return slow(*args)

        monkeypatch.setattr(Argon2PasswordHasher, name, noted)
    return done


def test_success_starts_the_count_again_and_old_failures_are_dropped(
    client: Client, clock: time_machine.Traveller
) -> None:
    sign_in(client, "joan@school.example", "wrong")
    sign_in(client, "joan@school.example", PASSWORD)
    assert not SignInFailure.objects.exists()
    sign_in(Client(), "nobody@school.example", "wrong")
    clock.shift(WINDOW)
    sign_in(Client(), "other@school.example", "wrong")
    assert SignInFailure.objects.count() == 1


def test_what_is_typed_as_address_is_not_kept(client: Client) -> None:
    sign_in(client, "hunter2@school.example", "wrong")
    assert "hunter2" not in str(SignInFailure.objects.values().get())


EMPTY = [("", "x", "Enter your work e-mail address"), ("joan", "x", "like name@example.org")]


@pytest.mark.parametrize(("email", "password", "words"), [*EMPTY, ("a@b.example", "", "Enter your password")])
def test_what_is_missing_is_said_and_is_no_failure(
    client: Client, email: str, password: str, words: str
) -> None:
    assert words in sign_in(client, email, password).content.decode()
    assert not SignInFailure.objects.exists()


@pytest.mark.parametrize("odd", ["\0", "a\0@b.example", "\U0001f600@b.example", "x" * 300 + "@b.example"])
def test_odd_text_is_refused_in_peace(client: Client, odd: str) -> None:
    assert sign_in(client, odd, odd).status_code == 200


def test_signing_out_is_by_post_only_and_no_error_twice(client: Client) -> None:
    sign_in(client, "joan@school.example", PASSWORD)
    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client)
    for _ in range(2):
        assert client.post("/sign-out/")["Location"] == "/sign-in/"
        assert not signed_in(client)
