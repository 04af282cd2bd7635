"""Challenges over HTTP, for programs that act for a person."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.exceptions import Throttled
from rest_framework.test import APIClient, APIRequestFactory

from core.api.problems import exception_handler
from escalation.accounts.services import service_user
from escalation.challenges.events import chain_of
from escalation.challenges.models import Challenge, Event
from tests.challenges.cast import CALLED, Cast
from tests.challenges.programs import (
    LIST,
    acting_for,
    key_of,
    matched,
    new,
    problem,
    send,
    take,
    take_if,
    url,
)
from tests.factories import PASSWORD, SENT, person, policy, setting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
MATCHED: dict[str, Any] = CALLED


@pytest.fixture(autouse=True)
def that_day(travel: Travel) -> None:
    """A minute after the challenge was sent."""
    travel(SENT + timedelta(minutes=1))


@pytest.fixture
def cast() -> Cast:
    policy()
    return Cast()


@pytest.fixture
def case(cast: Cast) -> Challenge:
    return cast.raise_it()


# Reading


def test_a_person_finds_their_own_and_no_others(cast: Cast, case: Challenge) -> None:
    mine = acting_for(cast.people["raiser"]).get(LIST).json()
    assert [row["uuid"] for row in mine["results"]] == [str(case.uuid)]
    assert mine["count"] == 1
    assert acting_for(person("Somebody Else", practitioner=setting())).get(LIST).json()["count"] == 0


def test_a_row_says_whose_turn_and_holds_no_free_text(cast: Cast, case: Challenge) -> None:
    [row] = acting_for(cast.people["responding_lead"]).get(LIST).json()["results"]
    assert row["turn"] == {"ours": True, "words": "Ours"}
    assert row["raising"]["name"] == "Oakfield Primary School"
    assert [place["name"] for place in row["responding"]] == [cast.care.name, cast.police.name]
    assert row["due"] == "2026-12-29T17:00:00Z"
    assert "parenting" not in json.dumps(row)
    assert "plan we agreed" not in json.dumps(row)


def test_only_the_raiser_reads_their_label(cast: Cast) -> None:
    cast.raise_it(label="five weeks without a visit")
    read = {
        who: acting_for(cast.people[who]).get(LIST).json()["results"][0]["label"]
        for who in ("raiser", "raising_lead")
    }
    assert read == {"raiser": "five weeks without a visit", "raising_lead": None}


def test_a_lead_of_the_other_side_sees_the_frame_until_stage_2_and_the_worker_asked_sees_the_words(
    cast: Cast, case: Challenge
) -> None:
    worker = acting_for(cast.people["counterpart"]).get(url(case)).json()
    lead = acting_for(cast.people["responding_lead"]).get(url(case)).json()
    unit = acting_for(cast.people["unit"]).get(url(case)).json()
    assert worker["field_groups"] == ["F0", "F1", "F2", "F3"]
    assert worker["words"]["worry"] == "the plan we agreed in October has not started"
    assert worker["our_pointer"] == "HV-4471"
    assert worker["raiser"]["name"] == "Amara Cole"
    assert "F1" not in lead["field_groups"]
    assert (lead["words"], lead["our_pointer"], lead["label"]) == (None, None, None)
    assert [entry["words"] for entry in lead["entries"]] == [{}]
    assert unit["raiser"] is None
    for told in (lead, unit):
        assert "plan we agreed" not in json.dumps(told)
        assert "HV-4471" not in json.dumps(told)
    assert "Amara" not in json.dumps(unit)


def test_a_challenge_says_whose_turn_by_when_and_what_can_be_done(cast: Cast, case: Challenge) -> None:
    answer = acting_for(cast.people["counterpart"]).get(url(case))
    told = answer.json()
    assert told["turn"]["words"] == "It is social care's turn, and the police's."
    assert told["turn"]["mine"] is True
    reply = next(clock for clock in told["clocks"] if clock["name"] == "reply")
    assert "2 working days" in reply["words"]
    assert "Christmas Day" in reply["words"]
    assert reply["overdue"] is False
    steps = {step["name"]: step for step in told["steps"]}
    assert "match" in steps
    assert "reply" not in steps, "the child has to be matched first"
    match = {ask["name"]: ask for ask in steps["match"]["asks"]}
    assert match["their_pointer"]["required"] is True
    assert match["called_at"]["kind"] == "moment"
    assert steps["match"]["url"] == url(case, "match")


def test_the_choices_are_those_of_the_form(cast: Cast, case: Challenge) -> None:
    cast.take("counterpart", "match", SENT, **MATCHED)
    told = acting_for(cast.people["counterpart"]).get(url(case)).json()
    [reply] = [step for step in told["steps"] if step["name"] == "reply"]
    asks = {ask["name"]: ask for ask in reply["asks"]}
    assert set(asks) == {"answer", "what", "acted_on"}
    assert [choice["code"] for choice in asks["answer"]["choices"]] == ["acted", "differs"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("?show=open", 1),
        ("?show=ended", 0),
        ("?status=awaiting_response", 1),
        ("?status=closed", 0),
        ("?stage=1", 1),
        ("?fast=yes", 0),
        ("?side=raised", 1),
        ("?side=asked", 0),
        ("?due_by=2026-12-29", 1),
        ("?due_by=2026-12-28", 0),
        ("?reference=2222222", 0),
        ("?sort=-opened", 1),
    ],
)
def test_the_filters_of_the_work_list(cast: Cast, case: Challenge, query: str, found: int) -> None:
    answer = acting_for(cast.people["raiser"]).get(LIST + query)
    assert answer.status_code == 200, answer.content
    assert answer.json()["count"] == found


def test_a_setting_and_a_reference_are_found(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["raiser"])
    assert client.get(LIST, {"setting": str(cast.care.uuid)}).json()["count"] == 1
    assert client.get(LIST, {"reference": case.reference[:4].lower()}).json()["count"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?show=everything", "show"),
        ("?status=lost", "status"),
        ("?stage=9", "stage"),
        ("?due_by=soon", "due_by"),
        ("?setting=00000000-0000-4000-8000-000000000000", "setting"),
        ("?reference=%00", "reference"),
        ("?colour=red", "colour"),
        ("?setting=", "setting"),
        ("?status=", "status"),
    ],
)
def test_a_filter_that_cannot_be_read_is_a_mistake(
    cast: Cast, case: Challenge, query: str, field: str
) -> None:
    told = problem(acting_for(cast.people["raiser"]).get(LIST + query), 400)
    assert [error["field"] for error in told["errors"]] == [field]


def test_pages_of_25(cast: Cast) -> None:
    for _ in range(27):
        cast.raise_it()
    client = acting_for(cast.people["raiser"])
    first = client.get(LIST).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (27, 25, None)
    assert len(client.get(first["next"]).json()["results"]) == 2
    problem(client.get(LIST, {"page": 3}), 404)


def test_25_rows_with_many_parties_cost_no_more_than_one(cast: Cast) -> None:
    cast.raise_it(asked={cast.care: None}, supporting=())
    client = acting_for(cast.people["responding_lead"])
    client.get(LIST)  # the key's last use is noted once a minute
    with counted_sql() as one:
        client.get(LIST)
    teams = [setting() for _ in range(3)]
    for _ in range(24):
        cast.raise_it(asked=dict.fromkeys([cast.care, cast.police, *teams]))
    with counted_sql() as many:
        assert len(client.get(LIST).json()["results"]) == 25
    assert len(many) == len(one) <= 10, many
    with counted_sql() as filtered:
        client.get(LIST, {"setting": str(cast.police.uuid), "show": "ours", "sort": "stage"})
    assert len(filtered) <= 10, filtered


def test_one_challenge_costs_at_most_12(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    client.get(LIST)
    with counted_sql() as statements:
        client.get(url(case))
    assert len(statements) <= 12, statements


# Who may not


def test_hidden_and_missing_look_the_same(cast: Cast, case: Challenge) -> None:
    stranger = acting_for(person("Somebody Else", practitioner=setting()))
    missing = url(case).replace(str(case.uuid), str(uuid.uuid4()))
    for answer in (stranger.get(url(case)), stranger.get(missing)):
        told = problem(answer, 404)
        assert told["detail"] == "There is nothing here that you can see."
    problem(stranger.post(url(case, "match"), {"version": 1}, format="json"), 404)


def test_without_a_key_nothing_is_told(case: Challenge) -> None:
    for address in (LIST, url(case), "/api/v1/settings/", "/api/v1/schema/"):
        answer = APIClient().get(address)
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_wrong_key_is_told_so(case: Challenge) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer abc.def")
    assert "key" in problem(client.get(LIST), 401)["detail"]


def test_a_system_reads_no_challenges_whatever_it_asks_for(case: Challenge) -> None:
    dashboard = service_user(email="reports@example.org", name="Dashboard")
    system = APIClient()
    system.credentials(HTTP_AUTHORIZATION=f"Bearer {key_of(dashboard, scopes='reports directory')}")
    answers = [
        system.get(LIST),
        system.get(url(case)),
        system.get(url(case).replace(str(case.uuid), str(uuid.uuid4()))),
        system.post(LIST, {}, format="json", HTTP_IDEMPOTENCY_KEY=str(uuid.uuid4())),
        system.post(url(case, "match"), {"version": 1}, format="json"),
    ]
    assert {problem(answer, 403)["detail"] for answer in answers} == {
        "This key is a system's. It reads reports, and no challenges."
    }


def test_an_administrator_sees_none(case: Challenge) -> None:
    admin = acting_for(person("Kim Roe", role="administrator"))
    assert admin.get(LIST).json()["count"] == 0
    problem(admin.get(url(case)), 404)


def test_a_key_for_reading_only_reads(cast: Cast, case: Challenge) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key_of(cast.people['counterpart'], scopes='read')}")
    assert client.get(url(case)).status_code == 200
    assert "write" in problem(client.post(url(case, "match"), {"version": 1}, format="json"), 403)["detail"]


def test_a_browser_s_session_needs_its_csrf_token(cast: Cast, case: Challenge) -> None:
    user = cast.people["counterpart"]
    user.set_password(PASSWORD)
    user.save()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    assert browser.get(url(case)).status_code == 200
    body = json.dumps({"version": 1, "answers": matched()})
    told = problem(browser.post(url(case, "match"), body, content_type="application/json"), 403)
    assert "CSRF" in told["detail"]


# Taking a step


def test_a_worker_matches_the_child_and_answers(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    answer = take(client, case, "match", 1, **matched())
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["version"] == 2
    assert answer["Content-Location"] == url(case)
    assert answer["ETag"] == client.get(url(case))["ETag"]
    answered = take(
        client, case, "reply", 2, answer="acted", what="We visited today.", acted_on="2026-12-23"
    ).json()
    assert answered["entries"][0]["words"] == {"what": "We visited today."}
    assert answered["entries"][0]["codes"]["answer"] == "acted"
    [party] = [party for party in answered["responding"] if party["is_mine"]]
    assert party["answer"] == "acted"
    assert answered["turn"]["words"] == "It is the police's turn."


def test_a_call_happened_when_it_is_said_to_have(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    told = take(client, case, "match", 1, **matched(called_at="2026-12-22T09:05:00+00:00")).json()
    assert told["entries"][0]["occurred_at"] == "2026-12-22T09:05:00Z"


def test_a_step_goes_with_what_was_seen(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    answer = take_if(client, case, "match", seen, **matched())
    assert answer.status_code == 200, answer.content
    assert answer["ETag"] != seen


def test_a_step_from_what_is_no_more_is_412_and_says_what_to_do(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    cast.take("officer", "match", SENT, **MATCHED)
    told = problem(take_if(client, case, "match", seen, **matched()), 412)
    assert told["version"] == 2
    assert "read it again" in told["detail"]
    assert "new ETag" in told["detail"]
    again = take_if(client, case, "match", client.get(url(case))["ETag"], **matched())
    assert again.status_code == 200, again.content


def test_one_s_own_second_send_with_the_old_tag_is_no_mistake(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    first, again = (take_if(client, case, "match", seen, **matched()) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200), again.content
    assert first.content == again.content
    problem(take_if(client, case, "match", seen, **matched(spoke_to="their manager")), 412)


@pytest.mark.parametrize(
    "tags", ['"1"', '"1-0000000000000000"', '"xyz"', '"99-abc"', "W/{seen}", '"0-", "x"']
)
def test_a_tag_that_the_log_never_gave_matches_nothing(cast: Cast, case: Challenge, tags: str) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    problem(take_if(client, case, "match", tags.format(seen=seen), **matched()), 412)
    assert Challenge.objects.get(pk=case.pk).version == 1


def test_one_of_several_tags_is_enough(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    answer = take_if(client, case, "match", f'"7-abc", {seen}', **matched())
    assert answer.status_code == 200, answer.content


def test_who_does_not_say_what_they_saw_is_asked_to(cast: Cast, case: Challenge) -> None:
    """428, also for "*": that would match whatever somebody else has just done."""
    client = acting_for(cast.people["counterpart"])
    told = problem(client.post(url(case, "match"), {"answers": matched()}, format="json"), 428)
    assert "If-Match" in told["detail"]
    problem(take_if(client, case, "match", "*", **matched()), 428)
    problem(client.post(url(case, "match"), "", content_type="application/json"), 428)
    assert Challenge.objects.get(pk=case.pk).version == 1


def test_a_tag_without_its_quotation_marks_is_told_so(cast: Cast, case: Challenge) -> None:
    told = problem(take_if(acting_for(cast.people["counterpart"]), case, "match", "1", **matched()), 400)
    assert [error["field"] for error in told["errors"]] == ["If-Match"]


def test_tag_and_version_must_not_differ(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    both = {"version": 2, "answers": matched()}
    told = problem(client.post(url(case, "match"), both, format="json", HTTP_IF_MATCH=seen), 400)
    assert [error["field"] for error in told["errors"]] == ["version"]
    answer = client.post(url(case, "match"), {**both, "version": 1}, format="json", HTTP_IF_MATCH=seen)
    assert answer.status_code == 200, answer.content


def test_the_tag_stands_for_what_one_reader_is_shown(cast: Cast, case: Challenge, travel: Travel) -> None:
    """The same for two programs of one person; another for who reads less, and when the time has run out."""
    worker = acting_for(cast.people["counterpart"])
    tags = [
        worker.get(url(case))["ETag"],
        acting_for(cast.people["counterpart"]).get(url(case))["ETag"],
        acting_for(cast.people["responding_lead"]).get(url(case))["ETag"],
    ]
    assert tags[0] == tags[1] != tags[2]
    travel(london(2026, 12, 29, 17, 1))
    assert worker.get(url(case))["ETag"] != tags[0]
    problem(take_if(worker, case, "match", tags[0], **matched()), 412)


def test_what_has_not_changed_is_not_sent_again(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    seen = client.get(url(case))["ETag"]
    for known in (seen, f'"1-abc", {seen}', f"W/{seen}", "*"):
        answer = client.get(url(case), HTTP_IF_NONE_MATCH=known)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", seen)
    assert client.get(url(case), HTTP_IF_NONE_MATCH='"1"').status_code == 200
    cast.take("officer", "match", SENT, **MATCHED)
    assert client.get(url(case), HTTP_IF_NONE_MATCH=seen).status_code == 200


def test_the_trail_says_that_it_came_by_the_api(cast: Cast) -> None:
    made = send(acting_for(cast.people["raiser"]), new(cast)).json()
    case = Challenge.objects.get(uuid=made["uuid"])
    take(acting_for(cast.people["counterpart"]), case, "match", 1, **matched())
    events = Event.objects.filter(chain=chain_of(case)).order_by("seq")
    assert [(event.act, event.codes["channel"]) for event in events] == [("raise", "api"), ("match", "api")]


def test_what_is_missing_is_said_by_name(cast: Cast, case: Challenge) -> None:
    told = problem(
        take(acting_for(cast.people["counterpart"]), case, "match", 1, spoke_to="duty worker"), 422
    )
    assert {error["field"]: error["detail"] for error in told["errors"]} == {
        "called_at": "Say when you spoke.",
        "their_pointer": "Give the number of the service that was asked.",
    }
    assert Challenge.objects.get(pk=case.pk).version == 1


def test_what_the_rules_refuse_is_said_in_a_sentence(cast: Cast, case: Challenge) -> None:
    told = problem(
        take(acting_for(cast.people["counterpart"]), case, "reply", 1, answer="acted", what="We went."), 422
    )
    assert told["detail"].startswith("First agree by phone which child this is")
    told = problem(take(acting_for(cast.people["raiser"]), case, "escalate", 1, still_asking=[]), 422)
    assert told["detail"].startswith("They still have time to answer.")


def test_a_mistake_in_an_action_is_said_where_it_is(cast: Cast, case: Challenge) -> None:
    cast.take("counterpart", "match", SENT, **MATCHED)
    cast.take("officer", "match", SENT, **MATCHED)
    cast.take("counterpart", "reply", SENT, answer="differs", what="No.")
    cast.take("officer", "reply", SENT, answer="differs", what="No.")
    settled = {
        "outcome": "decision_changed",
        "reasons": "We looked again.",
        "impact": "safer_sooner",
        "feedback": "You said, this happened.",
        "on_record": "2026-12-23",
    }
    care = cast.party(cast.care)
    client = acting_for(cast.people["raiser"])
    wrong = {"what": "Visit weekly", "party": care, "due": "2026-01-01"}
    told = problem(take(client, case, "settle", 5, **settled, actions=[wrong]), 422)
    assert [error["field"] for error in told["errors"]] == ["actions.0.due"]
    told = problem(take(client, case, "settle", 5, **{**settled, "outcome": "withdrawn"}), 422)
    assert [error["field"] for error in told["errors"]] == ["outcome"]
    right = wrong | {"due": "2027-01-15"}
    done = take(client, case, "settle", 5, **settled, actions=[right])
    assert done.status_code == 200, done.content
    assert [(a["what"], a["due"]) for a in done.json()["actions"]] == [("Visit weekly", "2027-01-15")]


def test_in_sight_and_not_theirs_to_do(cast: Cast, case: Challenge) -> None:
    told = problem(take(acting_for(cast.people["raising_lead"]), case, "reply", 1), 403)
    assert "not yours to do" in told["detail"]
    problem(take(acting_for(cast.people["unit"]), case, "resume", 1), 403)


def test_somebody_else_was_first(cast: Cast, case: Challenge) -> None:
    cast.take("officer", "match", SENT, **MATCHED)
    told = problem(take(acting_for(cast.people["counterpart"]), case, "match", 1, **matched()), 409)
    assert told["version"] == 2
    assert "read it again" in told["detail"]
    assert Challenge.objects.get(pk=case.pk).version == 2
    problem(take(acting_for(cast.people["counterpart"]), case, "match", 7, **matched()), 409)


def test_one_s_own_second_send_is_no_mistake(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["counterpart"])
    first = take(client, case, "match", 1, **matched())
    again = take(client, case, "match", 1, **matched())
    assert (first.status_code, again.status_code) == (200, 200), again.content
    assert again.json()["version"] == 2


def test_a_step_nobody_knows_is_not_there(cast: Cast, case: Challenge) -> None:
    problem(take(acting_for(cast.people["counterpart"]), case, "obliterate", 1), 404)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "3",
        "null",
        '{"version": "x"}',
        '{"version": 0}',
        '{"version": 1e400}',
        '{"version": 99999999999999999999}',
        '{"version": 1, "answers": []}',
        '{"version": 1, "answers": {"spoke_to": {"a": 1}}}',
        '{"version": 1, "answers": {"spoke_to": ["a", "b"]}}',
        '{"version": 1, "answers": {"colour": "red"}}',
        '{"version": 1, "answer": {}}',
        '{"version": 1, "answers": {"spoke_to": "\\ud800"}}',
        "[" * 100_000,
        '{"version": NaN}',
    ],
)
def test_a_body_that_cannot_be_read(cast: Cast, case: Challenge, body: str) -> None:
    client = acting_for(cast.people["counterpart"])
    problem(client.post(url(case, "match"), body, content_type="application/json"), 400)
    assert Challenge.objects.get(pk=case.pk).version == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"spoke_to": "a\0b"}, "spoke_to"),
        ({"spoke_to": "x" * 1_000_000}, "spoke_to"),
        ({"called_at": "yesterday evening"}, "called_at"),
        ({"called_at": "9999-12-31T23:59:59-23:00"}, "called_at"),
        ({"called_at": "2026-12-24T10:00:00Z"}, "called_at"),
        ({"called_at": True}, "called_at"),
        ({"their_pointer": ""}, "their_pointer"),
    ],
)
def test_an_answer_that_cannot_be_kept(
    cast: Cast, case: Challenge, answers: dict[str, Any], field: str
) -> None:
    told = problem(take(acting_for(cast.people["counterpart"]), case, "match", 1, **matched(**answers)), 422)
    assert [error["field"] for error in told["errors"]] == [field]


def test_text_comes_back_as_it_was_typed(cast: Cast, case: Challenge) -> None:
    typed = "  =1+1 \u202eright to left\u202c 👩‍👧 <b>bold</b>\nsecond line "
    client = acting_for(cast.people["raiser"])
    told = take(client, case, "add_note", 1, what=typed, audience="all_parties")
    assert told.status_code == 200, told.content
    assert told.json()["entries"][0]["words"]["what"] == typed


# Raising


def test_a_teacher_s_program_raises_a_challenge(cast: Cast) -> None:
    client = acting_for(cast.people["raiser"])
    answer = send(client, new(cast, needed_by="2026-12-29T10:00:00Z", needed_why="the conference"))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert answer["Location"] == told["url"]
    assert told["words"]["worry"] == "the plan we agreed in October has not started"
    assert told["words"]["spoken"] == "Yes, on Monday 21 December 2026"
    assert told["turn"]["due"] == "2026-12-29T10:00:00Z"
    assert told["responding"][0]["person"]["name"] == "Tom Whitfield"
    assert [party["setting"] for party in told["supporting"]] == [cast.health.name]
    assert client.get(told["url"]).json() == told


def test_all_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    body = new(cast, about="", worry=" ", age_band="old", our_pointer="", spoken_on="2027-01-01")
    told = problem(send(acting_for(cast.people["raiser"]), body), 422)
    assert {error["field"] for error in told["errors"]} == {
        "about",
        "worry",
        "age_band",
        "our_pointer",
        "spoken_on",
    }


def test_what_is_wrong_on_several_pages_is_told_at_once(cast: Cast) -> None:
    body = new(
        cast,
        danger={"acting": "called"},
        asked=[{"setting": str(cast.care.uuid), "counterpart": "nobody@care.example"}],
        about="",
        worry=" ",
        age_band="old",
    )
    told = problem(send(acting_for(cast.people["raiser"]), body), 422)
    fields = [error["field"] for error in told["errors"]]
    assert fields == ["danger.who", "danger.when", "asked.0.counterpart", "about", "worry", "age_band"]
    assert all(error["detail"] in told["detail"] for error in told["errors"])


def test_answers_of_a_step_are_told_at_once(cast: Cast, case: Challenge) -> None:
    wrong: dict[str, Any] = {"what": " ", "audience": "everybody", "kind": "x"}
    told = problem(take(acting_for(cast.people["raiser"]), case, "add_note", 1, **wrong), 400)
    assert [error["field"] for error in told["errors"]] == ["answers.kind"]
    del wrong["kind"]
    told = problem(take(acting_for(cast.people["raiser"]), case, "add_note", 1, **wrong), 422)
    assert [error["field"] for error in told["errors"]] == ["what", "audience"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"asked": []}, "asked"),
        ({"asked": [{"setting": "00000000-0000-4000-8000-000000000000"}]}, "asked.0.setting"),
        ({"asked": [{"setting": "00000000-0000-4000-8000-000000000000"}] * 6}, "asked"),
        ({"fast": True}, "danger"),
        ({"danger": {"acting": "called", "when": "2026-12-22T09:00:00Z"}}, "danger.who"),
        ({"danger": {"acting": "called", "who": "duty", "when": "2027-01-01T00:00:00Z"}}, "danger.when"),
        ({"needed_by": "2026-12-01T00:00:00Z", "needed_why": "it"}, "needed_by"),
        ({"needed_by": "2026-12-30T00:00:00Z"}, "needed_why"),
        ({"worry": "\0"}, "worry"),
        ({"heard": "x" * 1_000_000}, "heard"),
    ],
)
def test_what_the_form_would_not_take(cast: Cast, changed: dict[str, Any], field: str) -> None:
    told = problem(send(acting_for(cast.people["raiser"]), new(cast, **changed)), 422)
    assert [error["field"] for error in told["errors"]] == [field]
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [{"asked": "x"}, {"asked": None}, {"decision_on": "soon"}, {"worry": ["a"]}, {"danger": {"acting": "x"}}],
)
def test_what_has_the_wrong_shape(cast: Cast, changed: dict[str, Any]) -> None:
    problem(send(acting_for(cast.people["raiser"]), new(cast, **changed)), 400)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"neded_by": "2026-12-29T10:00:00Z"}, "neded_by"),
        ({"danger": {"acting": "nobody", "wen": None}}, "danger.wen"),
        ({"asked": [{"setting": "00000000-0000-4000-8000-000000000000", "person": "x"}]}, "asked.0.person"),
    ],
)
def test_a_name_that_does_not_exist_is_not_passed_over(
    cast: Cast, changed: dict[str, Any], field: str
) -> None:
    told = problem(send(acting_for(cast.people["raiser"]), new(cast, **changed)), 400)
    assert [error["field"] for error in told["errors"]] == [field]


def test_nobody_can_ask_by_name_who_does_not_work_there(cast: Cast) -> None:
    body = new(cast, asked=[{"setting": str(cast.care.uuid), "counterpart": cast.people["officer"].email}])
    told = problem(send(acting_for(cast.people["raiser"]), body), 422)
    assert told["errors"][0]["field"] == "asked.0.counterpart"


def test_nobody_asks_their_own_service_or_raises_for_another(cast: Cast) -> None:
    client = acting_for(cast.people["raiser"])
    told = problem(send(client, new(cast, asked=[{"setting": str(cast.school.uuid)}])), 422)
    assert "own service" in told["detail"]
    told = problem(send(client, new(cast, raising=str(cast.care.uuid))), 403)
    assert "a service you work in" in told["detail"]
    problem(send(acting_for(cast.people["unit"]), new(cast, raising=str(cast.school.uuid))), 403)


def test_without_a_seat_in_a_setting_nobody_raises(cast: Cast) -> None:
    problem(send(acting_for(cast.people["unit"]), new(cast)), 403)


def test_nobody_is_acting_so_it_starts_with_the_leads(cast: Cast) -> None:
    answer = send(acting_for(cast.people["raiser"]), new(cast, danger={"acting": "nobody"}))
    assert answer.status_code == 201, answer.content
    assert answer.json()["stage"] == 2


def test_the_fast_track_with_a_call(cast: Cast) -> None:
    call = {"acting": "called", "who": "duty team", "when": "2026-12-23T10:05:00Z"}
    told = send(acting_for(cast.people["raiser"]), new(cast, danger=call, fast=True)).json()
    assert told["fast"] is True
    assert told["turn"]["due"] == "2026-12-23T14:21:00Z"


# The rest of what HTTP can say


def test_every_error_has_one_shape(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["raiser"])
    problem(client.put(url(case), {}, format="json"), 405)
    problem(client.options(url(case)), 405)
    problem(client.get(url(case), HTTP_ACCEPT="text/html"), 406)
    problem(client.post(url(case, "match"), "a=b", content_type="application/x-www-form-urlencoded"), 415)
    problem(client.post(url(case, "match"), "{}", content_type="application/json; charset=utf-7"), 415)
    problem(
        client.post(url(case, "match"), '{"a": "' + "x" * 6_000_000 + '"}', content_type="application/json"),
        413,
    )
    problem(client.get("/api/v1/nothing/"), 404)
    problem(APIClient().get("/api/nothing/"), 404)


def test_too_many_requests_would_be_a_problem_too() -> None:
    request = APIRequestFactory().get(LIST)
    answer = exception_handler(Throttled(wait=3), {"request": request, "view": None})
    assert answer is not None
    assert (answer.status_code, answer.content_type, answer["Retry-After"]) == (
        429,
        "application/problem+json",
        "3",
    )


def test_a_crash_tells_nothing_of_itself(
    cast: Cast, case: Challenge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a name that must not be told")

    monkeypatch.setattr("escalation.challenges.api.view_case", crash)
    client = acting_for(cast.people["raiser"])
    client.raise_request_exception = False
    told = problem(client.get(url(case)), 500)
    assert "must not be told" not in json.dumps(told)


def test_the_directory_names_settings_and_no_people(cast: Cast) -> None:
    answer = acting_for(cast.people["raiser"]).get("/api/v1/settings/")
    assert {place["uuid"] for place in answer.json()} == {
        str(place.uuid) for place in (cast.school, cast.care, cast.police, cast.health)
    }
    assert {"uuid", "name", "organisation", "group"} <= set(answer.json()[0])
    assert "Whitfield" not in answer.content.decode()
