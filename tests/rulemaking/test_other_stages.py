"""A version with more stages, or with fewer: a challenge goes through all of them, and figures count it."""

from dataclasses import replace
from datetime import date

import pytest

from escalation.challenges.models import Challenge
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy import Policy, Term, shipped_policies
from escalation.reporting.counting.challenges import group_by
from escalation.rulebook.services import adopt
from escalation.rulemaking.fitting import follows, unfit
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.factories import load_shipped_policies
from tests.moments import london

pytestmark = pytest.mark.django_db
MSCP = next(policy for policy in shipped_policies() if policy.key == "mscp")
REVIEW = {"outcome": "agreed_difference", "review_on": date(2027, 3, 1)}
DIFFERS = {"answer": "differs", "what": "It is right."}


def with_stages(*places: int) -> Policy:
    """Those stages of the default, one or more of them twice, as a version of its own."""
    stages = tuple(
        replace(MSCP.stages[place - 1], number=number, name=f"{MSCP.stages[place - 1].name} {number}")
        for number, place in enumerate(places, start=1)
    )
    return replace(MSCP, version=3, start=date(2026, 12, 1), source="mscp-3.toml", stages=stages)


def under(policy: Policy) -> Cast:
    """The cast, with a challenge under this version, at its third stage and answered there."""
    load_shipped_policies()
    adopt(policy)
    cast = Cast()
    cast.raise_it(asked={cast.care: cast.people["counterpart"]}, supporting=(), policy_key="mscp")
    care = [cast.party(cast.care)]
    cast.take("raiser", "match", london(2026, 12, 23, 12), **CALLED)
    cast.take("counterpart", "reply", london(2026, 12, 29, 11), **DIFFERS)
    cast.take("raiser", "escalate", london(2026, 12, 30, 9), still_asking=care)
    cast.take("responding_lead", "reply", london(2027, 1, 4, 10), **DIFFERS)
    cast.take("raising_lead", "complete_form", london(2027, 1, 7, 15), **FORM)
    cast.take("raiser", "escalate", london(2027, 1, 8, 9), still_asking=care)
    cast.take("responding_senior", "reply", london(2027, 1, 11, 11), **DIFFERS)
    return cast


def counted() -> list[str]:
    """The category by stage of every challenge that was closed, in every plan of published figures."""
    begins, ends = london(2027, 1, 1), london(2027, 4, 1)
    plans = [plan for plan in shipped_plans() if plan.key.startswith("challenges")]
    found = [group_by(plan)(("stage",), Date.CLOSED, begins, ends) for plan in plans]
    return sorted({category for rows in found for (category,), _ in rows})


def test_six_stages_are_gone_through_and_the_last_count_together() -> None:
    policy = with_stages(1, 2, 3, 3, 4, 5)
    assert unfit(policy) == []
    assert "count together, as the last category" in follows(policy)[1]
    cast = under(policy)
    care = [cast.party(cast.care)]
    cast.take("raising_senior", "escalate", london(2027, 1, 12, 9), still_asking=care)
    cast.take("responding_senior", "reply", london(2027, 1, 13, 9), **DIFFERS)
    cast.take("raising_senior", "escalate", london(2027, 1, 14, 9), still_asking=care)
    panel = {"chair": "head of another service", "meets_on": date(2027, 1, 18)}
    cast.take("unit", "convene", london(2027, 1, 15, 10), **panel)
    cast.take("unit", "recommend", london(2027, 1, 18, 15), what="A visit a week.", reasons="It is needed.")
    refused = {"recommendation_answer": "not_accepted", "reasons": "We can't."}
    cast.take("responding_senior", "answer_recommendation", london(2027, 1, 19, 10), **refused)
    cast.take("raising_senior", "escalate", london(2027, 1, 20, 9), still_asking=care)
    cast.take("partner", "decide", london(2027, 1, 22, 10), what="A visit a week.", reasons="It is needed.")
    cast.take("partner", "settle", london(2027, 1, 25, 10), **OUTCOME)
    case = cast.take("raiser", "confirm_settled", london(2027, 1, 26, 10))
    assert (case.status, case.stage, case.policy_version.version) == ("closed", 6, 3)
    assert counted() == ["stage_4_or_later"]


def test_three_stages_end_with_the_third() -> None:
    policy = with_stages(1, 2, 3)
    assert unfit(policy) == []
    cast = under(policy)
    cast.take("responding_senior", "settle", london(2027, 1, 20, 9), **OUTCOME)
    case: Challenge = cast.take("raiser", "confirm_settled", london(2027, 1, 21, 10))
    assert (case.status, case.stage) == ("closed", 3)
    assert counted() == ["stage_3"]


def test_words_that_no_plan_of_figures_knows_count_with_the_rest() -> None:
    """And it is said before anybody approves it."""
    assert not [line for line in follows(MSCP) if "count as" in line]
    words = {
        name: (*MSCP.vocabularies[name], Term("a_new_one", "School transport"))
        for name in ("issue_group", "learning_theme")
    }
    lines = follows(replace(MSCP, vocabularies={**MSCP.vocabularies, **words}))
    said = [line for line in lines if "count as" in line]
    assert said == [
        f"In published figures these count as “{rest}”: School transport."
        for rest in ("Something else", REST)
    ]


REST = "Recording, supervision and other"
WRONG = [
    ((1, 2, 3, 5), "partners can decide from stage 5 on"),
    ((1, 3, 4, 5, 5), "heads of service can act from stage 3 on"),
    ((1, 4, 5), "a panel can meet from stage 3 on"),
    ((1, 2, 2), "this log works with heads of service"),
    ((1, 2, 3, 3, 3, 4, 5), "There is room for 6 stages"),
]


@pytest.mark.parametrize(("places", "words"), WRONG)
def test_what_this_log_cannot_do_it_says(places: tuple[int, ...], words: str) -> None:
    assert words in " ".join(fault.reason for fault in unfit(with_stages(*places)))


@pytest.mark.parametrize("policy", shipped_policies(), ids=lambda policy: policy.key)
def test_every_policy_that_comes_with_the_log_fits_it(policy: Policy) -> None:
    assert unfit(policy) == []
