"""An assurance request from the question to the re-test: who may what, and what both sides read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import Error, IntegrityError, transaction
from django.test import Client

from core.machine import Refused
from core.outbox.models import Message
from core.outbox.notices import notice_of
from escalation.accounts.models import Setting, User
from escalation.assurance.events import faults
from escalation.assurance.models import AssuranceRequest, ClauseAnswer, Entry
from escalation.assurance.workflow import STEP, STEPS, Status
from tests.assurance.asked import PROCEDURE, answered, asked, step
from tests.factories import organisation, person, policy, setting
from tests.moments import london
from tests.sql import Statements, counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 24, 9)
LATER = london(2026, 12, 16, 9)
DUE = "15 12 2026"


@dataclass
class Partnership:
    ruth: User
    colleague: User
    unit: Setting
    inspector: User
    sergeant: User
    officer: User
    head_elsewhere: User


@pytest.fixture
def them(travel: Callable[[datetime], None]) -> Partnership:
    travel(NOW)
    policy(today=NOW.date())
    police = setting("Child Safeguarding Unit", group="police", of=organisation("South Thames Police"))
    school = setting("Oakfield Primary School", group="education", of=organisation("Oakfield Trust"))
    return Partnership(
        person("Ruth Ames", role="business_unit"),
        person("Bola Ojo", role="business_unit"),
        police,
        person("Alan Frost", job="detective inspector", senior_lead=police),
        person("Nia Owen", job="detective sergeant", lead=police),
        person("Sam Reed", practitioner=police),
        person("Joan Field", senior_lead=school),
    )


def send(user: User, path: str, **said: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, said, follow=True)


def read(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def words(answer: Any) -> str:
    """A page's words without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def told() -> list[tuple[str, str]]:
    """Who got which mail since last asked."""
    found = sorted(Message.objects.values_list("kind", "to__full_name"))
    Message.objects.all().delete()
    return found


def the_request(them: Partnership) -> AssuranceRequest:
    return asked(by=them.ruth, of=them.unit.organisation, now=NOW)


def boxes(request: AssuranceRequest, **said: str) -> dict[str, str]:
    """Every box of the answer, filled in."""
    found = {"seen": str(request.version), **PROCEDURE}
    for number in range(1, request.clauses.count() + 1):
        found |= {f"verdict_{number}": "same", f"evidence_{number}": f"Section {number}."}
    return found | said


def page(request: AssuranceRequest, place: str = "") -> str:
    return f"/assurance/{request.uuid}/{place}"


