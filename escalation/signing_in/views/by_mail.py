"""Signing in by a code that comes by mail, and saying once more who one is."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from core.web import late
from core.web.asking import form_page
from escalation.accounts.comings import By
from escalation.accounts.domains import domain_of
from escalation.accounts.forms import WAIT
from escalation.accounts.models import User
from escalation.accounts.queries import knows_domain
from escalation.accounts.sign_in import enter, own_browser, said_again, start_again
from escalation.accounts.views import me

from ..forms import AppCodeForm, MailedCodeForm, MailForm
from ..models import Newcomer
from ..proved import prove
from ..queries import app_of
from ..services import mail_code

ASKED, AGAIN = "mailed_code", "mailed_again"
"""Where the session keeps which code was asked for in this browser, and where one wants to be."""
ask = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@ask
def by_mail(request: HttpRequest) -> HttpResponse:
    """Asks for the address. The answer is the same whether or not somebody has it: what stands behind the @,
    and whether it is an organisation's, is all that can make it another one."""
    wanted = ours(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(wanted)
    form = MailForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        start_again(request)
        email = form.cleaned_data["email"]
        strange = "" if knows_domain(email) else domain_of(email)
        request.session[ASKED] = {"asked": form.asked.pk, "wanted": wanted, "strange": strange}
        return redirect("mailed-code")
    context = {"form": form, "next": wanted, "words_wait": late.is_waiting(request)}
    return form_page(request, "signing_in/by_mail.html", context)


@login_not_required
@ask
def mailed_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code, in the browser in which it was asked for."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    kept = request.session.get(ASKED)
    if kept is None:
        return redirect_to_login(request.path, login_url="by-mail", redirect_field_name=None)
    form = MailedCodeForm(request.POST if request.method == "POST" else None, asked=kept["asked"])
    if form.is_valid():
        del request.session[ASKED]
        if isinstance(form.whose, Newcomer):
            prove(request, form.whose.email, now=timezone.now())
            return redirect("join")
        done = enter(request, form.whose, By.MAIL, now=timezone.now(), wanted=kept["wanted"])
        return redirect(kept["wanted"] if done else "second-factor")
    context = {"form": form, "strange": kept.get("strange", "")}
    return form_page(request, "signing_in/mailed_code.html", context)


@ask
def say_again(request: HttpRequest) -> HttpResponse:
    """Who has no password says once more who they are, before something that nobody else must do at their
    screen: by their app, or by a code that comes by mail."""
    user, now = me(request), timezone.now()
    wanted = ours(request, request.POST.get("next", request.GET.get("next", "")))
    if "send" in request.POST:
        return _sent_again(request, user, wanted)
    form = _again_form(request, user)
    if form is not None and form.is_valid() and _whose(form) == user:
        request.session.pop(AGAIN, None)
        said_again(request, now=now)
        return redirect(wanted)
    context = {"form": form, "next": wanted, "with_app": app_of(user) is not None}
    template = "signing_in/say_again.html"
    return form_page(request, template, context) if form is not None else render(request, template, context)


def _whose(form: AppCodeForm | MailedCodeForm) -> User | Newcomer:
    return form.whose if isinstance(form, MailedCodeForm) else form.user


def _sent_again(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    asked = mail_code(email=user.email, browser=own_browser(request, user.email), now=timezone.now())
    if asked is None:
        messages.error(request, WAIT)
    else:
        request.session[AGAIN] = asked.pk
    return redirect(f"{request.path}?{urlencode({'next': wanted})}")


def _again_form(request: HttpRequest, user: User) -> AppCodeForm | MailedCodeForm | None:
    """Nobody's where the mail has yet to be asked for."""
    data = request.POST if request.method == "POST" else None
    if app_of(user) is not None:
        return AppCodeForm(data, request=request, user=user)
    asked = request.session.get(AGAIN)
    return MailedCodeForm(data, asked=asked) if asked else None


def ours(request: HttpRequest, wanted: str) -> str:
    """Where they want to be, if that is a page of ours that is not about signing in."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and not wanted.startswith(settings.LOGIN_URL) else settings.LOGIN_REDIRECT_URL
