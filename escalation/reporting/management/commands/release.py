"""Take a quarter's release to "ready" from a terminal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.machine import Refused
from escalation.policy.quarters import Quarter
from escalation.reporting.models import WORKING, Release, State, Subject, number_of
from escalation.reporting.services import make, start_for_command

WIDTH = 20
STEPS = (State.DRAFT, State.ROUNDING, State.AUDIT, State.READY)
THERE = "{release} is there already: {state}."
NO_RELEASE = "{release}: there is no release. Readers see that no figures are available for this quarter."
WORKER = "{release} is being made by the worker just now. Look again in a minute."


class Command(BaseCommand):
    """It stops at "ready": a second person approves on a page, and it is published on its date.

    One that was interrupted goes on where it was.
    """

    help = "Count, round and check a quarter's figures, such as 2026-27-Q1, up to “ready”."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "period", metavar="PERIOD", help="such as 2026-27-Q1, which is April to June 2026"
        )
        parser.add_argument("--of", choices=Subject.values, default=Subject.CHALLENGES.value)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = self._release(Quarter.parse(options["period"]), options["of"])
        except (ValueError, Refused) as error:
            raise CommandError(str(error)) from error
        if release.state not in WORKING:
            raise CommandError(THERE.format(release=release, state=release.get_state_display().lower()))
        self._bar(State.DRAFT)
        made = make(release, now=timezone.now(), told=self._bar)
        self.stderr.write("")
        if made.state in WORKING:
            raise CommandError(WORKER.format(release=release))
        if made.state == State.REFUSED:
            raise CommandError(NO_RELEASE.format(release=release))
        self.stdout.write(f"{made}: {made.get_state_display().lower()}. {made.verdict}")

    def _release(self, quarter: Quarter, subject: str) -> Release:
        """The one there is, or a new one. Raises Refused."""
        there = Release.objects.filter(subject=subject, number=number_of(quarter)).first()
        return there or start_for_command(quarter, subject, now=timezone.now())

    def _bar(self, state: State) -> None:
        """One line that grows; where nobody looks on, a line each."""
        if state not in STEPS:
            return
        full = WIDTH * STEPS.index(state) // (len(STEPS) - 1)
        line = f"[{'#' * full}{'.' * (WIDTH - full)}] {state.label}"
        self.stderr.write(f"\r{line:<70}" if self.stderr.isatty() else line, ending="")
        self.stderr.write("", ending="" if self.stderr.isatty() else "\n")
        self.stderr.flush()
