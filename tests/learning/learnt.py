"""What somebody writes down that was learnt, by the services; each can be called with little."""

from datetime import datetime, timedelta
from typing import Any

from core.chance import drawn_id
from escalation.accounts.models import Organisation, User
from escalation.learning.models import Action, Point
from escalation.learning.services import NewAction, NewPoint, act, approve, propose, write
from tests.forums.planned import acting

WORDS: dict[str, Any] = {
    "title": "Ask again by phone",
    "text": "When a letter has no answer, nobody asked again by phone. A call would have been enough.",
    "theme": "timeliness",
    "kind": "practice",
    "sub_group": "qa_sub_group",
}


def written(*, by: User, now: datetime, **details: Any) -> Point:
    """A learning point as somebody begins it; `details` are fields of NewPoint."""
    new = NewPoint(**{**WORDS, "source": None, **details})
    return write(new, key=drawn_id("form"), by=acting(by, now))


def approved(*, by: User, other: User, now: datetime, **details: Any) -> Point:
    """One that a second person has approved."""
    point = written(by=by, now=now, **details)
    propose(point, despite="", by=acting(by, now))
    return approve(point, by=acting(other, now))


def acted(point: Point, *, by: User, of: Organisation, now: datetime, **details: Any) -> Action:
    """What an organisation does about it; `details` are fields of NewAction."""
    said: dict[str, Any] = {
        "what": "Every team has a list of whom to call.",
        "organisation": of,
        "owner": "team manager",
        "due": (now + timedelta(days=60)).date(),
    }
    return act(point, NewAction(**said | details), key=drawn_id("form"), by=acting(by, now))
