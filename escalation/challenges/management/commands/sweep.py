"""Take the steps that the calendar takes: end holds at their limit, close what nobody confirmed."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from escalation.challenges.services import sweep

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "End holds at their limit and close what nobody confirmed; with --every, again and again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="repeat until told to stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] is None:
            self.stdout.write(f"{sweep(now=timezone.now())} steps taken")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self._once()
            stop.wait(options["every"])

    def _once(self) -> None:
        """One sweep; a database that is away for a while is no reason to stop for good."""
        close_old_connections()
        try:
            sweep(now=timezone.now())
        except DatabaseError as error:
            logger.warning("The sweep found no database: %s", type(error).__name__)
