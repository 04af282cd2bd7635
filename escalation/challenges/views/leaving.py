"""Somebody leaves: whoever keeps their seats says from when, and who has each of them then."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.web import sure
from core.web.asking import form_page
from core.web.dates import long_day
from escalation.access.standing import Standing
from escalation.accounts import services as accounts
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.accounts.models import Departure, Seat, User
from escalation.challenges.forms.leaving import LeavingForm, WhoLeavesForm
from escalation.challenges.services import carry_out, remind_of_drafts
from escalation.directory.queries import kinds_to_give, people_with_seats
from escalation.directory.services import Keeper
from escalation.directory.views.gate import keeper

NOT_OURS = (*LADO_KINDS, SeatKind.ADMINISTRATOR, SeatKind.SERVICE)
"""Whoever holds one of these leaves by a command on the server, or by the LADO's word."""


@require_http_methods(["GET", "HEAD", "POST"])
def leavers(request: HttpRequest) -> HttpResponse:
    """Choose who leaves; and who is known to leave."""
    people = _people(keeper(request))
    form = WhoLeavesForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        return redirect("challenges:leaver", number=form.cleaned_data["person"])
    planned = Departure.objects.filter(user__in=people, done_at=None, cancelled_at=None)
    context = {"form": form, "planned": planned.select_related("user", "planned_by")}
    return form_page(request, "challenges/leavers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leaver(request: HttpRequest, number: int) -> HttpResponse:
    """From when, and who has each seat then; done at once, or by the worker after the last day."""
    who = keeper(request)
    leaving = _of(_people(who), number)
    seats = list(_seats(leaving))
    form = LeavingForm(
        request.POST if request.method == "POST" else None,
        seats=seats,
        people=_heirs(who.standing, seats),
        today=timezone.localdate(),
    )
    if sure.would_change(request) or not form.is_valid():
        return _asked(request, form, leaving)
    if form.at_once and not sure.said_so(request):
        return _ask_if_sure(request, form, leaving)
    if _planned(request, who, leaving, form):
        return redirect("challenges:leavers" if leaving != request.user else "sign-in")
    return _asked(request, form, leaving)


def _asked(request: HttpRequest, form: LeavingForm, leaving: User) -> HttpResponse:
    return form_page(request, "challenges/leaver.html", {"form": form, "leaving": leaving})


def _ask_if_sure(request: HttpRequest, form: LeavingForm, leaving: User) -> HttpResponse:
    """What is done at once nobody takes back; what is for later, the list does."""
    happens = [f"{leaving.full_name} is signed out now, and cannot sign in again."]
    happens += [
        f"{heir} is {seat.get_kind_display().lower()} in {seat.setting}." for seat, heir in form.heirs
    ]
    context = sure.asked(request, happens, button="Yes, they leave now")
    return render(request, "challenges/leaver_sure.html", {**context, "leaving": leaving})


def _planned(request: HttpRequest, who: Keeper, leaving: User, form: LeavingForm) -> bool:
    try:
        plan = accounts.plan_departure(
            user=leaving,
            last_day=form.last_day_there,
            successors=form.successors,
            now=who.now,
            by=who.user,
            how=who.how,
        )
    except accounts.Refused as no:
        form.add_error(None, str(no))
        return False
    if plan.last_day < form.today:
        carry_out(plan, now=who.now)
        messages.success(
            request, f"{leaving.full_name} has left. Their seats, and what waited for them, passed on."
        )
    else:
        remind_of_drafts(leaving, now=who.now)
        messages.success(request, f"{leaving.full_name} leaves after {long_day(plan.last_day)}.")
    return True


@require_POST
def stays(request: HttpRequest, number: int) -> HttpResponse:
    """They stay after all."""
    who = keeper(request)
    leaving = _of(_people(who), number)
    for plan in leaving.departures.filter(done_at=None, cancelled_at=None):
        accounts.cancel_departure(departure=plan, now=who.now, by=who.user, how=who.how)
    messages.success(request, f"{leaving.full_name} stays.")
    return redirect("challenges:leavers")


def _people(who: Keeper) -> list[User]:
    """Whose leaving one can say: everybody all of whose seats one keeps."""
    standing = who.standing
    people = User.objects.filter(is_active=True, seats__isnull=False).exclude(seats__kind__in=NOT_OURS)
    if not standing.in_business_unit:
        ours = Q(
            setting__in=standing.lead_settings | standing.senior_settings, kind__in=kinds_to_give(standing)
        )
        people = people.exclude(pk__in=Seat.objects.exclude(ours).values("user"))
    return people_with_seats(people)


def _of(people: list[User], number: int) -> User:
    found = next((each for each in people if each.pk == number), None)
    if found is None:
        raise Http404
    return found


def _seats(leaving: User) -> list[Seat]:
    return list(leaving.seats.filter(setting__isnull=False).select_related("setting").order_by("pk"))


def _heirs(standing: Standing, seats: list[Seat]) -> list[User]:
    """Who can take over: people of the same organisations; for the unit, of all. Never of the unit itself."""
    people = User.objects.filter(is_active=True, seats__setting__isnull=False)
    if not standing.in_business_unit:
        organisations = [seat.setting.organisation_id for seat in seats if seat.setting]
        people = people.filter(seats__setting__organisation__in=organisations)
    return people_with_seats(people.exclude(seats__kind=SeatKind.BUSINESS_UNIT))
