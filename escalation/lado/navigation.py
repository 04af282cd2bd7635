"""The header's links for the LADO team; none for anybody else."""

from django.http import HttpRequest
from django.urls import reverse

from core.web.context import Link
from escalation.access.standing import request_standing
from escalation.lado.models import TEAM_KINDS


def links(request: HttpRequest) -> list[Link]:
    if not request_standing(request).roles & TEAM_KINDS:
        return []
    return [
        Link("LADO list", reverse("lado:list")),
        Link("Take a contact", reverse("lado:contact")),
        Link("Search", reverse("lado:search")),
    ]
