"""The whole story on a phone: a teacher asks two services; it ends in feedback and an open action.

Each scene is what one person does at one moment; the clock between them is the real one of December 2026.
"""

import json
from datetime import datetime

import pytest
from django.utils import timezone

from escalation.accounts.models import Setting, User
from escalation.accounts.services import issue_token
from escalation.challenges.models import Challenge
from tests.browser.walk import Walk, lets_in
from tests.factories import challenge as sent
from tests.factories import person, setting
from tests.moments import london

pytestmark = pytest.mark.browser


class Town:
    """Everybody in the story: a school, social care, the police, and the partnership's business unit."""

    def __init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.care = setting("Family Safeguarding Team 2", short="social care")
        self.police = setting("Child Safeguarding Unit South", short="the police", group="police")
        self.teacher = self.at("Amara Cole", "class teacher", practitioner=self.school)
        self.school_lead = self.at("Priya Shah", "designated safeguarding lead", lead=self.school)
        self.head = self.at("Joan Field", "head teacher", senior_lead=self.school)
        self.worker = self.at("Tom Whitfield", "social worker", practitioner=self.care)
        self.care_lead = self.at("Chinwe Adebayo", "team manager", lead=self.care)
        self.care_head = self.at("Lena Brook", "head of service", senior_lead=self.care)
        self.police_lead = self.at("Nia Owen", "detective sergeant", lead=self.police)
        self.police_head = self.at("Alan Frost", "detective inspector", senior_lead=self.police)
        self.unit = self.at("Ruth Ames", "business manager", role="business_unit")

    def at(self, name: str, job: str, **seat: object) -> User:
        return lets_in(person(name, job=job, **seat))  # type: ignore[arg-type]  # a seat by its own name


def raise_it(walk: Walk, town: Town, *, photographs: bool) -> Challenge:
    """From the danger question to the sent page, in the browser."""
    looks = walk.looks if photographs else lambda name: None
    walk.open("/")
    looks("01-start")
    walk.open("/danger/")
    looks("01b-danger")
    walk.open("/doors/")
    looks("02-doors")
    walk.is_(town.teacher, "/raise/")
    looks("03-raise-who")
    walk.press("Ask more than one service")
    walk.fill(asked_1=str(town.care.uuid), asked_2=str(town.police.uuid))
    walk.press("See who will act there, or choose a person")
    walk.fill(counterpart_1=str(town.worker.pk))
    walk.fill(about="level_of_help", decision="stepped down to early help", decision_on="14 12 2026")
    walk.fill(label="hungry and cold again", callback="020 7946 0163", best_times="after 3pm")
    walk.press("Continue")
    looks("03-raise-worry")
    walk.fill(
        worry="the help stopped in November and she comes to school hungry",
        heard="On 21 December she had no coat and asked for more at lunch.",
        voice="“I don't want to go home on Fridays.”",
        want="a visit before Christmas, and a strategy discussion",
    )
    walk.press("Continue")
    looks("03-raise-child")
    walk.fill(
        child="one",
        our_pointer="OAK-4471",
        age_band="age_5_9",
        spoken="yes",
        spoken_on="22 12 2026",
        needed="no",
    )
    walk.press("Continue")
    walk.sees("hungry and cold again", "Family Safeguarding Team 2", "Child Safeguarding Unit South")
    looks("03-raise-check")
    walk.press("Send it now")
    walk.sees("Your challenge is sent. Now call them too", "Tue 29 Dec", "Christmas Day")
    looks("04-sent")
    return Challenge.objects.get()


def escalate(walk: Walk, by: User, case: Challenge, *settings: Setting) -> None:
    """Ask the next level to look; who still has to answer is ticked on the page."""
    walk.is_(by, f"{case.get_absolute_url()}escalate/")
    wanted = {str(p.pk) for p in case.parties.filter(setting__in=settings)}
    for box in walk.screen.find_elements("name", "still_asking"):
        if box.is_displayed() and box.is_selected() != (box.get_attribute("value") in wanted):
            walk._click(box)


@pytest.fixture
def town(walk: Walk) -> Town:
    return Town()


def moment(*when: int) -> datetime:
    return london(*when)


