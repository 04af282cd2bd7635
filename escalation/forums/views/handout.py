"""The hand-out of a forum, as a page to print and as a PDF; for whoever is invited."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.forums.handouts import Sheet, as_pdf, sheet_of
from escalation.forums.models import Sitting
from escalation.forums.queries import topics_of
from escalation.forums.views.gate import acting, sitting_of


@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = sitting_of(acting(request), uuid)
    return render(request, "forums/hand_out.html", {"sheet": _sheet(sitting), "sitting": sitting})


@require_safe
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    by = acting(request)
    sitting = sitting_of(by, uuid)
    answer = HttpResponse(as_pdf(_sheet(sitting), by.now), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="forum-hand-out.pdf"'
    return answer


def _sheet(sitting: Sitting) -> Sheet:
    pledges = list(sitting.pledges.select_related("organisation"))
    return sheet_of(sitting, topics_of(sitting), pledges)
