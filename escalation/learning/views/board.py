"""What was learnt, and what changed: for everybody who works in a service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.forums.views.gate import acting
from escalation.learning import wording
from escalation.learning.queries import told_to
from escalation.retelling.sources import may_write


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is late, what is being done, what came of the rest; from which challenge, nobody reads here."""
    by = acting(request)
    context = {
        "board": wording.board(told_to(by.standing), by.today, standing=by.standing),
        "writes": may_write(by.standing),
        "is_unit": by.standing.in_business_unit,
    }
    return render(request, "learning/board.html", context)