def test_from_the_first_question_to_closed_with_an_action_open(walk: Walk, town: Town) -> None:
    walk.at(moment(2026, 12, 23, 10, 20))
    case = raise_it(walk, town, photographs=True)
    here = case.get_absolute_url()
    walk.open(here)
    walk.sees(
        "It is social care's turn, and the police's",
        "Tuesday 29 December 2026, 5pm",
        "You agree by phone which child it is",
    )
    walk.looks("05-case-raiser")

    walk.at(moment(2026, 12, 30, 9, 0))
    walk.is_(town.worker, here)
    walk.sees("Overdue since yesterday, 5pm", "It is your turn to answer")
    walk.looks("06-case-responder-overdue")
    walk.is_(town.care_lead)
    walk.looks("08-work-list")
    escalate(walk, town.teacher, case, town.care, town.police)
    walk.looks("07-step-escalate")
    walk.send()
    walk.sees("Stage 2 of 5", "The next level will look at this now")
    walk.looks("05-case-raiser-stage-2")

    walk.is_(town.police_lead, f"{here}match/")
    walk.fill(spoke_to="the school's safeguarding lead", their_pointer="POL-77")
    walk.looks("07-step-match")
    walk.send()
    walk.is_(town.care_lead, f"{here}match/")
    walk.fill(spoke_to="the school's safeguarding lead", their_pointer="88213-C")
    walk.send()

    walk.at(moment(2026, 12, 31, 10, 0))
    walk.is_(town.police_lead, f"{here}reply/")
    walk.looks("07-step-answer")
    walk.fill(answer="acted", what_acted="We went to the home on Wednesday evening. She was warm and fed.")
    walk.send()
    walk.sees("Your answer is sent")

    walk.is_(town.care_lead, f"{here}propose_hold/")
    walk.fill(
        what="The paediatric report comes on Wednesday.",
        safe_meanwhile="Gran has her until then.",
        hold_until="6 1 2027",
    )
    walk.looks("07-step-hold")
    walk.send()
    walk.is_(town.school_lead, here)
    walk.looks("05-case-hold-proposed")
    walk.open(f"{here}agree_hold/")
    walk.send()
    walk.sees("The clock has stopped")
    walk.looks("05-case-on-hold")

    walk.at(moment(2027, 1, 6, 17, 5))
    walk.is_(town.teacher, here)
    walk.sees("It is social care's turn", "Thursday 7 January 2027, 5pm")

    walk.at(moment(2027, 1, 8, 9, 0))
    walk.is_(town.school_lead, f"{here}complete_form/")
    walk.fill(
        issue="threshold",
        scope="one_child",
        child_status="early_help",
        evidence="Our chronology since September.",
    )
    walk.fill(interpreter_considered="yes", supervisor_consulted="yes")
    walk.looks("07-step-form")
    walk.send()
    escalate(walk, town.teacher, case, town.care)
    walk.send()
    walk.sees("Stage 3 of 5")

    walk.is_(town.unit)
    walk.looks("09-unit-list")
    walk.open(f"{here}check_form/")
    walk.send()
    walk.at(moment(2027, 1, 11, 11, 0))
    walk.is_(town.care_head, f"{here}reply/")
    walk.fill(answer="differs", what_differs="Early help is right for now: her worker sees her each week.")
    walk.send()
    walk.is_(town.teacher, here)
    walk.looks("05b-case-raiser-answered")

    walk.at(moment(2027, 1, 12, 10, 0))
    escalate(walk, town.head, case, town.care)
    walk.send()
    walk.sees("Stage 4 of 5")
    walk.at(moment(2027, 1, 13, 10, 0))
    walk.is_(town.unit, f"{here}convene/")
    walk.fill(chair="head of safeguarding of another area", meets_on="18 1 2027")
    walk.send()
    walk.at(moment(2027, 1, 18, 15, 0))
    walk.is_(town.unit, f"{here}recommend/")
    walk.fill(
        what="A visit each week until February.",
        reasons="What she says has not changed.",
        raising_answers_too="no",
    )
    walk.looks("07-step-recommend")
    walk.send()

    walk.at(moment(2027, 1, 19, 10, 0))
    walk.is_(town.care_head, f"{here}answer_recommendation/")
    walk.fill(recommendation_answer="in_part", reasons="Each fortnight is what we can do.")
    walk.send()
    walk.is_(town.police_head, f"{here}answer_recommendation/")
    walk.fill(recommendation_answer="accepted", reasons="Yes.")
    walk.send()
    walk.looks("05-case-panel-answered")

    walk.at(moment(2027, 1, 20, 10, 0))
    walk.is_(town.care_head, f"{here}settle/")
    walk.fill(
        outcome="recommendation_in_part", reasons="We agreed on each fortnight.", impact="plan_improved"
    )
    walk.fill(
        feedback="You said she was hungry. Her worker now sees her at home each fortnight.",
        on_record="20 1 2027",
    )
    owner = case.parties.get(setting=town.care)
    walk.fill(
        action_1_what="Visit each fortnight until half-term",
        action_1_party=str(owner.pk),
        action_1_due="12 2 2027",
    )
    walk.looks("07-step-settle")
    walk.send()

    walk.is_(town.teacher, here)
    walk.sees(
        "You said she was hungry. Her worker now sees her at home each fortnight.",
        "Does this keep the child safe?",
    )
    walk.looks("05b-case-does-this-keep-the-child-safe")
    walk.open(f"{here}confirm_settled/")
    walk.send()
    walk.sees("Closed, actions open", "Visit each fortnight until half-term")
    walk.looks("05-case-closed-actions-open")
    story_of_the_page = walk.text
    assert case_told_by_api(walk, town.teacher, case) == steps_told(case)
    for words in (
        "Challenge raised",
        "Agreed which child it is, with the police",
        "The pause ended by itself",
        "Settled",
    ):
        assert words in story_of_the_page
    assert "hold" in walk.log.manage("verify_audit")