def test_the_police_show_their_procedure_and_close_a_gap(
    them: Partnership, travel: Callable[[datetime], None]
) -> None:
    form = {
        "key": str(uuid4()),
        "organisation": them.unit.organisation_id,
        "question": "Please show us.",
        "due": DUE,
    }
    shown = words(send(them.ruth, "/assurance/new/?about=lado_policy", **form))
    assert "They are asked" in shown
    assert "South Thames Police has to answer" in shown
    assert (
        "Standard 7, safer recruitment and allegations (LADO) (MSCP Section 11 2021-22; title to be" in shown
    )
    request = AssuranceRequest.objects.get()
    assert told() == [("assurance_asked", "Alan Frost")], "who can sign is told"

    list_of_sergeant = words(read(them.sergeant, "/challenges/"))
    assert (
        "By Tue 15 Dec Your organisation is asked: Does your procedure follow local LADO policy?"
        in list_of_sergeant
    )
    begun = boxes(request, verdict_2="", evidence_2="", do="save")
    assert "It is kept" in words(send(them.sergeant, page(request, "answer/"), **begun))
    assert "Section 1." in words(read(them.inspector, page(request)))
    assert "Section 1." not in words(read(them.ruth, page(request))), "nothing is read before it is sent"
    assert told() == []

    request = AssuranceRequest.objects.get(pk=request.pk)
    whole = boxes(request, verdict_1="differs", evidence_1="Within two days.", do="send")
    assert "Your answer is sent" in words(send(them.inspector, page(request, "answer/"), **whole))
    assert told() == [("assurance_unit", "Bola Ojo"), ("assurance_unit", "Ruth Ames")]
    shown = words(read(them.ruth, page(request)))
    assert "It is your turn to rate the answer" in shown
    assert "Differs 1. The LADO is told in time" in shown
    assert "Detective superintendent" in shown

    request = AssuranceRequest.objects.get(pk=request.pk)
    rating = {"rating": "partly", "what": "Two days are too long.", "retest_on": "1 6 2027"}
    send(them.ruth, page(request, "rate/"), seen=request.version, **rating)
    shown = words(read(them.inspector, page(request)))
    assert "In part: there is a gap to close" in shown
    assert "Two days are too long." in shown
    send(them.ruth, page(request, "follow-up/"), seen=request.version + 1, what="Change it.", due="8 1 2027")
    assert told() == [("assurance_news", "Alan Frost")] * 2
    assert "It is your organisation’s turn to say what was done" in words(read(them.sergeant, page(request)))
    send(them.sergeant, page(request, "act/"), seen=request.version + 2, what="Version 4.3 says one day.")
    send(
        them.colleague,
        page(request, "rate/"),
        seen=request.version + 3,
        rating="assured",
        what="It does.",
        retest_on="1 6 2027",
    )
    send(them.colleague, page(request, "close/"), seen=request.version + 4)
    assert "It is to be asked again from Tuesday 1 June 2027" in words(read(them.sergeant, page(request)))

    travel(london(2027, 6, 2, 9))
    assert "1 assurance request to ask again" in words(read(them.ruth, "/challenges/"))
    send(them.ruth, page(request, "ask-again/"), seen=request.version + 5, due="1 7 2027")
    again = AssuranceRequest.objects.get(retest_of=request)
    assert [each.says for each in again.clauses.all()] == [each.says for each in request.clauses.all()]
    assert "It was asked again" in words(read(them.sergeant, page(request)))
    assert "What was said before" in words(read(them.sergeant, page(again)))
    assert "to ask again" not in words(read(them.ruth, "/challenges/"))
    call_command("verify_audit")


def test_both_sides_read_the_same_trail(them: Partnership) -> None:
    request = the_request(them)
    answered(request, by=them.inspector, now=NOW)
    step(request, "send_back", by=them.ruth, now=NOW, what="Where is clause 3?", due=date(2026, 12, 20))
    answered(request, by=them.inspector, now=NOW + timedelta(hours=1))
    step(request, "rate", by=them.ruth, now=NOW, rating="assured", rating_words="Fine", what="All there.")
    trails = [
        words(read(who, page(request))).partition("What has happened")[2]
        for who in (them.ruth, them.sergeant)
    ]
    assert trails[0].partition("Signed in")[0] == trails[1].partition("Signed in")[0]
    for line in (
        "Asked, by Tue 15 Dec",
        "Where is clause 3?",
        "Detective inspector, for South Thames Police",
        "Fine. All there.",
    ):
        assert line in trails[0], line
    assert trails[0].count("It differs. Section 1.") == 2, "the first answer stays"
    assert "Alan Frost" not in trails[0]


def test_who_is_late_stands_on_both_lists_and_can_still_answer(
    them: Partnership, travel: Callable[[datetime], None]
) -> None:
    request = the_request(them)
    travel(LATER)
    assert "Overdue since Tue 15 Dec" in words(read(them.inspector, "/challenges/"))
    assert "1 assurance request without an answer" in words(read(them.ruth, "/challenges/"))
    assert "You can still answer." in words(read(them.inspector, page(request)))
    assert "Overdue since Tue 15 Dec" in words(read(them.ruth, "/assurance/"))
    send(them.ruth, page(request, "more-time/"), seen=1, due="8 1 2027")
    assert "Overdue" not in words(read(them.inspector, "/assurance/"))
    answered(request, by=them.inspector, now=LATER)


