"""The Escalation Policy for everybody: where am I, who next, by when; and what is new in a version.

It holds no secret, so it is open without sign-in, as the doors are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.dates import london_day
from escalation.access.standing import request_standing
from escalation.challenges.views.case import heading, opened, show_case
from escalation.challenges.workflow_docs import LABELS
from escalation.policy import Policy
from escalation.policy.briefing import briefing
from escalation.policy.changes import changes
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import closed_days, versions

AHEAD = timedelta(days=800)
"""So far ahead an example can end."""


@dataclass(frozen=True)
class Shelf:
    """Every version of the partnership's policy, the newest first, as seen on a day."""

    found: Sequence[PolicyVersion]
    today: date

    @property
    def current(self) -> PolicyVersion | None:
        """The version that new challenges open under."""
        begun = [each for each in self.found if each.start <= self.today]
        return max(begun, key=lambda each: (each.start, each.version), default=None)

    @property
    def coming(self) -> list[PolicyVersion]:
        """What two people have agreed on, and what does not hold yet; the next first."""
        later = [each for each in self.found if each.start > self.today]
        return sorted(later, key=lambda each: (each.start, each.version))

    def numbered(self, number: int) -> PolicyVersion:
        """404 for a number that there is not."""
        for each in self.found:
            if each.version == number:
                return each
        raise Http404

    def before(self, version: PolicyVersion) -> PolicyVersion | None:
        return next((each for each in self.found if each.version < version.version), None)


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    shelf = shelf_on(timezone.now())
    if shelf.current is None:
        return render(request, "rulemaking/none.html")
    return render(request, "rulemaking/policy.html", _read(request, shelf, shelf.current))


@login_not_required
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Any version: one that is over, the one in force, or one that is to come."""
    shelf = shelf_on(timezone.now())
    return render(request, "rulemaking/policy.html", _read(request, shelf, shelf.numbered(number)))


@login_not_required
@require_safe
def changed(request: HttpRequest, number: int) -> HttpResponse:
    """What is new in a version, in plain words."""
    shelf = shelf_on(timezone.now())
    this = shelf.numbered(number)
    before = shelf.before(this)
    parts = changes(before.policy, this.policy, LABELS) if before else []
    context = {"version": this, "before": before, "parts": parts}
    return render(request, "rulemaking/changes.html", context)


@require_safe
def of_challenge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where a challenge is, under the version that it keeps."""
    challenge, view, _ = opened(request, uuid)
    kept, now = challenge.policy_version, timezone.now()
    context = {**told(kept.policy, now), **heading(view), "version": kept, "here": view.stage}
    return show_case(request, view, "rulemaking/policy.html", context)


def shelf_on(now: datetime) -> Shelf:
    return Shelf(versions(), london_day(now))


def told(policy: Policy, now: datetime) -> dict[str, Any]:
    """The sheet itself, with examples that begin now."""
    today = london_day(now)
    closed = closed_days(today, today + AHEAD)
    return {"sheet": briefing(policy, now, closed=closed, labels=LABELS), "today": today}


def _read(request: HttpRequest, shelf: Shelf, this: PolicyVersion) -> dict[str, Any]:
    signed_in = request.user.is_authenticated
    return {
        **told(this.policy, timezone.now()),
        "is_unit": signed_in and request_standing(request).in_business_unit,
        "version": this,
        "is_current": this == shelf.current,
        "current": shelf.current,
        "coming": [each for each in shelf.coming if each != this],
        "is_coming": this.start > shelf.today,
        "before": shelf.before(this),
    }
