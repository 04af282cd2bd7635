"""Signing in and out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from core.web import late

from .forms import SignInForm


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
