"""Adding a passkey, and doing without one, or without an app."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.web.asking import form_page
from escalation.accounts.proving import asks_again
from escalation.accounts.queries import factors_of
from escalation.accounts.sign_in import half_in
from escalation.accounts.views import me

from ..forms import AgainForm, NewPasskeyForm
from ..passkeys import options_to_add
from ..queries import has_factor, may_end
from ..services import add_passkey, end_factor
from .second_step import own_act, set_up_done, whose

ask = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@ask
@asks_again
def add(request: HttpRequest) -> HttpResponse:
    """A passkey: the browser and the device do it, so it needs a script. Open as setting up an app is."""
    now = timezone.now()
    user = whose(request, now=now)
    if user is None:
        return redirect_to_login(request.path)
    inside, found = request.user.is_authenticated, half_in(request, now=now)
    if not inside and has_factor(user):
        return redirect("second-factor")
    data = request.POST if request.method == "POST" else None
    form = NewPasskeyForm(data, user=user, asks_password=inside)
    if form.is_valid():
        said = form.cleaned_data
        add_passkey(
            user=user,
            name=said["name"],
            answer=said["credential"],
            how=own_act(request, now),
            session_key=request.session.session_key,
        )
        wanted = found[1] if found else ""
        return set_up_done(request, user, wanted=wanted, now=now, said="Your passkey is added.")
    context = {"form": form, "options": options_to_add(user), "inside": inside}
    return form_page(request, "signing_in/add_passkey.html", context)


@ask
@asks_again
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Doing without one of one's own, where another is left or none is needed."""
    user, now = me(request), timezone.now()
    factor = get_object_or_404(factors_of(user), pk=number)
    if not may_end(user, factor, today=timezone.localdate(now)):
        messages.error(request, "Your seat asks for a second step. Add another one first.")
        return redirect("how-you-sign-in")
    form = AgainForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        session_key = request.session.session_key
        end_factor(factor=factor, user=user, how=own_act(request, now), session_key=session_key)
        messages.success(request, "It no longer works.")
        return redirect("how-you-sign-in")
    return form_page(request, "signing_in/end_factor.html", {"form": form, "factor": factor})
