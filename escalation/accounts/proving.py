"""Acts for which somebody says once more who they are: a form of theirs has a box for the password.

Who has no password, since a code comes to them by mail or their council signs them in, has to have proved who
they are a few minutes ago; if not, a page asks them first.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from .models import User
from .sign_in import proved_lately

P = ParamSpec("P")


def asks_again(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view whose form `AsksPassword`."""

    @wraps(view)
    def asking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        needs = isinstance(user, User) and not user.has_usable_password()
        if needs and not proved_lately(request, now=timezone.now()):
            return redirect(f"{reverse('say-again')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return asking  # type: ignore[return-value] # it can be called by the name of its first argument too
