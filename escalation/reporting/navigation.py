"""The header's link to the releases: the unit makes them, everybody else reads them."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing
from escalation.accounts.groups import SeatKind

READERS = frozenset({SeatKind.SCRUTINEER, SeatKind.YOUNG_SCRUTINEER})
"""Whose work it is to read releases: they have the link on a phone too."""


def links(request: HttpRequest) -> list[Link]:
    standing = request_standing(request)
    if standing.in_business_unit:
        return [Link("Releases", reverse("reporting:releases"), wide_only=True)]
    wide_only = not standing.roles & READERS
    return [Link("Releases", reverse("reporting:published"), wide_only=wide_only)]
