"""The business manager makes a new version of the policy on a screen, and a colleague approves it."""

import pytest

from escalation.rulemaking.models import PolicyDraft
from tests.browser.assured import looks_at_both
from tests.browser.walk import Walk, lets_in
from tests.factories import person, setting
from tests.moments import london

pytestmark = [pytest.mark.browser, pytest.mark.proof]

MORNING = london(2026, 11, 30, 10)


def test_a_version_is_written_tried_with_days_and_approved(walk: Walk) -> None:
    ruth = lets_in(person("Ruth Ames", role="business_unit"))
    sam = lets_in(person("Sam Ode", role="business_unit"))
    teacher = lets_in(person("Amara Cole", practitioner=setting("Oakfield", group="education")))

    walk.at(MORNING)
    walk.open("/policy/")
    looks_at_both(walk, "policy", "Raised today, Mon 30 Nov", "their answer is due by Wed 2 Dec, 5pm")
    walk.is_(ruth, "/monday/")
    walk.press("The policy")
    looks_at_both(walk, "policy-drafts", "Which one do you begin with?")
    walk.send()
    draft = PolicyDraft.objects.get().get_absolute_url()
    looks_at_both(walk, "policy-draft-new", "Nothing changed", "Add a stage")
    walk.press("Title, first day and limits")
    walk.fill(title="MSCP escalation policy 2026", start="today")
    looks_at_both(walk, "policy-about", "From which day does it hold?")
    walk.send()

    walk.press("Change: Answer the challenge, Worker to worker")
    walk.fill(quantity="400")
    walk.press("Keep it")
    looks_at_both(walk, "policy-time-refused", "Use 100 working days or fewer.")
    walk.fill(quantity="4")
    walk.send()
    walk.sees("“Answer the challenge”: 4 working days. It was 2 working days.")
    walk.press("Add a stage")
    walk.fill(name="Directors", long_name="Directors of both services", who="In writing")
    walk.fill(kind="dialogue", seniority="senior_lead", unit="told", place="3", times_of="2")
    looks_at_both(walk, "policy-stage-new", "Which times does it begin with?")
    walk.send()
    walk.sees("Stage 4, “Directors”, is new.")
    walk.press("Take the stage out: Leads")
    looks_at_both(walk, "policy-draft-wrong", "To put right before you offer it")
    walk.press("Add a stage")
    walk.fill(name="Leads", long_name="Safeguarding leads", who="By phone first")
    walk.fill(kind="dialogue", seniority="lead", unit="told", place="1", times_of="0")
    walk.send()
    walk.open(f"{draft}words/issue/")
    looks_at_both(walk, "policy-words", "A new word")
    walk.open(f"{draft}notes/")
    looks_at_both(walk, "policy-notes", "When was it last checked?")
    walk.open(f"{draft}preview/")
    walk.press("Before Christmas")
    looks_at_both(walk, "policy-preview", "Begun on Wednesday 23 December 2026", "Thu 31 Dec, 5pm")
    walk.open(f"{draft}read/")
    looks_at_both(walk, "policy-as-read", "It does not hold.")
    walk.open(draft)
    walk.press("Offer it to a second person")
    walk.sees("It waits for a colleague")
    assert "Approve it" not in walk.text

    walk.is_(sam, draft)
    looks_at_both(walk, "policy-approve", "Your word", "What follows from it")
    walk.press("Approve it, from Monday 30 November 2026")
    walk.sees("It is approved.")
    walk.is_(teacher, "/policy/")
    walk.sees("MSCP escalation policy 2026, version 3", "their answer is due by Fri 4 Dec, 5pm")
    walk.press("What is new in it")
    looks_at_both(walk, "policy-changes", "“Answer the challenge”: 4 working days.")
