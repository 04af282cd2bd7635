"""The header's link for system administrators, who give systems their keys."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing


def links(request: HttpRequest) -> list[Link]:
    if not request_standing(request).is_administrator:
        return []
    return [Link("Keys", reverse("keys"))]
