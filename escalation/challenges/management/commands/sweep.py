"""Take the steps that the calendar takes: end holds at their limit, close what nobody confirmed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from escalation.challenges.services import sweep


class Command(BaseCommand):
    help = "End holds at their limit and close what nobody confirmed, once; the worker does it each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep(now=timezone.now())} steps taken")
