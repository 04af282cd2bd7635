"""What the fictional business unit has said of days and numbers: two of them checked the calendar."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from core.web.dates import LONDON
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.rulebook.models import Change, Proposal
from escalation.rulebook.services import confirm, propose

from .people import Partnership

WEEKS = (1, 8, 16, 22, 30, 40, 47, 56)
"""Weeks after next Monday in which school holidays begin, for more than a year; each lasts two."""


def set_dates(partnership: Partnership, today: date) -> None:
    """A calendar that is checked and known for more than a year, and one proposal that waits."""
    one, other = partnership.roles[SeatKind.BUSINESS_UNIT][:2]
    now = datetime.combine(today - timedelta(days=1), time(10), tzinfo=LONDON)
    until = date(today.year + 2, 12, 31)
    _agreed(Change.CHECKED, {"until": until.isoformat()}, one, other, now)
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    for week in WEEKS:
        first = monday + timedelta(weeks=week)
        last = first + timedelta(days=11)
        says = {"name": "the school holidays", "first": first.isoformat(), "last": last.isoformat()}
        _agreed(Change.HOLIDAY, says, one, other, now)
    training = monday + timedelta(days=17)
    _proposed(Change.CLOSED, {"day": training.isoformat(), "name": "offices closed"}, one, now)


def _agreed(change: str, says: Mapping[str, str], one: User, other: User, now: datetime) -> None:
    confirm(_proposed(change, says, one, now), by=other, now=now)


def _proposed(change: str, says: Mapping[str, str], one: User, now: datetime) -> Proposal:
    key = uuid5(NAMESPACE_URL, f"{change} {sorted(says.items())}")
    return propose(change, says, by=one, now=now, key=key)
