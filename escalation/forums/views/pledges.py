"""You said, we changed: what organisations said at forums that they would do, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.web.asking import form_page, refusals_at
from core.web.dates import london_day
from escalation.accounts.models import Organisation
from escalation.forums.forms import PledgeForm
from escalation.forums.models import Pledge
from escalation.forums.queries import pledges_of
from escalation.forums.services import end_pledge, pledge
from escalation.forums.views.gate import acting, sitting_of, unit
from escalation.forums.wording import pledge_rows
from escalation.retelling.forms import EndPromiseForm
from escalation.retelling.models import PromiseState
from escalation.retelling.promising import may_end

ASKED = ["GET", "HEAD", "POST"]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Everybody who works here reads it: what is late, what is to come, what changed."""
    by = acting(request)
    rows = pledge_rows(pledges_of(by.standing), london_day(by.now), standing=by.standing)
    return render(request, "forums/board.html", {"open": rows.open, "done": rows.done})


@require_http_methods(ASKED)
def new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write a pledge down."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    data = request.POST if request.method == "POST" else None
    initial = {"key": drawn_id("form")}
    form = PledgeForm(data, organisations=Organisation.objects.all(), initial=initial)
    if form.is_valid():
        with refusals_at(form):
            pledge(sitting, form.pledge, key=form.cleaned_data["key"], by=by)
            messages.success(request, "It is on the board.")
            return redirect(sitting)
    return form_page(request, "forums/new_pledge.html", {"form": form, "sitting": sitting})


@require_http_methods(ASKED)
def ending(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what came of it."""
    by = acting(request)
    row = get_object_or_404(Pledge.objects.select_related("organisation", "sitting"), uuid=uuid)
    if not may_end(by.standing, row):
        raise PermissionDenied
    form = EndPromiseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed, evidence = form.words
        with refusals_at(form):
            end_pledge(row, is_done=form.is_done, changed=changed, evidence=evidence, by=by)
            messages.success(request, "It is on the board. Thank you.")
            return redirect("forum-board")
    context = {"form": form, "pledge": row, "is_open": row.state == PromiseState.OPEN}
    return form_page(request, "forums/pledge.html", context)
