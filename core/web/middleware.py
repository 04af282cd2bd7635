"""What stands around every request.

Settings, in MIDDLEWARE: "core.web.middleware.front_door" after SecurityMiddleware, CSPMiddleware and
PermissionsPolicyMiddleware (so that its own answers carry their headers too) and before WhiteNoise;
"core.web.middleware.DatabaseAway" last.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.web import errors
from core.web.numbered import number, request_id

logger = logging.getLogger("core.web")

FORM = "application/x-www-form-urlencoded"
UTF_8 = ("", "utf-8", "utf8")  # unsaid, it is UTF-8

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def front_door(get_response: GetResponse) -> GetResponse:
    """Give each request an id, turn away what cannot be read, and let no page be stored."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number(request, named=f"{request.method} {request.path}")
        response = refusal(request) or get_response(request)
        add_headers(request, response)
        return response

    return middleware


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request whose body we will not read, or None.

    Django 5.2 would answer 500 to an anonymous form in UTF-7, and read a body before it says 413.
    """
    charset = (request.content_params or {}).get("charset", "").lower()
    if charset:
        # Whatever it says, nothing after this decodes the query or a form in anything else.
        request.encoding = "utf-8"
    if charset not in UTF_8:
        return errors.unsupported_charset(request)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.content_type == FORM and _length(request) > limit:
        return errors.too_large(request)
    return None


def add_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Headers that hold for every answer, errors too; static files say themselves how long they keep."""
    response.headers.setdefault("X-Request-ID", request_id(request))
    response.headers.setdefault("Cache-Control", "no-store, private")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")


class DatabaseAway:
    """A view that the database left in the middle answers 503, with the words that were typed.

    What fails outside a view, such as reading the session, comes to errors.server_error instead.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, errors.DATABASE_AWAY):
            return None
        # The exception's own words may quote a row: its kind is enough.
        route = request.resolver_match.route if request.resolver_match else ""
        logger.error("Database away: %s at %s", type(exception).__name__, route)
        return errors.not_saved(request)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
