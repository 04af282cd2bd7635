"""The trail of signing in and out: who, by what, what failed; nothing typed in the clear, and no flood."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.audit.verify import verify_all
from core.outbox.sending import send_due
from escalation.accounts import comings
from escalation.accounts.comings import CHAIN, FAILED, MANY, MOST_TOLD, WAITS
from escalation.accounts.models import Event, User
from escalation.accounts.sign_in import MOST_FAILURES, WINDOW
from tests.factories import PASSWORD, person, setting
from tests.sql import counted_sql
from tests.way_in import code_for, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def joan() -> User:
    return person("Joan Adeyemi", practitioner=setting(), password=PASSWORD)


def tries(email: str, password: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    browser.post("/sign-in/", {"username": email, "password": password})
    return browser


def told() -> list[tuple[str, str, object]]:
    """Each act, whose seat, and by what."""
    events = Event.objects.filter(chain=CHAIN).order_by("seq")
    return [(each.act, each.seat, each.codes.get("by")) for each in events]


def by_password(user: User) -> None:
    tries(user.email, PASSWORD).post("/sign-out/")


def by_mail(user: User) -> None:
    browser = Client()
    browser.post("/sign-in/by-mail/", {"email": user.email})
    browser.post("/sign-in/by-mail/code/", {"code": "000000"})
    send_due(clock=timezone.now)
    (code,) = re.findall(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    browser.post("/sign-in/by-mail/code/", {"code": code})


def by_password_and_app(user: User) -> None:
    with_app(user)
    browser = tries(user.email, PASSWORD)
    browser.post("/second-step/", {"code": "000000"})
    browser.post("/second-step/", {"code": code_for(user, now=timezone.now())})


def out_elsewhere(user: User) -> None:
    other, here = Client(), tries(user.email, PASSWORD)
    other.force_login(user)
    where = re.findall(r'name="where" value="([^"]+)"', here.get("/signed-in/").content.decode())
    here.post("/signed-in/", {"where": where, "password": "a guess"})
    here.post("/signed-in/", {"where": where, "password": PASSWORD})


IN, OUT = ("signed in", "self"), ("signed out", "self", None)
ROADS: list[tuple[Callable[[User], None], list[tuple[str, str, object]]]] = [
    (by_password, [(*IN, ["password"]), OUT]),
    (by_mail, [(FAILED, "nobody", "code by mail"), (*IN, ["code by mail"])]),
    (by_password_and_app, [(FAILED, "nobody", "app"), (*IN, ["password", "app"])]),
    (
        out_elsewhere,
        [(*IN, ["password"]), (FAILED, "nobody", "password"), ("signed out elsewhere", "self", None)],
    ),
]


@pytest.mark.parametrize(("road", "expected"), ROADS, ids=lambda each: getattr(each, "__name__", ""))
def test_what_the_trail_says(
    joan: User, road: Callable[[User], None], expected: list[tuple[str, str, object]]
) -> None:
    road(joan)
    assert told() == expected
    assert {e.actor_id for e in Event.objects.filter(chain=CHAIN, seat="self")} == {joan.pk}
    assert all(e.request_id for e in Event.objects.filter(chain=CHAIN, seat="self"))
    assert list(verify_all()) == []


def test_what_was_typed_is_a_digest_the_same_whether_or_not_somebody_has_it(joan: User) -> None:
    tries(joan.email, "a guess")
    tries(joan.email.upper(), "a guess")
    tries("hunter2@school.example", "a guess")
    first, again, other = Event.objects.filter(chain=CHAIN).order_by("seq")
    assert first.codes == again.codes != other.codes
    assert first.object == other.object == ""
    assert not re.search("hunter2|joan|guess", str(list(Event.objects.filter(chain=CHAIN).values())))


def test_the_tenth_says_that_it_waits_and_what_waits_is_not_written(
    joan: User, clock: time_machine.Traveller
) -> None:
    for _ in range(MOST_FAILURES + 5):
        tries(joan.email, "a guess")
    tries(joan.email, PASSWORD)
    acts = [act for act, _, _ in told()]
    assert acts == [FAILED] * (MOST_FAILURES - 1) + [WAITS]
    clock.shift(WINDOW + timedelta(seconds=1))
    tries(joan.email, PASSWORD)
    assert told()[-1] == (*IN, ["password"])


def test_a_flood_is_told_once_and_makes_the_trail_no_longer(
    joan: User, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    monkeypatch.setattr(comings, "MOST_TOLD", 3)
    for number in range(8):
        tries(f"nobody{number}@school.example", "a guess")
    assert [act for act, _, _ in told()] == [FAILED] * 3 + [MANY]
    tries(joan.email, PASSWORD)
    assert told()[-1] == (*IN, ["password"]), "who signs in is told all the same"
    clock.shift(WINDOW + timedelta(seconds=1))
    tries("nobody@school.example", "a guess")
    assert told()[-1][0] == FAILED
    assert MOST_TOLD == 300


def test_how_many_statements_signing_in_costs(joan: User) -> None:
    tries(joan.email, PASSWORD)
    costs = {}
    for name, email, password in (
        ("in", joan.email, PASSWORD),
        ("a guess", joan.email, "a guess"),
        ("nobody's", "nobody@school.example", "a guess"),
    ):
        browser = Client()
        with counted_sql() as statements:
            tries(email, password, browser)
        costs[name] = len(statements)
    assert costs["a guess"] == costs["nobody's"] <= 9, statements
    assert costs["in"] <= 24, costs


def test_what_cannot_be_written_does_not_sign_in(joan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("No space left")

    monkeypatch.setattr(comings, "append_in_turn", full)
    browser = Client(raise_request_exception=False)
    tries(joan.email, PASSWORD, browser)
    assert "_auth_user_id" not in browser.session


def test_a_sign_in_that_was_written_behind_the_log_is_found(joan: User) -> None:
    tries(joan.email, PASSWORD)
    assert list(verify_all()) == []
    real = Event.objects.get(chain=CHAIN)
    real.pk, real.seq, real._state.adding = None, 2, True
    real.save()
    assert any(CHAIN in str(fault) for fault in verify_all())
