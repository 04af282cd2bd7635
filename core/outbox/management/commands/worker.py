"""The one process beside the web server: sends what waits in the outbox, and does the jobs of the apps."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from core.outbox.jobs import Job, Rota, register
from core.outbox.sending import send_due, state

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the mails that wait, and do what the calendar asks for, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pause", type=float, default=5, metavar="SECONDS", help="between two rounds")
        parser.add_argument("--once", action="store_true", help="one round, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        register(Job("alarm", timedelta(minutes=15), lambda now: self._alarm()))
        if not settings.SENDS_MAIL:
            self.stderr.write("EMAIL_HOST names no mail server: mails wait in the outbox. Jobs are done.")
        rota, stop = Rota(), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            for job in rota.due(timezone.now()):
                self._kept_going(job.name, lambda job=job: job.run(timezone.now()))  # type: ignore[misc]
            self._kept_going("mail", lambda: send_due(clock=timezone.now))
            if options["once"]:
                return
            stop.wait(options["pause"])

    def _kept_going(self, name: str, work: Callable[[], object]) -> None:
        """A job that fails, or a database that is away for a while, is no reason to stop for good."""
        close_old_connections()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever one job does, the others go on
            logger.error("The worker's %s failed: %s", name, type(error).__name__)

    def _alarm(self) -> None:
        outbox = state()
        if outbox.is_alarming(timezone.now()):
            logger.error("The outbox needs somebody: %s wait, %s given up", outbox.waiting, outbox.given_up)
