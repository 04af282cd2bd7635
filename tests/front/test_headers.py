"""What every answer tells the browser: each address there is, asked by several; errors and static files."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from core.sessions.store import SessionStore
from escalation.accounts import sign_in
from tests.core.test_settings import found_in_earnest
from tests.factories import person
from tests.permissions.asking import METHODS, asking, in_turn, url_of
from tests.permissions.world import NOW, World

pytestmark = pytest.mark.django_db
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Robots-Tag": "noindex, nofollow",
}
DIRECTIVES = {
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# What a strict policy would forbid on a page: the browser would not run it, and say so in its console.
INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
    "a style in the page": r"<style\b|<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\son[a-z]+\s*=\s*[\"']",
    "a script as address": r"(?:href|src|action)\s*=\s*[\"']\s*(?:javascript|data):",
    "something of a third party": r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"https?:",
}
ASKERS = ("nobody", "raiser", "responding_lead", "unit", "administrator", "lado")


@pytest.fixture
def in_earnest(settings: Settings) -> None:
    """As over https on a server."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_SSL_REDIRECT = True


def findings(response: Any) -> Iterator[str]:
    """What is missing or wrong in an answer: what it tells the browser, and what it is itself."""
    yield from _untold(response)
    yield from _kept(response)
    yield from _inside(response)


def _untold(response: Any) -> Iterator[str]:
    for name, value in EXACT.items():
        if response.headers.get(name) != value:
            yield f"{name}: {response.headers.get(name)}"
    if set(response.headers.get("Content-Security-Policy", "").split("; ")) != DIRECTIVES:
        yield f"Content-Security-Policy: {response.headers.get('Content-Security-Policy')}"
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        yield "Permissions-Policy"
    for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        if name in response.headers:
            yield f"{name} is told"


def _inside(response: Any) -> Iterator[str]:
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        yield from (
            words
            for words, pattern in INLINE.items()
            if re.search(pattern, response.content.decode(), re.IGNORECASE)
        )
    if kind.startswith(("text/", "application/xml")) and "charset=utf-8" not in kind.lower().replace('"', ""):
        yield f"Content-Type: {kind}"


def _kept(response: Any) -> Iterator[str]:
    """Only static files may be kept, by anybody."""
    kept = response.headers.get("Cache-Control", "")
    if response.request["PATH_INFO"].startswith("/static/") and response.status_code == 200:
        return
    if "no-store" not in kept:
        yield f"Cache-Control: {kept}"


@pytest.mark.large
@pytest.mark.parametrize("who", ASKERS)
def test_every_address_tells_the_browser_to_be_strict(
    who: str, travel: Callable[[datetime], None], in_earnest: None, caplog: Any
) -> None:
    caplog.set_level("CRITICAL", logger="django.request")
    travel(NOW)
    world = World("stage 3")
    (asker,) = asking(world, [who])
    wrong = []
    for address in in_turn():
        for method in METHODS.values():
            headers = asker.headers if address.is_api else {}
            response = getattr(asker.client, method)(url_of(address, world), headers=headers, secure=True)
            wrong += [
                f"{method} /{address.route}, {response.status_code}: {each}" for each in findings(response)
            ]
    assert wrong == []


FORM = "application/x-www-form-urlencoded"
ODD = {
    "not there": ("POST", "/nowhere/", FORM, {}),
    "no static file": ("POST", "/static/nowhere.css", FORM, {}),
    "no such method": ("GET", "/sign-out/", FORM, {}),
    "letters of another kind": ("POST", "/sign-in/", "text/plain; charset=utf-7", {}),
    "too much": ("POST", "/sign-in/", FORM, {"CONTENT_LENGTH": str(10**9)}),
    "not our host": ("GET", "/", FORM, {"HTTP_HOST": "evil.example"}),
}


@pytest.mark.parametrize(("method", "path", "kind", "more"), ODD.values(), ids=list(ODD))
def test_an_answer_that_is_no_page_is_as_strict(
    method: str, path: str, kind: str, more: dict[str, Any], in_earnest: None
) -> None:
    client = Client(raise_request_exception=False)
    response = client.generic(method, path, "a=b", kind, secure=True, **more)
    assert response.status_code >= 400
    assert list(findings(response)) == []


def stopped_by(why: Exception) -> Callable[[pytest.MonkeyPatch, Client], Any]:
    """The log, or its database, stops where the session is read."""

    def stop(_: SessionStore) -> Any:
        raise why

    def ask(patch: pytest.MonkeyPatch, client: Client) -> Any:
        client.cookies["sessionid"] = "x" * 32
        patch.setattr(SessionStore, "load", stop)
        return client.get("/challenges/", secure=True)

    return ask


def forbidden(_: pytest.MonkeyPatch, client: Client) -> Any:
    client.force_login(person(role="administrator"))
    return client.get("/monday/", secure=True)


def another_site(_: pytest.MonkeyPatch, __: Client) -> Any:
    strict = Client(enforce_csrf_checks=True)
    return strict.post("/sign-in/", {"username": "a@b.example"}, secure=True)


def mistakes(_: pytest.MonkeyPatch, client: Client) -> Any:
    return client.post("/sign-in/by-mail/", {"email": "nobody"}, secure=True)


def too_many(patch: pytest.MonkeyPatch, client: Client) -> Any:
    patch.setattr(sign_in, "_checking", BoundedSemaphore(1))
    with sign_in.turn_to_check():
        return client.post("/sign-in/", {"username": "a@b.example", "password": "x"}, secure=True)


ERRORS: dict[int, Callable[[pytest.MonkeyPatch, Client], Any]] = {
    403: forbidden,
    422: mistakes,
    429: too_many,
    500: stopped_by(RuntimeError("a fault of ours")),
    503: stopped_by(OperationalError("the database is away")),
}


@pytest.mark.parametrize(("status", "ask"), [*ERRORS.items(), (403, another_site)])
def test_an_error_inside_is_as_strict(
    status: int,
    ask: Callable[[pytest.MonkeyPatch, Client], Any],
    in_earnest: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    response = ask(monkeypatch, Client(raise_request_exception=False))
    assert response.status_code == status
    assert list(findings(response)) == []


def test_every_kind_of_error_that_the_log_has_a_page_for_is_among_them() -> None:
    pages = {int(path.stem) for path in Path("templates/errors").glob("[0-9]*.html")}
    asked = {*ERRORS, 400, 404, 405, 413, 415}
    assert pages - asked == {409}, "what a colleague did first is a page like all others"


COOKIES = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MESSAGES_COOKIE_NAME", "BROWSER_COOKIE_NAME")


def test_a_cookie_is_of_this_host_and_of_https_alone() -> None:
    """As a server in earnest names them; tests run as `make run` does, over plain http."""
    assert all(name.startswith("__Host-") for name in found_in_earnest(*COOKIES).values())
