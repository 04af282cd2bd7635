"""The second step: who has to take it, what is closed until then, and how codes are given, used and kept."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from core.audit.verify import verify_all
from core.outbox.models import Message
from core.web import late
from escalation.access.addresses import addresses
from escalation.accounts import services as accounts
from escalation.accounts.groups import SECOND_FACTOR_KINDS, SETTING_KINDS, SeatKind
from escalation.accounts.models import Event, User
from escalation.accounts.queries import needs_second_factor
from escalation.accounts.sign_in import MOST_FAILURES, WINDOW
from escalation.signing_in.codes import app_code, counter_at
from escalation.signing_in.events import CHAIN
from escalation.signing_in.forms import WRONG_CODE, WRONG_PRINTED
from tests.factories import PASSWORD, away, person, policy, setting
from tests.permissions.asking import METHODS, url_of
from tests.permissions.world import NOW as IN_THE_WORLD
from tests.permissions.world import World
from tests.sql import counted_sql
from tests.way_in import SECRET, code_for, signs_in, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
CODES = r"<code>(\d-\w{5}-\w{5})</code>"
STEP, SET_UP = "/second-step/", "/second-step/set-up/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lead() -> User:
    return with_app(person("Chinwe Adebayo", lead=setting(), password=PASSWORD))


def half_way(user: User) -> Client:
    """A browser in which the password was given and nothing else."""
    browser = Client()
    answer = browser.post(
        "/sign-in/", {"username": user.email, "password": PASSWORD, "next": "/how-you-sign-in/"}
    )
    assert answer["Location"] == STEP
    return browser


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def shown_now(after: int = 0) -> str:
    """What the app of `lead` shows, or will show so many half minutes later."""
    return app_code(SECRET, counter_at(timezone.now()) + after)


# Who has to


@pytest.mark.parametrize("kind", sorted(set(SeatKind.values) - {SeatKind.SERVICE}))
def test_who_needs_a_second_step(kind: str) -> None:
    user = person(role="" if kind in SETTING_KINDS else kind)
    if kind in SETTING_KINDS:
        accounts.give_seat(user=user, kind=kind, setting=setting(), by=None)
    needed = kind not in (SeatKind.PRACTITIONER, SeatKind.SCRUTINEER, SeatKind.YOUNG_SCRUTINEER)
    assert needs_second_factor(user, today=NOW.date()) is needed
    assert (kind in SECOND_FACTOR_KINDS) is needed


def test_whoever_stands_in_for_a_lead_needs_it_while_they_do() -> None:
    school = setting()
    lead, deputy = person("Lee Lead", lead=school), person("Del Deputy", practitioner=school)
    away(lead, at=school, since=NOW.date(), until=NOW.date(), deputy=deputy)
    days = [NOW.date() + timedelta(days=day) for day in (-1, 0, 1)]
    assert [needs_second_factor(deputy, today=day) for day in days] == [False, True, False]


def test_whoever_covers_a_shut_setting_needs_it_while_it_is_shut() -> None:
    school = setting()
    person("Lee Lead", lead=school)
    cover = person("Cy Cover", practitioner=setting("Elsewhere"))
    accounts.shut(
        setting=school, name="the holidays", first=NOW.date(), last=NOW.date(), cover=cover, by=None
    )
    days = [NOW.date() + timedelta(days=day) for day in (-1, 0, 1)]
    assert [needs_second_factor(cover, today=day) for day in days] == [False, True, False]


def test_a_practitioner_signs_in_without_and_may_set_one_up_all_the_same() -> None:
    joan = person("Joan Adeyemi", practitioner=setting(), password=PASSWORD)
    browser = Client()
    signs_in(browser, joan, PASSWORD)
    assert is_in(browser)
    browser.get(SET_UP)
    secret = re.sub(r"\s", "", re.findall(r'cl-secret">([^<]+)<', browser.get(SET_UP).content.decode())[0])
    code = app_code(secret, counter_at(NOW))
    assert browser.post(SET_UP, {"code": code, "password": "a guess"}).status_code == 422
    assert browser.post(SET_UP, {"code": code, "password": PASSWORD}).status_code == 200
    assert not is_in(half_way(joan))


def test_whoever_comes_to_stand_in_for_a_lead_takes_it_at_their_next_request(
    clock: time_machine.Traveller,
) -> None:
    """Whether it was said meanwhile, or the day has come; and not those who have given one already."""
    policy(today=NOW.date())
    school, tomorrow = setting(), NOW.date() + timedelta(days=1)
    lead, deputy = (
        person("Lee Lead", lead=school),
        person("Del Deputy", practitioner=school, password=PASSWORD),
    )
    away(lead, at=school, since=tomorrow, until=tomorrow, deputy=deputy)
    clock.move_to(datetime(2026, 11, 24, 23, 55, tzinfo=UTC))
    browser = Client()
    assert browser.post("/sign-in/", {"username": deputy.email, "password": PASSWORD})["Location"] == "/in/"
    assert browser.get("/challenges/").status_code == 200
    clock.shift(timedelta(minutes=6))
    assert browser.get("/signed-in/still/").status_code == 200, "a page asks by itself"
    assert browser.get("/challenges/?stage=1")["Location"] == STEP
    assert not is_in(browser)
    assert browser.get("/help/").status_code == 200
    assert b"Del Deputy" not in browser.get("/help/").content
    with_app(deputy)
    code = app_code(SECRET, counter_at(timezone.now()))
    assert browser.post(STEP, {"code": code})["Location"] == "/challenges/?stage=1"
    assert browser.get("/challenges/").status_code == 200
    told = Event.objects.filter(chain="sign-ins").values_list("act", "codes")
    assert list(told) == [("signed in", {"by": ["password"]}), ("signed in", {"by": ["session", "app"]})]


def test_what_a_deputy_was_writing_waits_for_them() -> None:
    policy(today=NOW.date())
    school = setting()
    lead, deputy = (
        person("Lee Lead", lead=school),
        person("Del Deputy", practitioner=school, password=PASSWORD),
    )
    browser = Client()
    browser.post("/sign-in/", {"username": deputy.email, "password": PASSWORD})
    page = browser.get("/raise/")["Location"]
    away(lead, at=school, since=NOW.date(), until=NOW.date(), deputy=deputy)
    browser.post(page, {"owner": late.seal(deputy.pk), "label": "five weeks without a visit", "act": "save"})
    with_app(deputy)
    browser.post(STEP, {"code": shown_now()})
    assert is_in(browser)
    assert "five weeks without a visit" in browser.get(page).content.decode()


# What is closed until then


@pytest.mark.large
def test_with_the_password_alone_every_address_leads_to_the_second_step(
    clock: time_machine.Traveller,
) -> None:
    clock.move_to(IN_THE_WORLD)
    world = World("stage 3")
    lead = with_app(world.cast.people["responding_lead"])
    lead.set_password(PASSWORD)
    lead.save()
    browser, nobody = half_way(lead), Client()
    browser.raise_request_exception = nobody.raise_request_exception = False
    wrong, asked = [], 0
    own = ("sign-out", "sign-in", "second-factor", "set-up-factor", "factor-picture")
    every = addresses()
    for address in every:
        if address.name in own:
            continue
        for method in METHODS.values():
            url = url_of(address, world)
            got, open_to_all = getattr(browser, method)(url), getattr(nobody, method)(url)
            closed = open_to_all.status_code == 302 and open_to_all["Location"].startswith("/sign-in/?next=")
            asked += 1
            if closed and not (got.status_code == 302 and got["Location"] in (STEP, open_to_all["Location"])):
                wrong.append(f"{method} {url}: {got.status_code}")
            elif not closed and got.status_code != open_to_all.status_code:
                wrong.append(f"{method} {url}: {got.status_code}, and {open_to_all.status_code} for nobody")
            elif lead.full_name.encode() in getattr(got, "content", b""):
                wrong.append(f"{method} {url}: knows who it is")
    assert wrong == []
    assert asked == len(METHODS) * (len(every) - len(own))
    parts = {address.route.partition("/")[0] for address in every}
    assert {"forums", "assurance", "packs", "join", "lado", "published"} <= parts
    assert browser.get("/sign-in/?next=/challenges/")["Location"] == STEP


def test_the_api_does_not_know_who_is_half_in(lead: User) -> None:
    browser = half_way(lead)
    assert browser.get("/api/v1/challenges/").status_code == 401
    browser.post(STEP, {"code": shown_now()})
    assert browser.get("/api/v1/challenges/").status_code == 200


def test_a_page_after_the_second_step_costs_no_statement_more(lead: User) -> None:
    joan = person("Joan Adeyemi", practitioner=setting(), password=PASSWORD)
    counts = []
    for user in (joan, lead):
        browser = Client()
        signs_in(browser, user, PASSWORD)
        browser.get("/signed-in/")
        with counted_sql() as statements:
            assert browser.get("/signed-in/").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


# The code


def test_the_code_signs_in_under_a_new_key_and_leads_on(lead: User) -> None:
    browser = half_way(lead)
    before = browser.session.session_key
    answer = browser.post(STEP, {"code": shown_now()})
    assert (answer.status_code, answer["Location"]) == (302, "/how-you-sign-in/")
    assert is_in(browser)
    assert browser.session.session_key != before
    assert browser.get(STEP)["Location"] == "/in/"


def test_a_code_works_once_in_whatever_browser(lead: User, clock: time_machine.Traveller) -> None:
    code = shown_now()
    assert half_way(lead).post(STEP, {"code": code}).status_code == 302
    again = half_way(lead)
    answer = again.post(STEP, {"code": code})
    assert answer.status_code == 422
    assert WRONG_CODE in answer.content.decode()
    assert not is_in(again)
    clock.shift(timedelta(seconds=30))
    assert again.post(STEP, {"code": shown_now()}).status_code == 302


def test_an_earlier_code_than_the_last_used_is_refused(lead: User) -> None:
    assert half_way(lead).post(STEP, {"code": shown_now(after=1)}).status_code == 302
    assert half_way(lead).post(STEP, {"code": shown_now()}).status_code == 422


def test_ten_wrong_codes_have_to_wait_even_with_the_right_one_and_the_password(
    lead: User, clock: time_machine.Traveller
) -> None:
    for _ in range(MOST_FAILURES):
        assert half_way(lead).post(STEP, {"code": "000000"}).status_code == 422
    last = half_way(lead)
    assert "too many tries" in last.post(STEP, {"code": shown_now()}).content.decode()
    assert not is_in(last)
    clock.shift(WINDOW + timedelta(seconds=1))
    assert half_way(lead).post(STEP, {"code": shown_now()}).status_code == 302


@pytest.mark.parametrize("odd", ["", "\0", "\U0001f600", "x" * 300, "12345\u0666"])
def test_odd_codes_are_refused_in_peace(lead: User, odd: str) -> None:
    for box in ("code", "printed"):
        assert half_way(lead).post(STEP, {box: odd}).status_code == 422


# Half in


def test_half_way_ends_after_ten_minutes(lead: User, clock: time_machine.Traveller) -> None:
    browser = half_way(lead)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert browser.post(STEP, {"code": shown_now()})["Location"].startswith("/sign-in/")
    assert browser.get("/sign-in/").status_code == 200


def test_half_way_ends_with_a_new_password_a_seat_or_leaving(lead: User) -> None:
    changes: list[Callable[[], object]] = [
        lambda: User.objects.filter(pk=lead.pk).update(password="another"),
        lambda: accounts.give_seat(user=lead, kind="lead", setting=setting("Another"), by=None),
        lambda: accounts.leave(user=lead, now=NOW, by=None),
    ]
    for change in changes:
        lead.refresh_from_db()
        lead.set_password(PASSWORD)
        lead.save()
        browser = half_way(lead)
        change()
        assert browser.post(STEP, {"code": shown_now()})["Location"].startswith("/sign-in/")


def test_somebody_else_can_begin_again(lead: User) -> None:
    browser = half_way(lead)
    assert browser.get("/sign-in/")["Location"] == STEP
    assert browser.get("/sign-in/?somebody-else").status_code == 200
    assert browser.get(STEP)["Location"].startswith("/sign-in/")


def test_without_the_first_step_there_is_no_second_one() -> None:
    for path in (STEP, SET_UP, f"{SET_UP}picture/"):
        assert Client().get(path)["Location"] == f"/sign-in/?next={path}"


# Setting it up


def set_up(browser: Client) -> tuple[str, str]:
    """The secret on the page, and the code that goes with it now."""
    page = browser.get(SET_UP).content.decode()
    (secret,) = re.findall(r'cl-secret">([^<]+)<', page)
    secret = secret.replace(" ", "")
    return secret, app_code(secret, counter_at(timezone.now()))


@pytest.fixture
def new_lead() -> User:
    return person("Nia New", lead=setting("New place"), password=PASSWORD)


def test_a_lead_sets_it_up_at_the_first_sign_in_and_gets_codes_to_print_once(
    new_lead: User, clock: time_machine.Traveller
) -> None:
    browser = half_way(new_lead)
    assert browser.get(STEP)["Location"] == SET_UP
    secret, code = set_up(browser)
    assert set_up(browser)[0] == secret, "the same while they do it"
    assert browser.post(SET_UP, {"code": "000000"}).status_code == 422
    assert not is_in(browser)
    page = browser.post(SET_UP, {"code": code}).content.decode()
    assert is_in(browser)
    assert 'href="/how-you-sign-in/"' in page
    codes = re.findall(CODES, page)
    assert len(codes) == 10
    assert b"10 left" in browser.get("/how-you-sign-in/").content
    assert half_way(new_lead).post(STEP, {"code": code}).status_code == 422, "the code was used"
    clock.shift(timedelta(minutes=1))
    assert (
        half_way(new_lead).post(STEP, {"code": app_code(secret, counter_at(timezone.now()))}).status_code
        == 302
    )
    assert half_way(new_lead).post(STEP, {"printed": codes[3].upper()}).status_code == 302
    again = half_way(new_lead).post(STEP, {"printed": codes[3]})
    assert WRONG_PRINTED in again.content.decode()
    assert half_way(new_lead).post(STEP, {"printed": codes[4]}).status_code == 302


def test_the_picture_says_what_the_letters_say_and_to_nobody_else(new_lead: User, lead: User) -> None:
    browser = half_way(new_lead)
    assert browser.get(f"{SET_UP}picture/").status_code == 404, "not before the page"
    set_up(browser)
    answer = browser.get(f"{SET_UP}picture/")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "style" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    other = half_way(lead)
    assert other.get(f"{SET_UP}picture/").content != answer.content


def test_who_has_one_cannot_set_up_another_with_the_password_alone(lead: User) -> None:
    browser = half_way(lead)
    assert browser.get(SET_UP)["Location"] == STEP
    assert browser.post(SET_UP, {"code": shown_now()})["Location"] == STEP
    assert Authenticator.objects.filter(user=lead).count() == 1


def test_secrets_and_codes_are_not_in_the_database_as_they_are(new_lead: User) -> None:
    browser = half_way(new_lead)
    secret, code = set_up(browser)
    assert secret not in str(dict(browser.session))
    page = browser.post(SET_UP, {"code": code}).content.decode()
    kept = str(list(Authenticator.objects.values()))
    assert secret not in kept
    assert not any(each.split("-")[1] in kept for each in re.findall(CODES, page))


def test_another_phone_takes_the_place_of_the_first_and_ends_other_sessions(lead: User) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        signs_in(browser, lead, PASSWORD)
    secret, code = set_up(here)
    assert here.post(SET_UP, {"code": code, "password": PASSWORD}).status_code == 200
    assert secret != SECRET
    assert [browser.get("/how-you-sign-in/").status_code for browser in (here, elsewhere)] == [200, 302]
    assert half_way(lead).post(STEP, {"code": shown_now()}).status_code == 422, "the old phone"
    assert Message.objects.filter(to=lead, kind="factor_changed", urgent=True).count() == 1


def test_new_printed_codes_ask_for_the_password_and_end_the_old(lead: User) -> None:
    browser = Client()
    signs_in(browser, lead, PASSWORD)
    path = "/how-you-sign-in/printed-codes/"
    assert browser.post(path, {"password": "a guess"}).status_code == 422
    first, second = (
        re.findall(CODES, browser.post(path, {"password": PASSWORD}).content.decode()) for _ in range(2)
    )
    assert half_way(lead).post(STEP, {"printed": first[0]}).status_code == 422
    assert half_way(lead).post(STEP, {"printed": second[0]}).status_code == 302


def test_only_who_needs_none_can_do_without(lead: User) -> None:
    joan = with_app(person("Joan Adeyemi", practitioner=setting(), password=PASSWORD))
    for user, left in ((lead, 1), (joan, 0)):
        browser = half_way(user)
        browser.post(STEP, {"code": code_for(user, now=NOW)})
        (app,) = Authenticator.objects.filter(user=user)
        browser.post(f"/how-you-sign-in/without/{app.pk}/", {"password": PASSWORD})
        assert Authenticator.objects.filter(user=user).count() == left


# The trail


def test_the_trail_tells_of_each_act_and_finds_what_was_put_there_by_hand(new_lead: User, lead: User) -> None:
    browser = half_way(new_lead)
    _, code = set_up(browser)
    page = browser.post(SET_UP, {"code": code}).content.decode()
    half_way(new_lead).post(STEP, {"printed": re.findall(CODES, page)[0]})
    acts = Event.objects.filter(chain=CHAIN, actor=new_lead).order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["added", "codes made", "code used"]
    assert list(verify_all()) == []
    theirs = Authenticator.objects.filter(user=lead)
    stolen = Authenticator.objects.get(user=new_lead, type="totp").data
    theirs.update(data=stolen)
    assert any("factor" in str(fault) for fault in verify_all())


def test_what_was_sent_too_late_is_there_after_both_steps(lead: User) -> None:
    browser = Client()
    browser.get("/sign-in/")
    session = browser.session
    session[late.KEPT] = late.Late(path="/raise/", owner=late.seal(lead.pk), posted={"worry": ["five weeks"]})
    session.save()
    browser.cookies["sessionid"] = str(session.session_key)
    answer = browser.post("/sign-in/", {"username": lead.email, "password": PASSWORD})
    assert answer["Location"] == STEP
    assert "What you wrote is kept" in browser.get(STEP).content.decode()
    browser.post(STEP, {"code": shown_now()})
    assert browser.session[late.KEPT]["posted"] == {"worry": ["five weeks"]}
