"""Pages that people read at a forum are for readers of eleven: each question, hint and line of help.

Lines with a date or a number in them are the page's data.
"""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from escalation.forums.models import Sitting
from tests.challenges.test_reading_age import KNOWN, OLDEST, lines, too_old
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import sitting
from tests.moments import london
from tests.reading_age import reading_age

pytestmark = pytest.mark.django_db
THE_DAY = london(2026, 12, 8, 14)
PAGES: dict[str, Callable[[Sitting], str]] = {
    "forum": lambda forum: forum.get_absolute_url(),
    "list": lambda forum: "/forums/",
    "board": lambda forum: "/forums/board/",
    "door": lambda forum: f"/forums/{forum.uuid}/door/",
    "hand-out": lambda forum: f"/forums/{forum.uuid}/hand-out/",
    "topic": lambda forum: "/forums/topics/new/",
    "policy": lambda forum: f"/policy-promotion/{forum.host_id}/",
    "pulse": lambda forum: forum.pulses.get(wave="after").get_absolute_url(),
}
NAMED = frozenset({"organisation", "organisations", "escalation", "policy"})
"""Words of the partnership itself, and of the page's own data."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_for_readers_of_eleven(page: str, travel: Callable[[datetime], None]) -> None:
    travel(THE_DAY)
    policy(today=THE_DAY.date())
    trust = organisation("Oak Trust")
    lead = person("Priya Shah", lead=setting("Oak", group="education", of=trust))
    ruth = person("Ruth Ames", role="business_unit")
    forum = sitting(by=ruth, host=trust, invited=[trust], now=THE_DAY)
    forum.starts_at = THE_DAY
    forum.save()
    client = Client()
    client.force_login(lead)
    answer = client.get(PAGES[page](forum))
    assert answer.status_code == 200
    found = {
        text: round(reading_age(text, known=KNOWN | NAMED), 1)
        for text in lines(answer.content.decode())
        if too_old(text) and reading_age(text, known=KNOWN | NAMED) > OLDEST and not re.search(r"\d", text)
    }
    assert found == {}
