"""The second step of signing in, and how one signs in.

The first three addresses are open to who is half in, whom the log does not know yet, and to who is signed in.
Everybody else is asked to sign in: see `whose`.
"""

from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core import chance
from core.web import late
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.accounts.comings import By
from escalation.accounts.events import How
from escalation.accounts.models import User
from escalation.accounts.proving import asks_again
from escalation.accounts.queries import factors_of, needs_second_factor
from escalation.accounts.sign_in import half_in, proved_lately, said_lately, sign_in
from escalation.accounts.views import me

from ..adapter import Adapter
from ..events import by_themselves
from ..forms import AgainForm, AppCodeForm, PasskeyForm, PasswordForm, PrintedCodeForm, SetUpForm
from ..passkeys import options_to_use
from ..pictures import qr_svg
from ..queries import (
    app_of,
    codes_left,
    has_factor,
    may_ask,
    may_end,
    passkeys_of,
    printed_of,
)
from ..services import change_password, print_codes, set_up_app

SECRET = "new_app"  # noqa: S105 - where the session keeps it until the first code has come, sealed
SECRET_BYTES = 20
"""As long as what it keys, a SHA-1: RFC 4226, section 4."""
ask = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@ask
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks who is half in for a code of their app, or for one that they printed."""
    found = half_in(request, now=timezone.now())
    if found is None:
        return _not_half_in(request)
    user, wanted = found
    if not has_factor(user):
        return redirect("set-up-factor")
    form = _form(request, user)
    if form.is_valid():
        sign_in(request, user, [form.by], now=timezone.now())
        return redirect(wanted)
    context = {
        "form": form,
        "options": options_to_use(user) if passkeys_of(user) else None,
        "with_printed": isinstance(form, PrintedCodeForm),
        "with_app": app_of(user) is not None,
        "words_wait": late.is_waiting(request),
    }
    return form_page(request, "signing_in/second_step.html", context)


def _form(request: HttpRequest, user: User) -> AppCodeForm | PrintedCodeForm | PasskeyForm:
    """Of the way that they have chosen; who has passkeys alone is asked for one."""
    data = request.POST if request.method == "POST" else None
    chosen = {**request.GET.dict(), **request.POST.dict()}
    if "printed" in chosen:
        return PrintedCodeForm(data, request=request, user=user)
    if "credential" in chosen or app_of(user) is None:
        return PasskeyForm(data, request=request, user=user)
    return AppCodeForm(data, request=request, user=user)


def _not_half_in(request: HttpRequest) -> HttpResponse:
    """Who is signed in is where they wanted to be; all others have to begin."""
    return (
        redirect(settings.LOGIN_REDIRECT_URL)
        if request.user.is_authenticated
        else redirect_to_login(request.path)
    )


def whose(request: HttpRequest, *, now: datetime) -> User | None:
    """Who may set up a second step: who is signed in, or half in and without one."""
    if isinstance(request.user, User):
        return request.user
    found = half_in(request, now=now)
    return found[0] if found else None


@login_not_required
@ask
@asks_again
def set_up(request: HttpRequest) -> HttpResponse:
    """A new app: its picture, its secret in letters, a box for its first code. Then the codes to print.

    Whoever has a second step and has not given it yet is asked for that one first.
    """
    now = timezone.now()
    user = whose(request, now=now)
    if user is None:
        return redirect_to_login(request.path)
    inside = request.user.is_authenticated
    if not inside and has_factor(user):
        return redirect("second-factor")
    found = half_in(request, now=now)
    wanted = found[1] if found else ""
    secret = _new_secret(request)
    form = SetUpForm(
        request.POST if request.method == "POST" else None,
        user=user,
        asks_password=inside,
        try_code=_set_up_with(request, user, secret, now),
    )
    if form.is_valid():
        said = "Your new app is set up. The old one no longer works."
        return set_up_done(request, user, wanted=wanted, now=now, said=said)
    spoken = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"form": form, "secret": spoken, "inside": inside, "words_wait": late.is_waiting(request)}
    return form_page(request, "signing_in/set_up.html", context)


def _set_up_with(request: HttpRequest, user: User, secret: str, now: datetime) -> Callable[[str], bool]:
    def try_code(code: str) -> bool:
        return set_up_app(
            user=user,
            secret=secret,
            code=code,
            how=own_act(request, now),
            session_key=request.session.session_key,
        )

    return try_code


def set_up_done(request: HttpRequest, user: User, *, wanted: str, now: datetime, said: str) -> HttpResponse:
    """They are in, and see their codes to print: in this very answer, since hashes alone are kept."""
    request.session.pop(SECRET, None)
    if not request.user.is_authenticated:
        sign_in(request, user, [By.NEW], now=now)
    codes = [] if printed_of(user) else print_codes(user=user, how=own_act(request, now))
    if not codes:
        messages.success(request, said)
        return redirect("how-you-sign-in")
    return render(
        request, "signing_in/codes.html", {"codes": codes, "wanted": wanted or settings.LOGIN_REDIRECT_URL}
    )


def _new_secret(request: HttpRequest) -> str:
    """One for each time that somebody sets an app up, the same while they do."""
    if SECRET not in request.session:
        request.session[SECRET] = Adapter().encrypt(
            b32encode(chance.drawn("app secret", SECRET_BYTES)).decode()
        )
    return Adapter().decrypt(request.session[SECRET])


@login_not_required
@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The secret of a new app as a picture, for who sees the page on which it stands and nobody else."""
    user = whose(request, now=timezone.now())
    if user is None:
        return redirect_to_login(request.path)
    if SECRET not in request.session:
        raise Http404
    told = Adapter().build_totp_url(user, _new_secret(request))
    return HttpResponse(qr_svg(told), content_type="image/svg+xml; charset=utf-8")


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one changes it."""
    user = me(request)
    today = timezone.localdate()
    factors = [(each, may_end(user, each, today=today)) for each in factors_of(user)]
    context = {
        "app": app_of(user),
        "factors": factors,
        "codes": codes_left(user),
        "needs_one": needs_second_factor(user, today=today),
        "may_ask": may_ask(user),
    }
    return render(request, "signing_in/how.html", context)


@ask
@asks_again
def printed(request: HttpRequest) -> HttpResponse:
    """New codes to print, once the password is given again; those before stop working."""
    user = me(request)
    if not has_factor(user):
        return redirect("set-up-factor")
    form = AgainForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        codes = print_codes(user=user, how=own_act(request, timezone.now()))
        return render(request, "signing_in/codes.html", {"codes": codes, "wanted": "/how-you-sign-in/"})
    return form_page(request, "signing_in/printed.html", {"form": form, "left": codes_left(user)})


@ask
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session ends. Who has none yet, or forgot it, proves who they are."""
    user, now = me(request), timezone.now()
    forgotten = said_lately(request, now=now)
    if not user.has_usable_password() and not proved_lately(request, now=now):
        return redirect(f"{reverse('say-again')}?{urlencode({'next': request.path})}")
    asks_old = user.has_usable_password() and not forgotten
    data = request.POST if request.method == "POST" else None
    form = PasswordForm(data, user=user, asks_password=asks_old)
    if form.is_valid():
        change_password(user=user, new=form.cleaned_data["new"], how=own_act(request, now))
        # Its old row is gone with all the others: this browser goes on under a new key.
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("how-you-sign-in")
    return form_page(request, "signing_in/password.html", {"form": form, "asks_old": asks_old})


def own_act(request: HttpRequest, now: datetime) -> How:
    """When and in which request; what somebody does here is their own business."""
    return by_themselves(now, request_id(request))
