"""Signing in and out, where one is signed in, and the keys of systems, which are an administrator's."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from core.sessions.limits import note_seen, seconds_left, times
from core.sessions.middleware import asks_only
from core.web import late
from core.web.asking import form_page
from core.web.context import links_for
from core.web.numbered import request_id
from core.web.pagination import Rows, paginate

from .comings import SELF, SIGNED_OUT, By, record_own
from .councils import provider_names
from .events import How
from .forms import ElsewhereForm, KeyForm, SignInForm
from .models import User, new_key_id
from .proving import asks_again
from .queries import is_administrator, keys_of_systems, sessions_of, systems
from .services import NewToken, Refused, end_key, issue_to_system, sign_out_of
from .sign_in import enter, half_in, start_again
from .wording import row_of, since

SOMEBODY_ELSE = "somebody-else"


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Open to all. Afterwards one is where one wanted to be, if that is a page of ours."""

    http_method_names = ["get", "head", "post", "options"]  # Django's own would take a PUT for a POST
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever is half in goes on with their second step, unless they say that they are somebody else."""
        if SOMEBODY_ELSE in request.GET:
            start_again(request)
        elif half_in(request, now=timezone.now()):
            return redirect("second-factor")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101 - the only model of people
        wanted = self.get_success_url()
        done = enter(self.request, user, By.PASSWORD, now=timezone.now(), wanted=wanted)
        return redirect(wanted if done else "second-factor")

    def get_success_url(self) -> str:
        """Where one wanted to be; never back here."""
        wanted = super().get_success_url()
        return self.get_default_redirect_url() if wanted == self.request.path else wanted

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """429 where too many sign in at the same time."""
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, code="busy"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = "5"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without what Django calls the site, its host: the frame has a `site` of its own."""
        context = {**super().get_context_data(**kwargs), "words_wait": late.is_waiting(self.request)}
        context["providers"] = provider_names().items()
        return {name: value for name, value in context.items() if name not in ("site", "site_name")}


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """POST only. Open to all, so that signing out of a session that has ended is no error."""

    next_page = "sign-in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if isinstance(request.user, User):
                record_own(request.user, SIGNED_OUT, {}, at=timezone.now(), request_id=request_id(request))
            response = super().post(request, *args, **kwargs)
        messages.success(request, "You have signed out.")
        # Not "cookies": the browser's own, by which we know it again, outlives a session and opens nothing.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def me(request: HttpRequest) -> User:
    """Who asks; every page but a few is closed to all others."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_safe
def inside(request: HttpRequest) -> HttpResponse:
    """To the first page of whoever has signed in: their list, or what else their seat is for."""
    return redirect(links_for(request)[0].url)


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where else one is signed in, and signing out there; it asks for the password again."""
    user, now = me(request), timezone.now()
    sessions = sessions_of(user, now=now)
    elsewhere = sessions.exclude(session_key=request.session.session_key)
    form = ElsewhereForm(request.POST if request.method == "POST" else None, user=user, sessions=elsewhere)
    if form.is_valid():
        how = How(now, SELF, request_id(request))
        sign_out_of(elsewhere, uuids=form.cleaned_data["where"], by=user, how=how)
        messages.success(request, "You are signed out there.")
        return redirect("signed-in")
    here = sessions.filter(session_key=request.session.session_key).first()
    context = {"form": form, "here": since(here) if here else "", "elsewhere": elsewhere}
    return form_page(request, "accounts/signed_in.html", context)


@login_not_required
@asks_only
@require_http_methods(["GET", "HEAD", "POST"])
def still(request: HttpRequest) -> HttpResponse:
    """For a page that is open: how many seconds its reader stays signed in. A POST is their word to stay."""
    now, ends = timezone.now(), times(request.session)
    if not isinstance(request.user, User) or ends is None:
        return JsonResponse({"seconds": 0}, status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST":
        note_seen(request.session, now=now)
        ends = times(request.session) or ends
    return JsonResponse({"seconds": seconds_left(ends, now=now), "last": ends.end == ends.last_end})


def for_administrators(request: HttpRequest) -> User:
    """Who asks; 403 for everybody but a system administrator."""
    if not isinstance(request.user, User) or not is_administrator(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """All keys of systems, the newest first."""
    for_administrators(request)
    page = paginate(Rows(keys_of_systems()), request.GET)
    rows = [row_of(each, now=timezone.now()) for each in page.rows]
    return render(request, "accounts/keys.html", {"rows": rows, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """The form, and after it the key: shown in the answer itself, since it is kept nowhere."""
    admin = for_administrators(request)
    data = request.POST if request.method == "POST" else None
    form = KeyForm(data, systems=systems(), initial={"uuid": new_key_id()})
    made = _made(request, form, admin) if form.is_valid() else None
    if made:
        row = row_of(made.token, now=made.token.created_at)
        return render(request, "accounts/key.html", {"row": row, "plain": made.plain})
    return form_page(request, "accounts/new_key.html", {"form": form})


def _made(request: HttpRequest, form: KeyForm, by: User) -> NewToken | None:
    """The new key; None where the rules say no, which the form then says."""
    said = form.cleaned_data
    try:
        return issue_to_system(
            system=form.chosen,
            name=said["name"],
            scopes=said["scopes"],
            days=said["days"],
            uuid=form.own_id,
            by=by,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except Refused as no:
        form.add_error(None, str(no))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asks, then ends a key: its next request is refused."""
    admin = for_administrators(request)
    found = get_object_or_404(keys_of_systems(), uuid=uuid)
    if request.method == "POST":
        end_key(token=found, by=admin, now=timezone.now(), request_id=request_id(request))
        messages.success(request, "The key is ended. It opens nothing any more.")
        return redirect("keys")
    return render(request, "accounts/end_key.html", {"row": row_of(found, now=timezone.now())})
