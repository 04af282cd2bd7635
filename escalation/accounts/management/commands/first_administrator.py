"""Make the first administrator of a new log."""

import sys
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from escalation.accounts.services import Refused, first_administrator


class Command(BaseCommand):
    """One-off; refused when there is an administrator. Gives no right to see any case."""

    help = "Make the first administrator, who can manage people and sees no case. Refused when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def handle(self, *args: Any, email: str, name: str, password_stdin: bool, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if password_stdin else token_urlsafe(18)
        try:
            validate_email(email)
            validate_password(password)
            first_administrator(email=email, full_name=name, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{name} is the first administrator and signs in as {email}.")
        if not password_stdin:
            self.stdout.write(f"Password, shown once: {password}")
