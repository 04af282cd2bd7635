"""The policy as people read it: examples in days are true, and say what to do where nothing comes."""

from dataclasses import replace
from datetime import datetime

import pytest

from escalation.policy import Policy, shipped_policies
from escalation.policy.briefing import ClockTold, briefing, dues
from escalation.policy.calendar import bank_holidays
from escalation.policy.clock import LONDON

SHIPPED = {policy.key: policy for policy in shipped_policies()}
MSCP, SEFTON = SHIPPED["mscp"], SHIPPED["sefton"]
CLOSED = bank_holidays(2026, 2029)
LABELS = {"settle": "Record that it is settled"}
MONDAY = datetime(2026, 11, 30, 18, 47, tzinfo=LONDON)
CHRISTMAS = datetime(2026, 12, 23, 10, 20, tzinfo=LONDON)


def told(policy: Policy, stage: int, label: str, now: datetime = MONDAY) -> ClockTold:
    sheet = briefing(policy, now, closed=CLOSED, labels=LABELS)
    clocks = sheet.stages[stage - 1].clocks if stage else sheet.beside
    return next(clock for clock in clocks if clock.label == label)


def test_an_answer_has_an_example_in_days_and_one_for_a_child_who_cannot_wait() -> None:
    sheet = briefing(MSCP, MONDAY, closed=CLOSED, labels=LABELS)
    assert sheet.stages[0].example == (
        "Raised today, Mon 30 Nov: their answer is due by Wed 2 Dec, 5pm. "
        "If the child cannot wait: by Mon 30 Nov, 10:47pm."
    )
    assert sheet.stages[1].example.startswith("Asked today, Mon 30 Nov: their answer is due by Wed 2 Dec")


DUE = [
    (1, "Answer the challenge", MONDAY, "Wed 2 Dec, 5pm"),
    (1, "Answer the challenge", CHRISTMAS, "Tue 29 Dec, 5pm"),
    (2, "Write down the outcome", MONDAY, "Wed 9 Dec, 5pm"),  # once it is settled at the last moment
    (4, "Answer the recommendation", CHRISTMAS, "Mon 18 Jan 2027, 5pm"),
    (0, "Agree which child this is", MONDAY, "Tue 1 Dec, 1pm"),
    (0, "Say if this keeps the child safe", MONDAY, ""),  # after a step: at no known moment
]


@pytest.mark.parametrize(("stage", "label", "now", "due"), DUE)
def test_each_time_ends_when_the_clock_says(stage: int, label: str, now: datetime, due: str) -> None:
    assert told(MSCP, stage, label, now).due == due


def test_a_time_says_how_long_and_since_when() -> None:
    assert (
        told(MSCP, 2, "Write down the outcome").time == "2 working days once “Settle it between you” is done"
    )
    after = "5 working days after the step “Record that it is settled”"
    assert told(MSCP, 0, "Say if this keeps the child safe").time == after


def test_where_no_time_is_published_it_says_so() -> None:
    sheet = briefing(SEFTON, MONDAY, closed=CLOSED, labels=LABELS)
    assert "the policy gives no time for an answer" in sheet.stages[2].example
    assert told(SEFTON, 3, "Answer the challenge").length == "no time"


def test_it_says_what_to_do_where_nothing_comes() -> None:
    onward = [" ".join(each.onward) for each in briefing(MSCP, MONDAY, closed=CLOSED, labels=LABELS).stages]
    assert "You can ask stage 2, Leads, to look" in onward[0]
    assert "your lead fills in the full form" in onward[1]
    assert "Your head of service can ask stage 4" in onward[2]
    assert "It cannot force a service" in onward[3]
    assert "Then stage 5, Safeguarding partners, can look at it" in onward[3]
    assert "This is the last stage" in onward[4]


def test_a_time_that_waits_for_itself_never_ends() -> None:
    stage = MSCP.stages[0]
    circle = (
        replace(stage.milestones[0], after="met:resolve"),
        replace(stage.milestones[1], after="met:reply"),
    )
    odd = replace(stage, milestones=circle)
    policy = replace(MSCP, stages=(odd, *MSCP.stages[1:]))
    assert {"reply", "resolve"}.isdisjoint(dues(policy, odd, MONDAY, closed=CLOSED))
