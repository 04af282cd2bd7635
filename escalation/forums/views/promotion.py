"""The board of the Escalation Policy: which organisation has put the version in force before its staff."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.machine import Refused
from core.web.asking import form_page, refusals_at
from core.web.dates import london_day
from escalation.access.acting import Acting
from escalation.forums.forms import PromotionForm
from escalation.forums.promotions import board, confirms, may_read
from escalation.forums.services import confirm_promotion, remind_of_policy
from escalation.forums.views.gate import acting, unit
from escalation.policy.words import count
from escalation.rulebook.queries import current_policy


@require_safe
def promotion(request: HttpRequest) -> HttpResponse:
    """All organisations for the unit; their own for leads."""
    by = _reader(request)
    found = board(by.standing, london_day(by.now))
    context = {"board": found, "is_unit": by.standing.in_business_unit}
    return render(request, "forums/promotion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirming(request: HttpRequest, number: int) -> HttpResponse:
    """When, before how many, and how."""
    by = _reader(request)
    organisation = next((each for each in confirms(by.standing) if each.pk == number), None)
    if organisation is None:
        raise PermissionDenied
    version = current_policy(london_day(by.now))
    form = PromotionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        with refusals_at(form):
            confirm_promotion(
                organisation, version, day=said["day"], people=said["people"], how=said["how"], by=by
            )
            messages.success(request, f"{organisation.name} has confirmed it. Thank you.")
            return redirect("promotion")
    context = {"form": form, "organisation": organisation, "version": version}
    return form_page(request, "forums/confirm_promotion.html", context)


@require_POST
def reminding(request: HttpRequest) -> HttpResponse:
    """A mail to the leads of those who have not confirmed it."""
    by = unit(request)
    try:
        asked = remind_of_policy(by=by)
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, f"Leads of {count(asked, 'organisation')} get a mail.")
    return redirect("promotion")


def _reader(request: HttpRequest) -> Acting:
    by = acting(request)
    if not may_read(by.standing):
        raise PermissionDenied
    return by
