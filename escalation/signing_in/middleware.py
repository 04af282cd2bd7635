"""Who may come to a page at all. Settings, in MIDDLEWARE, in place of Django's LoginRequiredMiddleware."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from escalation.accounts.sign_in import HALF_IN


class LoginRequired(LoginRequiredMiddleware):
    """Django's own. Who has given a password alone is sent to the second step, from each page."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if HALF_IN in request.session:
            return redirect("second-factor")
        return super().handle_no_permission(request, view_func)
