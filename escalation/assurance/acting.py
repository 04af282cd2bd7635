"""Who does something to an assurance request, as what, when, and in which request."""

from dataclasses import dataclass
from datetime import date, datetime

from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.policy.clock import LONDON


@dataclass(frozen=True)
class Acting:
    user: User
    standing: Standing
    now: datetime
    request_id: str = ""

    @property
    def today(self) -> date:
        """The London day."""
        return self.now.astimezone(LONDON).date()

    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit" if self.standing.in_business_unit else "organisation"
