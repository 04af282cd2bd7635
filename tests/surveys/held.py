"""A staff survey as the business unit opens it, and answers to it; each can be called with little."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.chance import drawn_id
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.models import Organisation, User
from escalation.surveys.models import Survey
from escalation.surveys.services import answer, open_up
from tests.moments import LONDON

YES = {"know_how": "yes", "know_policy": "yes", "supported": "yes", "know_route": "yes"}


def acting(user: User, now: datetime) -> Acting:
    return Acting(user, standing_of(user, today=now.astimezone(LONDON).date()), now)


def opened(*, by: User, now: datetime, days: int = 14) -> Survey:
    closes_on = (now + timedelta(days=days)).astimezone(LONDON).date()
    return open_up(closes_on=closes_on, key=drawn_id("form"), by=acting(by, now))


def answered(
    survey: Survey, of: Organisation, people: int, *, now: datetime, said: Mapping[str, str] = YES
) -> None:
    """So many people say the same."""
    for _ in range(people):
        answer(survey, of.pk, said, now=now)
