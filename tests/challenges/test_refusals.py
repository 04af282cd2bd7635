"""Each row of tests/refusals.csv, set up through the one door, is refused with a sentence; nothing changes.

A row's situation is a function here, by the row's name: it brings a case to where the row begins and
gives the act that must be refused.
"""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.machine import Moved, NotPermitted, Refused
from core.outbox.models import Message
from escalation.accounts.models import Seat
from escalation.challenges.case import read_case
from escalation.challenges.events import snapshot
from escalation.challenges.models import Challenge, Entry, Event
from escalation.challenges.services import NewChallenge, raise_challenge, sweep
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.factories import SENT, person, setting
from tests.moments import london

pytestmark = pytest.mark.django_db

with (Path(__file__).parents[1] / "refusals.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))

Act = Callable[[], object]
Situation = Callable[[Cast], Act]
SITUATIONS: dict[str, Situation] = {}

LATER = SENT + timedelta(hours=1)
PAUSE = {
    "what": "A report is on its way.",
    "safe_meanwhile": "Gran is there.",
    "hold_until": date(2026, 12, 31),
}
POLICE_ASKED = {**PAUSE, "hold_reason": "police_request"}
DIFFERS = {"answer": "differs", "what": "We think it is right."}
RETURN = {"to_earlier_stage": 1, "what": "The workers can do this."}


def situation(row: str) -> Callable[[Situation], Situation]:
    def keep(function: Situation) -> Situation:
        SITUATIONS[row] = function
        return function

    return keep


def act(cast: Cast, who: str, step: str, **answers: Any) -> Act:
    return lambda: cast.take(who, step, LATER, **answers)


# How a case gets to where a row begins.


def sent(cast: Cast, **details: Any) -> Cast:
    cast.raise_it(**details)
    return cast


def matched(cast: Cast, **details: Any) -> Cast:
    sent(cast, **details)
    cast.take("counterpart", "match", SENT, **CALLED)
    cast.take("officer", "match", SENT, **CALLED)
    return cast


def answered(cast: Cast) -> Cast:
    """Both see it differently at stage 1."""
    matched(cast)
    for who in ("counterpart", "officer"):
        cast.take(who, "reply", SENT, **DIFFERS)
    return cast


def with_leads(cast: Cast) -> Cast:
    answered(cast)
    return up(cast, "raiser")


def up(cast: Cast, who: str, **answers: Any) -> Cast:
    both = [cast.party(cast.care), cast.party(cast.police)]
    cast.take(who, "escalate", SENT, still_asking=both, **answers)
    return cast


def at_panel(cast: Cast) -> Cast:
    with_leads(cast)
    cast.take("raising_lead", "complete_form", SENT, **FORM)
    for who in ("responding_lead", "police_lead"):
        cast.take(who, "reply", SENT, **DIFFERS)
    return up(cast, "raiser", to_stage=4, skip_reason="no_counterpart")


def recommended(cast: Cast) -> Cast:
    at_panel(cast)
    cast.take("unit", "recommend", SENT, what="A visit each week.", reasons="Because.")
    return cast


def with_partners(cast: Cast) -> Cast:
    recommended(cast)
    no = {"recommendation_answer": "not_accepted", "reasons": "It is our decision."}
    cast.take("responding_senior", "answer_recommendation", SENT, **no)
    return up(cast, "raising_senior")


def settled(cast: Cast, **answers: Any) -> Cast:
    answered(cast)
    cast.take("counterpart", "settle", SENT, **{**OUTCOME, **answers})
    return cast


# Raising.


@situation("fast track without a phone call")
def _(cast: Cast) -> Act:
    return lambda: cast.raise_it(fast=True)


@situation("skip without reason")
def _(cast: Cast) -> Act:
    return lambda: cast.raise_it(start_stage=2)


@situation("stage 3 at once without the full form")
def _(cast: Cast) -> Act:
    return lambda: cast.raise_it(start_stage=3, skip_reason="no_counterpart")


@situation("one's own service")
def _(cast: Cast) -> Act:
    return lambda: cast.raise_it(asked=[cast.school])


@situation("more than five responding settings")
def _(cast: Cast) -> Act:
    six = [setting() for _ in range(6)]
    return lambda: cast.raise_it(asked=six)


@situation("no independent lead")
def _(cast: Cast) -> Act:
    nursery = setting("Oakfield Nursery", of=cast.school.organisation)
    Seat.objects.filter(user=cast.people["raising_lead"]).delete()
    person("Head of both", lead=[cast.school, nursery])
    return lambda: cast.raise_it(asked=[nursery])


# Matching, answering, asking.


@situation("match without who")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "match", **{**CALLED, "spoke_to": ""})


