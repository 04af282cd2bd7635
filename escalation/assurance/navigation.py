"""The header's link to assurance, and the lines it adds to a work list and to the Monday page."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.web.beside import Beside
from core.web.components import State
from core.web.context import Link
from core.web.dates import short_day
from escalation.access.standing import request_standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.policy.words import count

from .acting import Acting
from .models import AssuranceRequest
from .queries import has_pages
from .workflow import OURS, THEIRS

READERS = frozenset({SeatKind.SCRUTINEER.value, SeatKind.YOUNG_SCRUTINEER.value})
"""Whose work it is to read packs: they have the link on a phone too."""
MOST = 5
"""So many requests stand one by one; the list has them all."""


def links(request: HttpRequest) -> list[Link]:
    """For the business unit, and those who can sign for an organisation; a lead comes by the work list.
    Scrutineers have the evidence packs."""
    standing = request_standing(request)
    if standing.roles & READERS:
        return [Link("Evidence", reverse("evidence-packs"))]
    signs = standing.in_business_unit or standing.senior_settings or standing.partner_organisations
    return [Link("Assurance", reverse("assurance"), wide_only=True)] if signs else []


def beside(request: HttpRequest) -> list[Beside]:
    """What waits for the reader, in words; one statement, and none for whoever has no page of assurance."""
    standing = request_standing(request)
    if not has_pages(standing) or not isinstance(request.user, User):
        return []
    by = Acting(request.user, standing, timezone.now())
    found = AssuranceRequest.objects.visible_to(standing).waiting(by.today)
    waiting = list(found.select_related("asked_again").order_by("due", "pk"))
    asked = [_asked(each, by) for each in waiting if each.is_mine and each.status in OURS][:MOST]
    return [*asked, *(_to_review(waiting, by) if standing.in_business_unit else [])]


def _asked(request: AssuranceRequest, by: Acting) -> Beside:
    day = short_day(request.due, now=by.now)
    state = State("late", f"Overdue since {day}") if request.is_late(by.today) else State("turn", f"By {day}")
    return Beside(f"Your organisation is asked: {request.title}", request.get_absolute_url(), state)


def _to_review(waiting: Iterable[AssuranceRequest], by: Acting) -> list[Beside]:
    """Numbers alone, each with its words; the list has each of them."""
    waiting = list(waiting)
    url = reverse("assurance")
    answers = sum(each.status in THEIRS for each in waiting)
    late = sum(each.is_late(by.today) for each in waiting)
    again = sum(each.is_again_due(by.today) for each in waiting)
    lines = (
        (answers, f"{count(answers, 'assurance request')} to look at", State("turn", "Your turn")),
        (late, f"{count(late, 'assurance request')} without an answer", State("late", "Overdue")),
        (again, f"{count(again, 'assurance request')} to ask again", State("due", "The day has come")),
    )
    return [Beside(words, url, state) for number, words, state in lines if number]
