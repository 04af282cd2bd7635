"""Note how far the audit trail has come, in a signed file to keep off the host."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from core.audit import anchors
from core.audit.registry import LOG, sides
from core.audit.verify import one_moment, verify_all


class Command(BaseCommand):
    """Exit 0 with the new file's name; exit 1 where the trail does not hold, and write nothing."""

    help = (
        "Write an anchor of the audit trail into a folder; then copy it to where this machine cannot write."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the anchors are")
        parser.add_argument("--side", choices=sides(), default=LOG, help="which side of the wall")

    def handle(self, *args: Any, folder: Path, side: str, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Make it first.")
        with one_moment(DEFAULT_DB_ALIAS):
            fault = next(self._faults(folder, side), None)
            if fault is not None:
                raise CommandError(f"Nothing written, as the trail does not hold. {fault}", returncode=1)
            made = anchors.anchor(side, now=timezone.now(), before=self._last(folder, side))
        self.stdout.write(str(anchors.write(made, folder)))

    def _faults(self, folder: Path, side: str) -> Any:
        yield from verify_all(side)
        try:
            yield from anchors.faults(anchors.read(folder, side), side)
        except anchors.NoAnchor:
            return  # this one is the first

    def _last(self, folder: Path, side: str) -> str:
        try:
            last = anchors.read(folder, side).last
        except anchors.NoAnchor:
            return ""
        return last.signature if last else ""
