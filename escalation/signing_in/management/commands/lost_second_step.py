"""Take away somebody's lost second step, where there are no two people left who could."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.accounts.events import How
from escalation.accounts.models import User, plain_email
from escalation.signing_in.services import take_all_away


class Command(BaseCommand):
    """For the only administrator of a log; it stands in the trail, and a mail goes to the person."""

    help = "Take away somebody's lost second step; they set up a new one when they next sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=plain_email(email)).first()
        if user is None:
            raise CommandError("Nobody has this e-mail address.")
        if not take_all_away(user=user, by=None, how=How.on_the_server()):
            raise CommandError("They have no second step.")
        self.stdout.write(
            f"{user.full_name} is signed out, and sets up a new second step at the next sign-in."
        )
