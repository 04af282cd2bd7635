"""A lead's first sign-in and the next one, in a browser on a phone: the picture, the code, the sheet."""

import re

import pytest
from selenium.webdriver.common.by import By

from escalation.accounts.models import User
from escalation.signing_in.codes import app_code, counter_at
from tests.browser.walk import Walk, lets_in
from tests.factories import person, setting
from tests.moments import london
from tests.way_in import PASSPHRASE

pytestmark = pytest.mark.browser


def gives_the_password(walk: Walk, user: User) -> None:
    walk.screen.delete_all_cookies()
    walk.open("/sign-in/")
    walk.fill(username=user.email, password=PASSPHRASE)
    walk.send()


def test_a_lead_sets_up_a_phone_and_signs_in_with_it(walk: Walk) -> None:
    walk.at(london(2026, 12, 23, 10))
    chinwe = lets_in(person("Chinwe Adebayo", lead=setting()))
    gives_the_password(walk, chinwe)
    walk.sees("Set up your second step")
    picture = walk.screen.find_element(By.CSS_SELECTOR, "main img")
    assert walk.screen.execute_script("return arguments[0].naturalWidth", picture) > 100, "no picture"
    walk.looks("second-step-set-up")
    (secret,) = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", walk.text)
    secret = secret.replace(" ", "")
    walk.fill(code="123")
    walk.press("Set it up")
    walk.sees("There is a problem")
    walk.looks("second-step-wrong")
    walk.fill(code=app_code(secret, counter_at(walk.now)))
    walk.send()
    walk.sees("Print these codes")
    codes = re.findall(r"\b\d-\w{5}-\w{5}\b", walk.text)
    assert len(codes) == 10
    walk.looks("second-step-codes")
    walk.press("I have them: go on")
    walk.sees("Sign out")

    walk.at(london(2026, 12, 23, 11))
    gives_the_password(walk, chinwe)
    walk.sees("Second step")
    walk.looks("second-step")
    walk.fill(code=app_code(secret, counter_at(walk.now)))
    walk.send()
    walk.sees("Sign out")
    walk.open("/how-you-sign-in/")
    walk.sees("10 left")
    walk.looks("how-you-sign-in")
    for path in ("printed-codes/", "../second-step/lost/", "../second-step/set-up/"):
        walk.open(f"/how-you-sign-in/{path}")
        walk.looks(f"second-step-{path.strip('./').replace('/', '-')}")

    gives_the_password(walk, chinwe)
    walk.press("I do not have it: use a printed code")
    walk.fill(printed=codes[0])
    walk.looks("second-step-printed")
    walk.send()
    walk.sees("Sign out")
