"""The description of the API: what goes wrong is described once, for every address."""

from drf_spectacular.utils import OpenApiResponse
from drf_spectacular.views import SpectacularJSONAPIView

from core.api.problems import Problem
from core.web.problems import MEDIA_TYPE

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


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The error answers of one operation, for `extend_schema(responses=...)`; those of all are among them."""
    return {(s, MEDIA_TYPE): OpenApiResponse(Problem, WHEN[s]) for s in sorted({*statuses, *EVERYWHERE})}


class Schema(SpectacularJSONAPIView):
    """The description of the API by OpenAPI 3, as JSON, for whoever is signed in."""
