"""Who is kept out of a referral and which support may read its words: for the LADO and deputies to see."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.lado import wording
from escalation.lado.queries import View
from escalation.lado.views.gate import team_only
from escalation.lado.views.referral import heading, log_reading, opened
from escalation.lado.workflow import Who

ACTS = ("name_conflict", "declare_conflict", "lift_conflict", "let_support_read", "end_support_reading")


@team_only
@require_safe
def people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everybody who is or was kept out or let read: why, by whom, since when and until when."""
    view = opened(request, uuid)
    _deciders_only(view)
    log_reading(request, view)
    conflicts = list(view.referral.conflicts.select_related("user", "named_by", "lifted_by"))
    grants = view.referral.grants.select_related("user", "given_by", "ended_by")
    context = {
        **heading(view),
        "kept_out": [conflict for conflict in conflicts if conflict.stands],
        "let_back_in": [conflict for conflict in conflicts if not conflict.stands],
        "reading": grants,
        "acts": [wording.act(view, name) for name in ACTS if view.offers(name)],
    }
    return render(request, "lado/people.html", context)


def _deciders_only(view: View) -> None:
    if Who.LADO not in view.facts.parts:
        raise PermissionDenied
