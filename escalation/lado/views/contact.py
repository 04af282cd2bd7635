"""A contact is taken during the call."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web import late
from core.web.numbered import request_id
from escalation.accounts.groups import SeatKind
from escalation.lado import wording
from escalation.lado.case import seat_of, team_on
from escalation.lado.events import record_read
from escalation.lado.forms.contact import ContactForm
from escalation.lado.models import fresh_key
from escalation.lado.numbers import receipt_of, spoken_receipt
from escalation.lado.queries import current_policy
from escalation.lado.queries.searching import Found, search
from escalation.lado.services import take_contact
from escalation.lado.views.gate import team_only, who
from escalation.policy.words import london_date

LOOK = "look"


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Three answers are enough. "Look for this name" saves nothing; saving says if a name is alike."""
    user, standing = who(request)
    now = timezone.now()
    policy, team = current_policy(london_date(now)), team_on(london_date(now))
    if request.method != "POST":
        posted = late.take_back(request, user.pk)
        form = (
            ContactForm(policy, team, posted)
            if posted
            else ContactForm(policy, team, initial={"key": fresh_key})
        )
        return _page(request, form, HTTPStatus.OK)
    form = ContactForm(policy, team, request.POST)
    if request.POST.get("act") == LOOK:
        return _page(request, form, HTTPStatus.OK, look=True)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        taken = take_contact(
            form.contact(now),
            by=user,
            standing=standing,
            key=form.form_key,
            now=now,
            request_id=request_id(request),
        )
    except Refused as no:
        form.add_error(no.field, no.sentence)
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    receipt = spoken_receipt(receipt_of(form.form_key))
    has_it = wording.who_has_it(taken)
    messages.success(request, f"Saved. Tell the caller their receipt number: {receipt}.{has_it}")
    gone = taken.handed_over_at is not None and SeatKind.NEIGHBOUR_LADO not in standing.roles
    return redirect("lado:list") if gone or form.concerns(user) else redirect(taken)


def _page(request: HttpRequest, form: ContactForm, status: HTTPStatus, *, look: bool = False) -> HttpResponse:
    user, standing = who(request)
    now = timezone.now()
    policy = current_policy(london_date(now))
    typed = str(form.data.get("adult_name", "")).strip() if form.is_bound else ""
    found = Found()
    if typed:
        seat = seat_of(standing)
        record_read(by=user, seat=seat, act="searched", at=now, request_id=request_id(request))
        found = search(typed, standing, at_least=policy.limits["alike_percent"], kinds=("adult",))
    if look:
        form.show_as_typed()
    context: dict[str, Any] = {
        "form": form,
        "owner": late.seal(user.pk),
        "alike": found,
        "looked": bool(typed),
        "look": LOOK,
        "reply": policy.clock("reply"),
        "started": now,
    }
    return render(request, "lado/contact.html", context, status=status)
