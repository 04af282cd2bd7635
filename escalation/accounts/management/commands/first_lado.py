"""Make the first LADO of a new log, or the first neighbouring LADO."""

from typing import Any

from django.core.management.base import CommandParser

from escalation.accounts.groups import SeatKind
from escalation.accounts.management.first import FirstPersonCommand
from escalation.accounts.models import User
from escalation.accounts.services import first_lado


class Command(FirstPersonCommand):
    """In the trail. No page lets an administrator do it."""

    help = "Make the first LADO, who gives the team its seats. Refused when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--neighbour",
            action="store_true",
            help="The first neighbouring LADO instead, where the team's page can no longer give that seat.",
        )

    def make(self, *, email: str, name: str, password: str, **options: Any) -> tuple[User, bool]:
        return first_lado(email=email, full_name=name, password=password, kind=_kind(**options))

    def told(self, **options: Any) -> str:
        return f"{_kind(**options).label} now"


def _kind(*, neighbour: bool, **_: Any) -> SeatKind:
    return SeatKind.NEIGHBOUR_LADO if neighbour else SeatKind.LADO
