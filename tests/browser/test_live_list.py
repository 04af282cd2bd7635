"""The work list renews itself while somebody looks at it, keeps the focus, says so, and rests when hidden."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By

from tests.browser.walk import Walk, lets_in
from tests.factories import SENT, challenge, person, setting

pytestmark = pytest.mark.browser
HURRY = """
const wait = window.setTimeout;
window.setTimeout = (act, span) => wait(act, Math.min(span, 300));
"""
HIDE = """
Object.defineProperty(document, 'visibilityState', {value: arguments[0], configurable: true});
document.dispatchEvent(new Event('visibilitychange'));
"""
ASKED = (
    "return performance.getEntriesByType('resource').filter("
    "each => each.initiatorType === 'fetch' && new URL(each.name).pathname === location.pathname).length"
)
"""How often the list was asked for; the page asks when its session ends, too."""


@pytest.fixture
def listed(walk: Walk) -> Callable[[], None]:
    """Leila with her list before her, in which a minute is a third of a second; another challenge comes."""
    walk.screen.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HURRY})
    walk.at(SENT)
    school = setting("Oakfield Primary School", short="the school", group="education")
    leila = lets_in(person("Leila Osei-Bonsu", practitioner=school))
    first = challenge(by=leila, raising=school)
    asked = first.parties.get(role="responding").setting
    walk.is_(leila)

    def another() -> None:
        challenge(by=leila, raising=school, asked=[asked])

    return another


def rows(walk: Walk) -> int:
    return int(walk.screen.execute_script("return document.querySelectorAll('.cl-list tbody a').length"))


def test_a_new_row_comes_by_itself_is_said_and_the_focus_stays(
    walk: Walk, listed: Callable[[], None]
) -> None:
    assert rows(walk) == 1
    link = walk.screen.find_element(By.CSS_SELECTOR, ".cl-list tbody a")
    walk.screen.execute_script("arguments[0].focus()", link)
    href = link.get_attribute("href")
    listed()
    walk.sees("All open 2")
    assert rows(walk) == 2
    assert walk.screen.switch_to.active_element.get_attribute("href") == href
    said = walk.screen.find_element(By.CSS_SELECTOR, "main > p[role=status].govuk-visually-hidden")
    assert said.get_attribute("textContent") == "The list has changed."
    assert walk.screen.barriers() == []


def test_nothing_changes_where_nothing_is_new(walk: Walk, listed: Callable[[], None]) -> None:
    walk.screen.execute_script("document.querySelector('.cl-list').mine = 'yes'")
    walk.screen.set_script_timeout(20)
    walk.screen.execute_async_script(
        "window.setInterval(() => (" + ASKED.removeprefix("return ") + ") > 2 && arguments[0](), 100)"
    )
    said = walk.screen.find_element(By.CSS_SELECTOR, "main > p[role=status].govuk-visually-hidden")
    assert said.get_attribute("textContent") == ""
    assert walk.screen.execute_script("return document.querySelector('.cl-list').mine") == "yes"


def test_it_rests_while_the_page_is_hidden(walk: Walk, listed: Callable[[], None]) -> None:
    walk.screen.execute_script(HIDE, "hidden")
    walk.screen.execute_async_script("window.setInterval(arguments[0], 1500)")
    before = walk.screen.execute_script(ASKED)
    listed()
    walk.screen.execute_async_script("window.setInterval(arguments[0], 1500)")
    assert walk.screen.execute_script(ASKED) == before
    walk.screen.execute_script(HIDE, "visible")
    walk.sees("All open 2")
