"""A code by mail: who gets one, how long it works, how few guesses there are, and that it tells nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.outbox.models import Message
from core.outbox.sending import send_due
from escalation.accounts import services as accounts
from escalation.accounts.models import User
from escalation.signing_in.codes import mailed_code
from escalation.signing_in.forms import WRONG_MAILED
from escalation.signing_in.models import MailedCode
from escalation.signing_in.services import MOST_MAILS, MOST_TRIES
from tests.factories import organisation, person, setting
from tests.sql import counted_sql
from tests.way_in import code_for, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 21, 0, 10, tzinfo=UTC)  # a Saturday evening: no working time
ASK, CODE = "/sign-in/by-mail/", "/sign-in/by-mail/code/"
A_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def joan() -> User:
    return person("Joan Adeyemi", practitioner=setting())


def asked(email: str, **more: str) -> Client:
    browser = Client()
    assert browser.post(ASK, {"email": email, **more})["Location"] == CODE
    return browser


def code_in_the_mail() -> str:
    """Of the newest mail, sent now."""
    mail.outbox.clear()
    assert send_due(clock=timezone.now).sent == 1
    (code,) = re.findall(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    return str(code)


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_a_practitioner_signs_in_by_it_at_any_hour_and_is_where_they_wanted_to_be(joan: User) -> None:
    browser = asked(f" {joan.email.upper()} ", next="/raise/")
    before = browser.session.session_key
    answer = browser.post(CODE, {"code": code_in_the_mail()})
    assert answer["Location"] == "/raise/"
    assert is_in(browser)
    assert browser.session.session_key != before


def test_the_mail_carries_a_code_and_nothing_of_anybody(joan: User) -> None:
    asked(joan.email)
    code = code_in_the_mail()
    (sent,) = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert code in html
    assert code not in sent.subject
    assert not any(word in sent.body + html for word in ("Joan", "Adeyemi", joan.email))
    assert Message.objects.get().urgent


def test_the_code_is_kept_nowhere(joan: User) -> None:
    asked(joan.email)
    code = code_in_the_mail()
    kept = str([list(model.objects.values()) for model in (Message, MailedCode)])
    assert code not in kept
    assert joan.email not in str(list(MailedCode.objects.values()))


@pytest.mark.parametrize("other", [UUID(int=1), UUID(int=2)])
def test_a_code_has_six_digits_and_is_another_for_each_mail(other: UUID) -> None:
    assert re.fullmatch(r"\d{6}", mailed_code(other))
    assert len({mailed_code(UUID(int=number)) for number in range(100)}) > 95


def test_a_code_works_once(joan: User) -> None:
    browser = asked(joan.email)
    code = code_in_the_mail()
    kept = browser.session["mailed_code"]
    browser.post(CODE, {"code": code})
    again = Client()
    session = again.session
    session["mailed_code"] = kept
    session.save()
    again.cookies["sessionid"] = str(session.session_key)
    assert WRONG_MAILED in again.post(CODE, {"code": code}).content.decode()


def test_a_code_works_in_the_browser_alone_that_asked_for_it(joan: User) -> None:
    asked(joan.email)
    code = code_in_the_mail()
    other = asked(joan.email)
    assert other.post(CODE, {"code": code}).status_code == 422
    assert Client().post(CODE, {"code": code})["Location"] == ASK


@pytest.mark.parametrize(("minutes", "works"), [(10, True), (10.1, False)])
def test_a_code_ends_after_ten_minutes(
    joan: User, clock: time_machine.Traveller, minutes: float, works: bool
) -> None:
    browser = asked(joan.email)
    code = code_in_the_mail()
    clock.shift(timedelta(minutes=minutes))
    assert (browser.post(CODE, {"code": code}).status_code == 302) is works


def test_five_mistakes_end_a_code(joan: User) -> None:
    browser = asked(joan.email)
    code = code_in_the_mail()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(MOST_TRIES):
        assert browser.post(CODE, {"code": wrong}).status_code == 422
    assert browser.post(CODE, {"code": code}).status_code == 422


@pytest.mark.parametrize("email", ["joan", "nobody@school.example"])
def test_five_codes_in_a_quarter_of_an_hour_are_the_most(
    joan: User, clock: time_machine.Traveller, email: str
) -> None:
    email = joan.email if email == "joan" else email
    for _ in range(MOST_MAILS):
        asked(email)
    assert "too many tries" in Client().post(ASK, {"email": email}).content.decode()
    clock.shift(timedelta(minutes=15, seconds=1))
    asked(email)


def test_a_strangers_asking_keeps_nobody_out_of_their_own_browser(joan: User) -> None:
    mine = asked(joan.email)
    mine.post(CODE, {"code": code_in_the_mail()})
    mine.post("/sign-out/")
    for _ in range(MOST_MAILS):
        Client().post(ASK, {"email": joan.email})
    assert mine.post(ASK, {"email": joan.email})["Location"] == CODE


def test_whoever_has_left_and_a_system_get_none(joan: User) -> None:
    accounts.leave(user=joan, now=NOW, by=None)
    Message.objects.all().delete()
    for email in (joan.email, accounts.service_user(email="reports@mscp.example", name="Reports").email):
        asked(email)
    assert not Message.objects.exists()


def test_whoever_leaves_meanwhile_is_not_let_in(joan: User) -> None:
    browser = asked(joan.email)
    code = code_in_the_mail()
    accounts.leave(user=joan, now=NOW, by=None)
    browser.post(CODE, {"code": code})
    assert not is_in(browser)


def test_a_lead_takes_the_second_step_after_it() -> None:
    lead = with_app(person("Lee Lead", lead=setting()))
    browser = asked(lead.email)
    assert browser.post(CODE, {"code": code_in_the_mail()})["Location"] == "/second-step/"
    assert not is_in(browser)
    browser.post("/second-step/", {"code": code_for(lead, now=NOW)})
    assert is_in(browser)


def test_a_stranger_cannot_tell_who_has_an_account_by_the_answer_or_by_its_time(joan: User) -> None:
    """Nothing slow is done for one alone: the mail goes out later, and both cost as many statements.

    Where an organisation has the domain, that is; else one mail is written for somebody, and none for nobody.
    """
    organisation("Example Trust", email_domain="example.org")
    pages, statements = {}, {}
    for email in (joan.email, "nobody@example.org"):
        browser = Client()
        with counted_sql() as asked_for:
            first = browser.post(ASK, {"email": email})
        second, third = browser.get(CODE), browser.post(CODE, {"code": "000000"})
        pages[email] = [(each.status_code, A_TOKEN.sub(b"", each.content)) for each in (first, second, third)]
        statements[email] = len(asked_for)
    assert min(statements.values()) > 3
    assert len({str(each) for each in pages.values()}) == 1
    assert len(set(statements.values())) == 1, statements


WHERE_TO = [
    ("/raise/", "/raise/"),
    ("https://evil.example/", "/in/"),
    ("//evil.example/", "/in/"),
    ("/sign-in/", "/in/"),
]


@pytest.mark.parametrize(("wanted", "got"), WHERE_TO)
def test_one_lands_where_one_wanted_to_be_if_it_is_ours(joan: User, wanted: str, got: str) -> None:
    browser = asked(joan.email, next=wanted)
    assert browser.post(CODE, {"code": code_in_the_mail()})["Location"] == got


@pytest.mark.parametrize("odd", ["", "\0", "\U0001f600", "x" * 300, "12345\u0666", "a\0@b.example"])
def test_odd_text_is_refused_in_peace(joan: User, odd: str) -> None:
    assert Client().post(ASK, {"email": odd}).status_code == 422
    assert asked(joan.email).post(CODE, {"code": odd}).status_code == 422


# Saying once more who one is, without a password


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_who_has_no_password_says_again_who_they_are_by_a_mail(
    joan: User, clock: time_machine.Traveller
) -> None:
    other = signed_in(joan)
    browser = signed_in(joan)
    assert browser.get("/signed-in/").status_code == 200, "they have just signed in"
    clock.shift(timedelta(minutes=11))
    again = "/how-you-sign-in/again/?next=%2Fsigned-in%2F"
    assert browser.get("/signed-in/")["Location"] == again
    assert browser.post("/signed-in/", {"where": "x"})["Location"] == again
    assert browser.post(again, {"send": "yes"})["Location"] == again
    assert browser.post(again, {"code": "000000"}).status_code == 422
    assert browser.post(again, {"code": code_in_the_mail()})["Location"] == "/signed-in/"
    page = browser.get("/signed-in/").content.decode()
    assert "Your password" not in page
    where = re.findall(r'name="where" value="([^"]+)"', page)
    assert browser.post("/signed-in/", {"where": where}).status_code == 302
    assert other.get("/signed-in/").status_code == 302


def test_or_by_their_app(clock: time_machine.Traveller) -> None:
    lead = with_app(person("Lee Lead", lead=setting()))
    browser = signed_in(lead)
    clock.shift(timedelta(minutes=11))
    again: Any = browser.get("/how-you-sign-in/printed-codes/")["Location"]
    assert browser.post(again, {"code": code_for(lead, now=timezone.now())})["Location"] == (
        "/how-you-sign-in/printed-codes/"
    )
    assert browser.post("/how-you-sign-in/printed-codes/", {}).status_code == 200


def test_somebody_elses_code_is_nobodys_word(joan: User, clock: time_machine.Traveller) -> None:
    leila = person("Leila", practitioner=setting())
    browser = signed_in(joan)
    clock.shift(timedelta(minutes=11))
    asking = asked(leila.email)
    session = browser.session
    session["mailed_again"] = asking.session["mailed_code"]["asked"]
    session.save()
    browser.post("/how-you-sign-in/again/", {"code": code_in_the_mail()})
    assert browser.get("/signed-in/").status_code == 302


def test_old_rows_are_forgotten(joan: User, clock: time_machine.Traveller) -> None:
    asked(joan.email)
    clock.shift(timedelta(hours=1))
    asked("nobody@school.example")
    assert MailedCode.objects.count() == 1
