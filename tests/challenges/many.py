"""Thousands of challenges at once, for lists: rows as the services would leave them, without their history.

world = settings_and_people()
many(10_000, world, now=london(2026, 12, 30, 10))
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

from django.db import connection

from escalation.accounts.models import Setting, User
from escalation.challenges.models import Challenge, Party, PartyRole
from escalation.challenges.workflow import ENDED, OPEN, Status
from escalation.rulebook.models import PolicyVersion
from tests.factories import person, policy, setting
from tests.moments import london

NOW = london(2026, 12, 30, 10)
NAMES = (
    ("Family Safeguarding Team 2", "social care", "social_care"),
    ("Larkfield Health Visiting Team", "health visiting", "health"),
    ("St Oswin’s Church of England Primary School and Nursery", "the school", "education"),
    ("Northway Hospital, Children’s Ward", "the hospital", "health"),
    ("Police, Child Safeguarding Unit South", "the police", "police"),
    ("Riverway Community Mental Health Team for Children and Young People", "mental health", "health"),
    ("Elmstead Housing Association", "housing", "housing"),
    ("Brightwell Youth Justice Team", "youth justice", "probation"),
)
TALKING = (Status.AWAITING_RESPONSE, Status.RESPONDED)
PANEL = 4
_seconds = count(1)


@dataclass(frozen=True)
class World:
    """Settings with a practitioner and a lead each, and one person in the business unit."""

    settings: list[Setting]
    practitioners: list[User]
    leads: list[User]
    unit: User
    version: PolicyVersion

    @property
    def lead(self) -> User:
        """Of the setting that is in most challenges."""
        return self.leads[0]


def settings_and_people(password: str | None = None) -> World:
    """Eight settings of the board."""
    places = [setting(name, short=short, group=group) for name, short, group in NAMES]
    return World(
        places,
        [
            person(f"Amara Cole {n}", job="practitioner", practitioner=p, password=password)
            for n, p in enumerate(places)
        ],
        [
            person(f"Chinwe Adebayo {n}", job="team manager", lead=p, password=password)
            for n, p in enumerate(places)
        ],
        person("Ruth Ames", job="partnership manager", role="business_unit", password=password),
        policy(),
    )


def many(number: int, world: World, *, now: datetime = NOW, seed: int = 1) -> list[Challenge]:
    """This many challenges between the settings of a world, of every status; the same for the same seed."""
    dice = Random(seed)
    made = Challenge.objects.bulk_create(
        [_challenge(world, now, dice) for _ in range(number)], batch_size=500
    )
    Party.objects.bulk_create([p for c in made for p in _parties(c, world, dice)], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as each database does by itself in time, but not within a test
    return made


def _challenge(world: World, now: datetime, dice: Random) -> Challenge:
    at = dice.randrange(len(world.settings))
    status = dice.choice([*TALKING * 6, *OPEN, *ENDED])
    about = world.version.policy.terms("about")
    stage = (
        PANEL
        if status in (Status.RECOMMENDED, Status.ANSWERED)
        else dice.choice([1, 1, 1, 2, 2, 3, PANEL, 5])
    )
    return Challenge(
        uuid=uuid4(),
        key=uuid4(),
        policy_version=world.version,
        raising=world.settings[at],
        raised_by=world.practitioners[at],
        opened_at=now - timedelta(hours=dice.randrange(24, 24 * 300), seconds=next(_seconds)),
        status=status,
        stage=stage,
        stage_reached=stage,
        fast=status != Status.ON_HOLD and dice.random() < 0.1,
        about=dice.choice(about).code,
        issue=dice.choice(["", dice.choice(world.version.policy.terms("issue")).code]),
        label=dice.choice(["", "five weeks without a visit"]),
        age_band=world.version.policy.terms("age_band")[1].code,
        **_needed(status, now),
        **_turn(status, stage, now, dice),
    )


def _needed(status: Status, now: datetime) -> dict[str, Any]:
    """What the database wants beside some statuses."""
    extra: dict[str, Any] = {}
    if status in ENDED:
        extra["closed_at"] = now - timedelta(days=3)
    if status == Status.SETTLED:
        extra |= {"outcome": "decision_changed", "settled_at": now - timedelta(days=1)}
    if status == Status.RECOMMENDED:
        extra["recommended_at"] = now - timedelta(days=1)
    if status == Status.VOID:
        extra["void_reason"] = "test"
    return extra


def _turn(status: Status, stage: int, now: datetime, dice: Random) -> dict[str, Any]:
    if status in ENDED and status != Status.CLOSED_ACTIONS_OPEN:
        # What the unit owes after a withdrawal has a time too; no list may show it.
        return {"next_due": now + timedelta(days=1), "unit_owes": True} if status == Status.WITHDRAWN else {}
    awaiting = status == Status.AWAITING_RESPONSE
    due = None if dice.random() < 0.05 else now.replace(hour=17) + timedelta(days=dice.randrange(-2, 20))
    return {
        "next_due": due,
        "overdue_from": None if status == Status.ON_HOLD else due,
        "unit_owes": awaiting and stage == PANEL,
        "partners_owe": awaiting and stage == PANEL + 1,
    }


def _parties(challenge: Challenge, world: World, dice: Random) -> list[Party]:
    others = [place for place in world.settings if place.pk != challenge.raising_id]
    asked = dice.sample(others, dice.choice([1, 1, 1, 2, 3]))
    raising_owes = challenge.status in (Status.RESPONDED, Status.ANSWERED, Status.SETTLED)
    awaits = challenge.status == Status.AWAITING_RESPONSE and challenge.stage < PANEL
    awaits = awaits or challenge.status in (Status.RECOMMENDED, Status.CLOSED_ACTIONS_OPEN)
    first = Party(
        challenge=challenge,
        setting=challenge.raising,
        role=PartyRole.RAISING,
        stage=challenge.stage,
        owes=raising_owes,
    )
    return [
        first,
        *(
            Party(
                challenge=challenge,
                setting=place,
                role=PartyRole.RESPONDING,
                stage=challenge.stage,
                owes=awaits,
                counterpart=world.practitioners[world.settings.index(place)] if dice.random() < 0.5 else None,
            )
            for place in asked
        ),
    ]
