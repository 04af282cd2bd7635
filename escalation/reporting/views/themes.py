"""What closed challenges show, for everybody who signs in: the newest published table of each kind.

Read from stored files alone, as the page of a release is; never from a case.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.access.standing import request_standing
from escalation.reporting.models import Subject
from escalation.reporting.queries import newest_documents
from escalation.reporting.reading import Published, reading_of

SPOTS = frozenset({"issue_group", "setting_group", "stage"})
"""What a place where challenges come up is told apart by."""
LEARNT = frozenset({"kind", "theme_group", "came_of_it"})


@dataclass(frozen=True)
class Shown:
    """A published table, and the release that it stands in."""

    table: Published
    quarter: str
    address: str


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """What they were about, whom they asked and how far they went; then what was learnt and done."""
    context = {
        "parts": [
            ("Where challenges come up", list(_newest(Subject.CHALLENGES, SPOTS))),
            ("What was learnt, and done", list(_newest(Subject.LEARNING, LEARNT))),
        ],
        "is_unit": request_standing(request).in_business_unit,
    }
    return render(request, "reporting/themes.html", context)


def _newest(subject: str, by: Collection[str]) -> Iterator[Shown]:
    """Of each table by these dimensions the one that was published last; one statement."""
    seen: set[str] = set()
    for file in newest_documents(subject):
        told = json.loads(bytes(file.content))
        apart = {each["code"]: set(each["parts"][-1]["by"]) for each in told["tables"]}
        for table in reading_of(told).tables:
            if table.code not in seen and apart[table.code] and apart[table.code] <= set(by):
                seen.add(table.code)
                yield Shown(table, file.release.period.label, file.release.published_url)
