"""A practitioner without an account proves an address, chooses a setting, and its lead says yes or no."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.audit.verify import verify_all
from core.machine import Moved, NotPermitted, Refused
from core.outbox.models import Message
from core.outbox.sending import send_due
from escalation.access.standing import standing_of
from escalation.accounts import services as accounts
from escalation.accounts.models import Event, Seat, Setting, User
from escalation.directory.services import Keeper
from escalation.joining.events import CHAIN
from escalation.joining.models import KEPT, LASTS, JoinRequest, Reason, Status
from escalation.joining.queries import MOST_ASKED, deciders, to_do
from escalation.joining.services import Asker, ask_to_join, confirm, decline, end_old, take_back
from escalation.signing_in.models import Letter, MailedCode, Newcomer
from escalation.signing_in.services import MOST_MAILS, MOST_NEWCOMERS, MOST_TRIES, forget_newcomers
from tests.factories import away, organisation, person, policy, setting
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
ASK, CODE, JOIN = "/sign-in/by-mail/", "/sign-in/by-mail/code/", "/join/"
NEW = "nia.new@larkfield.example.org"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def school() -> Setting:
    trust = organisation("Larkfield Trust", email_domain="larkfield.example.org lark.example")
    setting("Larkfield Infants", of=trust, group="education")
    return setting("Larkfield Primary School", short="the school", of=trust, group="education")


@pytest.fixture
def lead(school: Setting) -> User:
    return person("Lee Lead", lead=school)


def nia(email: str = NEW) -> Asker:
    return Asker(email, "Nia New", "Class teacher", "020 7946 0199")


def keeper(user: User) -> Keeper:
    return Keeper(user, standing_of(user, today=timezone.localdate(), at=timezone.now()), timezone.now())


def asked(school: Setting, email: str = NEW) -> JoinRequest:
    return ask_to_join(nia(email), school, now=timezone.now())


def sent() -> list[Any]:
    """What goes out now, each with whom it goes to and what it says."""
    mail.outbox.clear()
    send_due(clock=timezone.now)
    return list(mail.outbox)


def code_in_the_mail() -> str:
    (found,) = re.findall(r"^ +(\d{6})$", str(sent()[-1].body), re.MULTILINE)
    return str(found)


def proved(email: str = NEW) -> Client:
    """A browser that has typed the code that went to this address."""
    browser = Client()
    assert browser.post(ASK, {"email": email})["Location"] == CODE
    assert browser.post(CODE, {"code": code_in_the_mail()})["Location"] == JOIN
    return browser


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def says(word: str, row: JoinRequest, by: Keeper) -> None:
    if word == "yes":
        confirm(row, by=by)
    else:
        decline(row, Reason.NOT_KNOWN, by=by)


def seats(email: str = NEW) -> list[tuple[str, str]]:
    return [(s.kind, str(s.setting)) for s in Seat.objects.filter(user__email=email)]


# The whole road


def test_from_the_address_to_a_seat(school: Setting, lead: User, clock: time_machine.Traveller) -> None:
    browser = proved()
    page = text(browser.get(JOIN))
    assert "Larkfield Infants" in page
    said = {"setting": str(school.uuid), "full_name": "Nia New", "job_title": "Class teacher", "phone": ""}
    assert browser.post(JOIN, said)["Location"] == JOIN
    assert "Waiting for the lead of Larkfield Primary School" in text(browser.get(JOIN))
    assert browser.get("/challenges/")["Location"].startswith("/sign-in/")
    assert not User.objects.filter(email=NEW).exists()
    (told,) = sent()
    assert told.to == [lead.email]
    assert not re.search("Nia|Larkfield|teacher", str(told.body) + told.subject)
    inside = signed_in(lead)
    assert "Somebody asks to use the log" in text(inside.get("/challenges/"))
    where = f"/join/requests/{JoinRequest.objects.get().uuid}/"
    assert where in text(inside.get("/join/requests/"))
    shown = text(inside.get(where))
    assert all(word in shown for word in ("Nia New", NEW, "Class teacher", "Tuesday 24 November 2026, 9am"))
    assert inside.post(where, {"decision": "yes"})["Location"] == "/join/requests/"
    assert seats() == [("practitioner", "Larkfield Primary School")]
    clock.shift(timedelta(minutes=1))
    assert [each.to for each in sent()] == [[NEW]], "they are told where to sign in"
    assert browser.get(JOIN)["Location"] == ASK, "and so is the page on which they wait"
    mine = Client()
    mine.post(ASK, {"email": NEW, "next": "/raise/"})
    assert mine.post(CODE, {"code": code_in_the_mail()})["Location"] == "/raise/"
    assert mine.get("/raise/").status_code == 302
    assert [e.act for e in Event.objects.filter(chain=CHAIN)] == ["asked", "confirmed"]
    assert list(verify_all()) == []


def test_nothing_of_a_person_is_kept_in_the_clear_in_the_trail(school: Setting, lead: User) -> None:
    confirm(asked(school), by=keeper(lead))
    kept = str([list(Event.objects.values())])
    assert not re.search("Nia|nia.new|Class teacher", kept)


# Nobody learns who has an account


def answers(email: str) -> tuple[list[str], int]:
    """What a stranger sees after typing an address, and how many statements that took."""
    browser = Client()
    with counted_sql() as statements:
        first = browser.post(ASK, {"email": email})
    pages = [first, browser.get(CODE), browser.post(CODE, {"code": "000000"})]
    return [f"{each.status_code} {TOKEN.sub('', each.content.decode())}" for each in pages], len(statements)


def at(domain: str, user: User) -> User:
    User.objects.filter(pk=user.pk).update(email=f"known@{domain}")
    user.refresh_from_db()
    return user


@pytest.mark.parametrize("domain", ["larkfield.example.org", "elsewhere.example"])
def test_a_page_depends_on_the_domain_alone_and_never_on_an_account(
    school: Setting, lead: User, domain: str
) -> None:
    known, unknown = answers(at(domain, lead).email), answers(f"nobody@{domain}")
    assert known[0] == unknown[0]
    if domain == "larkfield.example.org":
        assert known[1] == unknown[1], "as many statements"


def test_an_unknown_domain_is_told_whom_to_ask_and_gets_no_mail(school: Setting) -> None:
    (_, page, _), _ = answers("nia@elsewhere.example")
    assert "has addresses that end in @elsewhere.example" in page
    assert "business unit, to give you a seat" in page
    (_, page, _), _ = answers(NEW)
    assert "business unit: they can give you a seat" in page
    assert [each.to for each in sent()] == [[NEW]]


@pytest.mark.parametrize(
    ("email", "mailed"),
    [
        (NEW, True),
        (NEW.upper(), True),
        ("nia@lark.example", True),
        ("nia@sub.lark.example", False),
        ("nia@ark.example", False),
        ("nia@elsewhere.example", False),
        ("gone@larkfield.example.org", False),
        ("robot@larkfield.example.org", False),
    ],
)
def test_to_whom_a_code_goes(school: Setting, email: str, mailed: bool) -> None:
    gone = accounts.create_user(email="gone@larkfield.example.org", full_name="Gus Gone")
    accounts.leave(user=gone, now=NOW, by=None)
    accounts.service_user(email="robot@larkfield.example.org", name="Robot")
    Client().post(ASK, {"email": email})
    assert bool(sent()) is mailed
    assert Newcomer.objects.exists() is mailed


def test_a_code_of_a_newcomer_has_the_limits_of_all_codes(
    school: Setting, clock: time_machine.Traveller
) -> None:
    browser = Client()
    browser.post(ASK, {"email": NEW})
    code = code_in_the_mail()
    assert Client().post(CODE, {"code": code})["Location"] == ASK, "another browser"
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(MOST_TRIES):
        assert browser.post(CODE, {"code": wrong}).status_code == 422
    assert browser.post(CODE, {"code": code}).status_code == 422
    for _ in range(MOST_MAILS - 1):
        assert Client().post(ASK, {"email": NEW}).status_code == 302
    assert "too many tries" in text(Client().post(ASK, {"email": NEW}))
    assert MailedCode.objects.filter(newcomer__isnull=False).count() == MOST_MAILS


def test_nobody_makes_the_log_write_to_everybody(school: Setting) -> None:
    Newcomer.objects.bulk_create(
        Newcomer(email=f"n{number}@larkfield.example.org", asked_at=NOW) for number in range(MOST_NEWCOMERS)
    )
    assert Client().post(ASK, {"email": NEW}).status_code == 302
    assert sent() == []


def test_what_was_proved_ends_after_half_an_hour(school: Setting, clock: time_machine.Traveller) -> None:
    browser = proved()
    clock.shift(timedelta(minutes=30))
    assert browser.get(JOIN).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert browser.get(JOIN)["Location"] == ASK
    assert browser.post(JOIN, {"setting": str(school.uuid)})["Location"] == ASK
    assert Client().get(JOIN)["Location"] == ASK


def test_addresses_are_forgotten(school: Setting, clock: time_machine.Traveller) -> None:
    proved()
    forget_newcomers(now=timezone.now())
    assert Newcomer.objects.exists()
    forget_newcomers(now=NOW + timedelta(days=1))
    assert not Newcomer.objects.exists()
    assert not Letter.objects.exists()


def test_whoever_got_a_seat_since_they_asked_is_signed_in_by_that_code(school: Setting) -> None:
    browser = Client()
    browser.post(ASK, {"email": NEW})
    user = accounts.create_user(email=NEW, full_name="Nia New")
    accounts.give_seat(user=user, kind="practitioner", setting=school, by=None)
    assert browser.post(CODE, {"code": code_in_the_mail()})["Location"] == "/in/"
    assert browser.session["_auth_user_id"] == str(user.pk)


# What can be asked for


def test_a_choice_that_the_address_does_not_go_with_is_refused(school: Setting) -> None:
    other = setting("Elsewhere Clinic", of=organisation("Elsewhere", email_domain="elsewhere.example"))
    outside = setting("Larkfield Outside", of=school.organisation, outside=True)
    browser = proved()
    for place in (other, outside):
        said = {"setting": str(place.uuid), "full_name": "Nia New", "job_title": "Teacher"}
        answer = browser.post(JOIN, said)
        assert answer.status_code == 422
        assert 'value="Nia New"' in text(answer), "nothing typed is lost"
        with pytest.raises(Refused):
            ask_to_join(nia(), place, now=NOW)
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("odd", ["", "\0", "x" * 200, "a\nb"])
def test_odd_names_are_refused_in_peace(school: Setting, odd: str) -> None:
    answer = proved().post(JOIN, {"setting": str(school.uuid), "full_name": odd, "job_title": odd})
    assert answer.status_code == 422


def test_a_domain_without_a_setting_says_whom_to_ask() -> None:
    organisation("Empty Trust", email_domain="larkfield.example.org")
    page = text(proved().get(JOIN))
    assert "knows no service whose addresses end in @larkfield.example.org" in page
    assert "business unit" in page


def test_asking_twice_is_asking_once(school: Setting, lead: User) -> None:
    first, again = asked(school), asked(school)
    assert first == again
    assert Message.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinRequest.objects.create(email=NEW, full_name="x", job_title="x", setting=school, asked_at=NOW)


def test_three_times_in_two_weeks_are_the_most(school: Setting, lead: User) -> None:
    for _ in range(MOST_ASKED):
        asked(school)
        take_back(NEW, now=NOW)
    with pytest.raises(Refused, match="three times"):
        asked(school)


def test_whoever_asks_takes_it_back_and_chooses_again(school: Setting, lead: User) -> None:
    asked(school)
    browser = proved()
    assert browser.post(JOIN, {"take-back": "yes"})["Location"] == JOIN
    assert "Where do you work?" in text(browser.get(JOIN))
    assert JoinRequest.objects.get().status == Status.TAKEN_BACK
    take_back(NEW, now=NOW)  # a second click
    assert list(verify_all()) == []


# Somebody whom the log knows asks for one more


def test_somebody_with_an_account_asks_for_another_service(school: Setting, lead: User) -> None:
    infants = Setting.objects.get(name="Larkfield Infants")
    joan = at("larkfield.example.org", person("Joan", job="Teacher", practitioner=infants))
    browser = signed_in(joan)
    page = text(browser.get(JOIN))
    assert "Larkfield Primary School" in page
    assert "Larkfield Infants" not in page
    assert "Your name" not in page
    browser.post(JOIN, {"setting": str(school.uuid)})
    assert JoinRequest.objects.get().full_name == "Joan"
    confirm(JoinRequest.objects.get(), by=keeper(lead))
    assert sorted(seats(joan.email)) == [
        ("practitioner", "Larkfield Infants"),
        ("practitioner", "Larkfield Primary School"),
    ]
    assert Message.objects.filter(to=joan, kind="join_more").count() == 1
    assert Client().get("/challenges/").status_code == 302
    assert browser.get("/challenges/").status_code == 302, "seats have changed: they sign in again"


def test_the_business_unit_asks_for_no_seat_in_a_service(school: Setting) -> None:
    ruth = at("larkfield.example.org", person("Ruth", role="business_unit"))
    with pytest.raises(Refused, match="business unit"):
        asked(school, ruth.email)


def test_nobody_asks_for_a_seat_that_they_have(school: Setting, lead: User) -> None:
    at("larkfield.example.org", lead)
    with pytest.raises(Refused, match="already"):
        asked(school, lead.email)


# Who is asked, and who says yes or no


def test_who_is_asked(school: Setting) -> None:
    unit = person("Ruth", role="business_unit")
    assert deciders(school, today=NOW.date()) == [unit], "nobody leads it"
    lead, other = person("Lee", lead=school), person("Lou", lead=school)
    assert deciders(school, today=NOW.date()) == [lead, other]
    deputy = person("Del", practitioner=school)
    away(lead, at=school, since=NOW.date(), until=NOW.date(), deputy=deputy)
    assert deciders(school, today=NOW.date()) == [other, deputy]
    accounts.leave(user=other, now=NOW, by=None)
    away(lead, at=school, since=NOW.date(), until=NOW.date(), deputy=None)
    assert deciders(school, today=NOW.date()) == [unit], "everybody is away, and nobody covers"


MAY = [
    ("lead", True),
    ("senior_lead", True),
    ("cover", True),
    ("unit", True),
    ("practitioner", False),
    ("lead elsewhere", False),
    ("administrator", False),
    ("partner", False),
]


def decider(who: str, school: Setting) -> User:
    elsewhere = setting("Elsewhere")
    if who == "cover":
        lead, deputy = person("Lee", lead=school), person("Del", practitioner=elsewhere)
        away(lead, at=school, since=NOW.date(), deputy=deputy)
        return deputy
    made: dict[str, Callable[[], User]] = {
        "lead": lambda: person(lead=school),
        "senior_lead": lambda: person(senior_lead=school),
        "partner": lambda: person(partner=school),
        "practitioner": lambda: person(practitioner=school),
        "lead elsewhere": lambda: person(lead=elsewhere),
        "unit": lambda: person(role="business_unit"),
        "administrator": lambda: person(role="administrator"),
    }
    return made[who]()


@pytest.mark.parametrize(("who", "may"), MAY)
def test_who_may_say_yes(school: Setting, who: str, may: bool) -> None:
    row, user = asked(school), decider(who, school)
    page = signed_in(user).get(f"/join/requests/{row.uuid}/")
    assert (page.status_code == 200) is may
    if may:
        confirm(row, by=keeper(user))
    else:
        with pytest.raises(NotPermitted):
            confirm(row, by=keeper(user))
        with pytest.raises(NotPermitted):
            decline(row, Reason.NOT_HERE, by=keeper(user))
    assert bool(seats()) is may


def test_nobody_says_yes_to_themselves(school: Setting) -> None:
    deputy = at("larkfield.example.org", person("Del", practitioner=setting("Elsewhere")))
    away(person("Lee", lead=school), at=school, since=NOW.date(), deputy=deputy)
    row = asked(school, deputy.email)
    with pytest.raises(NotPermitted, match="Somebody else"):
        confirm(row, by=keeper(deputy))


@pytest.mark.parametrize(
    ("first", "second", "passes"),
    [("yes", "yes", True), ("no", "no", True), ("yes", "no", False), ("no", "yes", False)],
)
def test_ones_own_second_click_passes_and_a_colleagues_other_word_does_not(
    school: Setting, lead: User, first: str, second: str, passes: bool
) -> None:
    row = asked(school)
    says(first, row, keeper(lead))
    if passes:
        says(second, row, keeper(lead))
    else:
        with pytest.raises(Moved):
            says(second, row, keeper(lead))
    with pytest.raises(Moved, match="Lee Lead has said"):
        says(second, row, keeper(person(lead=school)))
    assert len(seats()) == (first == "yes")
    assert Event.objects.filter(chain=CHAIN).count() == 2
    where = f"/join/requests/{row.uuid}/"
    answer = signed_in(person(senior_lead=school)).post(where, {"decision": second, "reason": "not_here"})
    assert answer.status_code == 409
    assert "Lee Lead has said" in text(answer)
    assert "Decide" not in text(signed_in(lead).get(where))


def test_a_no_needs_a_reason_which_the_asker_reads(school: Setting, lead: User) -> None:
    row, inside = asked(school), signed_in(lead)
    where = f"/join/requests/{row.uuid}/"
    assert inside.post(where, {"decision": "no"}).status_code == 422
    assert inside.post(where, {}).status_code == 422
    assert inside.post(where, {"decision": "no", "reason": "not_known"}).status_code == 302
    told = sent()[-1]
    assert told.to == [NEW]
    assert "Larkfield" not in str(told.body)
    page = text(proved().get(JOIN))
    assert "Larkfield Primary School" in page
    assert "They do not know you" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinRequest.objects.update(reason="")


def test_an_address_of_somebody_who_left_is_not_let_in_again(school: Setting, lead: User) -> None:
    row = asked(school)
    accounts.leave(user=accounts.create_user(email=NEW, full_name="Old Nia"), now=NOW, by=None)
    with pytest.raises(Refused, match="has left"):
        confirm(row, by=keeper(lead))


def test_whoever_came_to_the_business_unit_meanwhile_is_not_let_in(school: Setting, lead: User) -> None:
    row = asked(school)
    ruth = accounts.create_user(email=NEW, full_name="Ruth")
    accounts.give_seat(user=ruth, kind="business_unit", by=None)
    with pytest.raises(Refused, match="business unit"):
        confirm(row, by=keeper(lead))


def test_what_nobody_answers_ends_and_is_forgotten(school: Setting, lead: User) -> None:
    asked(school)
    end_old(now=NOW + LASTS - timedelta(seconds=1))
    assert JoinRequest.objects.get().status == Status.WAITING
    end_old(now=NOW + LASTS)
    end_old(now=NOW + LASTS)
    assert JoinRequest.objects.get().status == Status.UNANSWERED
    assert Letter.objects.filter(kind="join_unanswered").count() == 1
    assert list(verify_all()) == []
    end_old(now=NOW + LASTS + KEPT)
    assert not JoinRequest.objects.exists()
    assert list(verify_all()) == []


def test_a_seat_slipped_in_behind_the_log_is_found(school: Setting, lead: User) -> None:
    row = asked(school)
    JoinRequest.objects.filter(pk=row.pk).update(status="confirmed", decided_by=lead, decided_at=NOW)
    assert any("join:" in str(fault) for fault in verify_all())


def test_the_unit_is_reminded_of_what_nobody_leads_or_nobody_answers(school: Setting) -> None:
    unit = person(role="business_unit")
    asked(school)
    standing = standing_of(unit, today=NOW.date())
    assert to_do(standing, now=NOW).count() == 1, "nobody leads it"
    person(lead=school)
    assert to_do(standing, now=NOW).count() == 0
    assert to_do(standing, now=NOW + timedelta(days=3)).count() == 1


def test_pages_of_requests_ask_as_many_statements_however_many_there_are(school: Setting, lead: User) -> None:
    inside, counts = signed_in(lead), []
    for number in (1, 15):
        for each in range(number):
            asked(school, f"n{number}-{each}@larkfield.example.org")
        inside.get("/join/requests/")
        with counted_sql() as statements:
            inside.get("/join/requests/")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6, statements


def test_the_page_of_asking_asks_as_many_statements_however_many_services(
    school: Setting, clock: time_machine.Traveller
) -> None:
    browser, counts = proved(), []
    for _ in range(2):
        with counted_sql() as statements:
            browser.get(JOIN)
        counts.append(len(statements))
        for _ in range(15):
            setting(of=school.organisation)
    assert counts[0] == counts[1] <= 8


# The domains of an organisation


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("larkfield.example.org", "larkfield.example.org"),
        ("@A.example, b.example;  a.example", "a.example b.example"),
        ("", ""),
        ("gmail.com", None),
        ("a.example no domain", None),
        ("a.example <script>", None),
    ],
)
def test_the_unit_says_which_addresses_are_an_organisations(
    school: Setting, typed: str, kept: str | None
) -> None:
    where = f"/directory/{school.uuid}/details/"
    answer = signed_in(person(role="business_unit")).post(where, {"phone": school.phone, "domains": typed})
    school.organisation.refresh_from_db()
    if kept is None:
        assert answer.status_code == 422
        assert "larkfield" in school.organisation.email_domain
    else:
        assert answer.status_code == 302
        assert school.organisation.email_domain == kept
        assert Event.objects.filter(act="domains").count() == (kept != "larkfield.example.org lark.example")


def test_a_lead_does_not_change_them_for_a_whole_organisation(school: Setting, lead: User) -> None:
    policy(today=NOW.date())
    where = f"/directory/{school.uuid}/details/"
    inside = signed_in(lead)
    assert "Work addresses" not in text(inside.get(where))
    inside.post(where, {"phone": school.phone, "domains": "a.example"})
    school.organisation.refresh_from_db()
    assert "a.example " not in f"{school.organisation.email_domain} "
    assert "Whoever has an address at larkfield.example.org or lark.example" in text(
        inside.get(f"/directory/{school.uuid}/")
    )
