"""What somebody sees whose session is about to end: they are told in time, and what they typed stays."""

from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By

from tests.browser.walk import Walk
from tests.factories import person, setting
from tests.moments import london
from tests.way_in import lets_in

pytestmark = pytest.mark.browser
MORNING = london(2026, 12, 23, 10)
WORDS = "Mum has a sleep plan."
BOX = "main [data-ends-in]"


def comes_back(walk: Walk) -> None:
    """To a page that was open all the while, as from another tab."""
    walk.screen.execute_script("document.dispatchEvent(new Event('visibilitychange'))")


def is_told(walk: Walk) -> bool:
    return walk.screen.find_element(By.CSS_SELECTOR, BOX).is_displayed()


def test_two_minutes_before_one_is_told_and_can_stay(walk: Walk) -> None:
    walk.at(MORNING)
    joan = lets_in(person("Joan Adeyemi", practitioner=setting()))
    walk.is_(joan, "/signed-in/")
    assert not is_told(walk)
    walk.sees("Where you are signed in", "Here: Chrome on Linux", "Nowhere else")
    walk.looks("signed-in")
    walk.is_(joan, "/tell-lado/")
    box = walk.screen.find_element(By.NAME, "what")
    box.send_keys(WORDS)
    walk.screen.refresh()  # writing would keep them signed in
    assert not is_told(walk)
    walk.clock.write_text((MORNING + timedelta(minutes=13, seconds=30)).isoformat(), encoding="utf-8")
    comes_back(walk)
    walk.sees("In about 2 minutes you are signed out", "Stay signed in")
    walk.looks("session-ends")
    walk.press("Stay signed in")
    walk.screen.implicitly_wait(0)
    while is_told(walk):
        pass
    walk.screen.implicitly_wait(15)
    box = walk.screen.find_element(By.NAME, "what")
    box.send_keys(WORDS)
    walk.clock.write_text((MORNING + timedelta(minutes=30)).isoformat(), encoding="utf-8")
    comes_back(walk)
    walk.sees("You are signed out. What you wrote is still on this page")
    assert box.get_property("value") == WORDS


def test_after_almost_eight_hours_one_cannot_stay(walk: Walk) -> None:
    walk.at(MORNING)
    joan = lets_in(person("Joan Adeyemi", practitioner=setting()))
    walk.is_(joan, "/signed-in/")
    for minutes in [*range(14, 479, 14), 479]:
        walk.clock.write_text((MORNING + timedelta(minutes=minutes)).isoformat(), encoding="utf-8")
        walk.open("/signed-in/")
    walk.sees("You have been signed in for almost 8 hours", "Send or save what you wrote")
    assert not walk.screen.find_element(By.CSS_SELECTOR, "[data-stay]").is_displayed()
    assert walk.screen.complaints() == []


def test_signing_out_leaves_nothing_to_go_back_to(walk: Walk) -> None:
    walk.at(MORNING)
    walk.is_(lets_in(person("Joan Adeyemi", practitioner=setting())), "/signed-in/")
    walk.press("Sign out")
    walk.sees("You have signed out")
    walk.screen.back()
    walk.sees("Work e-mail address")
    assert "Where you are signed in" not in walk.text
    assert walk.screen.complaints() == []
