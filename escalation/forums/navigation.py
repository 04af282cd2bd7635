"""The header's link to the forums, for whoever works in a setting, and for the business unit."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing

from .queries import works_here


def links(request: HttpRequest) -> list[Link]:
    if not works_here(request_standing(request)):
        return []
    return [Link("Forums", reverse("forums"), wide_only=True)]
