"""What closed challenges show: exactly for the unit, and noted; for all others from published figures."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from escalation.reporting.counting.themes import themes_of
from escalation.reporting.models import Event
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled
from tests.factories import SENT, person, policy
from tests.reporting.quarters import unit_in_august
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
PAGE = "/published/themes/"
A_WEEK = timedelta(days=7)


@pytest.fixture
def cast(travel: Travel) -> Cast:
    """Closed, and what two sides say of it; the raising one says it anew."""
    travel(SENT)
    policy(today=SENT.date())
    cast = Cast()
    settled(cast)
    cast.take("raiser", "confirm_settled", SENT)
    for who, themes, sent in (
        ("raising_lead", ["capacity"], "none"),
        ("raising_lead", ["timeliness"], "qa_sub_group"),
        ("responding_lead", ["timeliness", "recording"], "qa_sub_group"),
    ):
        cast.take(who, "say_learning", SENT, learning_themes=themes, sent_to=sent)
    return cast


def read(role: str, path: str) -> str:
    client = Client()
    client.force_login(person(role=role))
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_what_each_side_said_last_counts_once_in_each_line(cast: Cast) -> None:
    found = themes_of(SENT - A_WEEK, SENT + A_WEEK)
    assert (found.closed, found.said) == (1, 1)
    about = cast.challenge.issue or cast.challenge.about
    assert {theme for theme, _ in found.by_issue} == {"timeliness", "recording"}, about
    assert set(found.by_issue.values()) == {1}
    assert {group for _, group in found.by_group} == {"social_care", "police"}
    assert found.sent_to == {"qa_sub_group": 1}
    later = themes_of(SENT + A_WEEK, SENT + 2 * A_WEEK)
    assert (later.closed, later.said) == (0, 0)


def test_a_suggestion_is_no_choice(travel: Travel) -> None:
    policy(today=SENT.date())
    cast = Cast()
    settled(cast)
    cast.take("raiser", "confirm_settled", SENT)
    cast.take("raiser", "suggest_learning", SENT, learning_themes=["capacity"])
    found = themes_of(SENT - A_WEEK, SENT + A_WEEK)
    assert (found.closed, found.said) == (1, 0)


def test_the_unit_reads_it_marked_and_noted(cast: Cast) -> None:
    looks = Event.objects.count()
    page = read("business_unit", "/releases/exact/?quarter=2026-27-Q3")
    assert "Not for release" in page
    assert "Acting in time, Police" in page
    assert Event.objects.count() == looks + 1


def test_everybody_else_reads_what_is_published_and_no_case(travel: Travel) -> None:
    """The quarter's total says nothing of where; the half-year's tables do."""
    unit_in_august(travel, 7, "challenges_large", expected=200).published()
    client = Client()
    client.force_login(person(role="scrutineer"))
    client.get(PAGE)
    with counted_sql() as statements:
        page = " ".join(client.get(PAGE).content.decode().split())
    assert "April to June 2026" in page
    assert "Opened, by what they were about" in page
    assert not statements.about("challenges_challenge")
    assert not statements.about("learning_point")
    assert "is a question and not a good sign" in page
    assert "Exact counts" not in page


def test_before_anything_is_published_it_asks_and_shows_nothing(cast: Cast) -> None:
    page = read("scrutineer", PAGE)
    assert page.count("Nothing is published of this yet.") == 2
    assert "Acting in time" not in page
