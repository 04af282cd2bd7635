"""The frame of a command that makes the first person of a kind, from whom on people are made on pages."""

import sys
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from escalation.accounts.models import User
from escalation.accounts.services import Refused


class FirstPersonCommand(BaseCommand):
    """One-off: refused when there is one."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read a new person's password from standard input."
        )

    def make(self, *, email: str, name: str, password: str, **options: Any) -> tuple[User, bool]:
        """The person, and whether they are new. Raises ValidationError, or Refused with what to do."""
        raise NotImplementedError

    def told(self, **options: Any) -> str:
        """What they are now."""
        raise NotImplementedError

    def handle(self, *args: Any, email: str, name: str, password_stdin: bool, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if password_stdin else token_urlsafe(18)
        try:
            validate_email(email)
            validate_password(password)
            user, is_new = self.make(email=email, name=name, password=password, **options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.full_name} is {self.told(**options)} and signs in as {user.email}.")
        if is_new and not password_stdin:
            self.stdout.write(f"Password, shown once: {password}")