@pytest.mark.parametrize("who", ["officer", "head_elsewhere"])
def test_nobody_else_learns_that_there_is_one(who: str, them: Partnership) -> None:
    request = the_request(them)
    user = getattr(them, who)
    assert read(user, page(request)).status_code in (403, 404)
    assert read(user, page(request, "answer/")).status_code in (403, 404)
    assert "procedure" not in words(read(user, "/challenges/"))


def test_only_the_unit_rates_and_nobody_their_own_answer(them: Partnership) -> None:
    elsewhere = setting("Outer Borough Team", outside=True, of=organisation("Outer Borough"))
    request = asked(by=them.ruth, of=elsewhere.organisation, now=NOW)
    answered(request, by=them.ruth, now=NOW)
    assert "A colleague of yours has to rate it" in words(read(them.ruth, page(request)))
    with pytest.raises(Refused, match="Somebody else"):
        step(request, "rate", by=them.ruth, now=NOW, rating="assured", rating_words="Fine", what="Yes.")
    step(request, "rate", by=them.colleague, now=NOW, rating="assured", rating_words="Fine", what="Yes.")
    own = the_request(them)
    for name in ("rate", "close", "follow_up", "send_back", "take_back", "more_time", "ask_again"):
        assert send(them.inspector, page(own, f"{name.replace('_', '-')}/")).status_code == 403, name


def test_an_answer_with_gaps_is_kept_and_not_sent(them: Partnership) -> None:
    request = the_request(them)
    answer = send(
        them.inspector, page(request, "answer/"), **boxes(request, evidence_3=" ", signed_by="", do="send")
    )
    assert answer.status_code == 422
    assert "Section 2." in answer.content.decode(), "what was typed is there"
    with pytest.raises(Refused, match="every clause"):
        step(request, "answer", by=them.inspector, now=NOW, clauses={}, **PROCEDURE)
    request = AssuranceRequest.objects.get(pk=request.pk)
    assert request.status == Status.ASKED


def test_two_who_write_do_not_overwrite_each_other(them: Partnership) -> None:
    request = the_request(them)
    first, second = boxes(request, do="save"), boxes(request, evidence_1="Chapter 9.", do="save")
    send(them.inspector, page(request, "answer/"), **first)
    send(them.inspector, page(request, "answer/"), **first)
    assert Entry.objects.filter(act="save").count() == 1, "one's own second click is no change"
    answer = send(them.sergeant, page(request, "answer/"), **second)
    assert answer.status_code == 409
    assert "Somebody else wrote meanwhile 1. The LADO is told in time It says the same. Section 1." in words(
        answer
    )
    assert "Chapter 9." in answer.content.decode(), "what was typed is there"
    assert 'name="seen" value="2"' in answer.content.decode(), "and can be sent again"


def test_a_step_that_does_not_fit_says_what_to_do(them: Partnership) -> None:
    request = the_request(them)
    assert "cannot be done now" in words(
        send(them.ruth, page(request, "rate/"), seen=1, rating="assured", what="x")
    )
    client = Client()
    client.force_login(them.ruth)
    assert client.get(page(request, "close/"), follow=True).redirect_chain == [(page(request), 302)]
    answer = send(them.ruth, page(request, "more-time/"), seen=1, due="1 11 2026")
    assert answer.status_code == 422
    assert "This day has passed" in words(answer)


def test_a_second_click_asks_nobody_twice(them: Partnership) -> None:
    said = {"key": str(uuid4()), "organisation": them.unit.organisation_id, "question": "Please.", "due": DUE}
    for _ in range(2):
        send(them.ruth, "/assurance/new/", **said)
    assert AssuranceRequest.objects.count() == 1
    assert read(them.ruth, "/assurance/new/?about=nothing").status_code == 404


