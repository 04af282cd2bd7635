"""An address that is to go says so with each answer: since when, until when, and what takes its place."""

from datetime import UTC, datetime
from typing import Any

from django.utils.http import http_date
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

WORDS = {
    "Deprecation": "Since when this address is to go (RFC 9745).",
    "Sunset": "Until when it answers, at least (RFC 8594).",
    "Link": "What takes its place.",
}
HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, description=words, response=True)
    for name, words in WORDS.items()
]
"""For `extend_schema(parameters=..., deprecated=True)`."""


class Deprecated(APIView):
    """A view of the API whose every answer, refusals too, has the three headers."""

    deprecated_since: datetime
    sunset: datetime
    successor: str
    """An address of this API."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """RFC 9745 writes a moment as @ and seconds, RFC 8594 as HTTP does."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Deprecation"] = f"@{int(self.deprecated_since.timestamp())}"
        answer["Sunset"] = http_date(self.sunset.timestamp())
        answer["Link"] = f'<{self.successor}>; rel="successor-version"'
        return answer


def midnight(year: int, month: int, day: int) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(year, month, day, tzinfo=UTC)
