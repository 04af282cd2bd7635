"""A practitioner’s first visit, from the log’s address to the form in which they raise a worry.

Two roads: somebody to whom their lead has given a seat, and somebody who asks to join. Counted are a person’s
seconds, by what they type and press (`walk.Effort`), and the clock’s, in which the pages come.
"""

import re
from time import monotonic

import pytest
from django.core import mail

from core.outbox.sending import send_due
from escalation.joining.models import JoinRequest
from tests.browser.walk import Effort, Walk, lets_in
from tests.factories import organisation, person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.browser
A_MINUTE = 60
ADDRESS = "log.merton.example"
"""What they type to come here at all."""


class Visit:
    """One visit and how long it takes; what is typed first is the log’s own address."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.began = walk, monotonic()
        walk.effort = Effort()
        walk.effort.types(ADDRESS)

    def is_over(self) -> None:
        waited, effort = monotonic() - self.began, self.walk.effort
        assert effort.seconds + waited < A_MINUTE, (effort.seconds, waited)


def code_comes(walk: Walk) -> None:
    """The mail goes out, they look at it and type the code."""
    mail.outbox.clear()
    assert send_due(clock=lambda: walk.now).sent == 1
    walk.effort.reads_a_code()
    (code,) = re.findall(r"^ +(\d{6})$", str(mail.outbox[0].body), re.MULTILINE)
    walk.fill(code=code)
    walk.send()


def asks_for_a_code(walk: Walk, words: str, email: str) -> None:
    walk.open("/raise/")
    walk.press(words)
    walk.fill(email=email)
    walk.send()
    walk.sees("Check your e-mail")
    code_comes(walk)


def is_at_the_form(walk: Walk) -> None:
    walk.sees("Sign out")
    assert "/raise/" in walk.screen.current_url


def test_from_the_address_to_the_form_in_a_minute(walk: Walk) -> None:
    walk.at(london(2026, 12, 23, 10))
    policy()
    trust = organisation("Oakfield Trust", email_domain="oakfield.example.org")
    school = setting("Oakfield Primary School", of=trust)
    joan = person("Joan Adeyemi", practitioner=school)
    lee = lets_in(person("Lee Lead", lead=school))

    visit = Visit(walk)
    asks_for_a_code(walk, "Get a code by e-mail instead", joan.email)
    is_at_the_form(walk)
    visit.is_over()
    walk.press("Sign out")

    asking = Visit(walk)
    asks_for_a_code(walk, "Begin with your work e-mail address", "nia.new@oakfield.example.org")
    walk.sees("Where do you work?")
    walk.fill(setting=str(school.uuid), full_name="Nia New", job_title="Class teacher")
    walk.looks("join-ask")
    walk.send()
    walk.sees("Waiting for the lead of Oakfield Primary School")
    asking.is_over()
    walk.looks("join-waiting")

    walk.is_(lee)
    walk.press("Somebody asks to use the log")
    walk.looks("join-requests")
    walk.press("Nia New")
    walk.fill(decision="yes")
    walk.looks("join-decide")
    walk.send()
    walk.sees("Nia New can use the log now")
    assert JoinRequest.objects.get().status == "confirmed"
    mail.outbox.clear()
    send_due(clock=lambda: walk.now)
    walk.press("Sign out")

    back = Visit(walk)
    asks_for_a_code(walk, "Get a code by e-mail instead", "nia.new@oakfield.example.org")
    is_at_the_form(walk)
    back.is_over()
    walk.press("Sign out")

    for path in ("/sign-in/", "/sign-in/by-mail/", "/sign-in/with/"):
        walk.open(path)
        walk.looks(f"sign-in-{path.strip('/').replace('/', '-')}")
    walk.open("/sign-in/by-mail/")
    walk.fill(email="nobody@school.example")
    walk.send()
    walk.sees("No organisation in the log has addresses that end in @school.example")
    walk.looks("sign-in-mailed-code")
