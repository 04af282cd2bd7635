"""Signing in with one's own organisation: there, back, and what is said when it did not work."""

from http import HTTPStatus

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from requests import RequestException

from core.web.numbered import request_id
from escalation.accounts.comings import By, record_failure
from escalation.accounts.councils import provider_names
from escalation.accounts.models import plain_email
from escalation.accounts.sign_in import account_digest, enter, start_again

from ..councils import Came, Council, way_to
from ..proved import prove
from ..queries import may_ask_to_join
from ..services import known_by
from .by_mail import ours
from .second_step import own_act

WANTED = "council_wanted"


@login_not_required
@require_safe
def there(request: HttpRequest, slug: str) -> HttpResponse:
    """To the sign-in of their organisation."""
    wanted = ours(request, request.GET.get("next", ""))
    if slug not in provider_names():
        raise Http404
    if request.user.is_authenticated:
        return redirect(wanted)
    request.session[WANTED] = wanted
    try:
        answer: HttpResponse = way_to(request, slug, wanted=wanted)
    except RequestException:  # the provider is away
        return redirect("council-failed")
    return answer


@login_not_required
@require_safe
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """They come back with a code, for which their provider tells us who they are."""
    if slug not in provider_names():
        raise Http404
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Council(request, slug))(request)
    except RequestException:
        return redirect("council-failed")
    except Came as came:
        return _came(request, slug, came)
    return answer


def _came(request: HttpRequest, provider: str, came: Came) -> HttpResponse:
    now, said = timezone.now(), came.app.settings
    vouched = came.claims.get("email_verified", True) is not False
    email = str(came.claims.get(said["email_claim"], "")) if vouched else ""
    user = known_by(
        provider=provider,
        subject=str(came.claims["sub"]),
        email=email,
        domains=said["domains"],
        how=own_act(request, now),
    )
    start_again(request)
    if user is None and may_ask_to_join(email, said["domains"]):
        prove(request, plain_email(email), now=now)
        return redirect("join")
    if user is None:
        counted = account_digest(f"{provider} {came.claims['sub']}", "")
        with transaction.atomic():
            record_failure(counted, By.ORGANISATION, at=now, request_id=request_id(request))
        return render(
            request, "signing_in/not_known.html", {"name": came.app.name}, status=HTTPStatus.FORBIDDEN
        )
    wanted = request.session.pop(WANTED, settings.LOGIN_REDIRECT_URL)
    done = enter(request, user, By.ORGANISATION, now=now, wanted=wanted)
    return redirect(wanted if done else "second-factor")


@login_not_required
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """It was broken off on the way, or what came back was not right. Nothing of it is shown."""
    return render(request, "signing_in/council_failed.html")
