"""Giving a seat, changing who covers it and when its holder is away, and ending it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web.asking import form_page
from core.web.forms import Form
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat
from escalation.directory.forms import ChangeForm, SeatForm
from escalation.directory.queries import people_to_choose
from escalation.directory.services import change_seat, end_seat, give_seat
from escalation.directory.views.gate import Kept, kept
from escalation.directory.wording import ended_words


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give somebody a seat here."""
    here = kept(request, uuid)
    form = SeatForm(
        request.POST if request.method == "POST" else None,
        kinds=here.kinds,
        people=people_to_choose(here.keeper.standing, here.place.setting),
        initial={"kind": request.GET.get("kind", "")},
    )
    given = _given(here, form) if form.is_valid() else None
    if given is not None:
        messages.success(request, _given_words(given))
        return redirect("directory-setting", uuid=uuid)
    return _shown(request, "new_seat", here, form)


def _given(here: Kept, form: SeatForm) -> Seat | None:
    try:
        return give_seat(here.place.setting, form.cleaned_data["kind"], form.whom, by=here.keeper)
    except Refused as no:
        form.add_error(None, no.sentence)
        return None


def _given_words(seat: Seat) -> str:
    words = f"{seat.user.full_name} is {SeatKind(seat.kind).label.lower()} here now."
    if seat.user.has_usable_password():
        return words
    return f"{words} They need no password: they sign in by a code that comes to their address."


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Who covers a seat, and when its holder is away; asks again where that takes from somebody today."""
    here = kept(request, uuid)
    seat = here.seat(number)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        seat=seat,
        people=people_to_choose(here.keeper.standing, here.place.setting),
        today=timezone.localdate(),
    )
    if not form.is_bound:
        del form.fields["sure"]
    if form.is_valid() and _changed(here, seat, form):
        messages.success(request, f"What you said of {seat.user.full_name} is kept.")
        return redirect("directory-setting", uuid=uuid)
    return _shown(request, "seat", here, form, seat=seat)


def _changed(here: Kept, seat: Seat, form: ChangeForm) -> bool:
    try:
        deputy, second = form.picked("deputy"), form.picked("second")
        change_seat(seat, deputy=deputy, second=second, away=form.absence, by=here.keeper)
    except Refused as no:
        form.add_error(None, no.sentence)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Asks, then ends a seat: it takes effect at once."""
    here = kept(request, uuid)
    seat = here.seat(number)
    refused, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            end_seat(seat, by=here.keeper)
        except Refused as no:
            refused, status = no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, ended_words(seat))
            return redirect("directory-setting", uuid=uuid)
    context = {"setting": here.place.setting, "seat": seat, "refused": refused}
    return render(request, "directory/end_seat.html", context, status=status)


def _shown(request: HttpRequest, page: str, here: Kept, form: Form, **more: object) -> HttpResponse:
    context = {"setting": here.place.setting, "form": form, **more}
    return form_page(request, f"directory/{page}.html", context)
