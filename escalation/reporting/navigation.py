"""The header's link for the business unit, which makes releases."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing


def links(request: HttpRequest) -> list[Link]:
    if not request_standing(request).in_business_unit:
        return []
    return [Link("Releases", reverse("reporting:releases"), wide_only=True)]
