"""What is published, for everybody who signs in: the list of releases, and a page for each.

Everything is read from stored files and from when a release was published or withdrawn; never from a case.
"""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.components import State as Label
from core.web.pagination import Rows, paginate
from escalation.access.standing import request_standing
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.words import long_date
from escalation.reporting.downloads import downloads_of
from escalation.reporting.models import DOCUMENT, Release, State, Subject, WithdrawalReason, number_of
from escalation.reporting.queries import published_file
from escalation.reporting.reading import reading_of
from escalation.reporting.releases import no_figures, quarter_named

WHY_WITHDRAWN = {
    WithdrawalReason.CORRECTED: "the log was corrected",
    WithdrawalReason.ADVICE: "on legal or data protection advice",
    WithdrawalReason.OTHER: "for another reason",
}
"""In words for readers, who are not told how far a figure was off."""


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """All releases, the newest first; at most ten statements, however many there are."""
    page = paginate(Rows(Release.objects.published().prefetch_related("withdrawals")), request.GET)
    today = timezone.localdate(timezone=LONDON)
    return render(
        request,
        "reporting/published.html",
        {
            "rows": [_listed(each) for each in page.rows],
            "page": page,
            "not_over": no_figures(Quarter.of(today), today=today),
            "is_unit": request_standing(request).in_business_unit,
        },
    )


def _listed(release: Release) -> dict[str, Any]:
    return {
        "release": release,
        "address": release.published_url,
        "label": _label(release),
        "day": long_date(release.publish_at.astimezone(LONDON).date()),
    }


def _label(release: Release) -> Label:
    """That it stands; or what was withdrawn, and why."""
    reasons = [WHY_WITHDRAWN[WithdrawalReason(each.reason)] for each in release.withdrawals.all()]
    if not reasons:
        return Label("done", "Published")
    what = "Withdrawn" if release.state == State.WITHDRAWN else "Some tables withdrawn"
    return Label("hold", f"{what}: {', '.join(dict.fromkeys(reasons))}")


@require_safe
def published_release(request: HttpRequest, quarter: str, subject: str) -> HttpResponse:
    """One release, as it was published; hidden until it is, with what is known of its quarter."""
    today = timezone.localdate(timezone=LONDON)
    try:
        period = quarter_named(quarter)
    except ValueError as error:
        return _none(request, str(error))
    file = published_file(subject, number_of(period), DOCUMENT) if subject in Subject.values else None
    if file is None:
        return _none(request, no_figures(period, today=today))
    return render(request, "reporting/published_release.html", _shown(file.release, bytes(file.content)))


def _shown(release: Release, document: bytes) -> dict[str, Any]:
    reading, downloads = reading_of(json.loads(document)), downloads_of(release)
    return {
        "release": release,
        "label": _label(release),
        "reading": reading,
        "tables": [(each, downloads.tables.get(each.code, ())) for each in reading.tables],
        "downloads": downloads.whole,
        "published_on": long_date(release.publish_at.astimezone(LONDON).date()),
        "counted_until": long_date(release.period.end),
    }


def _none(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "reporting/no_figures.html", {"sentence": sentence}, status=HTTPStatus.NOT_FOUND)
