"""Make, or end, the keys with which a system or a person's own program calls the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from escalation.accounts.models import User, plain_email
from escalation.accounts.queries import is_system
from escalation.accounts.scopes import Scope
from escalation.accounts.services import Refused, issue_token, revoke_tokens, service_user


class Command(BaseCommand):
    """An address nobody has becomes a service user; a person's own gives them a key that acts as they may."""

    help = "Print a new API key, once, for a person or for a system (made when it is new)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="", help="What the key is for; needed for a new system.")
        parser.add_argument("--days", type=int, default=365, help="How long it works (365).")
        parser.add_argument(
            "--scopes",
            default="",
            help=f"What it opens, with spaces between: {', '.join(Scope.values)}. A system's opens reports, "
            "unless you say more; a person's all that they may.",
        )
        parser.add_argument("--revoke", action="store_true", help="End all keys of this user instead.")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            self.stdout.write(_revoke(email) if options["revoke"] else _issue(email, name, **options))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as error:
            raise CommandError(str(error)) from error


@transaction.atomic
def _issue(email: str, name: str, *, days: int, scopes: str, **_: Any) -> str:
    user = User.objects.filter(email=plain_email(email)).first()
    if user is None and not name:
        raise Refused("Nobody has this address. To make a new system, say what it is with --name.")
    validate_email(email)
    user = user or service_user(email=email, name=name)
    scopes = scopes or (Scope.REPORTS.value if is_system(user) else "")
    new = issue_token(user=user, name=name or user.full_name, days=days, scopes=scopes, now=timezone.now())
    ends = timezone.localtime(new.token.expires_at)
    return f"Key for {user.full_name}, works until {ends:%d %B %Y}. Shown once:\n{new.plain}"


def _revoke(email: str) -> str:
    user = User.objects.filter(email=plain_email(email)).first()
    if user is None:
        raise Refused("Nobody has this address.")
    count = revoke_tokens(user=user, now=timezone.now())
    return f"{count} key{'' if count == 1 else 's'} of {user.full_name} ended."
