"""RFC 9457 problem details for whatever goes wrong inside a view of the API.

Settings: REST_FRAMEWORK["EXCEPTION_HANDLER"] = "core.api.problems.exception_handler". What goes wrong
outside a view (an address that does not exist, a body too large, a crash) is told by core.web.errors in
the same shape.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from core.web.numbered import request_id
from core.web.problems import MEDIA_TYPE, details

OWN_WORDS = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)
"""Here the log's own sentence is said, whatever the exception says."""


class Unprocessable(APIException):
    """422: well formed, and the rules say no. `field` is the answer at fault, or `errors` has them all."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(
        self, sentence: str, field: str | None = None, *, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(sentence)
        self.errors = list(errors) or ([{"field": field, "detail": sentence}] if field else [])


class Conflict(APIException):
    """409: somebody else was first; `members` say what the caller needs to decide anew."""

    status_code = HTTPStatus.CONFLICT

    def __init__(self, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.members = members


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to an exception as a problem, or None: then Django answers 500 in the same shape.

    `errors` is a list of {"field": "call.when", "detail": "..."}, empty where no field is at fault.
    """
    response = default_handler(exception, context)  # type: ignore[arg-type]  # the stubs want a TypedDict
    if response is None:
        return None
    request, status = context["request"], HTTPStatus(response.status_code)
    members: dict[str, Any] = {"instance": request.path, "errors": _errors(exception)}
    if status not in OWN_WORDS and not isinstance(exception, NotAuthenticated | ValidationError):
        members["detail"] = str(getattr(exception, "detail", "")) or status.phrase
    elif isinstance(exception, ValidationError) and members["errors"]:
        members["detail"] = " ".join(dict.fromkeys(error["detail"] for error in members["errors"]))
    if isinstance(exception, Throttled):
        members["detail"] = (
            f"Too many requests in one minute. Try again in {response['Retry-After']} seconds."
        )
    members |= getattr(exception, "members", {})
    response.data = details(status, request_id(request), **members)
    response.content_type = MEDIA_TYPE
    return response


def _errors(exception: Exception) -> list[dict[str, str]]:
    if isinstance(exception, ValidationError):
        return [{"field": field, "detail": words} for field, words in _flat(exception.detail)]
    return list(getattr(exception, "errors", []))


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested messages as ("asked.0.setting", "..."); what is wrong with the whole has the field ""."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _flat(inner, own)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{number}" if isinstance(inner, Mapping) and inner else path)
    else:
        yield path, str(detail)


class FieldProblem(serializers.Serializer[Any]):
    """One answer at fault."""

    field = serializers.CharField(help_text='The answer, such as "call.when"; "" for the whole.')
    detail = serializers.CharField(help_text="A sentence that can be shown to people.")


class Problem(serializers.Serializer[Any]):
    """Problem details by RFC 9457, sent as application/problem+json."""

    type = serializers.CharField(help_text='Always "about:blank": the status says what kind it is.')
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence that can be shown to people.")
    instance = serializers.CharField(help_text="The path that was asked for.")
    request_id = serializers.CharField(help_text="Quote it when you ask for help.")
    errors = FieldProblem(  # type: ignore[assignment]  # the member's name; it is never bound to data
        many=True, help_text="The answers at fault; empty where it is none of them."
    )


class Overtaken(Problem):
    """What you saw is no more, and nothing of yours was done."""

    version = serializers.IntegerField(help_text="The present one.")
