"""One challenge from sending to its last exit, through the one door: a school asks two services."""

from datetime import date, datetime
from typing import Any

import pytest

from core.audit.verify import verify_all
from core.machine import Refused
from escalation.accounts.models import Setting, User
from escalation.challenges.models import Challenge
from escalation.challenges.services import sweep, take_step
from escalation.challenges.workflow import STEP
from tests.factories import challenge as sent_challenge
from tests.factories import person, setting, standing
from tests.moments import london

pytestmark = pytest.mark.django_db


class People:
    """Everybody in the story."""

    def __init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.care = setting("Family Safeguarding Team 2", short="social care", group="social_care")
        self.police = setting("Child Safeguarding Unit South", short="the police", group="police")
        self.teacher = person("Amara Cole", practitioner=self.school)
        self.school_lead = person("Priya Shah", lead=self.school)
        self.school_head = person("Joan Field", senior_lead=self.school)
        self.worker = person("Tom Whitfield", practitioner=self.care)
        self.care_lead = person("Chinwe Adebayo", lead=self.care)
        self.care_head = person("Lena Brook", senior_lead=self.care)
        self.officer = person("Sam Reed", practitioner=self.police)
        self.police_lead = person("Nia Owen", lead=self.police)
        self.police_head = person("Alan Frost", senior_lead=self.police)
        self.unit = person("Ruth Ames", role="business_unit")


def take(challenge: Challenge, name: str, by: User, now: datetime, **answers: Any) -> Challenge:
    challenge.refresh_from_db(fields=["version"])
    return take_step(
        challenge,
        STEP[name],
        by=by,
        standing=standing(by, today=now.date()),
        expected=challenge.version,
        now=now,
        answers=answers,
    )


def party_id(challenge: Challenge, of: Setting) -> int:
    return challenge.parties.get(setting=of).pk


def test_a_challenge_goes_through_every_stage_to_closed_with_an_action_open() -> None:
    p = People()
    case = sent_challenge(
        by=p.teacher,
        raising=p.school,
        asked={p.care: p.worker, p.police: p.officer},
        now=london(2026, 12, 23, 10, 20),
    )
    assert (case.status, case.stage) == ("awaiting_response", 1)
    assert case.next_due == london(2026, 12, 29, 17)
    called = {"spoke_to": "duty worker", "called_at": london(2026, 12, 23, 11), "their_pointer": "88213-C"}

    with pytest.raises(Refused, match="which child"):
        take(
            case,
            "reply",
            p.officer,
            london(2026, 12, 23, 12),
            answer="acted",
            what="x",
            acted_on=date(2026, 12, 23),
        )
    with pytest.raises(Refused, match="still have time"):
        take(case, "escalate", p.teacher, london(2026, 12, 24, 9), still_asking=[party_id(case, p.care)])

    # Social care stays silent; the school asks the next level for both.
    both = [party_id(case, p.care), party_id(case, p.police)]
    case = take(case, "escalate", p.teacher, london(2026, 12, 30, 9), still_asking=both)
    assert (case.status, case.stage, case.next_due) == ("awaiting_response", 2, london(2027, 1, 4, 17))

    case = take(case, "match", p.police_lead, london(2026, 12, 30, 10), **called)
    case = take(
        case, "match", p.school_lead, london(2026, 12, 30, 10), party=party_id(case, p.care), **called
    )
    case = take(
        case,
        "reply",
        p.police_lead,
        london(2026, 12, 31, 10),
        answer="acted",
        what="We visited.",
        acted_on=date(2026, 12, 30),
    )
    assert case.status == "awaiting_response"

    # A hold, agreed by the school and by social care, which has not yet answered; it ends by itself.
    pause = {
        "what": "A report is on its way.",
        "safe_meanwhile": "Gran is there.",
        "hold_until": date(2027, 1, 6),
    }
    case = take(case, "propose_hold", p.care_lead, london(2026, 12, 31, 11), **pause)
    case = take(case, "agree_hold", p.school_lead, london(2026, 12, 31, 12))
    assert (case.status, case.next_due) == ("on_hold", london(2027, 1, 6, 17))
    assert sweep(now=london(2027, 1, 6, 16)) == 0
    assert sweep(now=london(2027, 1, 6, 17, 5)) == 1
    case.refresh_from_db(fields=["version", "next_due"])
    case = Challenge.objects.get(pk=case.pk)
    assert case.status == "awaiting_response"
    # Raised Wed 30 Dec: Thu 31 Dec, Mon 4 and Tue 5 Jan stood still at 17:00; Wed 6 counts, and Thu 7.
    assert case.next_due == london(2027, 1, 7, 17)

    form = {
        "issue": "drift_or_delay",
        "scope": "one_child",
        "child_status": "child_in_need",
        "evidence": "The plan.",
        "interpreter_considered": True,
        "supervisor_consulted": True,
    }
    with pytest.raises(Refused, match="full form"):
        take(case, "escalate", p.teacher, london(2027, 1, 8, 9), still_asking=[party_id(case, p.care)])
    case = take(case, "complete_form", p.school_lead, london(2027, 1, 8, 9), **form)
    case = take(case, "escalate", p.teacher, london(2027, 1, 8, 10), still_asking=[party_id(case, p.care)])
    assert case.stage == 3
    case = take(case, "check_form", p.unit, london(2027, 1, 8, 11))
    case = take(
        case, "reply", p.care_head, london(2027, 1, 11, 11), answer="differs", what="We think it is right."
    )
    assert case.status == "responded"
    case = take(case, "escalate", p.school_head, london(2027, 1, 12, 10), still_asking=both)
    assert case.stage == 4
    case = take(
        case,
        "convene",
        p.unit,
        london(2027, 1, 13, 10),
        chair="Head of another area",
        meets_on=date(2027, 1, 18),
    )
    case = take(
        case, "recommend", p.unit, london(2027, 1, 18, 15), what="A visit each week.", reasons="Because."
    )
    case = take(
        case,
        "answer_recommendation",
        p.care_head,
        london(2027, 1, 19, 10),
        recommendation_answer="in_part",
        reasons="Staff.",
    )
    assert case.status == "recommended"
    with pytest.raises(Refused, match="recommendation"):
        take(case, "withdraw", p.teacher, london(2027, 1, 19, 10), withdrawal_reason="other")
    case = take(
        case,
        "answer_recommendation",
        p.police_head,
        london(2027, 1, 19, 11),
        recommendation_answer="accepted",
        reasons="Yes.",
    )
    assert case.status == "answered"
    case = take(
        case,
        "settle",
        p.care_head,
        london(2027, 1, 20, 10),
        outcome="partly_changed",
        reasons="We agreed.",
        impact="positive_change",
        feedback="You said, this happened.",
        on_record=date(2027, 1, 20),
        actions=[{"what": "Visit weekly", "party": party_id(case, p.care), "due": date(2027, 2, 12)}],
    )
    case = take(case, "confirm_settled", p.teacher, london(2027, 1, 21, 10))
    assert case.status == "closed_actions_open"
    action = case.actions.get()
    case = take(
        case,
        "complete_action",
        p.care_lead,
        london(2027, 2, 10, 10),
        action=action.pk,
        what="Visited.",
        done_on=date(2027, 2, 10),
    )
    assert case.status == "closed"
    assert [str(fault) for fault in verify_all()] == []
