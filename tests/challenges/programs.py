"""How tests speak to the API: as a program that acts for somebody."""

import json
import uuid
from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from escalation.accounts.models import User
from escalation.accounts.services import issue_token
from escalation.challenges.models import Challenge
from tests.challenges.cast import Cast
from tests.factories import SENT

LIST = "/api/v1/challenges/"
Answer = Any


def key_of(user: User, **details: Any) -> str:
    return issue_token(user=user, name="test", days=30, now=SENT - timedelta(days=1), **details).plain


def acting_for(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key_of(user)}")
    return client


def url(challenge: Challenge, step: str = "") -> str:
    return f"{LIST}{challenge.uuid}/" + (f"steps/{step}/" if step else "")


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """What a problem says; every one has the same members."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert told["status"] == status
    assert {"type", "title", "status", "detail", "instance", "errors", "request_id"} <= set(told)
    return told


def matched(**changed: Any) -> dict[str, Any]:
    return {
        "spoke_to": "duty worker",
        "called_at": "2026-12-23T10:20:00Z",
        "their_pointer": "88213-C",
    } | changed


def take(client: APIClient, challenge: Challenge, step: str, version: int, **answers: Any) -> Answer:
    return client.post(url(challenge, step), {"version": version, "answers": answers}, format="json")


def take_if(client: APIClient, challenge: Challenge, step: str, tags: str, **answers: Any) -> Answer:
    return client.post(url(challenge, step), {"answers": answers}, format="json", HTTP_IF_MATCH=tags)


def new(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "asked": [{"setting": str(cast.care.uuid), "counterpart": cast.people["counterpart"].email}],
        "supporting": [str(cast.health.uuid)],
        "about": "plan_not_moving",
        "decision": "the parenting plan has not started",
        "decision_on": "2026-11-18",
        "label": "five weeks without a visit",
        "callback": "020 7946 0177",
        "worry": "the plan we agreed in October has not started",
        "heard": "On 21 December I saw the child asleep in a car seat at 2pm.",
        "voice": "The baby settles only when held.",
        "want": "a visit this week",
        "our_pointer": "HV-4471",
        "age_band": "age_0_4",
        "spoken_on": "2026-12-21",
    } | changed


def send(client: APIClient, body: dict[str, Any], key: str = "") -> Answer:
    return client.post(LIST, body, format="json", HTTP_IDEMPOTENCY_KEY=key or str(uuid.uuid4()))
