"""What of the releases stands, and how it is served. Nothing here reads a case."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Length

from escalation.disclosure.audit import Publication
from escalation.disclosure.plan import Plan
from escalation.disclosure.statements import Statement
from escalation.reporting.models import DOCUMENT, OutsideFact, Release, ReleaseFile, ReleasePlan, State


def standing_publications(subject: str, *, besides: Release | None = None) -> list[Publication]:
    """All that is published of a subject and not withdrawn, the earliest first; three statements.

    With `besides`, the figures of that release too, which is about to be published.
    """
    releases = Release.objects.filter(subject=subject, figures__isnull=False)
    public = releases.filter(state__in=(State.PUBLISHED, State.WITHDRAWN))
    found = list(public.select_related("plan", "figures").prefetch_related("withdrawals").order_by("number"))
    if besides is not None and besides.pk not in {each.pk for each in found}:
        found += (
            releases.select_related("plan", "figures").prefetch_related("withdrawals").filter(pk=besides.pk)
        )
    return [each for release in found for each in standing_of(release)]


def standing_of(release: Release) -> Iterator[Publication]:
    """The figures of one release that are not withdrawn."""
    gone = _withdrawn(release)
    for publication in release.figures.publications(release.plan.plan):
        if _key(publication) not in gone:
            yield publication


def _withdrawn(release: Release) -> set[tuple[str, int]]:
    return {(each.date, each.quarters) for each in release.withdrawals.all()}


def _key(publication: Publication) -> tuple[str, int]:
    return publication.date, len(publication.quarters)


def withdrawn_publications(subject: str) -> list[Publication]:
    """All that was published of a subject and is withdrawn: it is known for ever; two statements."""
    found = Release.objects.filter(subject=subject, withdrawals__isnull=False).distinct().order_by("number")
    return [
        publication
        for release in found.select_related("plan", "figures").prefetch_related("withdrawals")
        for publication in release.figures.publications(release.plan.plan)
        if _key(publication) in _withdrawn(release)
    ]


def outside_facts(subject: str, plan: Plan) -> list[Statement]:
    """All that is registered of a subject, by the dimensions of a plan."""
    facts = OutsideFact.objects.filter(subject=subject, struck_at__isnull=True).order_by("pk")
    known = {each.code for each in plan.dimensions}
    return [each.statement(known) for each in facts]


def is_whole(plan: ReleasePlan, number: int) -> bool:
    """Whether the log began with this plan, and each quarter of it before this one stands published whole.

    Then a case can have been logged in no other time than those that are published of.
    """
    if not plan.log_begins:
        return False
    first = plan.plan.since
    due = [quarter for quarter in range(first, number) if list(plan.plan.due(quarter))]
    standing = Release.objects.filter(
        plan=plan, number__lt=number, state=State.PUBLISHED, withdrawals__isnull=True
    )
    return standing.count() == len(due)


def waiting_for_files() -> QuerySet[Release]:
    """What is public in an edition whose files are not made yet."""
    made = ReleaseFile.objects.filter(release=OuterRef("pk"), edition=OuterRef("edition"))
    return Release.objects.published().filter(~Exists(made)).order_by("number")


def published_file(subject: str, number: int, name: str) -> ReleaseFile | None:
    """A file of what is published of a quarter, in its newest edition; one statement, and of no case."""
    files = ReleaseFile.objects.filter(release__in=Release.objects.published(), edition=F("release__edition"))
    wanted = files.filter(release__subject=subject, release__number=number, name=name)
    return wanted.select_related("release").first()


MOST_QUARTERS = 12
"""Three years: the longest period that a table has."""


def newest_documents(subject: str) -> list[ReleaseFile]:
    """The documents of the newest releases of a subject, the newest first; one statement, and of no case."""
    files = ReleaseFile.objects.filter(release__in=Release.objects.published(), edition=F("release__edition"))
    wanted = files.filter(release__subject=subject, name=DOCUMENT).select_related("release")
    return list(wanted.order_by("-release__number")[:MOST_QUARTERS])


def files_of_edition(release: Release) -> list[tuple[str, str, int]]:
    """Name, media type and size in bytes of each file of the edition that a release is at; one statement."""
    files = ReleaseFile.objects.filter(release=release, edition=release.edition)
    return list(files.order_by("name").values_list("name", "media_type", Length("content")))
