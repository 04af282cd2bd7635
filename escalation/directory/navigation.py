"""The header's link to the directory, for whoever works in a setting, and for the business unit."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing

from .queries import may_read


def links(request: HttpRequest) -> list[Link]:
    if not may_read(request_standing(request)):
        return []
    return [Link("Directory", reverse("directory"), wide_only=True)]
