"""Learning in releases: points and what came of actions, each on its own day, whatever happens afterwards."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from escalation.accounts.models import User
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import shipped_plans
from escalation.learning.models import Point
from escalation.learning.services import end_action, take_back
from escalation.reporting.counting import learning
from escalation.reporting.counting.tabulating import midnight
from escalation.reporting.models import DOCUMENT, ReleaseFile
from tests.factories import organisation, person, policy
from tests.forums.planned import acting
from tests.learning.learnt import acted, approved, written
from tests.moments import london
from tests.reporting.quarters import Q4, Unit

pytestmark = pytest.mark.django_db
PLAN = next(plan for plan in shipped_plans() if plan.key == "learning_small")
THE_DAY = london(2026, 6, 10, 14)
YEAR = (midnight(london(2026, 4, 1).date()), midnight(london(2027, 4, 1).date()))
Travel = Callable[[datetime], None]


@pytest.fixture
def ruth(travel: Travel) -> User:
    """Two points on one theme, one a training need, and one that nobody has approved; three actions."""
    travel(THE_DAY)
    policy(today=THE_DAY.date())
    ruth, sam = (person(name, role="business_unit") for name in ("Ruth Ames", "Sam Ode"))
    care, by = organisation("Council"), acting(ruth, THE_DAY + timedelta(days=30))
    written(by=ruth, now=THE_DAY)
    approved(by=ruth, other=sam, now=THE_DAY, theme="recording")
    point = approved(by=ruth, other=sam, now=THE_DAY, kind="training", theme="supervision")
    for days, is_done in ((30, True), (29, True), (60, False), (90, None)):
        due = (THE_DAY + timedelta(days=days)).date()
        row = acted(point, by=ruth, of=care, now=THE_DAY, due=due)
        if is_done is not None:
            end_action(row, is_done=is_done, changed="So it is.", evidence="Page 2.", by=by)
    return ruth


def counted(*by: str, on: Date, period: tuple[datetime, datetime] = YEAR) -> dict[tuple[str, ...], int]:
    return dict(learning.group_by(PLAN)(by, on, *period))


def test_a_point_counts_on_the_day_it_was_approved(ruth: User) -> None:
    assert counted(on=Date.LOGGED) == {(): 2}
    assert counted("kind", on=Date.LOGGED) == {("practice",): 1, ("training",): 1}
    assert counted("theme_group", on=Date.LOGGED) == {("other",): 2}
    assert counted(on=Date.LOGGED, period=(YEAR[1], YEAR[1] + timedelta(days=90))) == {}


def test_what_is_taken_back_later_stays_counted(ruth: User) -> None:
    for point in Point.objects.filter(state="approved"):
        take_back(point, by=acting(ruth, THE_DAY + timedelta(days=90)))
    assert counted(on=Date.LOGGED) == {(): 2}


def test_an_action_counts_when_it_is_said_what_came_of_it(ruth: User) -> None:
    assert counted(on=Date.CLOSED) == {(): 3}
    assert counted("came_of_it", on=Date.CLOSED) == {
        ("done_in_time",): 1,
        ("done_late",): 1,
        ("not_done",): 1,
    }


def test_what_learning_does_not_know_is_refused(ruth: User) -> None:
    for by, on in (("came_of_it", Date.LOGGED), ("kind", Date.CLOSED)):
        with pytest.raises(ValueError, match="Learning cannot tell"):
            counted(by, on=on)


def test_a_release_of_learning_goes_the_way_of_all_releases(ruth: User) -> None:
    """Counted, rounded to 5, checked, approved by a second person, and published on its day."""
    unit = Unit()
    unit.plan("learning_small", expected=20)
    published = unit.published(Q4, subject="learning")
    told = json.loads(bytes(ReleaseFile.objects.get(release=published, name=DOCUMENT).content))
    assert {each["code"] for each in told["tables"]} == {"learnt", "learnt_by_kind", "acted", "acted_by_end"}
    values = {cell["value"] for each in told["tables"] for part in each["parts"] for cell in part["cells"]}
    assert values <= {0, 5, None}
