"""Browsers that are known: by a cookie of their own, which outlives the session and opens nothing."""

import re
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.chance import drawn_token
from core.sessions.models import Browser

new_browser = Signal()
"""`user` has signed in with a browser that they had not used before; not sent for their first one."""
YEAR = 365 * 24 * 60 * 60
COOKIE_BYTES = 24
# The first that fits: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Mac OS X|Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """What a browser says it is, in our words alone: “Firefox on Windows”."""
    browser = _first(BROWSERS, agent) or "A browser"
    system = _first(SYSTEMS, agent)
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((words for pattern, words in known if re.search(pattern, agent)), "")


def digest_of(request: HttpRequest) -> str:
    """Of this browser's cookie; "" where it has none."""
    cookie = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    return sha256(cookie.encode()).hexdigest() if cookie else ""


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether the person of this address has signed in with this browser before."""
    digest = digest_of(request)
    return bool(digest) and Browser.objects.filter(digest=digest, user__email=email).exists()


def meet(request: HttpRequest, response: HttpResponseBase, user_id: int, *, now: datetime) -> bool:
    """Know this browser from now on as one of this person's; True where it is new, and not their first."""
    theirs = Browser.objects.filter(user_id=user_id)
    if theirs.filter(digest=digest_of(request)).update(last_at=now):
        return False
    known_another = theirs.exists()
    cookie = request.COOKIES.get(settings.BROWSER_COOKIE_NAME) or drawn_token("browser", COOKIE_BYTES)
    digest = sha256(cookie.encode()).hexdigest()
    Browser.objects.get_or_create(user_id=user_id, digest=digest, defaults={"first_at": now, "last_at": now})
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        cookie,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return known_another
