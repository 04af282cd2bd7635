"""Run the independent attacker on what was published, and say what it could learn."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.attacker import Contradiction, Findings, Learnt, attack, in_words
from escalation.policy.quarters import Quarter
from escalation.reporting.models import DOCUMENT, ReleaseFile, Subject, number_of

NOTHING_PUBLISHED = "Nothing was published up to {quarter}. Give a later quarter, or files with --file."
WHICH = "Say which: a quarter such as 2026-27-Q1, or files with --file."
NO_RELEASE = "{file} is not the JSON of a release. Take it from the page of the release, or from the API."
CONTRADICTION = "{error} Either a file is not of these releases, or a count was corrected in between."
NOTHING = "Nothing: none is known exactly, none is certain to be 1 to 4, each may be 4 more or less at least."


class Command(BaseCommand):
    """It sees published bytes alone, in every edition there ever was, and none of the code that made them."""

    help = "Attack all that was published up to a quarter, such as 2026-27-Q1, and print what can be learnt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", nargs="?", metavar="QUARTER", help="the last one to look at")
        parser.add_argument("--of", choices=Subject.values, default=Subject.CHALLENGES.value)
        parser.add_argument(
            "--file",
            action="append",
            default=[],
            metavar="FILE",
            help="published JSON, in place of a quarter",
        )
        parser.add_argument(
            "--from-the-start",
            action="store_true",
            help="the log began with the first quarter: no more were closed than logged since",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["quarter"]) == bool(options["file"]):
            raise CommandError(WHICH)
        published = (
            [(name, _read(name)) for name in options["file"]]
            if options["file"]
            else _published(options["of"], options["quarter"])
        )
        learnt = _attacked(published, options["from_the_start"])
        found = Findings.of(learnt)
        self.stdout.write(
            f"Editions of releases: {len(published)}. Figures: {found.cells}. What can be learnt:"
        )
        told = [each for each in learnt if each.exact or each.small or each.narrow]
        for each in told:
            self.stdout.write(f"- {in_words(each.where)}: {each.low} to {each.high}")
        if told:
            raise CommandError(
                f"{found.exact} known exactly, {found.small} certain to be 1 to 4, {found.narrow} known to "
                "less than 4. Withdraw the tables they are in, and tell whoever looks after the log."
            )
        self.stdout.write(NOTHING)


def _published(subject: str, name: str) -> list[tuple[str, bytes]]:
    try:
        number = number_of(Quarter.parse(name))
    except ValueError as error:
        raise CommandError(str(error)) from error
    files = ReleaseFile.objects.filter(
        name=DOCUMENT, release__subject=subject, release__number__lte=number
    ).order_by("release__number", "edition")
    if not files:
        raise CommandError(NOTHING_PUBLISHED.format(quarter=name))
    return [(str(each), bytes(each.content)) for each in files]


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} could not be read: {error.strerror}.") from error


def _attacked(published: list[tuple[str, bytes]], from_the_start: bool) -> list[Learnt]:
    documents = []
    for name, content in published:
        try:
            documents.append(json.loads(content))
            attack(documents[-1:])
        except Contradiction as error:
            raise CommandError(CONTRADICTION.format(error=error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError(NO_RELEASE.format(file=name)) from error
    try:
        return attack(documents, from_the_start=from_the_start)
    except Contradiction as error:
        raise CommandError(CONTRADICTION.format(error=error)) from error
