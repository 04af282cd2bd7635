"""How the outbox is. Ends with 1 where somebody has to look, for a monitor to see."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.outbox.sending import given_up_messages, state, told_models, try_again


class Command(BaseCommand):
    help = "Show how many mails wait, since when, and which were given up; --try-again puts those back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--try-again", action="store_true", help="put back what was given up")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["try_again"]:
            self.stdout.write(f"{try_again(now=now)} put back")
        outbox = state()
        since = (
            f", the oldest since {timezone.localtime(outbox.oldest):%d %b %Y, %H:%M}" if outbox.oldest else ""
        )
        self.stdout.write(f"{outbox.waiting} waiting{since}; {outbox.given_up} given up")
        for model in told_models():
            for message in given_up_messages(model)[:50]:
                self.stdout.write(f"  {message.message_id} {message.kind}: {message.last_error}")
        if outbox.is_alarming(now):
            sys.exit(1)
