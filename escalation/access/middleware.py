"""Whoever comes to stand in for a lead while they are signed in takes the second step at their next request.

Settings, in MIDDLEWARE: before the one that closes pages, which then sends them to it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from escalation.accounts.groups import SECOND_FACTOR_KINDS
from escalation.accounts.models import User
from escalation.accounts.sign_in import back_to_half_way, proved_one_thing

from .standing import request_standing

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StandsIn:
    """Asked only of sessions in which one proof was enough. It costs no statement: every page's frame asks
    for the same standing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: Any) -> None:
        if not proved_one_thing(request) or getattr(view, "asks_only", False):
            return
        covered = request_standing(request).covering.values()
        if isinstance(request.user, User) and any(each.kind in SECOND_FACTOR_KINDS for each in covered):
            user = request.user
            logout(request)
            back_to_half_way(request, user, now=timezone.now())
