"""A scrutineer reads a published quarter, on a phone: nobody is shut out from its charts and tables."""

import pytest

from escalation.reporting.services import work
from tests.browser.walk import Walk, lets_in
from tests.factories import challenge, person, setting
from tests.moments import london
from tests.reporting.quarters import Unit

pytestmark = pytest.mark.browser

PUBLISHED = london(2026, 8, 11, 10)


def test_a_scrutineer_reads_a_release(walk: Walk) -> None:
    unit = Unit()
    unit.plan()
    school, team = setting(group="education"), setting(group="social_care")
    teacher = person(practitioner=school)
    for _ in range(27):
        challenge(by=teacher, raising=school, asked=[team], now=london(2026, 5, 12, 10))
    unit.approved()
    work(now=PUBLISHED)
    walk.at(PUBLISHED)
    walk.is_(lets_in(person("Priya Farrow", role="scrutineer")), "/published/")
    walk.sees("2026-27-Q2 is not over")
    walk.looks("11-releases")
    walk.press("April to June 2026, Professional challenges")
    walk.sees("Why is this rounded?", "There is nothing to compare these with yet.")
    walk.looks("11-release")