def test_where_nobody_can_sign_the_leads_are_told(them: Partnership) -> None:
    clinic = setting("East Clinic", group="health", of=organisation("East Health Trust"))
    person("Lena Brook", lead=clinic)
    asked(by=them.ruth, of=clinic.organisation, now=NOW)
    assert told() == [("assurance_asked", "Lena Brook")]


def test_no_mail_says_what_is_asked_or_of_whom(them: Partnership) -> None:
    request = the_request(them)
    answered(request, by=them.inspector, now=NOW)
    for kind, _ in told():
        notice = notice_of(kind)
        for word in ("Police", "LADO", request.title, "Standard"):
            assert word not in f"{notice.subject} {notice.sentence}"


TAMPERED: dict[str, Callable[[], object]] = {
    "a verdict": lambda: ClauseAnswer.objects.filter(number=1).update(verdict="same"),
    "what shows it": lambda: ClauseAnswer.objects.filter(number=1).update(evidence="Nothing."),
    "a day": lambda: AssuranceRequest.objects.update(due=date(2027, 3, 1)),
    "a status": lambda: AssuranceRequest.objects.update(status=Status.WITHDRAWN),
    "a line of the trail that nobody wrote": lambda: Entry.objects.create(
        request=AssuranceRequest.objects.get(), at=NOW, act="close", by=User.objects.all()[0], seat="unit"
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_the_database_is_found(what: str, them: Partnership) -> None:
    answered(the_request(them), by=them.inspector, now=NOW)
    assert list(faults()) == []
    TAMPERED[what]()
    assert list(faults()) != []


NEVER: dict[str, Callable[[], object]] = {
    "rated without a rating": lambda: AssuranceRequest.objects.update(status=Status.RATED),
    "a status that is none": lambda: AssuranceRequest.objects.update(status="nowhere"),
    "a verdict that is none": lambda: ClauseAnswer.objects.update(verdict="maybe"),
    "a trail changed": lambda: Entry.objects.update(text="No."),
    "a trail cut": lambda: Entry.objects.all().delete(),
    "a request gone": lambda: AssuranceRequest.objects.all()._raw_delete("default"),
}


@pytest.mark.parametrize("what", NEVER)
def test_the_database_refuses(what: str, them: Partnership) -> None:
    answered(the_request(them), by=them.inspector, now=NOW)
    with pytest.raises((IntegrityError, Error)), transaction.atomic():
        NEVER[what]()


def test_every_step_leads_somewhere_and_every_status_is_reached() -> None:
    reached = {Status.ASKED.value, *(target for each in STEPS for target in each.leads_to)}
    assert reached == set(Status.values)
    assert set(STEP) == {each.name for each in STEPS}


def test_pages_ask_as_little_of_many_as_of_few(them: Partnership) -> None:
    few = asked_of(them, 1)
    many = asked_of(them, 9)
    assert {name: len(sql) for name, sql in many.items()} == {name: len(sql) for name, sql in few.items()}
    assert max(len(sql) for sql in many.values()) <= 11, many


def asked_of(them: Partnership, number: int) -> dict[str, Statements]:
    """What each page asks with so many requests, each with so many lines in its trail."""
    for _ in range(number):
        request = the_request(them)
        for _ in range(number):
            step(request, "more_time", by=them.ruth, now=NOW, due=date(2026, 12, 20))
            step(request, "save", by=them.sergeant, now=NOW, clauses={}, **PROCEDURE)
    pages = (
        "/assurance/",
        "/assurance/standards/",
        "/assurance/new/",
        page(request),
        page(request, "answer/"),
        "/challenges/",
    )
    return {
        f"{place.rpartition(str(request.uuid))[2]} {user.full_name}": statements(user, place)
        for place in pages
        for user in (them.inspector, them.ruth)
        if (place, user) not in ((page(request, "answer/"), them.ruth), ("/assurance/new/", them.inspector))
    }


def statements(user: User, path: str) -> Statements:
    client = Client()
    client.force_login(user)
    client.get(path)
    with counted_sql() as found:
        assert client.get(path).status_code == 200
    return found
