"""The policy's page is for readers of eleven: lines with a date or a number in them are its own data."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.challenges.test_reading_age import KNOWN, OLDEST, lines, too_old
from tests.factories import policy
from tests.moments import london
from tests.reading_age import reading_age

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 30, 10)
NAMED = frozenset({"escalation", "policy", "professional", "designated", "practitioner", "practitioners"})
"""Words of the policy itself."""


@pytest.mark.parametrize("path", ["/policy/", "/policy/2/changes/"])
def test_the_policy_is_for_readers_of_eleven(path: str, travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    version = policy(today=NOW.date())
    own = [words for stage in version.policy.stages for words in (stage.long_name, stage.who)]
    own += version.policy.to_be_confirmed
    page = Client().get(path).content.decode()
    found = {
        text: round(reading_age(text, known=KNOWN | NAMED), 1)
        for text in lines(page)
        if too_old(text)
        and reading_age(text, known=KNOWN | NAMED) > OLDEST
        and not re.search(r"\d", text)
        and not any(words in text for words in own)
    }
    assert found == {}
