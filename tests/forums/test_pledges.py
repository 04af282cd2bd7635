"""You said, we changed: who owes what, until when, what came of it; and the hand-out of a forum."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from pypdf import PdfReader

from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.forums.models import Pledge
from escalation.forums.services import remind_of_pledges
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import pledge_made, sitting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 12, 8, 14)
SAID = {
    "said": "We do not know whom to ask next.",
    "what": "A card for every desk.",
    "owner": "safeguarding lead",
    "due": "1 3 2027",
}
DONE = {"came": "done", "changed": "Every desk has one.", "evidence": "Induction pack, page 3."}


@pytest.fixture(autouse=True)
def that_day(travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    policy(today=NOW.date())


@pytest.fixture
def ruth() -> User:
    return person("Ruth Ames", role="business_unit")


@pytest.fixture
def lead() -> User:
    trust = organisation("Oakfield Trust")
    return person("Priya Shah", lead=setting("Oakfield", group="education", of=trust))


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


def test_what_was_said_is_followed_to_what_changed(ruth: User, lead: User) -> None:
    trust = organisation("Oakfield Trust")
    forum = sitting(by=ruth, host=trust, invited=[trust], now=NOW, starts_at=NOW - timedelta(hours=1))
    answer = send(ruth, f"/forums/{forum.uuid}/pledge/", key=str(uuid4()), organisation=trust.pk, **SAID)
    assert "It is on the board" in text(answer)
    made = Pledge.objects.get()
    stranger = person("Otto Elsewhere", practitioner=setting("Elsewhere", group="health"))
    assert "A card for every desk." in read(stranger, "/forums/board/")
    assert client_of(stranger).get(made.get_absolute_url()).status_code == 403
    assert "Say where one can see it" in text(send(lead, made.get_absolute_url(), **DONE | {"evidence": ""}))
    assert "It is on the board. Thank you." in text(send(lead, made.get_absolute_url(), **DONE))
    board = read(stranger, "/forums/board/")
    assert "Every desk has one." in board
    assert "To be seen in: Induction pack, page 3." in board
    assert "Thank you" in text(send(lead, made.get_absolute_url(), **DONE)), "a second click"
    other = DONE | {"changed": "Nothing."}
    assert "Somebody has said what came of it" in text(send(ruth, made.get_absolute_url(), **other))
    call_command("verify_audit")


def test_what_is_not_done_says_why(ruth: User, lead: User) -> None:
    made = pledge_made(by=ruth, of=organisation("Oakfield Trust"), now=NOW)
    assert "Say why it is not done" in text(send(lead, made.get_absolute_url(), came="not done"))
    send(lead, made.get_absolute_url(), came="not done", why="The card exists already.")
    assert "The card exists already." in read(lead, "/forums/board/")


def test_whoever_owes_it_is_reminded_once_a_week_before(ruth: User, lead: User) -> None:
    made = pledge_made(by=ruth, of=organisation("Oakfield Trust"), now=NOW)
    Message.objects.all().delete()
    due = london(made.due.year, made.due.month, made.due.day)
    assert remind_of_pledges(now=due - timedelta(days=8)) == 0
    assert remind_of_pledges(now=due - timedelta(days=7)) == 1
    assert remind_of_pledges(now=due) == 0
    assert [(each.to, each.path) for each in Message.objects.all()] == [(lead, made.get_absolute_url())]
    call_command("verify_audit")


def test_one_that_is_late_says_so(ruth: User, lead: User, travel: Callable[[datetime], None]) -> None:
    made = pledge_made(by=ruth, of=organisation("Oakfield Trust"), now=NOW)
    travel(london(made.due.year, made.due.month, made.due.day + 1))
    assert "Overdue" in read(lead, "/forums/board/")


def test_no_pledge_is_made_before_the_forum(ruth: User) -> None:
    trust = organisation("Oakfield Trust")
    forum = sitting(by=ruth, host=trust, now=NOW)
    answer = send(ruth, f"/forums/{forum.uuid}/pledge/", key=str(uuid4()), organisation=trust.pk, **SAID)
    assert answer.status_code == 422
    assert "This one has not taken place" in text(answer)


def test_the_hand_out_is_one_page_on_paper_too(ruth: User, lead: User) -> None:
    made = pledge_made(by=ruth, of=organisation("Oakfield Trust"), now=NOW)
    page = f"/forums/{made.sitting.uuid}/hand-out/"
    shown = read(lead, page)
    for words in (made.said, "you can ask the next level", "/pulse/", made.sitting.notice):
        assert words.lower() in shown.lower()
    answer = client_of(lead).get(f"/forums/{made.sitting.uuid}/hand-out.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    assert len(pdf.pages) == 1
    printed = " ".join(pdf.pages[0].extract_text().split())
    assert made.said in printed
    assert "/StructTreeRoot" in pdf.root_object, "tagged"


def test_the_board_asks_as_little_of_many_as_of_few(ruth: User, lead: User) -> None:
    client = client_of(lead)

    def asked(path: str) -> int:
        client.get(path)
        with counted_sql() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    first = pledge_made(by=ruth, of=organisation("Oakfield Trust"), now=NOW)
    paths = ["/forums/board/", f"/forums/{first.sitting.uuid}/", f"/forums/{first.sitting.uuid}/hand-out/"]
    few = [asked(path) for path in paths]
    for number in range(12):
        of = organisation(f"Trust {number}")
        pledge_made(by=ruth, of=of, now=NOW, sitting=first.sitting)
    assert [asked(path) for path in paths] == few
    assert max(few) <= 13
