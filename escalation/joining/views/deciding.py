"""Who asks to join a setting, and its lead's yes or no."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import Moved, NotPermitted, Refused
from core.web.asking import form_page
from core.web.errors import conflict
from escalation.directory.queries import may_keep
from escalation.directory.services import Keeper
from escalation.directory.views.gate import keeper

from ..forms import YES, DecideForm
from ..models import JoinRequest
from ..queries import to_decide
from ..services import confirm, decline


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for this reader's word, the oldest first; one statement."""
    by = keeper(request)
    rows = list(to_decide(by.standing, now=by.now))
    return render(request, "joining/requests.html", {"rows": rows, "is_unit": by.standing.in_business_unit})


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who it is, and yes or no. Another setting's requests are not there."""
    by = keeper(request)
    found = get_object_or_404(JoinRequest.objects.select_related("setting", "decided_by"), uuid=uuid)
    if not may_keep(by.standing, found.setting):
        raise PermissionDenied
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _decided(request, found, form, by)
        except Moved as moved:
            return conflict(
                request,
                kept={},
                see_url=reverse("join-requests"),
                happened=str(moved),
                title="Somebody was first",
            )
        except NotPermitted:
            raise PermissionDenied from None
        except Refused as no:
            form.add_error(None, no.sentence)
    return form_page(request, "joining/decide.html", {"form": form, "asked": found})


def _decided(request: HttpRequest, found: JoinRequest, form: DecideForm, by: Keeper) -> HttpResponse:
    if form.cleaned_data["decision"] == YES:
        confirm(found, by=by)
        messages.success(request, f"{found.full_name} can use the log now. A mail tells them.")
    else:
        decline(found, form.cleaned_data["reason"], by=by)
        messages.success(request, "They get no seat. A mail tells them.")
    return redirect("join-requests")
