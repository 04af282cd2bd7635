"""Fill an empty database with a fictional partnership, and print how to sign in."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from escalation.demo.filling import CHALLENGES, NotEmpty, TooEarly, fill
from escalation.demo.sign_ins import every_sign_in, is_demo, shown, table, write_json

REFUSAL = (
    "This database is not empty, so nothing was written. The demo fills an empty one alone: "
    "name another with DATABASE_URL, migrate it, and try again."
)


class Command(BaseCommand):
    """All or nothing. With --set-up the database is first brought up to date, and one that holds something is
    then left as it is, without an error: all in one process, since starting one costs seconds."""

    help = "Fill an empty database with a fictional partnership, and print how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set-up",
            action="store_true",
            help="migrate and load the policies first; leave one that holds something",
        )
        parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--challenges", type=int, default=CHALLENGES, help="about how many")
        parser.add_argument(
            "--users-json", type=Path, metavar="FILE", help="write every sign-in for automated checks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["set_up"]:
            call_command("migrate", verbosity=0)
            call_command("load_policies", stdout=StringIO())
        try:
            fill(today=options["today"] or timezone.localdate(), challenges=options["challenges"])
        except TooEarly as error:
            raise CommandError("No policy was in force long before that day. Choose a later one.") from error
        except NotEmpty as error:
            if not options["set_up"]:
                raise CommandError(REFUSAL) from error
        if not is_demo():
            return
        sign_ins = every_sign_in()
        if options["users_json"]:
            write_json(sign_ins, options["users_json"])
        self.stdout.write(table(shown(sign_ins)))
