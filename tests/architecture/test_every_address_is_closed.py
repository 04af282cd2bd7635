"""Nobody who has not signed in gets past the front door, save where this list says so."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Everything open to people who have not signed in. Whoever adds a line says why.
OPEN = {
    "sign-in/",  # one has to come in somewhere
    "sign-in/by-mail/",  # by a code that comes by mail; what follows needs the browser that asked for it
    "sign-in/with/",  # what is said when signing in with one's organisation did not work
    # Whoever fears for a child finds the number, the doors and help before anything asks who they are.
    "",
    "danger/",
    "danger/not-sure/",
    "doors/",
    "doors/<slug:slug>/",
    "help/",
    "privacy/",
    "accessibility/",
    # Whoever came to a forum answers one question, by nobody's name; without its address there is nothing.
    "pulse/<str:pulse>/",
    "pulse/<str:pulse>/thanks/",
    # The policy holds no secret, and whoever wonders whom to ask next finds it before signing in.
    "policy/",
    "policy/<int:number>/",
    "policy/<int:number>/changes/",
    # Staff say how it is where they work, by nobody's name; without its address there is nothing.
    "survey/<str:survey>/",
    "survey/<str:survey>/thanks/",
    "calendar.ics",  # a calendar program cannot sign in; without a secret address there is nothing
    "sign-out/",  # signing out of a session that has ended is no mistake; POST only
}
# What stands for a part of an address that nobody made up yet.
EXAMPLES = {
    "int": "1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "slug": "a-slug",
    "str": "text",
    "path": "text",
    "over": "year-to-date",
}
METHODS = ("get", "post", "put", "patch", "delete", "options")
PART = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")


def routes(patterns: "list[URLPattern | URLResolver]", before: str = "") -> Iterator[str]:
    """Every address as the URLconf writes it, from the top."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def address(route: str) -> str:
    """The route with something in every gap."""
    return "/" + PART.sub(lambda part: EXAMPLES.get(part["kind"] or "str", "text"), route)


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


def test_every_open_address_still_exists() -> None:
    assert set(ROUTES) >= OPEN


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ROUTES if route not in OPEN])
@pytest.mark.parametrize("method", METHODS)
def test_an_address_is_closed(client: Client, route: str, method: str) -> None:
    response = getattr(client, method)(address(route))
    if response.status_code == 302:
        assert response["Location"].startswith("/sign-in/")
    else:
        assert response.status_code in {401, 403, 404, 405}
