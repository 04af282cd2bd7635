"""Open forums in releases: who came and what was answered, from numbers alone, rounded like all else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import shipped_plans
from escalation.forums.models import Sitting
from escalation.forums.services import answer, close, count, keep_pulses
from escalation.reporting.counting import forums
from escalation.reporting.counting.tabulating import midnight
from escalation.reporting.models import DOCUMENT, Release, ReleaseFile, State
from escalation.reporting.services import work
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import acting, sitting
from tests.moments import london
from tests.reporting.quarters import Unit

pytestmark = pytest.mark.django_db
PLAN = next(plan for plan in shipped_plans() if plan.key == "forums_middle")
THE_DAY = london(2026, 6, 10, 14)
QUARTER = (midnight(london(2026, 4, 1).date()), midnight(london(2026, 7, 1).date()))
Travel = Callable[[datetime], None]


@pytest.fixture
def forum(travel: Travel) -> Sitting:
    """Five of a trust of schools, three of a council with services of two kinds, one of nobody's group."""
    travel(THE_DAY)
    policy(today=THE_DAY.date())
    ruth = person("Ruth Ames", role="business_unit")
    trust, council, other = (organisation(name) for name in ("Trust", "Council", "Without a service"))
    for name in ("Oakfield", "Elm Park"):
        setting(name, group="education", of=trust)
    setting("Team 1", group="social_care", of=council)
    setting("Housing", group="housing", of=council)
    invited = [trust, council, other]
    before = THE_DAY - timedelta(days=20)
    found = sitting(by=ruth, host=trust, invited=invited, now=before, starts_at=THE_DAY)
    for wave, levels in (("before", "1123"), ("after", "34555")):
        for level in levels:
            at = THE_DAY - timedelta(days=1) if wave == "before" else THE_DAY
            answer(found.pulses.get(wave=wave), level, now=at)
    for each, came in zip(invited, (5, 3, 1), strict=True):
        count(found, each.pk, came, seen=0, by=acting(ruth, THE_DAY))
    close(found, by=acting(ruth, THE_DAY))
    return found


def counted(*by: str, on: Date, period: tuple[datetime, datetime] = QUARTER) -> dict[tuple[str, ...], int]:
    return dict(forums.group_by(PLAN)(by, on, *period))


def test_who_came_counts_when_the_forum_is_closed(forum: Sitting) -> None:
    assert counted(on=Date.LOGGED) == {(): 9}
    by_group: dict[tuple[str, ...], int] = {}
    for names, came in forums.group_by(PLAN)(["setting_group"], Date.LOGGED, *QUARTER):
        by_group[names] = by_group.get(names, 0) + came
    assert by_group == {("education",): 5, ("several",): 4}
    later = (QUARTER[1], QUARTER[1] + timedelta(days=90))
    assert counted(on=Date.LOGGED, period=later) == {(): 0}


def test_an_answer_counts_when_the_time_of_its_question_is_over(forum: Sitting) -> None:
    assert counted(on=Date.CLOSED) == {}, "nothing is sealed yet"
    keep_pulses(now=THE_DAY + timedelta(days=1))
    assert counted("wave", on=Date.CLOSED) == {("before",): 4}
    keep_pulses(now=THE_DAY + timedelta(days=15))
    assert counted(on=Date.CLOSED) == {(): 9}
    assert counted("wave", "confidence", on=Date.CLOSED) == {
        ("before", "low"): 3,
        ("before", "middle"): 1,
        ("before", "high"): 0,
        ("after", "low"): 0,
        ("after", "middle"): 1,
        ("after", "high"): 4,
    }


def test_a_forum_that_is_not_closed_counts_nobody(forum: Sitting) -> None:
    Sitting.objects.update(state="planned", ended_at=None)
    assert counted(on=Date.LOGGED) == {(): 0}


def test_what_forums_do_not_know_is_refused(forum: Sitting) -> None:
    for by, on in (("wave", Date.LOGGED), ("setting_group", Date.CLOSED)):
        with pytest.raises(ValueError, match="Forums cannot tell"):
            counted(by, on=on)


def test_a_release_of_forums_goes_the_way_of_all_releases(forum: Sitting, travel: Travel) -> None:
    """Counted, rounded to 5, checked, and ready for a second person."""
    keep_pulses(now=THE_DAY + timedelta(days=15))
    unit = Unit()
    unit.plan("forums_middle", expected=100)
    release = unit.ready(subject="forums")
    assert release.state == State.READY
    published = unit.approve(release)
    travel(published.publish_at)
    work(now=published.publish_at)
    told = json.loads(bytes(ReleaseFile.objects.get(release=release, name=DOCUMENT).content))
    assert [each["code"] for each in told["tables"]] == ["came", "answers"], "a year's tables wait"
    for table in told["tables"]:
        [part] = table["parts"]
        assert {cell["value"] for cell in part["cells"]} <= {5, 10}, "9 is told as 5 or 10"


def guards_of(table: str) -> int:
    """How many triggers of ours a table has."""
    sqlite = f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"  # noqa: S608
    postgres = f"SELECT count(*) FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(postgres if connection.vendor == "postgresql" else sqlite)
        return int(cursor.fetchone()[0])


def test_the_guards_of_releases_outlive_a_new_subject(forum: Sitting) -> None:
    """SQLite makes a table anew to change it, and forgets its triggers."""
    unit = Unit()
    plan = unit.plan("forums_middle", expected=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(plan).objects.filter(pk=plan.pk).update(expected=1)
    for table, guards in (("release", 3), ("releaseplan", 2), ("outsidefact", 2)):
        assert guards_of(f"reporting_{table}") == guards, table
    assert not Release.objects.filter(subject="forums").exists()
