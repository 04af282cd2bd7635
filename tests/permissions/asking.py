"""Every address there is, asked by everybody: what they may do there, and which field groups they see."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from escalation.access.addresses import Address, addresses
from escalation.challenges.reference import spoken
from tests.permissions.world import MARKS, PERSONAS, World

PART = re.compile(r"<(?:\w+:)?(\w+)>")
METHODS = {"read": "get", "act": "post"}
LADO_SAMPLE = (
    "sample",
    "sample_record",
    "sample_finding",
    "give_finding",
    "send_finding_back",
    "end_sample",
)
"""Addresses behind the wall that speak of a dip sample, and not of a record."""
UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")


def in_turn() -> list[Address]:
    """Every address, signing out last: whoever did it is signed out for what follows."""
    return sorted(addresses(), key=lambda each: each.name == "sign-out")


def url_of(address: Address, world: World) -> str:
    """With the records of this world in the gaps of its route."""
    records = {
        "lado": world.team.referral.uuid,
        "releases": world.release.uuid,
        "keys": world.system_key.uuid,
        "directory": world.cast.care.uuid,
        "forums": world.sitting.uuid,
        "learning": world.point.uuid,
        "assurance": world.assurance.uuid,
        "packs": world.pack.uuid,
        "policy": world.policy_draft.uuid,
        "dip-samples": world.sample.uuid,
    }
    uuid = records.get(address.route.partition("/")[0], world.challenge.uuid)
    by_name = {"approve_plan": world.plan.uuid, "strike_fact": world.fact.uuid}
    by_name |= {"lead_of_draft": world.draft.uuid, "read_draft": world.shown.uuid}
    by_name |= dict.fromkeys(("topic", "change-topic"), world.topic.uuid)
    by_name |= {"pledge": world.pledge.uuid, "learning-action": world.action.uuid}
    by_name |= {"policy-of-challenge": world.challenge.uuid}
    by_name |= {"lost-factor": world.lost.uuid, "join-request": world.joining.uuid}
    by_name |= dict.fromkeys(LADO_SAMPLE, world.lado_sample.uuid)
    uuid = {**by_name, "decide-dates": world.proposal.uuid}.get(address.name, uuid)
    if address.name.startswith("raise_"):
        uuid = UNKNOWN
    number = world.numbers.get(address.name, 0)
    parts = {"uuid": str(uuid), "name": "add_note", "slug": "decision", "number": str(number)}
    parts |= {
        "quarter": "2026-27-Q1",
        "code": "opened",
        "over": "year-to-date",
        "subject": "challenges",
        "change": "closed",
        "pulse": world.pulse.code,
        "survey": world.survey.code,
        "standard": "4",
        "clock": "1",
        "vocabulary": "issue",
    }
    return "/" + PART.sub(lambda part: parts[part[1]], address.route)


@dataclass(frozen=True)
class Asker:
    """One persona: their browser, signed in, and what their own program sends to the API."""

    who: str
    client: Client
    headers: Mapping[str, str]

    def answer(self, action: str, address: Address, world: World) -> str:
        """What they get there: "sign in", "hidden" (404), "no" (403), "-" (no such act), else "may".

        For a read, the field groups that it shows stand in place of "may", where there are any. Whatever
        it did is undone.
        """
        before = transaction.savepoint()
        try:
            return _read(_ask(self, action, address, world), action, address, world)
        finally:
            transaction.savepoint_rollback(before)


def asking(world: World, personas: Iterable[str] = PERSONAS, *, by_key: bool = True) -> list[Asker]:
    """Everybody of `personas`; the API is asked with a key of their own, or else from their session.

    An old session and an old key are all that a leaver has.
    """
    found = []
    for who in personas:
        client = Client(raise_request_exception=False)
        if who != "nobody":
            client.force_login(world.cast.people[who])
        key = world.keys.get(who) if by_key else None
        found.append(Asker(who, client, {"Authorization": f"Bearer {key}"} if key else {}))
    return found


def _read(response: Any, action: str, address: Address, world: World) -> str:
    status = response.status_code
    if status == 401 or (status == 302 and response["Location"].startswith("/sign-in/?")):
        return "sign in"
    if status in (403, 404, 405):
        return {403: "no", 404: "hidden", 405: "-"}[status]
    assert status < 500, f"{address.route}: {status}"
    if action == "act" or status != 200:
        return "may"
    text, reference = _text(response), world.challenge.reference
    marks = {group: {each.format(reference) for each in found} for group, found in MARKS.items()}
    marks["F0"].add(spoken(reference))
    return " ".join(group for group, found in marks.items() if any(mark in text for mark in found)) or "may"


def _ask(asker: Asker, action: str, address: Address, world: World) -> Any:
    url, client = url_of(address, world), asker.client
    if address.is_api and asker.headers:
        client = Client(raise_request_exception=False, headers=asker.headers)
    if action == "read":
        return client.get(url)
    note = {"what": "One more thing.", "audience": "all_parties"}
    if address.name == "api-step":
        body = {"version": world.challenge.version, "answers": note}
        return client.post(url, body, content_type="application/json")
    return client.post(url, {"version": world.challenge.version, **note} if address.name == "step" else {})


OWN_NAME = re.compile(
    r'Signed in as [^.]*\.|printed by [^.]*\.|<option.*?</option>|name="referrer" value="[^"]*"'
    r'|"displayName": "[^"]*"',
    re.DOTALL,
)
"""One's own name at the foot and in a form, and lists of who works where: none says who raised it."""


def _text(response: Any) -> str:
    if response.headers.get("Content-Type", "").startswith("application/toml"):
        return ""  # a policy's file holds the words that people choose from, and nothing of a challenge
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return OWN_NAME.sub("", response.content.decode("utf-8", "replace"))
