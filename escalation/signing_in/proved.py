"""What a browser has proved without an account: that it reads the mail of an address. It is nobody's yet."""

from datetime import datetime, timedelta

from django.http import HttpRequest

PROVED = "proved_address"
"""Where the session keeps the address and when it was proved."""
LASTS = timedelta(minutes=30)


def prove(request: HttpRequest, email: str, *, now: datetime) -> None:
    """A code that was mailed there has been typed here. The session has a new key from here on."""
    request.session.cycle_key()
    request.session[PROVED] = {"email": email, "at": now.timestamp()}


def proved_address(request: HttpRequest, *, now: datetime) -> str:
    """The address, for half an hour; else ""."""
    kept = request.session.get(PROVED)
    if not kept or now.timestamp() - kept["at"] > LASTS.total_seconds():
        return ""
    return str(kept["email"])


def forget(request: HttpRequest) -> None:
    request.session.pop(PROVED, None)
