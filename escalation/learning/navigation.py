"""The header's link to learning, and the lines it adds to a work list and to the Monday page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.web.beside import Beside
from core.web.components import State
from core.web.context import Link
from core.web.dates import london_day
from escalation.access.standing import request_standing
from escalation.forums.queries import works_here
from escalation.policy.words import count
from escalation.retelling.sources import may_write

from .queries import waiting


def links(request: HttpRequest) -> list[Link]:
    if not works_here(request_standing(request)):
        return []
    return [Link("Learning", reverse("learning"), wide_only=True)]


def beside(request: HttpRequest) -> list[Beside]:
    """What is late, for leads and the unit; what waits for a second person's word, for the unit.

    One statement, and none for whoever ends no actions.
    """
    standing = request_standing(request)
    if not may_write(standing):
        return []
    found = waiting(standing, london_day(timezone.now()))
    read, act = count(found.asked, "learning point"), count(found.late, "action")
    lines = (
        (found.asked, f"{read} to read", "learning-points", State("turn", "Your turn")),
        (found.late, f"{act} from learning", "learning", State("late", "Overdue")),
    )
    return [Beside(words, reverse(page), state) for number, words, page, state in lines if number]
