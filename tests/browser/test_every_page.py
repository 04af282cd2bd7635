"""Every page of the log in a real browser, as somebody sees it who may: the browser does not complain.

A policy that forbids something, a script that fails, a file that is not there stand in its console. Other
tests look at the pages that their stories open; here none is left out, error pages among them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from escalation.access.permissions import NOTHING
from tests.browser.walk import Walk
from tests.permissions.asking import in_turn, url_of
from tests.permissions.test_matrix import expected
from tests.permissions.world import NOW, PERSONAS, World

pytestmark = [pytest.mark.browser, pytest.mark.proof]
SITUATION = "stage 3"
LEAST_PAGES = 100


def who_may(rule: str) -> str:
    """The first of everybody who may read there; nobody where there is none, and so sees an error page."""
    people = expected(rule, "read", SITUATION).people
    return next((who for who in reversed(PERSONAS) if people[who] not in NOTHING), "nobody")


def is_page(response: Any) -> bool:
    return bool(response.headers.get("Content-Type", "").startswith("text/html"))


def test_no_page_makes_the_browser_complain(walk: Walk, travel: Callable[[datetime], None]) -> None:
    walk.at(NOW)
    travel(NOW)
    world = World(SITUATION)
    clients = {who: Client(raise_request_exception=False) for who in PERSONAS}
    for who, client in clients.items():
        if who not in ("nobody", "leaver"):
            client.force_login(world.cast.people[who])
    pages = [(url_of(each, world), who_may(each.rule)) for each in in_turn()]
    pages += [
        ("/nowhere/", "nobody"),
        ("/nowhere/", "unit"),
        ("/monday/", "raiser"),
        ("/sign-out/", "raiser"),
    ]
    complaints, opened = [], 0
    for url, who in pages:
        if not is_page(clients[who].get(url, follow=True)):
            continue  # a file, or an answer for programs
        walk.open("/accessibility/")
        walk.screen.delete_all_cookies()
        if (session := clients[who].cookies.get(settings.SESSION_COOKIE_NAME)) is not None:
            walk.screen.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": session.value})
        walk.open(url)
        opened += 1
        complaints += [f"{who}, {url}: {words}" for words in walk.screen.complaints()]
    assert complaints == []
    assert opened >= LEAST_PAGES