@situation("match without when")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "match", **{**CALLED, "called_at": None})


@situation("reply before the child is matched")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "reply", **DIFFERS)


@situation("answer twice")
def _(cast: Cast) -> Act:
    matched(cast).take("counterpart", "reply", SENT, **DIFFERS)
    return act(cast, "counterpart", "reply", **DIFFERS)


@situation("second question")
def _(cast: Cast) -> Act:
    sent(cast).take("counterpart", "ask_question", SENT, what="Which day?")
    cast.take("raiser", "answer_question", SENT, what="Monday.")
    return act(cast, "counterpart", "ask_question", what="Which week?")


# Moving up.


@situation("moving up before it is due")
def _(cast: Cast) -> Act:
    sent(cast)
    return act(cast, "raiser", "escalate", still_asking=[cast.party(cast.care)])


@situation("skip without reason on the way")
def _(cast: Cast) -> Act:
    answered(cast)
    return act(cast, "raiser", "escalate", still_asking=[cast.party(cast.care)], to_stage=3)


@situation("stage 3 without the full form")
def _(cast: Cast) -> Act:
    with_leads(cast)
    for who in ("responding_lead", "police_lead"):
        cast.take(who, "reply", SENT, **DIFFERS)
    return act(cast, "raiser", "escalate", still_asking=[cast.party(cast.care)])


@situation("moving past the last stage")
def _(cast: Cast) -> Act:
    with_partners(cast)
    return act(cast, "raising_senior", "escalate", still_asking=[cast.party(cast.care)])


@situation("partners before a panel was refused")
def _(cast: Cast) -> Act:
    at_panel(cast)
    return act(cast, "raising_senior", "escalate", still_asking=[cast.party(cast.care)])


@situation("a lead's no by the raiser")
def _(cast: Cast) -> Act:
    return act(sent(cast), "raiser", "decline_to_move_up", what="We would not.")


# Returning.


@situation("return twice")
def _(cast: Cast) -> Act:
    with_leads(cast).take("raising_lead", "propose_return", SENT, **RETURN)
    for who in ("responding_lead", "police_lead"):
        cast.take(who, "agree_return", SENT)
    for who in ("counterpart", "officer"):
        cast.take(who, "reply", SENT, **DIFFERS)
    up(cast, "raiser")
    return act(cast, "responding_lead", "propose_return", **RETURN)


@situation("return from the first stage")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "propose_return", **RETURN)


@situation("return alone")
def _(cast: Cast) -> Act:
    with_leads(cast).take("raising_lead", "propose_return", SENT, **RETURN)
    return act(cast, "raising_lead", "agree_return")


# Holding.


@situation("hold by who has answered")
def _(cast: Cast) -> Act:
    matched(cast).take("counterpart", "reply", SENT, **DIFFERS)
    return act(cast, "counterpart", "propose_hold", **PAUSE)


@situation("hold alone")
def _(cast: Cast) -> Act:
    sent(cast).take("counterpart", "propose_hold", SENT, **PAUSE)
    return act(cast, "counterpart", "agree_hold")


@situation("hold on fast track")
def _(cast: Cast) -> Act:
    return act(fast(cast), "counterpart", "propose_hold", **PAUSE)


@situation("hold set on fast track")
def _(cast: Cast) -> Act:
    return act(fast(cast), "unit", "set_hold", **POLICE_ASKED)


def fast(cast: Cast) -> Cast:
    return sent(cast, fast=True, call={"who": "duty worker", "when": "10am"})


@situation("hold past its limit")
def _(cast: Cast) -> Act:
    """Sent on Wednesday 23 December 2026: Monday 11 January is the tenth working day."""
    return act(sent(cast), "counterpart", "propose_hold", **{**PAUSE, "hold_until": date(2027, 1, 12)})


@situation("hold without how the child is safe")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "propose_hold", **{**PAUSE, "safe_meanwhile": ""})


