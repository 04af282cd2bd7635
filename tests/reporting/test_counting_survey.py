"""Staff surveys in releases: from numbers alone, by the day they were sealed, rounded like all else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from escalation.attacker import attack
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy.quarters import Quarter
from escalation.reporting.counting import survey
from escalation.reporting.counting.tabulating import midnight
from escalation.reporting.models import DOCUMENT, Release, ReleaseFile, State
from escalation.reporting.services import work
from escalation.surveys.services import keep_surveys
from tests.factories import organisation, person, policy, setting
from tests.moments import london
from tests.reporting.quarters import Unit
from tests.sql import counted_sql
from tests.surveys.held import YES, answered, opened

pytestmark = pytest.mark.django_db
PLAN = next(plan for plan in shipped_plans() if plan.key == "survey_middle")
THE_DAY = london(2027, 2, 1, 10)
QUARTER = (midnight(london(2027, 1, 1).date()), midnight(london(2027, 4, 1).date()))
Q4 = Quarter(2026, 4)
Travel = Callable[[datetime], None]


@pytest.fixture
def unit(travel: Travel) -> Unit:
    """Forty of a trust of schools, thirty of a council with services of two kinds, seven police."""
    travel(THE_DAY)
    policy(today=THE_DAY.date())
    unit = Unit()
    trust, council, police = (organisation(name) for name in ("Trust", "Council", "Police"))
    setting("Oakfield", group="education", of=trust)
    setting("Team 1", group="social_care", of=council)
    setting("Housing", group="housing", of=council)
    setting("Unit", group="police", of=police)
    asked = opened(by=unit.ruth, now=THE_DAY)
    answered(asked, trust, 33, now=THE_DAY)
    answered(asked, trust, 7, now=THE_DAY, said=YES | {"supported": "no"})
    answered(asked, council, 30, now=THE_DAY, said=YES | {"know_how": "partly"})
    answered(asked, police, 7, now=THE_DAY, said=dict.fromkeys(YES, "not_said"))
    return unit


def counted(*by: str, period: tuple[datetime, datetime] = QUARTER) -> dict[tuple[str, ...], int]:
    found = survey.group_by(PLAN)(by, Date.CLOSED, *period)
    return {names: people for names, people in found if people}


def sealed() -> None:
    keep_surveys(now=THE_DAY + timedelta(days=15))


def test_people_count_on_the_day_the_survey_is_sealed(unit: Unit) -> None:
    assert counted() == {}
    sealed()
    assert counted() == {(): 77}
    assert counted(period=(QUARTER[1], QUARTER[1] + timedelta(days=90))) == {}


def test_each_question_counts_the_same_people_by_group(unit: Unit) -> None:
    sealed()
    assert counted("setting_group") == {("education",): 40, ("several",): 30, ("police",): 7}
    assert counted("know_how") == {("yes",): 40, ("partly",): 30, ("not_said",): 7}
    assert counted("setting_group", "supported") == {
        ("education", "yes"): 33,
        ("education", "no"): 7,
        ("several", "yes"): 30,
        ("police", "not_said"): 7,
    }
    with counted_sql() as found:
        counted("setting_group", "know_route")
    assert len(found) == 1


def test_two_questions_are_never_crossed_and_nothing_is_counted_by_another_day(unit: Unit) -> None:
    with pytest.raises(ValueError, match="cannot tell who said this"):
        counted("know_how", "supported")
    with pytest.raises(ValueError, match="counts when it is sealed"):
        dict(survey.group_by(PLAN)((), Date.LOGGED, *QUARTER))


def test_a_question_that_was_not_asked_counts_as_not_said(unit: Unit) -> None:
    sealed_without = {code: {"yes": 3} for code in YES if code != "know_route"}
    assert survey._said(sealed_without, "know_route") == {"": 3}
    assert PLAN.dimension("know_route").category("") == "not_said"


def test_a_release_of_the_survey_passes_disclosure_control_and_its_audit(unit: Unit, travel: Travel) -> None:
    """Counted, rounded, certified, approved by a second person, published on its day; and the attacker, from
    the published document alone, finds nothing."""
    sealed()
    unit.plan("survey_middle", expected=100)
    for number in (1, 2, 3):
        quarter = Quarter(2026, number)
        release = unit.published(quarter, "survey")
        assert release.state == State.PUBLISHED
    release = unit.ready(Q4, "survey")
    assert release.state == State.READY, "a release without a certificate is refused"
    published = unit.approve(release)
    travel(published.publish_at)
    work(now=published.publish_at)
    releases = Release.objects.filter(subject="survey", state=State.PUBLISHED).order_by("number")
    told = [
        json.loads(bytes(ReleaseFile.objects.get(release=each, name=DOCUMENT, edition=each.edition).content))
        for each in releases
    ]
    tables = {each["code"]: each for each in told[-1]["tables"]}
    assert set(tables) == {"answered", "know_how", "know_policy", "supported", "know_route"}
    values = [cell["value"] for table in tables.values() for part in table["parts"] for cell in part["cells"]]
    assert {each % 5 for each in values if each is not None} == {0}
    assert 80 in values or 75 in values, "77 is told as 75 or 80"
    found = attack(told)
    assert [each for each in found if each.low == each.high or (each.low >= 1 and each.high <= 4)] == []
    assert min(each.high - each.low for each in found) >= 4


def test_the_guards_of_releases_outlive_the_fourth_subject(unit: Unit) -> None:
    plan = unit.plan("survey_middle", expected=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(plan).objects.filter(pk=plan.pk).update(expected=1)
    assert person() is not None
