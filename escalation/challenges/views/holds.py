"""Legal holds on what people wrote and did not send: the business unit holds, a colleague lets go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web import sure
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.access.standing import Standing
from escalation.challenges.forms.holding import HoldForm, ReasonForm
from escalation.challenges.models import DraftHold
from escalation.challenges.services import draft_days
from escalation.challenges.services.holding import hold_drafts, let_go
from escalation.challenges.views.raising import user_of
from escalation.directory.views.gate import unit

SHOWN = 20
"""So many of those that were let go of are shown."""


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """Whose drafts are held and why; hold those of somebody, who is named once more before it is done."""
    standing = unit(request)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if sure.would_change(request) or not form.is_valid():
        return form_page(request, "challenges/holds.html", {"form": form, **_rows(request)})
    if not sure.said_so(request):
        return _ask_if_sure(request, form)
    hold_drafts(
        form.owner,
        reason=form.cleaned_data["reason"],
        by=user_of(request),
        standing=standing,
        now=timezone.now(),
        request_id=request_id(request),
    )
    messages.success(request, f"What {form.owner.full_name} has not sent is kept from now on.")
    return redirect("challenges:legal_holds")


def _ask_if_sure(request: HttpRequest, form: HoldForm) -> HttpResponse:
    happens = [
        "Nothing that they wrote and did not send is deleted, by the log or by them.",
        "They see that it is held. Nobody reads it because of that, you neither.",
        "Only a colleague of yours can let go of it.",
    ]
    context = sure.asked(request, happens, button="Yes, hold them")
    return render(request, "challenges/hold_sure.html", {**context, "owner": form.owner})


def _rows(request: HttpRequest) -> dict[str, object]:
    rows = DraftHold.objects.select_related("owner", "held_by", "lifted_by")
    me = user_of(request).pk
    standing = list(rows.filter(lifted_at__isnull=True))
    return {
        "standing": [(hold, me not in (hold.held_by_id, hold.owner_id)) for hold in standing],
        "over": rows.filter(lifted_at__isnull=False)[:SHOWN],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """Let go of it, with a reason; then what is too old is deleted."""
    standing = unit(request)
    hold = get_object_or_404(DraftHold.standing().select_related("owner", "held_by"), pk=number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _lifted(request, hold, form, standing):
        messages.success(request, f"What {hold.owner.full_name} has not sent is held no more.")
        return redirect("challenges:legal_holds")
    context = {"form": form, "hold": hold, "days": draft_days(timezone.localdate())}
    return form_page(request, "challenges/hold_lift.html", context)


def _lifted(request: HttpRequest, hold: DraftHold, form: ReasonForm, standing: Standing) -> bool:
    try:
        let_go(
            hold,
            reason=form.cleaned_data["reason"],
            by=user_of(request),
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except Refused as no:
        form.add_error(None, no.sentence)
        return False
    return True
