"""Who does something to a survey, as what, when, and in which request; or the log itself, by the calendar."""

from dataclasses import dataclass
from datetime import datetime

from escalation.access import acting


@dataclass(frozen=True)
class Acting(acting.Acting):
    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit" if self.standing.in_business_unit else "member"


@dataclass(frozen=True)
class Calendar:
    """The log itself, when a day has passed."""

    now: datetime
    user: None = None
    seat: str = "system"
    request_id: str = ""
