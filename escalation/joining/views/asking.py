"""Asking to join: open to whoever has proved an address, or is signed in. Until a yes it opens nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.accounts.domains import domain_of
from escalation.accounts.models import User
from escalation.accounts.queries import is_system, proposed_settings
from escalation.signing_in.proved import forget, proved_address

from ..forms import JoinForm
from ..queries import last_word, waiting_of
from ..services import Asker, ask_to_join, take_back

TAKE_BACK = "take-back"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Who they are and where they work; then for whom they wait, until somebody has said yes or no."""
    user = _signed_in(request)
    email = user.email if user else proved_address(request, now=timezone.now())
    if not email:
        return redirect("by-mail")
    if TAKE_BACK in request.POST:
        take_back(email, now=timezone.now(), request_id=request_id(request))
        messages.success(request, "You have taken it back. Nobody is asked any more.")
        return redirect("join")
    if user is None and User.objects.filter(email=email).exists():
        forget(request)
        messages.success(request, "You have a seat now. Sign in, by a new code.")
        return redirect("by-mail")
    waits = waiting_of(email, now=timezone.now())
    if waits is not None:
        return render(request, "joining/waiting.html", {"asked": waits})
    return _ask(request, email, user)


def _signed_in(request: HttpRequest) -> User | None:
    """A system works nowhere."""
    if not isinstance(request.user, User):
        return None
    if is_system(request.user):
        raise PermissionDenied
    return request.user


def _ask(request: HttpRequest, email: str, user: User | None) -> HttpResponse:
    theirs = {seat.setting_id for seat in user.seats.all()} if user else set()
    settings = [each for each in proposed_settings(email) if each.pk not in theirs]
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, settings=settings, known=user is not None)
    if form.is_valid() and _asked(request, form, email, user):
        return redirect("join")
    context = {"form": form, "email": email, "at": domain_of(email), "settings": settings}
    return form_page(request, "joining/join.html", {**context, "last": last_word(email)})


def _asked(request: HttpRequest, form: JoinForm, email: str, user: User | None) -> bool:
    said = form.cleaned_data
    asker = (
        Asker(email, user.full_name, user.job_title, user.phone)
        if user
        else Asker(email, said["full_name"], said["job_title"], said["phone"])
    )
    try:
        ask_to_join(asker, form.chosen, now=timezone.now(), request_id=request_id(request))
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
        return False
    return True
