"""Closed challenges for a dip sample, cheaply: rows alone, which nobody raised step by step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.chance import drawn_id
from escalation.access.standing import standing_of
from escalation.accounts.models import Setting, User
from escalation.assurance.acting import Acting
from escalation.assurance.models import DipSample
from escalation.assurance.services import Reader, draw_sample
from escalation.challenges.models import Challenge, Party
from escalation.policy.quarters import Quarter
from escalation.rulebook.queries import current_policy
from tests.factories import person, setting
from tests.moments import LONDON


def closed(at: datetime, *, raising: Setting, asked: Setting, by: User, **details: Any) -> Challenge:
    """A challenge that was closed at a moment, as a row with its two sides."""
    day = at.astimezone(LONDON).date()
    found = Challenge.objects.create(
        **{
            "uuid": drawn_id("challenge"),
            "key": drawn_id("form"),
            "policy_version": current_policy(day),
            "raising": raising,
            "raised_by": by,
            "opened_at": at - timedelta(days=20),
            "status": "closed",
            "stage": 1,
            "stage_reached": 1,
            "about": "plan",
            "age_band": "5-9",
            "outcome": "decision_changed",
            "settled_at": at,
            "closed_at": at,
        }
        | details
    )
    for role, place in (("raising", raising), ("responding", asked)):
        Party.objects.create(challenge=found, setting=place, role=role, stage=1)
    return found


def many_closed(number: int, at: datetime) -> list[Challenge]:
    """So many between a clinic and a team of their own organisations."""
    clinic, team = setting(group="health"), setting(group="social_care")
    nurse = person("Nora Vale", practitioner=clinic)
    return [closed(at, raising=clinic, asked=team, by=nurse) for _ in range(number)]


def acting(user: User, now: datetime) -> Acting:
    return Acting(user, standing_of(user, today=now.astimezone(LONDON).date(), at=now), now)


def readers_of(people: Sequence[User]) -> list[Reader]:
    """Each for the organisation of their first seat."""
    found = []
    for each in people:
        seat = each.seats.select_related("setting__organisation").first()
        assert seat is not None
        assert seat.setting is not None
        found.append(Reader(each, seat.setting.organisation))
    return found


def being_read(*, by: User, readers: Sequence[User], now: datetime, number: int = 3) -> DipSample:
    """A sample of the last quarter that is over, of so many challenges, drawn and read by nobody yet."""
    quarter = Quarter.of(now.astimezone(LONDON).date()).previous
    many_closed(number, datetime(quarter.end.year, quarter.end.month, 10, 12, tzinfo=LONDON))
    return draw_sample(quarter, readers_of(readers), key=drawn_id("form"), by=acting(by, now))
