"""The description of the API: what goes wrong is described once, for every address."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from drf_spectacular.views import SpectacularJSONAPIView

from core.api.problems import Overtaken, Problem
from core.web.problems import MEDIA_TYPE, WORDS, details

WHEN = {
    400: "What was sent could not be read.",
    401: "No key, or one that no longer works.",
    403: "In sight, but not yours to do or to read.",
    404: "Not there, or not for you to know of: both look the same.",
    406: "Only JSON is spoken here.",
    409: "Somebody else changed it first. Read it again, then decide.",
    412: "What you saw is not what is there any more. Read it again, then decide.",
    413: "Too much was sent at once.",
    415: "Send application/json in UTF-8.",
    422: "Well formed, and the rules say no. The sentence says what can be done instead.",
    428: "Say what you saw: If-Match, or `version`.",
    429: "Too much in one minute. Retry-After says in how many seconds to go on.",
    503: "The log cannot save anything just now. Send the same again later.",
}
EVERYWHERE = (401, 403, 406, 429, 503)
OVERTAKEN = (409, 412)
COOKIE = "__Host-sessionid"
AT_FAULT = {400: ("page", "This is not a number."), 422: ("called_at", "Say when you spoke.")}
"""The answers at fault in the examples."""
HEADERS = {
    "401": {"WWW-Authenticate": ("string", "Bearer: send a key.")},
    "429": {"Retry-After": ("integer", "In so many seconds.")},
    "503": {"Retry-After": ("integer", "In so many seconds.")},
}

TOO_LONG = {
    "414": {"description": "The address is too long. The web server says so itself, not as a problem."},
    "431": {"description": "The headers are too long. The web server says so itself, not as a problem."},
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The error answers of one operation, for `extend_schema(responses=...)`; those of all are among them."""
    return {(status, MEDIA_TYPE): _problem(status) for status in sorted({*statuses, *EVERYWHERE})}


def _problem(status: int) -> OpenApiResponse:
    kind = Overtaken if status in OVERTAKEN else Problem
    example = OpenApiExample(HTTPStatus(status).phrase, value=_example(status))
    return OpenApiResponse(kind, WHEN[status], examples=[example])


def _example(status: int) -> dict[str, Any]:
    members: dict[str, Any] = {"instance": "/api/v1/", "errors": []}
    if status in AT_FAULT:
        field, words = AT_FAULT[status]
        members |= {"detail": words, "errors": [{"field": field, "detail": words}]}
    elif status not in WORDS:
        members["detail"] = WHEN[status]
    if status in OVERTAKEN:
        members["version"] = 4
    return details(HTTPStatus(status), "5c0f8d5e0e9b4c0d9f3a1b2c3d4e5f60", **members)


def finished(result: dict[str, Any], **generation: Any) -> dict[str, Any]:
    """The description with what its generator does not say, or not plainly enough.

    What the web server refuses before the log sees it; the headers that come with a problem; that the format
    of what may be null is that of the text; that what is sent has no other names (core.api.exact); and no
    defaults of what is told, since it is always told; and the cookie's name, as on a server.
    Settings: SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"].
    """
    for title, schema in result["components"]["schemas"].items():
        _finish_schema(schema, is_sent=title.endswith("Request"))
    for operations in result["paths"].values():
        for operation in operations.values():
            _finish_answers(operation["responses"])
    for scheme in result["components"].get("securitySchemes", {}).values():
        if scheme.get("in") == "cookie":
            scheme["name"] = COOKIE
    return result


def _finish_schema(schema: dict[str, Any], *, is_sent: bool) -> None:
    if is_sent:
        schema["additionalProperties"] = False
    for name, each in schema.get("properties", {}).items():
        if not is_sent:
            each.pop("default", None)
        schema["properties"][name] = _apart(each)


def _finish_answers(answers: dict[str, Any]) -> None:
    answers |= TOO_LONG
    for status, headers in HEADERS.items():
        for name, (kind, words) in headers.items():
            told = {"schema": {"type": kind}, "description": words}
            answers[status].setdefault("headers", {})[name] = told


def _apart(schema: dict[str, Any]) -> dict[str, Any]:
    """A text of some format or null, each for itself: some readers take the format for that of neither."""
    if schema.get("type") != ["string", "null"] or "format" not in schema:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("type", "format")}
    return {"anyOf": [{"type": "string", "format": schema["format"]}, {"type": "null"}], **rest}


class Schema(SpectacularJSONAPIView):
    """The description of the API by OpenAPI 3.1, as JSON, for whoever is signed in."""
