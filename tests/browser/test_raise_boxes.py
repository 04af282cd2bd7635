"""The boxes of the raise pages in a browser: a warning takes no click away, and typing does not choose."""

from collections.abc import Callable
from datetime import datetime

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from escalation.accounts.models import Setting
from escalation.challenges.models import Draft
from tests.browser.walk import Walk, lets_in
from tests.factories import person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.browser
NOW: datetime = london(2026, 12, 23, 10)
SERVICES = (
    "Nursery of St Oswin",
    "Family Safeguarding Team 2",
    "Child Safeguarding Unit",
    "Larkfield School Nursing",
    "Merton Front Door",
    "Riverside Clinic",
    "Wandle Hospital",
    "Joint Housing Team",
)


@pytest.fixture
def at_the_form(walk: Walk) -> Callable[[str], Walk]:
    """Leila, signed in, with one page of a new challenge open."""
    policy()
    for name in SERVICES:
        setting(name)
    leila = lets_in(person("Leila Osei-Bonsu", practitioner=setting("Oakfield Primary School")))

    def opens(page: str) -> Walk:
        walk.at(NOW)
        walk.is_(leila, "/raise/")
        walk.open(walk.screen.current_url.removeprefix(walk.log.url).replace("/who/", f"/{page}/"))
        return walk

    return opens


def test_a_name_typed_last_does_not_swallow_the_first_click(at_the_form: Callable[[str], Walk]) -> None:
    walk = at_the_form("worry")
    screen = walk.screen
    screen.resize(1280, 3000)  # so that the button needs no scrolling
    for name in ("worry", "heard", "voice"):
        screen.find_element(By.NAME, name).send_keys("a plan")
    screen.find_element(By.NAME, "want").send_keys("Call Mia Brown")
    button = screen.find_element(By.CSS_SELECTOR, "main form .govuk-button[type=submit]")
    ActionChains(screen, duration=0).move_to_element(button).click_and_hold().pause(0.6).release().perform()
    walk.sees("Page 3 of 3".lower())
    assert Draft.objects.get().words["want"] == "Call Mia Brown"


def test_the_warning_still_comes(at_the_form: Callable[[str], Walk]) -> None:
    walk = at_the_form("worry")
    walk.screen.find_element(By.NAME, "want").send_keys("Call Mia Brown")
    walk.sees("looks like")


def test_typing_makes_the_list_shorter_and_chooses_nothing(at_the_form: Callable[[str], Walk]) -> None:
    walk = at_the_form("who")
    asked = Select(walk.screen.find_element(By.NAME, "asked_1"))
    box = walk.screen.find_element(By.CSS_SELECTOR, ".cl-search input")
    box.send_keys("oswin")
    walk.sees("1 found. Choose from the list.")
    assert asked.first_selected_option.get_attribute("value") == ""
    assert len(asked.options) == 2
    box.clear()
    box.send_keys("CAMHS")
    walk.sees("Nothing in the list has \u201cCAMHS\u201d in it.")
    assert [option.get_attribute("value") for option in asked.options] == [""]


def test_a_group_of_services_is_found_by_its_own_name(at_the_form: Callable[[str], Walk]) -> None:
    """All of these are services of one group, whatever they are called."""
    walk = at_the_form("who")
    walk.screen.find_element(By.CSS_SELECTOR, ".cl-search input").send_keys("social care team")
    walk.sees("2 found. Choose from the list.")
    asked = walk.screen.find_element(By.NAME, "asked_1")
    assert asked.find_element(By.TAG_NAME, "optgroup").get_attribute("label") == "Children's social care"


def test_who_will_act_goes_out_of_sight_with_another_service(at_the_form: Callable[[str], Walk]) -> None:
    walk = at_the_form("who")
    team, other = (str(Setting.objects.get(name=name).uuid) for name in SERVICES[1:3])
    walk.fill(asked_1=team)
    walk.screen.find_element(By.CSS_SELECTOR, "button[value=look]").click()
    walk.sees("Who will act")
    shown = walk.screen.find_element(By.CSS_SELECTOR, "[data-belongings]")
    walk.fill(asked_1=other)
    assert not shown.is_displayed()
    walk.fill(asked_1=team)
    assert shown.is_displayed()


def test_back_to_a_page_with_mistakes_asks_nothing_of_the_reader(at_the_form: Callable[[str], Walk]) -> None:
    walk = at_the_form("worry")
    walk.press("Continue")
    walk.sees("There is a problem")
    walk.fill(worry="the plan has not started", heard="no visit since October", want="a visit")
    walk.press("Continue")
    walk.sees("page 3 of 3")
    walk.screen.back()
    walk.sees("page 2 of 3")
    kept = walk.screen.find_element(By.NAME, "worry").get_attribute("value")
    assert kept == "the plan has not started"
