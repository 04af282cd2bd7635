"""The line beside a work list: that somebody asks to join."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.web.beside import Beside
from core.web.components import State
from escalation.access.standing import request_standing
from escalation.directory.queries import keeps_any

from .queries import to_do


def beside(request: HttpRequest) -> Iterable[Beside]:
    """How many wait for the reader's word; one statement, and none for whoever keeps no setting's page."""
    standing = request_standing(request)
    number = to_do(standing, now=timezone.now()).count() if keeps_any(standing) else 0
    if not number:
        return []
    words = "Somebody asks to use the log" if number == 1 else f"{number} people ask to use the log"
    return [Beside(words, reverse("join-requests"), State("turn", "Your turn"))]
