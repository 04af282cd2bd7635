"""The days of the coming year that do not count, and an alarm where too little of it is known."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from escalation.rulebook.queries import LEAST_KNOWN_DAYS, calendar_alarms, closed_days


class Command(BaseCommand):
    """Ends with 1 where fewer than 12 months were checked, for a monitor to see."""

    help = "List the closed days of the coming year; ends with 1 where fewer than 12 months are known."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        for day, name in closed_days(today, today + timedelta(days=LEAST_KNOWN_DAYS)).items():
            self.stdout.write(f"{day:%a %d %b %Y}  {name}")
        alarms = calendar_alarms(today)
        for alarm in alarms:
            self.stdout.write(alarm)
        if alarms:
            sys.exit(1)
