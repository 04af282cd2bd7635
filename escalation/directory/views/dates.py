"""Closed days, school holidays and numbers to call: one of the business unit proposes, another confirms."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.chance import drawn_id
from core.machine import Refused
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.accounts.models import User
from escalation.directory.dates_forms import FORMS, DatedForm
from escalation.directory.dates_wording import days_shown, proposal_rows
from escalation.directory.views.gate import unit
from escalation.rulebook.models import Change, Proposal
from escalation.rulebook.queries import calendar_alarms, current_policy, dated, todays_numbers
from escalation.rulebook.services import confirm, propose, refuse


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """What holds, what waits for a second person, and what is known for too short a time."""
    unit(request)
    today = timezone.localdate()
    context = {
        "alarms": calendar_alarms(today),
        "days": days_shown(today),
        "holidays": [each for each in dated().holidays if each.last >= today],
        "numbers": list(todays_numbers(current_policy(today).policy, today).values()),
        "proposals": proposal_rows(Proposal.objects.select_related("proposed_by"), reader=_me(request)),
        "changes": [(change.value, change.label) for change in Change],
    }
    return render(request, "directory/dates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, change: str) -> HttpResponse:
    """The form for one kind of change."""
    unit(request)
    if change not in FORMS:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = FORMS[change](data, initial={"key": drawn_id("form")})
    if form.is_valid() and _proposed(request, change, form):
        messages.success(request, "It is proposed. It holds once a colleague has confirmed it.")
        return redirect("dates")
    context = {"form": form, "title": Change(change).label}
    return form_page(request, "directory/propose.html", context)


def _proposed(request: HttpRequest, change: str, form: DatedForm) -> bool:
    key, asked = form.cleaned_data["key"], request_id(request)
    try:
        propose(change, form.says, by=_me(request), now=timezone.now(), key=key, request_id=asked)
    except Refused as no:
        form.add_error(None, no.sentence)
        return False
    return True


@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Yes or no to what a colleague proposed; no to one's own takes it back."""
    unit(request)
    proposal = get_object_or_404(Proposal, uuid=uuid)
    says_yes = request.POST.get("say") == "yes"
    act = confirm if says_yes else refuse
    try:
        act(proposal, by=_me(request), now=timezone.now(), request_id=request_id(request))
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "It is confirmed, and holds now." if says_yes else "It does not hold.")
    return redirect("dates")


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
