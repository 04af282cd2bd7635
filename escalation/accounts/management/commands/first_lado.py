"""Make the first LADO of a new log, or the first neighbouring LADO."""

import sys
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from escalation.accounts.groups import SeatKind
from escalation.accounts.services import Refused, first_lado


class Command(BaseCommand):
    """One-off, and in the trail; refused when there is one. No page lets an administrator do it."""

    help = "Make the first LADO, who gives the team its seats. Refused when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--neighbour",
            action="store_true",
            help="The first neighbouring LADO instead, where the team's page can no longer give that seat.",
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read a new person's password from standard input."
        )

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        kind = SeatKind.NEIGHBOUR_LADO if options["neighbour"] else SeatKind.LADO
        given = options["password_stdin"]
        password = sys.stdin.readline().rstrip("\n") if given else token_urlsafe(18)
        try:
            validate_email(email)
            validate_password(password)
            user, is_new = first_lado(email=email, full_name=name, password=password, kind=kind)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.full_name} is {kind.label} now and signs in as {user.email}.")
        if is_new and not given:
            self.stdout.write(f"Password, shown once: {password}")
