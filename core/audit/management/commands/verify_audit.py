"""Does the audit trail hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from core.audit.registry import registered
from core.audit.verify import one_moment, verify_all


class Command(BaseCommand):
    """Exit 0 where every chain holds; exit 1 and name the first bad event where one does not."""

    help = (
        "Check every event of the audit trail: numbers, links, signatures, triggers, and what the apps check."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with one_moment(DEFAULT_DB_ALIAS):
            fault = next(verify_all(), None)
            events = sum(model.objects.count() for model in registered())
            chains = sum(model.objects.values("chain").distinct().count() for model in registered())
        if fault is not None:
            raise CommandError(str(fault), returncode=1)
        self.stdout.write(f"{events} events in {chains} chains hold")
