"""Proposals that can no longer be agreed, panels that sit again, and clocks that a hold moves."""

from datetime import date

import pytest

from escalation.challenges.models import Deadline, Event
from escalation.challenges.services import sweep
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.challenges.test_refusals import (
    DIFFERS,
    PAUSE,
    POLICE_ASKED,
    answered,
    matched,
    sent,
    settled,
    with_partners,
)
from tests.factories import SENT
from tests.moments import london

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def running(cast: Cast, name: str) -> Deadline:
    return cast.challenge.deadlines.get(name=name, decided_at=None)


def test_what_starts_when_another_is_missed_starts_later_after_a_hold(cast: Cast) -> None:
    """Answered on Wed 23 Dec: the raiser has until Tue 29, their lead until Thu 31. Held from Thu 24."""
    answered(cast)
    assert running(cast, "raiser_answer").due == london(2026, 12, 29, 17)
    assert running(cast, "raiser_answer_lead").due == london(2026, 12, 31, 17)
    cast.take("unit", "set_hold", london(2026, 12, 24, 9), **POLICE_ASKED)
    assert sweep(now=london(2026, 12, 31, 17, 1)) == 1
    assert Event.objects.latest("pk").codes["channel"] == "system"
    # Thu 24, Tue 29 and Wed 30 stood still at 17:00; the hold itself ends at 17:00 on Thu 31.
    assert running(cast, "raiser_answer").due == london(2027, 1, 4, 17)
    lead = running(cast, "raiser_answer_lead")
    assert (lead.started, lead.due) == (london(2027, 1, 4, 17), london(2027, 1, 6, 17))


def test_a_clock_that_started_during_a_hold_stood_still_too(cast: Cast) -> None:
    """The form comes on Thu 24 Dec, within a hold to Thu 31: the unit's two days are Thu 31 and Mon 4 Jan."""
    sent(cast, start_stage=3, skip_reason="child_cannot_wait")
    cast.take("unit", "set_hold", SENT, **POLICE_ASKED)
    cast.take("raising_lead", "complete_form", london(2026, 12, 24, 9), **FORM)
    assert running(cast, "later_form_check").due == london(2026, 12, 30, 17)
    sweep(now=london(2026, 12, 31, 17, 1))
    assert running(cast, "later_form_check").due == london(2027, 1, 4, 17)


def test_a_proposal_ends_when_the_last_one_answers_instead(cast: Cast) -> None:
    matched(cast).take("raiser", "propose_hold", SENT, **PAUSE)
    cast.take("officer", "agree_hold", SENT)
    case = cast.take("counterpart", "reply", SENT, **DIFFERS)
    assert (case.status, case.pending) == ("awaiting_response", "")
    assert case.entries.latest("pk").codes["pending"] == "hold"


def test_the_unit_stops_the_clock_whatever_is_proposed(cast: Cast) -> None:
    """A police request does not wait for a yes or a no; what was proposed ends."""
    matched(cast).take("raiser", "propose_hold", SENT, **PAUSE)
    case = cast.take("unit", "set_hold", SENT, **POLICE_ASKED)
    assert (case.status, case.pending) == ("on_hold", "")
    assert case.entries.latest("pk").codes["pending"] == "hold"


def test_not_settled_yet_gives_the_raiser_their_time_again(cast: Cast) -> None:
    """Said on Wed 23 Dec: the raiser has until Tue 29, then their lead until Thu 31."""
    case = settled(cast).take("raiser", "not_settled", SENT, what="She is still hungry.")
    assert (case.status, case.next_due) == ("responded", london(2026, 12, 29, 17))
    assert running(cast, "raiser_answer_again_lead").due == london(2026, 12, 31, 17)
    cast.take("raiser", "escalate", SENT, still_asking=[cast.party(cast.care)])
    assert not cast.challenge.deadlines.filter(name__startswith="raiser_answer", decided_at=None).exists()


def test_an_offer_of_transfer_ends_when_it_is_settled(cast: Cast) -> None:
    answered(cast).take("unit", "offer_transfer", SENT, to_area="Sutton", what="The family moved.")
    assert cast.take("counterpart", "settle", SENT, **OUTCOME).pending == ""


def test_a_case_that_comes_back_to_the_panel_gets_a_new_one(cast: Cast) -> None:
    with_partners(cast).take("raising_senior", "propose_return", SENT, to_earlier_stage=4, what="Ask again.")
    cast.take("responding_senior", "agree_return", SENT)
    case = cast.take("police_senior", "agree_return", SENT)
    assert (case.stage, case.returned_once) == (4, True)
    cast.take("unit", "convene", SENT, chair="Head of another area", meets_on=date(2027, 1, 4))
    cast.take("unit", "recommend", SENT, what="A visit each week.", reasons="Because.")
    case = cast.take(
        "responding_senior", "answer_recommendation", SENT, recommendation_answer="accepted", reasons="Yes."
    )
    assert case.status == "recommended"


def test_who_notes_the_match_is_who_wrote_the_line(cast: Cast) -> None:
    case = sent(cast).challenge
    case = cast.take("raiser", "match", SENT, party=cast.party(cast.care), **CALLED)
    line = case.entries.latest("pk")
    assert line.setting == cast.school
    assert line.codes["party"] == cast.party(cast.care)
    assert case.parties.get(setting=cast.care).matched_at == SENT
