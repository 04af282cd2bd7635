"""Does the audit trail hold?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from core.audit import anchors
from core.audit.models import Verification
from core.audit.registry import Fault, registered, sides
from core.audit.verify import one_moment, verify_all


class Command(BaseCommand):
    """Exit 0 where every chain holds; exit 1 and name the first bad event where one does not."""

    help = (
        "Check every event of the audit trail: numbers, links, signatures, triggers, what the apps check, "
        "and what the anchors saw. The result is kept for the auditor's page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="DIR", help="the folder with the anchors")
        parser.add_argument("--side", choices=sides(), help="which side of the wall; each, if not given")

    def handle(self, *args: Any, anchor: Path | None, side: str | None, **options: Any) -> None:
        results = [_verified(each, anchor, timezone.now()) for each in ([side] if side else sides())]
        Verification.objects.bulk_create(results)
        wrong = next((result.fault for result in results if result.fault), "")
        if wrong:
            raise CommandError(wrong, returncode=1)
        for result in results:
            self.stdout.write(f"{_of(result.side)}{result.events} events in {result.chains} chains hold")


def _of(side: str) -> str:
    return f"{side}: " if len(sides()) > 1 else ""


def _verified(side: str, folder: Path | None, now: datetime) -> Verification:
    tables = registered(side)
    with one_moment(DEFAULT_DB_ALIAS):
        found = _anchors(folder, side)
        fault = next(_faults(side, found), None)
        events = sum(model.objects.count() for model in tables)
        chains = sum(model.objects.values("chain").distinct().count() for model in tables)
    return Verification(
        side=side,
        at=now,
        events=events,
        chains=chains,
        anchored_at=found.last.at if found and found.last else None,
        fault="" if fault is None else str(fault)[:300],
    )


def _anchors(folder: Path | None, side: str) -> anchors.Found | None:
    if folder is None:
        return None
    try:
        return anchors.read(folder, side)
    except anchors.NoAnchor as none:
        raise CommandError(str(none), returncode=1) from none


def _faults(side: str, found: anchors.Found | None) -> Iterator[Fault]:
    yield from verify_all(side)
    if found is not None:
        yield from anchors.faults(found, side)
