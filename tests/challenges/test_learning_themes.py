"""At the end: what can be learnt, and where it is sent. The raiser suggests, leads choose, nothing waits."""

from datetime import timedelta

import pytest
from django.test import Client

from core.machine import NotPermitted, Refused
from escalation.challenges.wording.page import chronology
from tests.challenges.cast import Cast
from tests.challenges.test_feedback import seen
from tests.challenges.test_refusals import settled
from tests.factories import SENT

pytestmark = pytest.mark.django_db
LATER = SENT + timedelta(hours=2)
LEARNT = {"learning_themes": ["information_sharing", "recording"], "sent_to": "qa_sub_group"}
LINE = "What can be learnt: sharing information and recording. Sent to: QA sub-group"


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    settled(cast)
    return cast


def lines(cast: Cast, who: str) -> set[str]:
    view = seen(cast, who, LATER)
    return {line.what for line in chronology(view)} if view else set()


def test_leads_choose_as_soon_as_it_is_settled_and_nothing_waits_for_it(cast: Cast) -> None:
    cast.take("responding_lead", "say_learning", LATER, **LEARNT)
    cast.take("raiser", "confirm_settled", LATER)
    assert cast.challenge.status == "closed"
    for who in ("raiser", "raising_lead", "counterpart", "responding_lead", "unit"):
        assert LINE in lines(cast, who), who
    assert LINE not in lines(cast, "supporting_lead"), "what came of it is not theirs to know"


def test_the_raiser_suggests_and_does_not_choose(cast: Cast) -> None:
    cast.take(
        "raiser", "suggest_learning", LATER, learning_themes=["childs_voice"], note="She was not asked."
    )
    assert "Suggested to learn: hearing the child" in lines(cast, "raising_lead")
    with pytest.raises(Refused, match="Leads choose"):
        cast.take("raiser", "say_learning", LATER, **LEARNT)
    with pytest.raises(Refused, match="Leads choose"):
        cast.take("counterpart", "say_learning", LATER, **LEARNT)
    for who in ("unit", "supporting_lead"):
        with pytest.raises(NotPermitted):
            cast.take(who, "say_learning", LATER, **LEARNT)


def test_what_is_said_later_stands_beside_what_was_said_before(cast: Cast) -> None:
    cast.take("raising_lead", "say_learning", LATER, **LEARNT)
    cast.take("raising_lead", "say_learning", LATER, learning_themes=["capacity"], sent_to="none")
    said = cast.challenge.entries.filter(step="say_learning").order_by("pk")
    assert [each.codes for each in said] == [LEARNT, {"learning_themes": ["capacity"], "sent_to": "none"}]
    assert "What can be learnt: capacity of services" in lines(cast, "raiser"), "nowhere is not said"


def test_its_page_says_what_the_unit_sees_of_it(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.people["raising_lead"])
    page = client.get(f"{cast.challenge.get_absolute_url()}say_learning/").content.decode()
    assert "The business unit sees only what you chose." in " ".join(page.split())
    cast.take("raising_lead", "say_learning", LATER, **LEARNT, note="We waited a week.")
    view = seen(cast, "unit", LATER)
    assert view is not None
    said = next(entry for entry in view.entries if entry.step == "say_learning")
    assert (said.codes, said.words) == (LEARNT, {})


@pytest.mark.parametrize("answers", [{"learning_themes": []}, {"sent_to": ""}])
def test_it_needs_a_theme_and_a_place(cast: Cast, answers: dict[str, object]) -> None:
    with pytest.raises(Refused):
        cast.take("raising_lead", "say_learning", LATER, **LEARNT | answers)
