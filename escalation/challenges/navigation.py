"""The links in the header: each person sees the pages that are theirs."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import Standing, request_standing
from escalation.challenges.models import UNIT


def links(request: HttpRequest) -> list[Link]:
    """One's list and, for those who work in a setting, the way to raise a challenge."""
    standing = request_standing(request)
    found = []
    if standing.settings or standing.roles & {UNIT, "auditor"} or standing.partner_organisations:
        found.append(
            _link(request, "challenges:list", "Work list" if has_work_list(standing) else "My challenges")
        )
    if standing.settings:
        found.append(_link(request, "challenges:raise", "Raise"))
    return found


def has_work_list(standing: Standing) -> bool:
    """A practitioner has challenges of their own; everybody else has a list of their settings'."""
    return bool(
        standing.lead_settings or standing.senior_settings or standing.partner_organisations or standing.roles
    )

