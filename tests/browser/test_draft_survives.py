"""A draft survives a killed browser, a session that has ended, and a restart of the server."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker
from selenium.webdriver.common.by import By

from core.sessions.models import Session
from escalation.challenges.models import Draft
from tests.browser.conftest import Browser
from tests.browser.walk import Walk, lets_in
from tests.factories import person, setting
from tests.moments import london
from tests.served import Template, serve

pytestmark = pytest.mark.browser
SAID, MORE = "the plan we agreed in October has not started", "On Monday the child was asleep in a car seat."


def test_it_is_there_after_each_of_the_three(
    prepared: Template,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    browser: Callable[..., Browser],
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(london(2026, 12, 23, 10).isoformat(), encoding="utf-8")
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url:
        with serve(url, clock=clock) as log:
            leila = lets_in(person("Leila Osei-Bonsu", practitioner=setting("Oakfield Primary School")))
            setting("Family Safeguarding Team 2")
            walk = Walk(log, browser(), clock)
            walk.at(london(2026, 12, 23, 10))
            walk.is_(leila, "/raise/")
            page = walk.screen.current_url.removeprefix(log.url).replace("/who/", "/worry/")
            walk.open(page)
            walk.fill(worry=SAID)
            walk.press("Save and stay here")
            walk.sees("Draft saved")
            killed(walk.screen)

            walk = Walk(log, browser(), clock)
            walk.at(london(2026, 12, 23, 11))
            walk.is_(leila, page)
            assert typed(walk, "worry") == SAID, "after the browser was killed"
            walk.fill(heard=MORE)
            Session.objects.all().delete()
            walk.press("Continue")
            walk.sees("You were signed out. What you wrote is kept.")
            walk.fill(username=leila.email, password="a phrase for the walk")
            walk.send()
            walk.sees("What you wrote is here, as you typed it.")
            assert (typed(walk, "worry"), typed(walk, "heard")) == (SAID, MORE), "after the session had ended"

        with serve(url, clock=clock) as log:
            walk = Walk(log, browser(), clock)
            walk.at(london(2026, 12, 24, 9))
            walk.is_(leila, page)
            assert (typed(walk, "worry"), typed(walk, "heard")) == (SAID, MORE), "after the server's restart"
            assert Draft.objects.count() == 1


def killed(screen: Browser) -> None:
    """The browser ends as it does when a phone's battery does: at once, with nothing said."""
    process = screen.service.process
    assert process is not None
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


def typed(walk: Walk, name: str) -> str:
    box = walk.screen.find_element(By.NAME, name)
    return str(box.get_attribute("value"))
