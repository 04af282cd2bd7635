"""Who does something, by which seats, when, and in which request: what a service is told of whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from core.web.numbered import request_id
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import User
from escalation.policy.words import london_date


@dataclass(frozen=True)
class Acting:
    """An app whose trail has another word than “member” says it in `otherwise`."""

    user: User
    standing: Standing
    now: datetime
    request_id: str = ""
    otherwise: ClassVar[str] = "member"

    @classmethod
    def by(cls, request: HttpRequest, *, may: Callable[[Standing], object]) -> Self:
        """Whoever makes this request, now; 403 for those who may not."""
        standing = request_standing(request)
        if not may(standing) or not isinstance(request.user, User):
            raise PermissionDenied
        return cls(request.user, standing, timezone.now(), request_id(request))

    @property
    def seat(self) -> str:
        """How the trail calls what they acted as."""
        return "unit" if self.standing.in_business_unit else self.otherwise

    @property
    def today(self) -> date:
        """The London day."""
        return london_date(self.now)

    def unit_alone(self) -> Self:
        """Themselves, if they sit in the business unit; 403 for everybody else."""
        if not self.standing.in_business_unit:
            raise PermissionDenied
        return self


@dataclass(frozen=True)
class Calendar:
    """The log itself, when a time has come."""

    now: datetime
    user: None = None
    seat: str = "system"
    request_id: str = ""

    @property
    def today(self) -> date:
        """The London day."""
        return london_date(self.now)