@situation("hold renewed without a reason")
def _(cast: Cast) -> Act:
    sent(cast).take("unit", "set_hold", SENT, **POLICE_ASKED)
    over = london(2026, 12, 31, 17, 1)
    assert sweep(now=over) == 1
    again = {**PAUSE, "hold_until": date(2027, 1, 6)}
    return lambda: cast.take("unit", "set_hold", over, **again)


@situation("a person ending a hold at its limit")
def _(cast: Cast) -> Act:
    sent(cast).take("unit", "set_hold", SENT, **POLICE_ASKED)
    return lambda: cast.take("unit", "resume", london(2026, 12, 31, 17, 1))


@situation("a unit's hold ended by the raising side")
def _(cast: Cast) -> Act:
    sent(cast).take("unit", "set_hold", SENT, **POLICE_ASKED)
    return act(cast, "raiser", "end_hold", what="We are worried.")


# Settling, actions, the panel.


def _settling(without: str) -> Situation:
    return lambda cast: act(answered(cast), "counterpart", "settle", **{**OUTCOME, without: ""})


for row, missing in {
    "settle without outcome": "outcome",
    "settle without reasons": "reasons",
    "settle without impact": "impact",
    "settle without feedback": "feedback",
    "settle without the record date": "on_record",
}.items():
    SITUATIONS[row] = _settling(missing)


@situation("settle with an action nobody owns")
def _(cast: Cast) -> Act:
    visit = {"what": "Visit weekly", "due": date(2027, 2, 1)}
    return act(answered(cast), "counterpart", "settle", **OUTCOME, actions=[visit])


@situation("settle with an action without a date")
def _(cast: Cast) -> Act:
    visit = {"what": "Visit weekly", "party": cast.party(answered(cast).care)}
    return act(cast, "counterpart", "settle", **OUTCOME, actions=[visit])


@situation("agreed difference without a review")
def _(cast: Cast) -> Act:
    return act(answered(cast), "counterpart", "settle", **{**OUTCOME, "outcome": "agreed_difference"})


@situation("another's action done")
def _(cast: Cast) -> Act:
    answered(cast)
    visit = {"what": "Visit weekly", "party": cast.party(cast.care), "due": date(2027, 2, 1)}
    cast.take("counterpart", "settle", SENT, **OUTCOME, actions=[visit])
    action = cast.challenge.actions.get().pk
    return act(cast, "officer", "complete_action", action=action, what="Visited.", done_on=SENT.date())


@situation("panel answer without reasons")
def _(cast: Cast) -> Act:
    no = {"recommendation_answer": "not_accepted", "reasons": ""}
    return act(recommended(cast), "responding_senior", "answer_recommendation", **no)


@situation("a person closing an unconfirmed case")
def _(cast: Cast) -> Act:
    settled(cast)
    return lambda: cast.take("raising_lead", "close_unconfirmed", london(2027, 3, 1))


# Leaving, and coming back.


@situation("withdraw after a recommendation")
def _(cast: Cast) -> Act:
    return act(recommended(cast), "raiser", "withdraw", withdrawal_reason="other")


@situation("withdraw without a reason")
def _(cast: Cast) -> Act:
    return act(sent(cast), "raiser", "withdraw", withdrawal_reason="")


@situation("a lead withdrawing what somebody else raised")
def _(cast: Cast) -> Act:
    return act(with_leads(cast), "raising_lead", "withdraw", withdrawal_reason="not_needed")


@situation("the responding side withdrawing")
def _(cast: Cast) -> Act:
    return act(sent(cast), "counterpart", "withdraw", withdrawal_reason="other")


@situation("void after a recommendation")
def _(cast: Cast) -> Act:
    return act(recommended(cast), "raising_lead", "void", void_reason="other")


@situation("void without a reason")
def _(cast: Cast) -> Act:
    return act(at_panel(cast), "raising_lead", "void", note="It was a slip.")


@situation("a lead voiding what somebody else raised")
def _(cast: Cast) -> Act:
    return act(with_leads(cast), "raising_lead", "void", void_reason="other")


@situation("a lead marking as a duplicate what somebody else raised")
def _(cast: Cast) -> Act:
    return act(sent(cast), "raising_lead", "mark_duplicate", first_reference="K7M4QX9")


@situation("duplicate of nothing")
def _(cast: Cast) -> Act:
    return act(at_panel(cast), "raising_lead", "mark_duplicate", note="We have one.")


@situation("transfer accepted by nobody")
def _(cast: Cast) -> Act:
    sent(cast).take("unit", "offer_transfer", SENT, to_area="Sutton", what="The family moved.")
    return act(cast, "unit", "accept_transfer")


