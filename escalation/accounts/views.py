"""Signing in and out; and the keys of systems, which are a system administrator's."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from core.web import late
from core.web.pagination import Rows, paginate

from .forms import KeyForm, SignInForm
from .models import User, new_key_id
from .queries import is_administrator, keys_of_systems, systems
from .services import NewToken, Refused, end_key, issue_to_system
from .wording import row_of


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Open to all. Afterwards one is where one wanted to be, if that is a page of ours."""

    http_method_names = ["get", "head", "post", "options"]  # Django's own would take a PUT for a POST
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where one wanted to be; never back here."""
        wanted = super().get_success_url()
        return self.get_default_redirect_url() if wanted == self.request.path else wanted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without what Django calls the site, its host: the frame has a `site` of its own."""
        context = {**super().get_context_data(**kwargs), "words_wait": late.is_waiting(self.request)}
        return {name: value for name, value in context.items() if name not in ("site", "site_name")}


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """POST only. Open to all, so that signing out of a session that has ended is no error."""

    next_page = "sign-in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, "You have signed out.")
        return response


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
    me = for_administrators(request)
    data = request.POST if request.method == "POST" else None
    form = KeyForm(data, systems=systems(), initial={"uuid": new_key_id()})
    made = _made(request, form, me) if form.is_valid() else None
    if made:
        row = row_of(made.token, now=made.token.created_at)
        return render(request, "accounts/key.html", {"row": row, "plain": made.plain})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/new_key.html", {"form": form}, status=status)


def _made(request: HttpRequest, form: KeyForm, me: User) -> NewToken | None:
    """The new key; None where the rules say no, which the form then says."""
    said = form.cleaned_data
    try:
        return issue_to_system(
            system=form.chosen,
            name=said["name"],
            scopes=said["scopes"],
            days=said["days"],
            uuid=form.own_id,
            by=me,
            now=timezone.now(),
            request_id=request.META.get("REQUEST_ID", ""),
        )
    except Refused as no:
        form.add_error(None, str(no))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asks, then ends a key: its next request is refused."""
    me = for_administrators(request)
    found = get_object_or_404(keys_of_systems(), uuid=uuid)
    if request.method == "POST":
        end_key(token=found, by=me, now=timezone.now(), request_id=request.META.get("REQUEST_ID", ""))
        messages.success(request, "The key is ended. It opens nothing any more.")
        return redirect("keys")
    return render(request, "accounts/end_key.html", {"row": row_of(found, now=timezone.now())})
