"""A scrutineer reads a published quarter, on a phone: nobody is shut out from its charts and tables."""

import pytest

from tests.browser.walk import Walk, lets_in
from tests.factories import person
from tests.moments import london
from tests.reporting.quarters import Unit, logged

pytestmark = pytest.mark.browser

PUBLISHED = london(2026, 8, 11, 10)


def test_a_scrutineer_reads_a_release(walk: Walk) -> None:
    unit = Unit()
    unit.plan()
    logged(27)
    unit.published()
    walk.at(PUBLISHED)
    walk.is_(lets_in(person("Priya Farrow", role="scrutineer")), "/published/")
    walk.sees("2026-27-Q2 is not over")
    walk.looks("11-releases")
    walk.press("April to June 2026, Professional challenges")
    walk.sees("Why is this rounded?", "There is nothing to compare these with yet.")
    walk.looks("11-release")


def test_the_unit_finds_its_releases_on_a_phone(walk: Walk) -> None:
    unit = Unit()
    unit.plan()
    unit.published()
    walk.at(PUBLISHED)
    walk.is_(lets_in(unit.ruth), "/releases/")
    walk.sees("2026-27-Q1", "Published", "11 August 2026")
    walk.looks("11-releases-of-the-unit")
