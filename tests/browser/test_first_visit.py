"""A practitioner’s first visit, from the log’s address to the form in which they raise a worry."""

import re
from time import monotonic

import pytest
from django.core import mail

from core.outbox.sending import send_due
from tests.browser.walk import Walk
from tests.factories import person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.browser
A_MINUTE = 60  # seconds; a person types two things and presses three buttons, the rest is ours


def test_from_the_address_to_the_form_in_a_minute(walk: Walk) -> None:
    walk.at(london(2026, 12, 23, 10))
    policy()
    joan = person("Joan Adeyemi", practitioner=setting("Oakfield Primary School"))
    began = monotonic()
    walk.open("/raise/")
    walk.press("Get a code by e-mail instead")
    walk.fill(email=joan.email)
    walk.send()
    walk.sees("Check your e-mail")
    mail.outbox.clear()
    assert send_due(clock=lambda: walk.now).sent == 1
    (code,) = re.findall(r"^ +(\d{6})$", str(mail.outbox[0].body), re.MULTILINE)
    walk.fill(code=code)
    walk.send()
    walk.sees("Sign out")
    assert "/raise/" in walk.screen.current_url
    assert monotonic() - began < A_MINUTE
    walk.press("Sign out")
    for path in ("/sign-in/", "/sign-in/by-mail/", "/sign-in/with/"):
        walk.open(path)
        walk.looks(f"sign-in-{path.strip('/').replace('/', '-')}")
    walk.open("/sign-in/by-mail/")
    walk.fill(email="nobody@school.example")
    walk.send()
    walk.sees("If we know this address")
    walk.looks("sign-in-mailed-code")
