"""Pages for what went wrong: they say what happened, what is safe, and what to do next.

For core.urls: handler400 = "core.web.errors.bad_request", handler403 = ".forbidden", handler404 =
".not_found", handler500 = ".server_error"; for settings: CSRF_FAILURE_VIEW = "core.web.errors.csrf_failure".
Views call `conflict`. Addresses under /api/ get RFC 9457 problem details instead of a page.
No page repeats an exception's words, and none but `conflict` and the two that keep text reads the post.
"""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from core.web.kept import resendable, typed_words
from core.web.problems import is_api, problem

DATABASE_AWAY = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the reason is that too much was sent."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: in sight, but not this person's to do."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person to know of. Both look the same."""
    return _page(request, HTTPStatus.NOT_FOUND)


def conflict(
    request: HttpRequest,
    *,
    kept: Mapping[str, str],
    see_url: str,
    add_url: str = "",
    happened: str = "",
    title: str = "Someone answered first. Your words are safe",
    draft_days: int | None = None,
) -> HttpResponse:
    """409: somebody else was first.

    `kept` is label -> what was typed; `happened` one sentence on who did what and when ("While you were
    writing, the duty social worker sent an answer: Wed 30 December 2026, 11:05am."). `add_url` is where
    the words can be added as a new entry. `draft_days` only where they are truly kept as a draft.
    """
    words: dict[str, Any] = {"kept": kept, "see_url": see_url, "add_url": add_url, "happened": happened}
    return _page(request, HTTPStatus.CONFLICT, title=title, draft_days=draft_days, **words)


def too_large(request: HttpRequest) -> HttpResponse:
    """413. The post is not read, so its words are only in the browser; the page says how to get them."""
    return _page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def unsupported_charset(request: HttpRequest) -> HttpResponse:
    """415: a form that is not in UTF-8."""
    return _page(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a page that was open too long; shows what was typed, and does not offer to send it."""
    return _page(request, HTTPStatus.FORBIDDEN, template="errors/csrf.html", kept=typed_words(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the reason is the database, wherever in the log it was missed."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return not_saved(request)
    return _bare_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def not_saved(request: HttpRequest) -> HttpResponse:
    """503: the database is away or busy. Nothing was saved; what was typed is on the page."""
    response = _bare_page(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def _page(request: HttpRequest, status: HTTPStatus, *, template: str = "", **context: Any) -> HttpResponse:
    if is_api(request):
        return problem(request, status)
    name = template or f"errors/{status.value}.html"
    try:
        return HttpResponse(render_to_string(name, context, request), status=status)
    except DatabaseError:
        # Who is signed in could not be read: the same words, without the name.
        return HttpResponse(render_to_string(name, context), status=status)


def _bare_page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """A page that asks nothing of the database: it does not even say who is signed in."""
    if is_api(request):
        return problem(request, status)
    context: dict[str, Any] = {"path": request.path, "method": request.method}
    if request.method == "POST":
        context |= {"kept": typed_words(request), "again": resendable(request), "csrf": get_token(request)}
    return HttpResponse(render_to_string(f"errors/{status.value}.html", context), status=status)
