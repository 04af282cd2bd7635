"""Who writes a policy, when, and in which request: always somebody of the business unit."""

from dataclasses import dataclass

from escalation.access import acting


@dataclass(frozen=True)
class Acting(acting.Acting):
    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit"
