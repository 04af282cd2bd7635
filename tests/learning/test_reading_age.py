"""Pages about learning are for readers of eleven: each question, hint and line of help."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from escalation.learning.models import Action, Point
from tests.challenges.test_reading_age import KNOWN, OLDEST, lines, too_old
from tests.factories import organisation, person, policy, setting
from tests.learning.learnt import acted, approved, written
from tests.moments import london
from tests.reading_age import reading_age

pytestmark = pytest.mark.django_db
THE_DAY = london(2026, 12, 8, 14)
PAGES: dict[str, Callable[[Point, Action], str]] = {
    "board": lambda point, action: "/learning/",
    "list": lambda point, action: "/learning/points/",
    "form": lambda point, action: "/learning/points/new/",
    "draft": lambda point, action: Point.objects.get(state="draft").get_absolute_url(),
    "point": lambda point, action: point.get_absolute_url(),
    "decision": lambda point, action: f"{point.get_absolute_url()}decision/",
    "new action": lambda point, action: f"{point.get_absolute_url()}action/",
    "action": lambda point, action: action.get_absolute_url(),
    "published": lambda point, action: "/published/themes/",
}
NAMED = frozenset({"organisation", "organisations", "colleague", "sub-group"})
"""Words of the partnership itself."""
WORDS = ("learning_theme", "sent_to")
"""What the policy calls them is the policy's to say."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_for_readers_of_eleven(page: str, travel: Callable[[datetime], None]) -> None:
    travel(THE_DAY)
    version = policy(today=THE_DAY.date())
    theirs = {term.label for name in WORDS for term in version.policy.terms(name)}
    ruth, sam = (person(name, role="business_unit") for name in ("Ruth Ames", "Sam Ode"))
    trust = organisation("Oak Trust")
    setting("Oak", group="education", of=trust)
    written(by=ruth, now=THE_DAY)
    point = approved(by=ruth, other=sam, now=THE_DAY)
    action = acted(point, by=ruth, of=trust, now=THE_DAY)
    client = Client()
    client.force_login(ruth)
    answer = client.get(PAGES[page](point, action))
    assert answer.status_code == 200
    found = {
        text: round(reading_age(text, known=KNOWN | NAMED), 1)
        for text in lines(answer.content.decode())
        if text not in theirs
        and too_old(text)
        and reading_age(text, known=KNOWN | NAMED) > OLDEST
        and not re.search(r"\d", text)
    }
    assert found == {}
