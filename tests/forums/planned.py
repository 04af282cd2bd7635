"""A forum as the business unit plans it, by its services; each can be called with little."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core.chance import drawn_id
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.models import Organisation, User
from escalation.forums.models import Pledge, Sitting, Vignette
from escalation.forums.services import NewPledge, NewSitting, NewVignette, invite, plan, pledge, write
from tests.moments import LONDON


def acting(user: User, now: datetime) -> Acting:
    return Acting(user, standing_of(user, today=now.astimezone(LONDON).date()), now)


def sitting(
    *, by: User, host: Organisation, invited: Iterable[Organisation] = (), now: datetime, **details: Any
) -> Sitting:
    """A forum of two hours in a week, to which these are invited; `details` are fields of NewSitting."""
    starts = details.pop("starts_at", now + timedelta(days=7))
    said: dict[str, Any] = {
        "theme": "When nobody calls back",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "place": "Committee room 2",
        "host": host,
        "places": 30,
        "agenda": "2pm  Welcome\n2:15pm  In small groups",
        "notice": "What you hear here you may use. Do not say who said it.",
    }
    planned = plan(NewSitting(**said | details), key=drawn_id("form"), by=acting(by, now))
    invite(planned, invited, by=acting(by, now))
    return planned


def topic(*, by: User, now: datetime, **details: Any) -> Vignette:
    """A topic as somebody begins it; `details` are fields of NewVignette."""
    said: dict[str, Any] = {
        "title": "Nobody called back",
        "text": "A school asked another service to look again at a plan. Nobody called back for two weeks.",
        "question": "Who could have asked the next level, and how?",
        "source": None,
    }
    return write(NewVignette(**said | details), key=drawn_id("form"), by=acting(by, now))


def pledge_made(*, by: User, of: Organisation, now: datetime, **details: Any) -> Pledge:
    """What an organisation said, at a forum of that day, that it would do."""
    before = now - timedelta(hours=1)
    forum = details.pop("sitting", None) or sitting(by=by, host=of, now=now, starts_at=before)
    said: dict[str, Any] = {
        "said": "We do not know whom to ask next.",
        "what": "A card with the next level on it, for every desk.",
        "organisation": of,
        "owner": "safeguarding lead",
        "due": (now + timedelta(days=60)).date(),
    }
    return pledge(forum, NewPledge(**said | details), key=drawn_id("form"), by=acting(by, now))
