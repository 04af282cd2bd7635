"""What every page's frame needs: names, addresses, and the links of the header.

A setting chooses each name, so that core knows no page of the domain:
`PARTNERSHIP_NAME`, `QUICK_HIDE_URL` (a neutral page elsewhere) and `NAVIGATION`, the dotted paths of
functions from a request to `Link`s of its header.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

NAME = "Challenge log"
PARTNERSHIP = "Merton Safeguarding Children Partnership"
NEUTRAL_PAGE = "https://www.bbc.co.uk/weather"


@dataclass(frozen=True)
class Link:
    """One link of the header; on a phone, which has room for four, `wide_only` ones stand in the foot."""

    label: str
    url: str
    wide_only: bool = False
    current: bool = False


@dataclass(frozen=True)
class Site:
    """The frame's words and addresses. Made without the database, so error pages can use it too."""

    name: str
    partnership: str
    home_url: str
    hide_url: str
    sends_mail: bool
    sign_in_url: str
    sign_out_url: str
    signed_in_url: str
    still_url: str
    help_url: str
    use_of_words_url: str
    accessibility_url: str
    own_notices_url: str


def address_of(*names: str, otherwise: str) -> str:
    """The url of the first name that exists, or the page's path by custom where a project leaves it out."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return otherwise


def make_site() -> Site:
    """The site as settings name it now."""
    return Site(
        name=NAME,
        partnership=getattr(settings, "PARTNERSHIP_NAME", PARTNERSHIP),
        home_url=address_of("home", "challenges:start", otherwise="/"),
        hide_url=getattr(settings, "QUICK_HIDE_URL", NEUTRAL_PAGE),
        sends_mail=getattr(settings, "SENDS_MAIL", False),
        sign_in_url=address_of("accounts:sign-in", "sign-in", otherwise="/sign-in/"),
        sign_out_url=address_of("accounts:sign-out", "sign-out", otherwise="/sign-out/"),
        signed_in_url=address_of("signed-in", otherwise="/signed-in/"),
        still_url=address_of("still-signed-in", otherwise="/signed-in/still/"),
        help_url=address_of("help", "challenges:help", otherwise="/help/"),
        use_of_words_url=address_of("privacy", "challenges:privacy", otherwise="/privacy/"),
        accessibility_url=address_of(
            "accessibility", "challenges:accessibility", otherwise="/accessibility/"
        ),
        own_notices_url=address_of("challenges:notices", otherwise=""),
    )


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` on every page."""
    return {"site": make_site()}


def links_for(request: HttpRequest) -> tuple[Link, ...]:
    """The header's links for a signed-in person, the one that leads here marked as current."""
    paths: Iterable[str] = getattr(settings, "NAVIGATION", ())
    providers: list[Callable[[HttpRequest], Iterable[Link]]] = [import_string(path) for path in paths]
    links = tuple(link for provider in providers or [_only_help] for link in provider(request))
    here = max((link.url for link in links if request.path.startswith(link.url)), key=len, default=None)
    return tuple(replace(link, current=link.url == here) for link in links)


def _only_help(request: HttpRequest) -> Iterable[Link]:
    return (Link("Help", make_site().help_url),)
