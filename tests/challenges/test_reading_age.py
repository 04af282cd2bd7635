"""The raise form reads at nine to eleven years: every question, hint, choice and line of help."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SENT, person, policy, setting
from tests.reading_age import WORD, reading_age, syllables
from tests.web.markup import Elements

pytestmark = pytest.mark.django_db

OLDEST = 11
FEW = 4
"""Fewer words are no sentence to measure: then no word may be longer than three syllables."""
KNOWN = frozenset({"conference", "differently", "example", "information", "optional"})
"""Words that everybody who works with children reads daily."""
READ = ("h1", "h2", "label", "legend", "p", "button", "summary")


def lines(html: str) -> list[str]:
    """Each question, hint, choice and line of help of a page's main part."""
    page = Elements(html)
    found = [one for tag in READ for one in page.all(tag) if "main" in one.inside]
    found += page.all("div", class_="govuk-hint")
    return [" ".join(one.text.split()) for one in found]


def too_old(text: str) -> bool:
    words = [word for word in WORD.findall(text) if word.lower() not in KNOWN]
    if len(WORD.findall(text)) < FEW:
        return any(syllables(word) > 3 for word in words)
    return reading_age(text, known=KNOWN) > OLDEST


@pytest.mark.parametrize("page", ["who", "worry", "child"])
def test_every_line_of_the_raise_form_is_for_readers_of_eleven(
    page: str, client: Client, travel: Callable[[datetime], None]
) -> None:
    travel(SENT)
    policy()
    client.force_login(person(practitioner=setting()))
    client.post("/danger/", {"acting": "called", "called_who": "duty worker", "called_at": "9am"})
    html = client.get(reverse(f"challenges:raise_{page}", args=[uuid4()])).content.decode()
    texts = lines(html)
    assert len(texts) > 12
    found = {text: round(reading_age(text, known=KNOWN), 1) for text in texts if too_old(text)}
    assert found == {}


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("The cat sat on the mat.", 3.6),
        ("Which service are you asking to look again?", 8.8),
        ("Notwithstanding organisational considerations, practitioners must articulate rationale.", 39.3),
    ],
)
def test_the_measure_knows_plain_from_heavy(text: str, age: float) -> None:
    assert reading_age(text) == pytest.approx(age, abs=0.1)


@pytest.mark.parametrize(
    ("word", "count"),
    [("asked", 1), ("needed", 2), ("little", 2), ("cases", 2), ("child’s", 1), ("conference", 3), ("the", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count
