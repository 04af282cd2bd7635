"""Idempotency-Key: what a program sends again, because the line dropped, is done once."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.api.models import UsedKey
from escalation.challenges.models import Challenge, Entry
from escalation.challenges.services import sweep
from tests.challenges.cast import CALLED, Cast
from tests.challenges.programs import LIST, Answer, acting_for, matched, new, problem, send, url
from tests.factories import SENT, person, policy, setting
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = SENT + timedelta(minutes=1)
TOMORROW = NOW + timedelta(hours=25)


@pytest.fixture(autouse=True)
def that_day(travel: Travel) -> None:
    travel(NOW)


@pytest.fixture
def cast() -> Cast:
    policy()
    return Cast()


@pytest.fixture
def case(cast: Cast) -> Challenge:
    return cast.raise_it()


def step(client: APIClient, challenge: Challenge, name: str, key: str, body: dict[str, Any]) -> Answer:
    return client.post(url(challenge, name), body, format="json", HTTP_IDEMPOTENCY_KEY=key)


def note(version: int = 1, **changed: str) -> dict[str, Any]:
    return {"version": version, "answers": {"what": "They called.", "audience": "all_parties"} | changed}


def a_key() -> str:
    return str(uuid.uuid4())


# Raising


def test_the_same_key_and_words_make_one_challenge_and_give_the_same_answer(cast: Cast) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    first, again = send(client, new(cast), key), send(client, new(cast), key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, first["Location"], first["ETag"]) == (
        again.content,
        again["Location"],
        again["ETag"],
    )
    assert Challenge.objects.count() == 1


def test_how_the_json_is_spaced_and_ordered_does_not_matter(cast: Cast) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    send(client, new(cast), key)
    turned = json.dumps(dict(reversed(new(cast).items())), indent=4)
    again = client.post(LIST, turned, content_type="application/json", HTTP_IDEMPOTENCY_KEY=f'"{key}"')
    assert again.status_code == 201
    assert Challenge.objects.count() == 1


def test_the_same_key_with_other_words_is_refused(cast: Cast) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    send(client, new(cast), key)
    told = problem(send(client, new(cast, worry="another worry"), key), 422)
    assert [error["field"] for error in told["errors"]] == ["Idempotency-Key"]
    assert "Make a new one" in told["detail"]
    assert Challenge.objects.count() == 1


def test_a_key_of_a_challenge_is_none_of_a_step(cast: Cast) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    send(client, new(cast), key)
    made = Challenge.objects.get()
    problem(step(client, made, "add_note", key, note()), 422)
    assert Challenge.objects.get().version == 1


def test_what_was_refused_used_no_key(cast: Cast) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    problem(send(client, new(cast, worry=""), key), 422)
    problem(send(client, new(cast, asked=[{"setting": str(cast.school.uuid)}]), key), 422)
    assert not UsedKey.objects.exists()
    assert send(client, new(cast), key).status_code == 201


def test_somebody_else_s_key_tells_nothing(cast: Cast) -> None:
    key = a_key()
    send(acting_for(cast.people["raiser"]), new(cast), key)
    other = acting_for(person("Somebody Else", practitioner=setting()))
    told = problem(send(other, new(cast), key), 422)
    assert "Oakfield" not in json.dumps(told)


def test_raising_needs_a_key_of_its_own(cast: Cast) -> None:
    client = acting_for(cast.people["raiser"])
    for key in ("", "one", "1" * 400):
        told = problem(client.post(LIST, new(cast), format="json", HTTP_IDEMPOTENCY_KEY=key), 400)
        assert told["errors"][0]["field"] == "Idempotency-Key"
    told = problem(client.post(LIST, new(cast, decision_on="soon"), format="json"), 400)
    assert [error["field"] for error in told["errors"]] == ["Idempotency-Key", "decision_on"]
    assert "The header Idempotency-Key is missing" in told["detail"]
    assert re.search(r"like Idempotency-Key: [0-9a-f-]{36}\.", told["detail"])


def test_who_has_lost_sight_of_it_gets_nothing_again(cast: Cast) -> None:
    """The answer is not kept: it is made anew, of what this person may read now."""
    client, key = acting_for(cast.people["raiser"]), a_key()
    assert send(client, new(cast), key).status_code == 201
    cast.people["raiser"].seats.all().delete()
    Challenge.objects.update(raised_by=cast.people["raising_lead"])
    problem(send(client, new(cast), key), 404)


def test_after_a_day_the_key_is_forgotten_and_its_challenge_is_not(cast: Cast, travel: Travel) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    made = send(client, new(cast), key).json()
    travel(TOMORROW)
    again = send(client, new(cast, worry="another worry"), key)
    assert (again.status_code, again.json()["uuid"]) == (200, made["uuid"])
    assert Challenge.objects.count() == 1


# Steps


def test_a_step_sent_again_is_one_step_with_the_same_answer(cast: Cast, case: Challenge) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    first, again = (step(client, case, "add_note", key, note()) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert Entry.objects.filter(challenge=case, step="add_note").count() == 1


def test_a_step_sent_again_after_somebody_else_s_is_still_done(cast: Cast, case: Challenge) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    step(client, case, "add_note", key, note())
    cast.take("officer", "match", SENT, **CALLED)
    again = step(client, case, "add_note", key, note())
    assert (again.status_code, again.json()["version"]) == (200, 3)


def test_the_same_key_for_another_step_or_other_words_is_refused(cast: Cast, case: Challenge) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    step(client, case, "add_note", key, note())
    for name, body in (
        ("add_note", note(what="They did not call.")),
        ("match", {"version": 2, "answers": matched()}),
    ):
        problem(step(client, case, name, key, body), 422)
    assert Challenge.objects.get(pk=case.pk).version == 2


def test_two_people_may_have_the_same_key(cast: Cast, case: Challenge) -> None:
    key = a_key()
    for version, who in enumerate(("raiser", "raising_lead"), start=1):
        answer = step(acting_for(cast.people[who]), case, "add_note", key, note(version, what=who))
        assert answer.status_code == 200, answer.content
    assert Challenge.objects.get(pk=case.pk).version == 3


def test_a_step_that_was_overtaken_used_no_key(cast: Cast, case: Challenge) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    cast.take("officer", "match", SENT, **CALLED)
    problem(step(client, case, "add_note", key, note()), 409)
    assert step(client, case, "add_note", key, note(2)).status_code == 200


def test_the_sweep_forgets_keys_of_yesterday(cast: Cast, case: Challenge, travel: Travel) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    step(client, case, "add_note", key, note())
    sweep(now=NOW + timedelta(hours=23))
    assert UsedKey.objects.count() == 1
    sweep(now=TOMORROW)
    assert not UsedKey.objects.exists()


def test_a_key_of_yesterday_can_be_used_again(cast: Cast, case: Challenge, travel: Travel) -> None:
    client, key = acting_for(cast.people["raiser"]), a_key()
    step(client, case, "add_note", key, note())
    travel(TOMORROW)
    assert step(client, case, "add_note", key, note(2, what="Again.")).status_code == 200
    assert UsedKey.objects.get().used_at == TOMORROW


# What it costs


def test_a_key_costs_two_statements_and_says_nothing_of_what_was_sent(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["raiser"])
    client.get(LIST)
    with counted_sql() as without:
        client.post(url(case, "add_note"), note(), format="json")
    with counted_sql() as with_key:
        step(client, case, "add_note", a_key(), note(2))
    assert len(with_key) - len(without) == 2 == len(with_key.about("api_usedkey")), with_key
    assert "They called" not in "".join(with_key.about("api_usedkey"))


def test_raising_and_reading_it_back_costs_the_same_for_one_and_for_five(cast: Cast) -> None:
    client = acting_for(cast.people["raiser"])
    client.get(LIST)
    teams = [setting() for _ in range(4)]
    asked = [{"setting": str(each.uuid)} for each in (cast.care, *teams)]
    counts = []
    for some in (asked[:1], asked):
        with counted_sql() as statements:
            assert send(client, new(cast, asked=some)).status_code == 201
        counts.append(statements)
    assert len(counts[0]) == len(counts[1]) <= 27, counts
    assert (len(counts[1].about("api_usedkey")), len(counts[1].about("api_rate"))) == (2, 1)


def test_saying_what_was_seen_costs_no_statement(cast: Cast, case: Challenge) -> None:
    client = acting_for(cast.people["raiser"])
    seen = client.get(url(case))["ETag"]
    with counted_sql() as by_tag:
        answers = {"answers": note()["answers"]}
        client.post(url(case, "add_note"), answers, format="json", HTTP_IF_MATCH=seen)
    with counted_sql() as by_version:
        client.post(url(case, "add_note"), note(2), format="json")
    assert len(by_tag) == len(by_version), by_tag
    assert Challenge.objects.get(pk=case.pk).version == 3
