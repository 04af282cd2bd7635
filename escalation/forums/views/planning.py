"""Planning a sitting, changing it, inviting to it, and its end: the business unit's."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.chance import drawn_id
from core.machine import Moved, Refused
from core.web.asking import form_page
from core.web.forms import Form
from escalation.accounts.models import Organisation
from escalation.forums.forms import NOTICE, CancelForm, InviteForm, SittingForm, as_it_is
from escalation.forums.queries import not_there
from escalation.forums.services import cancel, change, close, invite, plan
from escalation.forums.views.gate import sitting_of, unit
from escalation.policy.words import count

ASKED = ["GET", "HEAD", "POST"]


@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Plan a sitting. Nobody is invited yet."""
    by = unit(request)
    form = SittingForm(
        request.POST if request.method == "POST" else None,
        organisations=Organisation.objects.all(),
        initial={"key": drawn_id("form"), "seen": 0, "notice": NOTICE},
    )
    if form.is_valid():
        planned = plan(form.sitting, key=form.cleaned_data["key"], by=by)
        messages.success(request, "It is planned. Now invite organisations.")
        return redirect("invite-to-forum", uuid=planned.uuid)
    return form_page(request, "forums/plan.html", {"form": form})


@require_http_methods(ASKED)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what was planned; whoever signed up is told of another day, time or place."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    form = SittingForm(
        request.POST if request.method == "POST" else None,
        organisations=Organisation.objects.all(),
        initial=as_it_is(sitting),
    )
    context = {"form": form, "sitting": sitting}
    if form.is_valid():
        try:
            change(sitting, form.sitting, seen=form.cleaned_data["seen"], by=by)
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at the forum, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(sitting.version)
            return render(request, "forums/plan.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, "It is changed.")
            return redirect(sitting)
    return form_page(request, "forums/plan.html", context)


@require_http_methods(ASKED)
def inviting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose which more organisations are invited; their leads are told at once."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    form = InviteForm(request.POST if request.method == "POST" else None, organisations=not_there(sitting))
    if form.is_valid() and _done(form, lambda: invite(sitting, form.chosen, by=by)):
        messages.success(request, f"{count(len(form.chosen), 'organisation')} invited. Their leads are told.")
        return redirect(sitting)
    return form_page(request, "forums/invite.html", {"form": form, "sitting": sitting})


@require_http_methods(ASKED)
def closing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asks, then closes: numbers stay as they are."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    refused, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            close(sitting, by=by)
        except Refused as no:
            refused, status = no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, "It is closed.")
            return redirect(sitting)
    return render(request, "forums/close.html", {"sitting": sitting, "refused": refused}, status=status)


@require_http_methods(ASKED)
def cancelling(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Call it off; whoever signed up is told."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, lambda: cancel(sitting, why=form.cleaned_data["why"], by=by)):
        messages.success(request, "It is called off. Whoever signed up is told.")
        return redirect(sitting)
    return form_page(request, "forums/cancel.html", {"form": form, "sitting": sitting})


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether it was done; what the rules refuse stands above the form."""
    try:
        act()
    except Refused as no:
        form.add_error(no.field, no.sentence)
        return False
    return True
