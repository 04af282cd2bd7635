"""What was learnt: a second person reads it, a sub-group decides, somebody does something, it changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from core.machine import Moved, NotPermitted, Refused
from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.learning.events import faults
from escalation.learning.models import Action, Decision, Event, Origin, Point
from escalation.learning.services import (
    approve,
    end_action,
    propose,
    remind_of_actions,
    rewrite,
    take_back,
)
from escalation.learning.services.points import NewPoint
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled, with_leads
from tests.factories import SENT, person, policy, setting
from tests.forums.planned import acting
from tests.learning.learnt import WORDS, acted, approved, written
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
UNKNOWN = "There is no closed challenge with this number whose words you can read."
FROM = "A closed challenge</a> whose words you can read"
DECIDED = {"met_on": "1 12 2026", "verdict": "taken_up", "words": "Two teams try it."}
WILL = {"what": "A list of whom to call.", "owner": "team manager", "due": "1 3 2027"}
DONE = {"came": "done", "changed": "Each team has one.", "evidence": "Page 2 of the duty guide."}


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    travel(SENT)
    policy(today=SENT.date())
    return Cast()


@pytest.fixture
def colleague() -> User:
    return person("Sam Ode", role="business_unit")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, path: str, **said: Any) -> Any:
    return client_of(user).post(path, said, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def read(user: User, path: str) -> str:
    answer = client_of(user).get(path)
    assert answer.status_code == 200
    return text(answer)


def closed(cast: Cast) -> Challenge:
    settled(cast)
    cast.take("raiser", "confirm_settled", SENT + timedelta(minutes=1))
    return cast.challenge


def of_mine(cast: Cast, colleague: User, **details: Any) -> Point:
    return approved(by=cast.people["unit"], other=colleague, now=SENT, **details)


# Written, and read by a second person


def test_from_a_closed_challenge_to_the_board_and_to_done(cast: Cast, colleague: User) -> None:
    case, lead, unit = closed(cast), cast.people["raising_lead"], cast.people["unit"]
    page = read(lead, case.get_absolute_url())
    assert f'href="/learning/points/new/?from={case.uuid}"' in page
    assert f'href="/forums/topics/new/?from={case.uuid}"' in page
    begun = read(lead, f"/learning/points/new/?from={case.uuid}")
    assert f'value="{case.reference}"' in begun
    sent = {"key": str(uuid4()), "seen": "0", "reference": case.reference, **WORDS}
    assert FROM in text(send(lead, "/learning/points/new/", **sent))
    point = Point.objects.get()
    send(lead, point.get_absolute_url(), act="propose")
    assert "1 learning point to read" in read(unit, "/challenges/")
    assert "1 learning point to read" in read(unit, reverse("challenges:monday"))
    assert WORDS["title"] not in read(cast.people["counterpart"], "/learning/"), "nobody has approved it"
    send(colleague, point.get_absolute_url(), act="approve")
    assert "Sent to: QA sub-group" in read(cast.people["counterpart"], "/learning/")
    send(unit, f"{point.get_absolute_url()}decision/", key=str(uuid4()), **DECIDED)
    care = cast.care.organisation
    send(unit, f"{point.get_absolute_url()}action/", key=str(uuid4()), organisation=str(care.pk), **WILL)
    board = read(cast.people["raiser"], "/learning/")
    assert "Two teams try it." in board
    assert "Being done" in board
    action = Action.objects.get()
    assert "Say what came of it" not in board, "it is not theirs to say"
    assert action.get_absolute_url() in read(cast.people["responding_lead"], "/learning/")
    send(cast.people["responding_lead"], action.get_absolute_url(), **DONE)
    board = read(cast.people["raiser"], "/learning/")
    assert "Each team has one." in board
    assert "1 point. 1 of 1 action done." in board
    assert not list(faults())


def test_what_the_linter_asks_needs_a_reason(cast: Cast) -> None:
    unit = cast.people["unit"]
    point = written(by=unit, now=SENT, text="Amara Cole of Oakfield was not called for 12 days.")
    with pytest.raises(Refused, match="say why"):
        propose(point, despite="", by=acting(unit, SENT))
    assert propose(point, despite="A made-up name.", by=acting(unit, SENT)).state == "proposed"


def test_nobody_approves_their_own_nor_does_the_database(cast: Cast, colleague: User) -> None:
    unit = cast.people["unit"]
    point = written(by=unit, now=SENT)
    propose(point, despite="", by=acting(unit, SENT))
    with pytest.raises(Refused, match="colleague"):
        approve(point, by=acting(unit, SENT))
    with pytest.raises(NotPermitted):
        approve(point, by=acting(cast.people["raising_lead"], SENT))
    with pytest.raises(IntegrityError, match="point_approved_by_another"), transaction.atomic():
        Point.objects.update(state="approved", decided_by=unit, decided_at=SENT)
    approve(point, by=acting(colleague, SENT))
    assert approve(point, by=acting(colleague, SENT)).version == 3, "a second click is none"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Point.objects.update(text="Something else."),
        lambda: Point.objects.update(decided_at=SENT + timedelta(days=90)),
        lambda: Point.objects.all().delete(),
        lambda: Decision.objects.update(verdict="noted"),
        lambda: Decision.objects.all().delete(),
        lambda: Action.objects.update(ended_at=SENT + timedelta(days=90)),
        lambda: Action.objects.update(state="open", ended_at=None),
    ],
)
def test_what_is_decided_or_done_stays_in_the_database(
    cast: Cast, colleague: User, change: Callable[[], object]
) -> None:
    point, unit = of_mine(cast, colleague), cast.people["unit"]
    send(unit, f"{point.get_absolute_url()}decision/", key=str(uuid4()), **DECIDED)
    row = acted(point, by=unit, of=cast.care.organisation, now=SENT)
    end_action(row, is_done=False, changed="No money.", evidence="", by=acting(unit, SENT))
    with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
        change()


def test_somebody_elses_change_is_told_and_nothing_typed_is_lost(cast: Cast) -> None:
    unit = cast.people["unit"]
    point = written(by=unit, now=SENT)
    new = NewPoint(**{**WORDS, "title": "Ask by phone, then write", "source": None})
    rewrite(point, new, seen=1, by=acting(unit, SENT))
    with pytest.raises(Moved):
        rewrite(point, NewPoint(**{**WORDS, "source": None}), seen=1, by=acting(unit, SENT))
    said = {"key": str(point.uuid), "seen": "1", **WORDS, "title": "Write, then ask"}
    answer = client_of(unit).post(f"{point.get_absolute_url()}change/", said)
    assert answer.status_code == 409
    assert "Write, then ask" in text(answer)


# From which challenge


def test_where_it_comes_from_is_for_those_alone_who_read_its_words(cast: Cast, colleague: User) -> None:
    """The unit sees that there was a challenge at stage 1, and not its words: no link, the same page."""
    case, lead, unit = closed(cast), cast.people["raising_lead"], cast.people["unit"]
    sent = {"seen": "0", **WORDS}
    send(lead, "/learning/points/new/", key=str(uuid4()), reference=case.reference, **sent)
    send(lead, "/learning/points/new/", key=str(uuid4()), **sent)
    without, of_one = Point.objects.order_by("-pk")
    assert FROM in read(lead, of_one.get_absolute_url())
    assert "?from=" not in read(unit, case.get_absolute_url()), "it reads none of the words"
    pages = [read(unit, each.get_absolute_url()).replace(str(each.uuid), "") for each in (of_one, without)]
    tokens = [page.split('csrfmiddlewaretoken" value="')[0] for page in pages]
    assert tokens[0] == tokens[1]
    assert FROM not in pages[0]
    told = Event.objects.filter(object__startswith="origin:")
    assert {str(case.pk)}.isdisjoint(str(event.codes["origin"]["origin.challenge"]) for event in told)


@pytest.mark.parametrize("who", ["outsider", "responding_senior", "unit"])
def test_a_number_out_of_reach_gets_one_and_the_same_refusal(cast: Cast, who: str) -> None:
    case = closed(cast)
    somebody = cast.people[who] if who != "outsider" else person("Jo Wren", lead=setting("Northfield School"))
    answer = send(
        somebody, "/learning/points/new/", key=str(uuid4()), seen="0", reference=case.reference, **WORDS
    )
    assert UNKNOWN in text(answer)
    assert not Origin.objects.exists()
    assert case.reference not in read(somebody, f"/learning/points/new/?from={case.uuid}")


def test_an_open_one_or_nonsense_fills_nothing_in(cast: Cast) -> None:
    with_leads(cast)
    lead = cast.people["raising_lead"]
    for given in (str(cast.challenge.uuid), "nonsense", ""):
        assert cast.challenge.reference not in read(lead, f"/learning/points/new/?from={given}")
    assert "?from=" not in read(lead, cast.challenge.get_absolute_url())


def test_it_is_not_approved_while_its_challenge_is_open_again(cast: Cast, colleague: User) -> None:
    case, lead = closed(cast), cast.people["raising_lead"]
    point = written(by=lead, now=SENT, source=case)
    propose(point, despite="", by=acting(lead, SENT))
    cast.take("raiser", "reopen", SENT, what="It started again.")
    with pytest.raises(Refused, match="Send it back"):
        approve(point, by=acting(colleague, SENT))


# What is done about it


def test_only_what_is_approved_is_before_a_sub_group(cast: Cast) -> None:
    unit = cast.people["unit"]
    point = written(by=unit, now=SENT)
    answer = send(unit, f"{point.get_absolute_url()}decision/", key=str(uuid4()), **DECIDED)
    assert "No second person has approved this" in text(answer)
    assert "Two teams try it." in text(answer), "nothing typed is lost"


def test_a_second_click_is_one_decision_and_one_action(cast: Cast, colleague: User) -> None:
    point, unit = of_mine(cast, colleague), cast.people["unit"]
    care = str(cast.care.organisation_id)
    for page, said in (("decision", DECIDED), ("action", {**WILL, "organisation": care})):
        key = str(uuid4())
        for _ in range(2):
            assert send(unit, f"{point.get_absolute_url()}{page}/", key=key, **said).status_code == 200
    assert (Decision.objects.count(), Action.objects.count()) == (1, 1)


def test_a_late_action_stands_first_and_its_leads_and_the_unit_are_told(
    cast: Cast, colleague: User, travel: Callable[[datetime], None]
) -> None:
    point, unit = of_mine(cast, colleague), cast.people["unit"]
    acted(point, by=unit, of=cast.care.organisation, now=SENT, due=(SENT + timedelta(days=5)).date())
    Message.objects.all().delete()
    assert remind_of_actions(now=SENT) == 1
    assert remind_of_actions(now=SENT) == 0
    assert {m.kind for m in Message.objects.all()} == {"learning_action"}
    late = SENT + timedelta(days=20)
    travel(late)
    for who, told in (("unit", True), ("responding_lead", True), ("raising_lead", False)):
        assert ("1 action from learning" in read(cast.people[who], "/challenges/")) is told, who
    assert "1 action from learning" in read(unit, reverse("challenges:monday"))
    assert "An action is overdue" in read(unit, "/learning/")
    take_back(point, by=acting(unit, late))
    assert "1 action from learning" not in read(unit, "/challenges/"), "nothing is to be done of it any more"
    assert remind_of_actions(now=late + timedelta(days=900)) == 0


def test_done_needs_evidence_and_not_done_a_reason(cast: Cast, colleague: User) -> None:
    row = acted(of_mine(cast, colleague), by=cast.people["unit"], of=cast.care.organisation, now=SENT)
    lead = cast.people["responding_lead"]
    page = text(send(lead, row.get_absolute_url(), came="done", changed="We have one."))
    assert "Say where one can see it." in page
    assert "We have one." in page
    page = text(send(lead, row.get_absolute_url(), came="not done", why=""))
    assert "Say why it is not done." in page
    send(lead, row.get_absolute_url(), came="not done", why="No money this year.")
    assert "Not all done" in read(lead, "/learning/")


def test_a_training_need_says_so(cast: Cast, colleague: User) -> None:
    of_mine(cast, colleague, kind="training", sub_group="policy_and_training")
    board = read(cast.people["raiser"], "/learning/")
    assert "Acting in time. Training." in board
    assert "Sent to: Policy and Training sub-group" in board


def test_a_change_past_the_log_is_found(cast: Cast, colleague: User) -> None:
    row = acted(of_mine(cast, colleague), by=cast.people["unit"], of=cast.care.organisation, now=SENT)
    call_command("verify_audit")
    Action.objects.filter(pk=row.pk).update(due=SENT.date())
    assert [fault for fault in faults() if f"action:{row.pk}" in str(fault)]


def test_statements_do_not_grow(cast: Cast, colleague: User) -> None:
    unit = client_of(cast.people["unit"])

    def asked(path: str) -> int:
        with counted_sql() as said:
            assert unit.get(path).status_code == 200
        return len(said)

    def more() -> Point:
        point = of_mine(cast, colleague)
        for _ in range(2):
            acted(point, by=cast.people["unit"], of=cast.care.organisation, now=SENT)
        return point

    pages = ("/learning/", "/learning/points/", more().get_absolute_url())
    asked(pages[0])
    few = [asked(page) for page in pages]
    for _ in range(3):
        more()
    assert [asked(page) for page in pages] == few
    assert max(few) <= 14
