"""What two people do when somebody's second step is lost."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.accounts.events import How
from escalation.accounts.models import User
from escalation.accounts.proving import asks_again
from escalation.accounts.views import me

from ..forms import DecideForm, ResetForm
from ..queries import KEEPERS, has_factor, may_ask, may_decide, may_decide_any, waiting, waiting_for
from ..services import ask_for_reset, decide_reset

ask = require_http_methods(["GET", "HEAD", "POST"])


@ask
def lost(request: HttpRequest) -> HttpResponse:
    """Asking for somebody's lost second step to be taken away, and what waits for a second person."""
    by, now = me(request), timezone.now()
    if not may_ask(by):
        raise PermissionDenied
    form = ResetForm(request.POST if request.method == "POST" else None, by=by)
    if form.is_valid():
        said = form.cleaned_data
        if not has_factor(said["email"]):
            form.add_error("email", "They have no second step yet: they set one up when they next sign in.")
        else:
            ask_for_reset(user=said["email"], sure=said["sure"], by=by, how=_how(request, now, by))
            messages.success(request, "Asked. A second person has to agree within two days.")
            return redirect("lost-factors")
    return form_page(request, "signing_in/lost.html", {"form": form, "resets": waiting_for(by, now=now)})


@ask
@asks_again
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The second person's yes or no."""
    by, now = me(request), timezone.now()
    if not may_decide_any(by):
        raise PermissionDenied
    reset = get_object_or_404(waiting(now), uuid=uuid)
    if not may_decide(by, reset):
        raise PermissionDenied
    form = DecideForm(request.POST if request.method == "POST" else None, user=by)
    if form.is_valid():
        yes = form.cleaned_data["decision"] == "yes"
        decide_reset(reset=reset, approved=yes, by=by, how=_how(request, now, by))
        said = "It is taken away. Tell them to sign in." if yes else "Nothing was changed."
        messages.success(request, said)
        return redirect("lost-factors")
    return form_page(request, "signing_in/decide.html", {"form": form, "reset": reset})


def _how(request: HttpRequest, now: datetime, by: User) -> How:
    """When, in which request, and by which seat."""
    seat = by.seats.filter(kind__in=KEEPERS).first() or by.seats.first()
    return How(now, seat.kind if seat else "", request_id(request))
