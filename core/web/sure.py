"""One more page before what people cannot undo themselves: it says what happens, and carries their answers.

A view that has a valid form and not `said_so(request)` renders a page with components/sure.html and `asked`.
"Change my answers" posts the same boxes back without having said so, and the view shows the form again.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

SURE, YES, CHANGE = "sure", "yes", "change"
NOT_CARRIED = ("csrfmiddlewaretoken", SURE)


def said_so(request: HttpRequest) -> bool:
    """Whether they have read what happens, and want it."""
    return request.POST.get(SURE) == YES


def would_change(request: HttpRequest) -> bool:
    """Whether they went back to their answers."""
    return request.POST.get(SURE) == CHANGE


def asked(request: HttpRequest, happens: Sequence[str], *, button: str) -> dict[str, Any]:
    """What components/sure.html takes: sentences that say what happens, and every box as it was posted."""
    boxes = [(n, text) for n, texts in request.POST.lists() if n not in NOT_CARRIED for text in texts]
    return {"happens": happens, "button": button, "boxes": boxes, "sure": SURE, "yes": YES, "change": CHANGE}
