"""What a sub-group decided, what organisations do about it, and what came of that."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from core.chance import drawn_id
from core.web.asking import form_page, refusals_at
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums.views.gate import acting, unit
from escalation.learning.forms import ActionForm, DecisionForm
from escalation.learning.models import Action, Point
from escalation.learning.services import act, end_action, minute
from escalation.retelling.forms import EndPromiseForm
from escalation.retelling.models import PromiseState
from escalation.retelling.promising import may_end

ASKED = ["GET", "HEAD", "POST"]


@require_http_methods(ASKED)
def minuting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write down what its sub-group decided."""
    by = unit(request)
    point = _point(by, uuid)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"key": drawn_id("form")})
    if form.is_valid():
        with refusals_at(form):
            minute(point, form.decision, key=form.cleaned_data["key"], by=by)
            messages.success(request, "It is on the board.")
            return redirect(point)
    return form_page(request, "learning/decision.html", {"form": form, "point": point})


@require_http_methods(ASKED)
def new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write down what an organisation does about it."""
    by = unit(request)
    point = _point(by, uuid)
    data = request.POST if request.method == "POST" else None
    initial = {"key": drawn_id("form")}
    form = ActionForm(data, organisations=Organisation.objects.all(), initial=initial)
    if form.is_valid():
        with refusals_at(form):
            act(point, form.action, key=form.cleaned_data["key"], by=by)
            messages.success(request, "It is on the board.")
            return redirect(point)
    return form_page(request, "learning/new_action.html", {"form": form, "point": point})


@require_http_methods(ASKED)
def ending(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what came of it."""
    by = acting(request)
    row = get_object_or_404(Action.objects.select_related("organisation", "point"), uuid=uuid)
    if not may_end(by.standing, row):
        raise PermissionDenied
    form = EndPromiseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed, evidence = form.words
        with refusals_at(form):
            end_action(row, is_done=form.is_done, changed=changed, evidence=evidence, by=by)
            messages.success(request, "It is on the board. Thank you.")
            return redirect("learning")
    context = {"form": form, "action": row, "is_open": row.state == PromiseState.OPEN}
    return form_page(request, "learning/action.html", context)


def _point(by: Acting, uuid: UUID) -> Point:
    return get_object_or_404(Point.objects.visible_to(by.standing), uuid=uuid)
