"""Say which code the app of a fictional person shows now."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from escalation.accounts.models import User, plain_email
from escalation.demo.people import app_secret
from escalation.demo.sign_ins import is_demo
from escalation.signing_in.codes import PERIOD, app_code, counter_at
from escalation.signing_in.queries import app_of
from escalation.signing_in.services import secret_of_app


class Command(BaseCommand):
    """For the fictional partnership on one's own machine alone: its secrets are public."""

    help = "Say which code the app of a fictional person shows now (LOCAL_DEMO alone)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if not settings.LOCAL_DEMO or not is_demo():
            raise CommandError("There is no fictional partnership here, or this is not LOCAL_DEMO.")
        user = User.objects.filter(email=plain_email(email)).first()
        app = app_of(user) if user else None
        if user is None or app is None:
            raise CommandError("Nobody fictional with this e-mail address has a second step.")
        secret = secret_of_app(user)
        if secret != app_secret(user.email):
            raise CommandError("They have set up an app of their own meanwhile: only that one knows.")
        counter = counter_at(timezone.now())
        used = app.last_used_at is not None and counter_at(app.last_used_at) >= counter
        counter = counter_at(app.last_used_at) + 1 if used and app.last_used_at else counter
        ends = timezone.localtime(timezone.now() + timedelta(seconds=PERIOD)).strftime("%H:%M:%S")
        self.stdout.write(f"{app_code(secret, counter)} (use it before {ends})")