def steps_told(case: Challenge) -> list[str]:
    return [e.step for e in case.entries.order_by("-version", "-id")]


def case_told_by_api(walk: Walk, user: User, case: Challenge) -> list[str]:
    """The steps of the chronology, as a program of the teacher's reads them by the API."""
    from urllib.request import Request, urlopen

    token = issue_token(user=user, name="story", days=366, now=timezone.now()).plain
    address = f"{walk.log.url}/api/v1/challenges/{case.uuid}/"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {token}"}), timeout=30) as answer:  # noqa: S310 - our own http address
        told = json.load(answer)
    return [entry["step"] for entry in told["entries"]]


@pytest.mark.proof
def test_the_same_story_under_the_london_procedure(walk: Walk, town: Town) -> None:
    """Four stages, one working week each at the first two, and no published time after that."""
    monday = moment(2026, 12, 21, 10, 0)
    walk.at(monday)
    case = sent(
        by=town.teacher,
        raising=town.school,
        asked={town.care: town.worker, town.police: None},
        now=monday,
        policy_key="london",
    )
    here = case.get_absolute_url()
    walk.is_(town.teacher, here)
    # Five working days from Monday 21: 22, 23, 24, then 29 and 30 December.
    walk.sees("Stage 1 of 4", "Wednesday 30 December 2026, 5pm")
    walk.looks("l1-case-raiser")
    walk.at(moment(2026, 12, 31, 9, 0))
    escalate(walk, town.teacher, case, town.care, town.police)
    walk.send()
    # A further working week: 4 to 8 January; New Year's Day does not count.
    walk.sees("Stage 2 of 4", "Friday 8 January 2027, 5pm")
    for lead, number in ((town.police_lead, "POL-77"), (town.care_lead, "88213-C")):
        walk.is_(lead, f"{here}match/")
        walk.fill(spoke_to="the school's safeguarding lead", their_pointer=number)
        walk.send()
    walk.is_(town.police_lead, f"{here}reply/")
    walk.fill(answer="acted", what_acted="We went to the home. She was warm and fed.")
    walk.send()
    walk.is_(town.care_lead, f"{here}reply/")
    walk.fill(answer="differs", what_differs="Early help is right for now.")
    walk.send()
    walk.is_(town.school_lead, f"{here}complete_form/")
    walk.fill(issue="threshold", scope="one_child", child_status="early_help", evidence="Our chronology.")
    walk.fill(interpreter_considered="yes", supervisor_consulted="yes")
    walk.send()
    escalate(walk, town.teacher, case, town.care)
    walk.send()
    walk.sees("Stage 3 of 4", "no published time")
    walk.looks("l3-case-raiser")
    walk.is_(town.care_head, f"{here}reply/")
    walk.fill(answer="differs", what_differs="It is still right.")
    walk.send()
    escalate(walk, town.head, case, town.care)
    walk.send()
    walk.sees("Stage 4 of 4")
    walk.is_(town.unit, f"{here}recommend/")
    walk.fill(what="A visit each week.", reasons="She has said so twice.", raising_answers_too="no")
    walk.send()
    for head, answer in ((town.care_head, "in_part"), (town.police_head, "accepted")):
        walk.is_(head, f"{here}answer_recommendation/")
        walk.fill(recommendation_answer=answer, reasons="Each fortnight.")
        walk.send()
    walk.is_(town.care_head, f"{here}settle/")
    walk.fill(outcome="recommendation_in_part", reasons="Each fortnight.", impact="plan_improved")
    walk.fill(feedback="You said she was hungry. She is seen each fortnight.", on_record="31 12 2026")
    walk.send()
    walk.is_(town.teacher, f"{here}confirm_settled/")
    walk.send()
    walk.sees("Closed")
    assert case_told_by_api(walk, town.teacher, case) == steps_told(case)
