"""RFC 9457 problem details: how every address under /api/ says what went wrong.

Errors inside a view of the API come from core.api.problems, in the same shape.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from core.web.numbered import request_id

API_PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
WORDS = {
    400: "This request could not be read.",
    401: "Sign in, or send a key that is still good.",
    403: "You can see this, but you cannot do that.",
    404: "There is nothing here that you can see.",
    405: "This address does not take that method.",
    409: "Someone else was first. Read it again, then decide.",
    413: "Too much was sent at once.",
    415: "Send UTF-8.",
    429: "Too many requests. Wait a little.",
    500: "Something went wrong on our side. Nothing was saved.",
    503: "The log cannot save anything just now. Nothing was saved.",
}


def is_api(request: HttpRequest) -> bool:
    """Whether the caller expects JSON, by address."""
    return request.path.startswith(API_PREFIX)


def details(status: HTTPStatus, request_id: str, **members: Any) -> dict[str, Any]:
    """The members of a problem; `detail` and further ones may be given."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return body | {"detail": WORDS.get(status.value, status.phrase), "request_id": request_id} | members


def problem(request: HttpRequest, status: HTTPStatus, **members: Any) -> JsonResponse:
    """A problem as a response; `members` add to it or say it in other words."""
    told = {"instance": request.path, "errors": []} | members
    body = details(status, request_id(request), **told)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
