"""Make the first administrator of a new log."""

from typing import Any

from escalation.accounts.management.first import FirstPersonCommand
from escalation.accounts.models import User
from escalation.accounts.services import first_administrator


class Command(FirstPersonCommand):
    """Gives no right to see any case."""

    help = "Make the first administrator, who can manage people and sees no case. Refused when there is one."

    def make(self, *, email: str, name: str, password: str, **options: Any) -> tuple[User, bool]:
        return first_administrator(email=email, full_name=name, password=password), True

    def told(self, **options: Any) -> str:
        return "the first administrator"
