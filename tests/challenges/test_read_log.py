"""Whoever sees the words, or who raised it, leaves a line before the page is sent; others leave none."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from core.audit.models import Verification
from escalation.challenges.events import ACCESS
from escalation.challenges.models import Challenge, Event
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled, with_partners
from tests.factories import SENT
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
WORDS = "the plan we agreed in October has not started"
CASE_BUDGET = 12


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    travel(SENT)
    cast = Cast()
    cast.raise_it()
    return cast


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.people[who])
    return client


def lines() -> list[Event]:
    return list(Event.objects.filter(chain=ACCESS).order_by("seq"))


WHO_READS_WHAT = [
    ("raiser", ["F1", "F2"]),
    ("raising_lead", ["F1", "F2"]),
    ("counterpart", ["F1", "F2"]),
    ("responding_lead", ["F2"]),  # sees that there is a challenge, and who raised it; the words from stage 2
    ("supporting_lead", None),
    ("unit", None),
    ("auditor", None),
]


@pytest.mark.parametrize("address", ["{case}", "{case}who/", "/api/v1{case}"])
@pytest.mark.parametrize(("who", "groups"), WHO_READS_WHAT)
def test_what_is_read_is_noted(cast: Cast, who: str, groups: list[str] | None, address: str) -> None:
    url = address.format(case=cast.challenge.get_absolute_url())
    response = signed_in(cast, who).get(url)
    assert response.status_code == 200
    if groups is None:
        assert lines() == []
        return
    (line,) = lines()
    assert (line.actor, line.act, line.object) == (cast.people[who], "read", str(cast.challenge.uuid))
    assert line.codes["groups"] == groups
    assert line.codes["channel"] == ("api" if address.startswith("/api") else "page")
    assert line.request_id == response["X-Request-ID"]


@pytest.mark.parametrize("step", ["match", "add_note", "ask_question"])
def test_a_step_page_shows_the_worry_and_is_noted(cast: Cast, step: str) -> None:
    response = signed_in(cast, "counterpart").get(f"{cast.challenge.get_absolute_url()}{step}/")
    assert WORDS in response.content.decode()
    assert len(lines()) == 1


def test_what_is_sent_is_an_act_and_not_a_read(cast: Cast) -> None:
    client, url = signed_in(cast, "counterpart"), f"{cast.challenge.get_absolute_url()}ask_question/"
    client.get(url)
    sent = client.post(url, {"version": 1, "what": "Which plan do you mean?"})
    assert sent.status_code == 302
    assert len(lines()) == 1


def test_a_page_that_says_no_shows_nothing_and_is_not_noted(cast: Cast) -> None:
    response = signed_in(cast, "raiser").get(f"{cast.challenge.get_absolute_url()}reply/")
    assert response.status_code == 403
    assert WORDS not in response.content.decode()
    assert lines() == []


def test_a_list_shows_no_words_and_is_not_noted(cast: Cast) -> None:
    for who in ("counterpart", "raising_lead", "unit"):
        for url in ("/challenges/", "/api/v1/challenges/"):
            assert WORDS not in signed_in(cast, who).get(url).content.decode()
    assert lines() == []


def test_the_unit_reads_what_is_addressed_to_it_and_that_is_noted(cast: Cast) -> None:
    """A withdrawal's reason is for raiser and unit: words, though the unit has no F1 at stage 1."""
    cast.take("raiser", "withdraw", SENT, withdrawal_reason="new_information", note="They have visited now.")
    page = signed_in(cast, "unit").get(cast.challenge.get_absolute_url())
    assert "They have visited now." in page.content.decode()
    assert [line.codes["groups"] for line in lines()] == [["F1"]]


def test_a_line_says_whether_it_was_their_turn(cast: Cast) -> None:
    for who in ("counterpart", "raising_lead"):
        signed_in(cast, who).get(cast.challenge.get_absolute_url())
    assert [line.codes["task"] for line in lines()] == [True, False]


@pytest.mark.parametrize("address", ["{case}", "{case}who/", "{case}match/", "{case}sent/", "/api/v1{case}"])
def test_what_cannot_be_noted_is_not_served(cast: Cast, address: str) -> None:
    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "challenges_event"'):
            raise OperationalError("the disk is full")
        return execute(sql, params, many, context)

    client = signed_in(cast, "raiser")
    url = address.format(case=cast.challenge.get_absolute_url())
    assert WORDS in client.get(url).content.decode() or "who/" in url or "sent/" in url
    with connection.execute_wrapper(full):
        response = client.get(url)
    assert response.status_code == 503
    assert WORDS not in response.content.decode()


