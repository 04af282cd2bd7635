"""The links in the header: each person sees the pages that are theirs."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import Standing, request_standing
from escalation.challenges.models import AUDITOR, UNIT


def links(request: HttpRequest) -> list[Link]:
    """One's list and, for those who work in a setting, the way to raise a challenge."""
    standing = request_standing(request)
    found = []
    if standing.in_business_unit:
        found.append(Link("Monday page", reverse("challenges:monday")))
    if has_list(standing):
        label = "Work list" if has_work_list(standing) else "My challenges"
        found.append(Link(label, reverse("challenges:list")))
    if standing.in_business_unit or standing.is_auditor:
        found.append(Link("Emergencies", reverse("challenges:emergencies"), wide_only=True))
    if standing.is_auditor:
        found.append(Link("Audit", reverse("challenges:audit")))
    if standing.settings:
        # The business unit raises for services outside the log: seldom, and not from a phone.
        found.append(Link("Raise", reverse("challenges:raise"), wide_only=standing.in_business_unit))
    return found


def help_link(request: HttpRequest) -> list[Link]:
    """For everybody, behind all others."""
    return [Link("Help", reverse("challenges:help"))]


def has_list(standing: Standing) -> bool:
    """Whether any of this person's seats can ever show them a challenge."""
    return bool(standing.settings or standing.partner_organisations or standing.roles & {UNIT, AUDITOR})


def has_work_list(standing: Standing) -> bool:
    """A practitioner has challenges of their own; everybody else has a list of their settings'."""
    return bool(
        standing.lead_settings or standing.senior_settings or standing.partner_organisations or standing.roles
    )
