"""Who does something to an assurance request, a pack or a dip sample, as what, when, and in which request."""

from dataclasses import dataclass
from typing import ClassVar

from escalation.access import acting


@dataclass(frozen=True)
class Acting(acting.Acting):
    otherwise: ClassVar[str] = "organisation"
