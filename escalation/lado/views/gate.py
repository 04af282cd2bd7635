"""The door in the wall: to everybody but the LADO team, no page of the LADO's exists."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from core.web import late
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import User
from escalation.lado.models import TEAM_KINDS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def team_only(view: View[P]) -> View[P]:
    """Stands before everything else of a view, so that others get the same 404 for every address and method.

    Who has not signed in is asked to, as everywhere; what they had posted waits for them.
    """

    @login_not_required
    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            return late.sign_in_first(request)
        if not request_standing(request).roles & TEAM_KINDS:
            raise Http404
        return view(request, *args, **kwargs)

    return gate


def who(request: HttpRequest) -> tuple[User, Standing]:
    """The person of the team, and what their seats let them do; only behind `team_only`."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user, request_standing(request)