def withdrawn(cast: Cast) -> Cast:
    cast.raise_it()
    cast.take("raiser", "withdraw", SENT, withdrawal_reason="under_pressure")
    return cast


@pytest.mark.large
@pytest.mark.parametrize("road", [withdrawn, settled, with_partners])
def test_a_case_page_stays_within_its_statements_with_its_line(
    road: Callable[[Cast], Cast], travel: Callable[[datetime], None]
) -> None:
    travel(SENT + timedelta(days=40))
    cast = road(Cast())
    url, seen = cast.challenge.get_absolute_url(), 0
    for who in cast.people:
        client = signed_in(cast, who)
        for address in (url, f"{url}who/", f"/api/v1{url}"):
            if client.get(address).status_code != 200:
                continue
            with counted_sql() as statements:
                client.get(address)
            seen += 1
            assert len(statements) <= CASE_BUDGET, (who, address, statements)
    assert seen > 20


# The auditor's pages


def test_the_auditor_sees_who_read_and_what_was_done_and_no_words(cast: Cast) -> None:
    signed_in(cast, "counterpart").get(cast.challenge.get_absolute_url())
    auditor = signed_in(cast, "auditor")
    url = f"{cast.challenge.get_absolute_url()}trail/"
    assert url in auditor.get(cast.challenge.get_absolute_url()).content.decode()
    text = auditor.get(url).content.decode()
    assert "Tom Whitfield" in text
    assert "Read the words and who raised it" in text
    assert "This challenge’s trail holds" in text
    assert WORDS not in text


def test_the_auditor_never_learns_who_raised_it(cast: Cast) -> None:
    signed_in(cast, "raiser").get(cast.challenge.get_absolute_url())
    auditor = signed_in(cast, "auditor")
    for url in (f"{cast.challenge.get_absolute_url()}trail/", "/audit/", "/audit/reads/"):
        text = auditor.get(url).content.decode()
        assert "Amara Cole" not in text, url
    assert (
        "The person who raised it"
        in auditor.get(f"{cast.challenge.get_absolute_url()}trail/").content.decode()
    )


def test_the_trail_of_a_challenge_that_was_tampered_with_says_so(cast: Cast) -> None:
    from tests.challenges.test_trail import EVENTS, unguarded

    with unguarded() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET act = 'void' WHERE chain LIKE 'challenge:%%'")  # noqa: S608
    text = signed_in(cast, "auditor").get(f"{cast.challenge.get_absolute_url()}trail/").content.decode()
    assert "This trail does not hold" in text


@pytest.mark.parametrize("who", ["raiser", "raising_lead", "counterpart", "unit", "partner"])
def test_the_audit_is_the_auditors_alone(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/reads/").status_code == 403
    sees = Challenge.objects.visible_to(cast.standings[who]).exists()
    assert client.get(f"{cast.challenge.get_absolute_url()}trail/").status_code == (403 if sees else 404)


def test_who_reads_without_a_task_is_listed_by_how_often(cast: Cast) -> None:
    for who, times in (("raising_lead", 3), ("counterpart", 2), ("raiser", 1)):
        for _ in range(times):
            signed_in(cast, who).get(cast.challenge.get_absolute_url())
    text = signed_in(cast, "auditor").get("/audit/").content.decode()
    assert "Priya Shah" in text
    assert "Tom Whitfield" not in text  # it was his turn
    reads = signed_in(cast, "auditor").get("/audit/reads/").content.decode()
    assert reads.count("Priya Shah") == 3


def test_the_auditor_reads_what_the_last_check_found(cast: Cast) -> None:
    from django.core.management import call_command

    Verification.objects.all().delete()  # whatever was checked before, and not undone
    auditor = signed_in(cast, "auditor")
    page = auditor.get("/audit/").content.decode()
    assert "Never checked" in page
    assert "manage.py verify_audit" in page
    call_command("verify_audit")
    assert "It holds" in auditor.get("/audit/").content.decode()
    Verification.objects.update(at=timezone.now() - timedelta(hours=40))
    assert "that was a while ago" in auditor.get("/audit/").content.decode()


def test_a_time_is_said_once(cast: Cast) -> None:
    signed_in(cast, "raiser").get(cast.challenge.get_absolute_url())
    page = signed_in(cast, "auditor").get(f"{cast.challenge.get_absolute_url()}trail/").content.decode()
    [first, *_] = re.findall(r'<td class="govuk-table__cell">(.*?)</td>', page)
    assert len(re.findall(r"\d(?:am|pm)", first)) == 1
