"""Counting who comes, on a phone at the door: a tap for each person, and never a name."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.machine import Moved, Refused
from escalation.access.acting import Acting
from escalation.forums.forms import CountForm, DoorForm
from escalation.forums.models import Sitting
from escalation.forums.queries import door_is_open, guests_of, keeps_the_door, not_there
from escalation.forums.services import add_at_the_door, count
from escalation.forums.views.gate import acting, sitting_of


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Each organisation with its number; one more, one fewer, or somebody from elsewhere."""
    by = acting(request)
    sitting = sitting_of(by, uuid)
    if not keeps_the_door(by.standing, sitting):
        raise PermissionDenied
    if request.method == "POST":
        return _counted(request, sitting, by)
    guests = guests_of(sitting)
    context = {
        "sitting": sitting,
        "guests": guests,
        "total": sum(each.invitation.came for each in guests),
        "is_open": door_is_open(sitting, by.now),
        "form": DoorForm(organisations=not_there(sitting)),
    }
    return render(request, "forums/door.html", context)


def _counted(request: HttpRequest, sitting: Sitting, by: Acting) -> HttpResponse:
    """Back to the same organisation, so that the next tap falls on the same place."""
    back = reverse("forum-door", args=[sitting.uuid])
    form = CountForm(request.POST)
    try:
        if form.is_valid():
            said = form.cleaned_data
            count(sitting, said["organisation"], said["came"], seen=said["seen"], by=by)
            return redirect(f"{back}#o{said['organisation']}")
        _added(request, sitting, by)
    except (Refused, Moved) as no:
        messages.error(request, str(no))
    return redirect(back)


def _added(request: HttpRequest, sitting: Sitting, by: Acting) -> None:
    form = DoorForm(request.POST, organisations=not_there(sitting))
    if not form.is_valid():
        raise Refused("Choose an organisation.")
    row = add_at_the_door(sitting, form.chosen, by=by)
    messages.success(request, f"{row.organisation.name} is on the list, with one person.")
