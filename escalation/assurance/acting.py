"""Who does something to an assurance request or a pack, as what, when, and in which request."""

from dataclasses import dataclass

from escalation.access import acting


@dataclass(frozen=True)
class Acting(acting.Acting):
    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit" if self.standing.in_business_unit else "organisation"