@situation("reopen a void case")
def _(cast: Cast) -> Act:
    at_panel(cast).take("raising_lead", "void", SENT, void_reason="other")
    return act(cast, "raiser", "reopen", what="It was none.")


@situation("reopen too late")
def _(cast: Cast) -> Act:
    """Closed on 23 December with nothing to do: 21 February is the sixtieth day after."""
    settled(cast).take("raiser", "confirm_settled", SENT)
    return lambda: cast.take("raiser", "reopen", london(2027, 2, 22), what="It came back.")


@situation("edit a closed entry")
def _(cast: Cast) -> Act:
    entry = settled(cast).challenge.entries.filter(step="reply")[0]
    entry.words = {"what": "We never said that."}
    return entry.save


# The test itself.


@pytest.fixture
def cast() -> Cast:
    return Cast()


def state() -> object:
    """All that a refused act must leave alone: every case, every line, every event, every message."""
    cases = [(c.version, snapshot(read_case(c))) for c in Challenge.objects.order_by("pk")]
    lines = [list(e.values()) for e in (Entry.objects.order_by("pk"), Event.objects.order_by("pk"))]
    return cases, lines, list(Message.objects.order_by("pk").values())


def test_every_row_has_its_situation() -> None:
    assert {row["refusal"] for row in ROWS} == set(SITUATIONS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["refusal"])
def test_refused_with_a_sentence_and_nothing_changes(cast: Cast, row: dict[str, str]) -> None:
    attempt = SITUATIONS[row["refusal"]](cast)
    before = state()
    with pytest.raises((NotPermitted, Refused, ValueError)) as refused:
        attempt()
    sentence = str(refused.value)
    assert row["words_must_contain"] in sentence
    assert sentence.endswith(".")
    assert state() == before


def test_ones_own_second_click_is_no_error_and_no_second_line(cast: Cast) -> None:
    matched(cast)
    page = cast.challenge.version
    cast.take("counterpart", "reply", SENT, expected=page, **DIFFERS)
    before = state()
    again = cast.take("counterpart", "reply", LATER, expected=page, **DIFFERS)
    assert again.version == page + 1
    assert state() == before


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("counterpart", {**DIFFERS, "what": "We think again."}),
        ("counterpart", {**DIFFERS, "answer": "acted", "acted_on": SENT.date()}),
        ("officer", DIFFERS),
    ],
    ids=["other words", "another choice", "somebody else"],
)
def test_anything_else_from_an_old_page_has_moved(cast: Cast, who: str, answers: dict[str, Any]) -> None:
    matched(cast)
    page = cast.challenge.version
    cast.take("counterpart", "reply", SENT, expected=page, **DIFFERS)
    before = state()
    with pytest.raises(Moved):
        cast.take(who, "reply", LATER, expected=page, **answers)
    assert state() == before


def test_another_number_for_the_child_is_no_second_click(cast: Cast) -> None:
    """It is kept with the service, not in the line that says they agreed."""
    page = sent(cast).challenge.version
    cast.take("counterpart", "match", SENT, expected=page, **CALLED)
    before = state()
    cast.take("counterpart", "match", LATER, expected=page, **CALLED)
    with pytest.raises(Moved):
        cast.take("counterpart", "match", LATER, expected=page, **CALLED | {"their_pointer": "ZZ-9"})
    assert state() == before


def test_a_second_click_on_sending_makes_one_case(cast: Cast) -> None:
    """The form's own key finds it; tests/proof presses the button eight times at once."""
    first = sent(cast).challenge
    before = state()
    assert again(cast, first) == first
    assert state() == before


def test_somebody_elses_key_is_refused_in_words(cast: Cast) -> None:
    """Both can pass the page's own look at once; the key is unique to the database."""
    first = sent(cast).challenge
    before = state()
    with pytest.raises(Refused, match="under this key"):
        again(cast, first, who="raising_lead")
    assert state() == before


def again(cast: Cast, first: Challenge, who: str = "raiser") -> Challenge:
    new = NewChallenge(
        raising=cast.school, asked={cast.care: None}, about=first.about, age_band=first.age_band, words={}
    )
    return raise_challenge(
        new,
        by=cast.people[who],
        standing=cast.standings[who],
        key=first.key,
        policy=first.policy_version,
        now=LATER,
    )
