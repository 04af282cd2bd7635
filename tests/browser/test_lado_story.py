"""The LADO at a desk: from a call to closed, with two allegations, two employers, three strands, a review.

Each guard of the road is met once, by trying too early: its page says why, and nothing changes.
"""

from datetime import datetime

import pytest

from escalation.lado.models import Referral
from escalation.lado.workflow import STEP
from tests.browser.conftest import DESK
from tests.browser.walk import Walk, lets_in
from tests.factories import person
from tests.moments import london

pytestmark = pytest.mark.browser

CALLED = london(2027, 1, 5, 10, 41)


class Desk:
    """One referral on the LADO's screen."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.lado = lets_in(person("Hannah Lyle", job="LADO", role="lado"))
        lets_in(person("Idris Bell", job="deputy LADO", role="deputy_lado"))

    @property
    def referral(self) -> Referral:
        return Referral.objects.get()

    def on(self, moment: datetime) -> None:
        self.walk.at(moment)
        self.walk.is_(self.lado, "/lado/")

    def step(self, name: str, **answers: str) -> None:
        """Open a step's page, answer it, and read the record again."""
        self.walk.open(f"{self.referral.get_absolute_url()}{name}/")
        self.walk.fill(**answers)
        self.walk.send()
        self.walk.sees(STEP[name].banner)

    def stopped(self, name: str, sentence: str) -> None:
        """Too early: the page says why."""
        version = self.referral.version
        self.walk.open(f"{self.referral.get_absolute_url()}{name}/")
        self.walk.sees("This can't be done now", sentence)
        assert self.referral.version == version

    def move(self, number: int, state: str, what: str) -> None:
        """Say where a strand stands: each strand asks under it what it can become."""
        strand = self.row("strands", number)
        self.step("move_strand", strand=strand, **{f"strand_state_{strand}": state}, what=what)

    def row(self, name: str, number: int = 0) -> str:
        return str(getattr(self.referral, name).all()[number].pk)


def test_a_referral_goes_from_contact_to_closed(walk: Walk) -> None:
    walk.screen.resize(DESK)
    desk = Desk(walk)
    desk.on(CALLED)
    walk.looks("10a-lado-list-empty")
    walk.press("Take a contact")
    walk.fill(
        referrer="Bernadette Quarshie-Lund",
        referrer_phone="020 7946 0177",
        what="Escort driver is said to have held a child's arm hard. Red mark seen by the teacher.",
        known="another",
        known_on="22 12 2026",
        adult_name="Dominic Achterberg",
        sector="transport",
    )
    walk.looks("10b-lado-contact")
    walk.send()
    walk.sees("receipt number", "Told late", "Reply to a contact", "What stands in the way")
    walk.looks("10c-lado-record")

    desk.stopped("accept", "four parts of the threshold")
    desk.step("record_threshold", limbs="harmed")
    desk.step("accept", what="A child may have been harmed.")
    desk.step("start_evaluation", what="The police were asked.")
    desk.step("plan_meeting", meets_on="6 1 2027", section_47="no")
    desk.on(london(2027, 1, 6, 12))
    desk.step(
        "hold_meeting", held_on="6 1 2027", attendees="Hannah Lyle, LADO", what="The police look first."
    )
    desk.stopped("open_strands", "Add a strand first")
    desk.step("add_employer", employer_name="Northfield Transport", sector="transport")
    desk.step("add_employer", employer_name="Quickstaff", sector="other", is_agency="yes")
    desk.step("add_strand", strand_kind="police")
    desk.step("add_strand", strand_kind="employment", employer=desk.row("employers"))
    desk.step("add_strand", strand_kind="employment", employer=desk.row("employers", 1))
    desk.stopped("open_strands", "which of them leads")
    desk.step("set_lead_employer", employer=desk.row("employers"))
    desk.step("open_strands")
    walk.sees("Strands open", "Northfield Transport")
    desk.stopped("determine", "what is alleged")
    desk.step("add_allegation", nature="physical", what="Held an arm hard.")
    desk.step("add_allegation", nature="conduct", what="Shouted.")
    walk.looks("10d-lado-strands")

    desk.on(london(2027, 2, 3, 12))
    walk.sees("Review due 1")
    desk.step("hold_review", held_on="3 2 2027", what="The police have ended theirs.", next_review="3 3 2027")
    walk.open(f"{desk.referral.get_absolute_url()}record_outcome/")
    walk.fill(allegation=desk.row("allegations"), outcome="substantiated", reasons="The teacher saw it.")
    walk.press("Save")
    walk.sees("A strand is still open. Say why the outcome can't wait")
    walk.looks("10e-lado-outcome-too-early")
    for number in range(3):
        desk.move(number, "concluded", "It has ended.")
    walk.sees("Strands concluded")
    desk.step(
        "record_outcome",
        allegation=desk.row("allegations"),
        outcome="substantiated",
        reasons="The teacher saw it.",
    )
    desk.stopped("determine", "outcome of its own")
    desk.step(
        "record_outcome",
        allegation=desk.row("allegations", 1),
        outcome="unfounded",
        reasons="Nobody heard it.",
    )
    desk.step("determine", removed="yes")
    desk.step("start_duties", what="The driver, the firm and the parents were told.")
    walk.looks("10f-lado-duties")

    desk.stopped("close", "DBS question")
    desk.step("answer_dbs", dbs_answer="referred", dbs_on="3 2 2027")
    desk.stopped("close", "regulator question")
    desk.step(
        "answer_regulator",
        regulator="none",
        regulator_answer="not_required",
        reasons="No body registers drivers.",
    )
    desk.stopped("close", "told late")
    desk.step("record_times", late_reason="The firm did not know whom to call.")
    desk.step("ask_head", who_disagrees="The firm", what="They want it unfounded.")
    desk.stopped("close", "head of service")
    desk.step("head_answered", spoke_to="Head of service", what="It stands.")
    desk.move(0, "in_court", "Charged after all.")
    desk.stopped("close", "strand is still open")
    desk.move(0, "concluded", "Fined.")
    desk.step("close")
    walk.sees("It is closed", "Closed")
    walk.looks("10g-lado-closed")
    walk.open("/lado/search/")
    walk.fill(q="Dominik Achterburg")
    walk.send()
    walk.sees("1 record with a name like this")
    walk.looks("10h-lado-search")
    assert desk.referral.status == "closed"


def test_a_school_tells_the_lado_in_writing(walk: Walk) -> None:
    """On a phone: the form, the receipt, and what the receipt lets one do."""
    walk.at(CALLED)
    lead = lets_in(person("Priya Shah", job="designated safeguarding lead"))
    person("Hannah Lyle", role="lado")
    walk.is_(lead, "/tell-lado/")
    walk.looks("10i-tell-lado")
    walk.fill(telling_as="employer", what="A helper held a child's arm hard.")
    walk.send()
    walk.sees("Your receipt number is")
    walk.looks("10j-lado-told")
    number = walk.text.partition("Your receipt number is ")[2][:14]
    walk.press("Add to it with your receipt number")
    walk.fill(receipt=number)
    walk.send()
    walk.looks("10k-lado-receipt")
    walk.fill(what="The cook saw it too.")
    walk.send()
    walk.sees("What you wrote is sent to the LADO.")
