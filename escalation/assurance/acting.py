"""Who does something to an assurance request or a pack, as what, when, and in which request; or the log
itself, by the calendar."""

from dataclasses import dataclass
from datetime import date, datetime

from escalation.access import acting
from escalation.policy.clock import LONDON


@dataclass(frozen=True)
class Acting(acting.Acting):
    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit" if self.standing.in_business_unit else "organisation"


@dataclass(frozen=True)
class Calendar:
    """The log itself, when a day has come."""

    now: datetime
    user: None = None
    seat: str = "system"
    request_id: str = ""

    @property
    def today(self) -> date:
        """The London day."""
        return self.now.astimezone(LONDON).date()
