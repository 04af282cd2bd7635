"""Whether what is published still stands: near today's counts, and safe given what is public elsewhere."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.disclosure.afterwards import stands, still_safe
from escalation.disclosure.audit import Publication
from escalation.reporting.counting import recount
from escalation.reporting.models import Release, Subject
from escalation.reporting.queries import (
    is_whole,
    outside_facts,
    standing_of,
    standing_publications,
    withdrawn_publications,
)

NOTHING = "Nothing of this is published, or stands."
STANDS = "All of what is published stands: {number} sets of tables, each figure within 4 of today's count."
WITHDRAW = (
    "{release}, tables of what was {date} in {period}: a figure is more than 4 from today's count. Withdraw "
    "these tables; the correction counts in the next period."
)
UNSAFE = (
    "Given the facts that are registered, what is published is not shown to be safe. No release will be made "
    "until a fact is struck or the tables it touches are no longer to be followed. Ask your statistician."
)


class Command(BaseCommand):
    """It counts true cases, so what it prints is for the business unit alone."""

    help = "Check published figures against today's counts and registered facts. Not for release."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--of", choices=Subject.values, default=Subject.CHALLENGES.value)

    def handle(self, *args: Any, **options: Any) -> None:
        subject = options["of"]
        published = list(Release.objects.published().filter(subject=subject).order_by("number"))
        told = standing_publications(subject)
        if not told:
            self.stdout.write(NOTHING)
            return
        faults = [*_corrected(published), *_unsafe(subject, published[-1], told)]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(STANDS.format(number=len(told)))


def _corrected(published: list[Release]) -> Iterator[str]:
    for release in published:
        for each in standing_of(release):
            if not stands(each, recount(release.plan.plan, release.subject, each)):
                yield WITHDRAW.format(release=release, date=each.date, period=" and ".join(each.quarters))


def _unsafe(subject: str, last: Release, told: list[Publication]) -> Iterator[str]:
    plan = last.plan.plan
    safe = still_safe(
        plan,
        told,
        outside_facts(subject, plan),
        withdrawn=withdrawn_publications(subject),
        from_the_start=is_whole(last.plan, last.number + 1),
    )
    if not safe:
        yield UNSAFE
