"""The auditor's pages: does the trail hold, who read without having to, and what happened to a challenge."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.pagination import Rows, paginate
from escalation.access.fields import FieldGroup
from escalation.access.standing import request_standing
from escalation.challenges.models import Challenge
from escalation.challenges.queries import find
from escalation.challenges.queries.projecting import fields_of
from escalation.challenges.queries.trail import (
    challenges_of,
    last_verification,
    reads_without_task,
    trail_of,
    who_reads_without_task,
)
from escalation.challenges.reference import spoken
from escalation.challenges.wording.trail import line, read_row

WINDOW = timedelta(days=28)
CHECKED_WITHIN = timedelta(hours=36)
"""A check each night, and one that came late, are within it; a night without one is not."""


def _auditors_only(request: HttpRequest) -> None:
    """The page exists, and is the auditor's: 403 for everybody else."""
    if not request_standing(request).is_auditor:
        raise PermissionDenied


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The last verification, and who read without an open task."""
    _auditors_only(request)
    now, result = timezone.now(), last_verification()
    context = {
        "result": result,
        "is_old": result is not None and result.at < now - CHECKED_WITHIN,
        "people": who_reads_without_task(now - WINDOW),
        "days": WINDOW.days,
    }
    return render(request, "challenges/audit.html", context)


@require_safe
def reads(request: HttpRequest) -> HttpResponse:
    """Each read of somebody whose turn it was not; four statements however many."""
    _auditors_only(request)
    page = paginate(Rows(reads_without_task(timezone.now() - WINDOW)), request.GET)
    found = challenges_of(page.rows)
    rows = [read_row(event, found.get(event.object)) for event in page.rows]
    return render(request, "challenges/audit_reads.html", {"rows": rows, "page": page, "days": WINDOW.days})


@require_safe
def trail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was done and read in one challenge, for those who may see the read log (F5)."""
    standing = request_standing(request)
    try:
        challenge = find(uuid, standing)
    except Challenge.DoesNotExist:
        raise Http404 from None
    if FieldGroup.F5 not in fields_of(challenge, standing):
        raise PermissionDenied
    found = trail_of(challenge)
    context = {
        "case_url": challenge.get_absolute_url(),
        "reference": spoken(challenge.reference),
        "fault": found.fault,
        "done": [line(each) for each in found.done],
        "read": [line(each) for each in found.read],
    }
    return render(request, "challenges/trail.html", context)
