"""What every page's frame knows of its reader's session."""

from django.http import HttpRequest
from django.utils import timezone

from core.sessions.limits import seconds_left, times


def ending(request: HttpRequest) -> dict[str, int | None]:
    """Context processor: `ends_in`, in seconds; None for who is not signed in."""
    session = getattr(request, "session", None)
    if session is None or not getattr(getattr(request, "user", None), "is_authenticated", False):
        return {"ends_in": None}
    ends = times(session)
    return {"ends_in": seconds_left(ends, now=timezone.now()) if ends else None}
