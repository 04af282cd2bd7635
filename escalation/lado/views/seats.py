"""Who sits in the LADO team: the LADO and the deputies give seats and end them, and a neighbour their own."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import Refused
from core.web import sure
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, User, plain_email
from escalation.lado.forms.seats import TeamSeatForm
from escalation.lado.services.seating import (
    Keeper,
    end_team_seat,
    give_team_seat,
    keeps_team,
    kinds_to_give,
    team_seats,
)
from escalation.lado.views.gate import team_only, who

HAPPENS = {
    SeatKind.LADO: "They read every record and decide, and give and end seats. So can you still.",
    SeatKind.DEPUTY_LADO: "They read every record and decide, and give and end seats.",
    SeatKind.LADO_SUPPORT: "They see every record, what was done in it, and not what people said.",
    SeatKind.NEIGHBOUR_LADO: (
        "They read what is about the LADO, their manager or a director, and nothing else. "
        "Only they can give this seat to another, or end it."
    ),
}


@team_only
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Everybody who has a seat behind the wall, and what this reader can change of it."""
    by = _keeper(request)
    seats = team_seats()
    kinds = kinds_to_give(by.standing, seats)
    return render(request, "lado/team.html", {"seats": seats, "kinds": kinds})


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give somebody a seat; asked twice, since they read at once."""
    by = _keeper(request)
    kinds = kinds_to_give(by.standing, team_seats())
    form = TeamSeatForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if sure.would_change(request) or not form.is_valid():
        return form_page(request, "lado/seat.html", {"form": form})
    if not sure.said_so(request):
        return _ask_if_sure(request, form)
    try:
        seat = give_team_seat(form.cleaned_data["kind"], form.whom, by=by)
    except Refused as no:
        form.add_error(no.field, no.sentence)
        return form_page(request, "lado/seat.html", {"form": form})
    messages.success(
        request, f"{seat.user.full_name} is {seat.get_kind_display()} now.{_password(seat.user)}"
    )
    return redirect("lado:team")


def _ask_if_sure(request: HttpRequest, form: TeamSeatForm) -> HttpResponse:
    """Names whom the log knows by that address, so that a slip of the keys seats nobody else."""
    kind = SeatKind(form.cleaned_data["kind"])
    email = plain_email(form.whom.email)
    known = User.objects.filter(email=email).first()
    whom = f"The log knows {email} as {known}." if known else f"{email} is new to the log."
    context = sure.asked(request, [whom, HAPPENS[kind]], button="Yes, give the seat")
    name = known.full_name if known else form.whom.full_name
    return render(request, "lado/seat_sure.html", {**context, "name": name, "kind": kind.label})


def _password(user: User) -> str:
    if user.has_usable_password():
        return ""
    return " They need no password: they sign in by a code that comes to their address."


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Asks, then ends a seat: it takes effect at once."""
    by = _keeper(request)
    seat = _seat(by, number)
    refused, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            end_team_seat(seat, by=by)
        except Refused as no:
            refused, status = no.sentence, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, f"{seat.user.full_name} is not {seat.get_kind_display()} any more.")
            return redirect("lado:team" if seat.user != by.user else "sign-in")
    return render(request, "lado/end_seat.html", {"seat": seat, "refused": refused}, status=status)


def _keeper(request: HttpRequest) -> Keeper:
    """Who asks, if they change anything of the team; 403 for support."""
    user, standing = who(request)
    if not keeps_team(standing):
        raise PermissionDenied
    return Keeper(user, standing, timezone.now(), request_id(request))


def _seat(by: Keeper, number: int) -> Seat:
    """A seat that this reader can end; any other is 404."""
    seats = team_seats()
    kinds = kinds_to_give(by.standing, seats)
    found = next((seat for seat in seats if seat.pk == number and seat.kind in kinds), None)
    if found is None:
        raise Http404
    return found
