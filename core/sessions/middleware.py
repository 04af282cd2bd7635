"""Around what somebody does who is signed in. Settings, in MIDDLEWARE: after AuthenticationMiddleware."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from core.sessions.browsers import meet, new_browser
from core.sessions.limits import note_seen

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
GetResponse = Callable[[HttpRequest], HttpResponseBase]
JUST_SIGNED_IN = "just_signed_in"
"""What a request has that signed somebody in: who it was."""


BY_ITSELF = "X-By-Itself"
"""A header of what an open page asks by itself, such as a list that renews itself."""


def asks_only(view: V) -> V:
    """A view that is asked by pages alone, and not by their readers."""
    view.asks_only = True  # type: ignore[attr-defined] # a mark, as Django's own decorators make them
    return view


class SignedIn:
    """Notes when somebody was last seen, and in which browser they sign in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user: AbstractBaseUser | None = getattr(request, JUST_SIGNED_IN, None)
        if user and meet(request, response, user.pk, now=timezone.now()):
            new_browser.send(type(user), user=user)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: Any) -> None:
        if not getattr(view, "asks_only", False) and BY_ITSELF not in request.headers:
            note_seen(request.session, now=timezone.now())
