"""Forums as everybody reads them who is invited, and signing up."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.machine import NotPermitted, Refused
from core.web.dates import london_day
from escalation.access.acting import Acting
from escalation.accounts.models import Organisation
from escalation.forums.models import SignUp, Sitting
from escalation.forums.queries import (
    can_come_for,
    door_is_open,
    guests_of,
    keeps_the_door,
    pulses_of,
    topics_of,
)
from escalation.forums.services import come, come_not
from escalation.forums.views.gate import acting, sitting_of
from escalation.forums.wording import pledge_rows, pulse_rows, pulse_to_answer, rows_of, shown
from escalation.retelling.sources import may_write


@require_safe
def forums(request: HttpRequest) -> HttpResponse:
    """Those to come, the next first; then those that are over."""
    by = acting(request)
    found = Sitting.objects.visible_to(by.standing).select_related("host").with_numbers()
    rows = rows_of(found, by.now)
    context = {
        "coming": [row for row in reversed(rows) if row.is_ahead],
        "past": [row for row in rows if not row.is_ahead],
        "is_unit": by.standing.in_business_unit,
        "writes": may_write(by.standing),
    }
    return render(request, "forums/forums.html", context)


@require_safe
def forum(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One sitting: when, where, what about, who is invited, and how many came."""
    by = acting(request)
    sitting = sitting_of(by, uuid)
    guests = guests_of(sitting)
    pulses = pulses_of(sitting)
    pledges = sitting.pledges.select_related("organisation")
    is_unit = by.standing.in_business_unit
    can_come = [] if is_unit else can_come_for(sitting, by.user)
    context = {
        "sitting": sitting,
        "shown": shown(sitting, guests, by.now),
        "topics": topics_of(sitting),
        "can_come": can_come,
        "mine": _sign_up(sitting, by) if can_come else None,
        "is_unit": is_unit,
        "pledges": pledge_rows(pledges, london_day(by.now), standing=by.standing),
        "pulse": pulse_to_answer(pulses, by.now),
        "pulses": pulse_rows(pulses, by.now) if is_unit else [],
        "to_door": door_is_open(sitting, by.now) and keeps_the_door(by.standing, sitting),
    }
    return render(request, "forums/forum.html", context)


def _sign_up(sitting: Sitting, by: Acting) -> SignUp | None:
    return SignUp.objects.select_related("organisation").filter(sitting=sitting, user=by.user).first()


@require_POST
def coming(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a place, or give it back."""
    by = acting(request)
    sitting = sitting_of(by, uuid)
    try:
        if request.POST.get("say") == "no":
            come_not(sitting, by=by)
            said = "You are not signed up any more. Somebody else can have your place."
        else:
            come(sitting, _chosen(request), by=by)
            said = "You are signed up. If you can’t come, please give your place back here."
    except NotPermitted as no:
        raise PermissionDenied from no
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect(sitting)


def _chosen(request: HttpRequest) -> Organisation | None:
    number = request.POST.get("organisation", "")
    return Organisation.objects.filter(pk=int(number)).first() if number.isdecimal() else None
