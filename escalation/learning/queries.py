"""What pages about learning read, in few statements however much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from escalation.access.standing import Standing
from escalation.challenges.queries.shapes import CaseView
from escalation.challenges.workflow import CLOSING
from escalation.forums.queries import works_here
from escalation.retelling.models import PromiseState, TextState
from escalation.retelling.promising import led_by
from escalation.retelling.sources import read_source

from .models import Origin, Point


def origins_of(point: Point, standing: Standing, now: datetime) -> Sequence[CaseView]:
    """The challenges it comes from, as this person may read them: none whose words they may not read."""
    uuids = Origin.objects.filter(point=point).values_list("challenge__uuid", flat=True)
    views = [read_source(uuid, standing, now) for uuid in uuids]
    return [view for view in views if view is not None]


def is_over(point: Point) -> bool:
    """Whether all that it comes from is closed still; what comes from nothing is."""
    return not Origin.objects.filter(point=point).exclude(challenge__status__in=CLOSING).exists()


def told_to(standing: Standing) -> list[Point]:
    """All that is approved, for whoever works here: it names nobody."""
    return list(Point.objects.told()) if works_here(standing) else []


@dataclass(frozen=True)
class Waiting:
    """How many points a colleague asks this member of the unit to read, and how many actions are late."""

    asked: int
    late: int


def waiting(standing: Standing, today: date) -> Waiting:
    """The unit's late actions are all that are late, a lead's those that they can end. One statement."""
    late = Q(state=TextState.APPROVED, actions__state=PromiseState.OPEN, actions__due__lt=today)
    if not standing.in_business_unit:
        late &= Q(actions__organisation__in=led_by(standing).values("organisation"))
    asked = Q(state=TextState.PROPOSED) & ~Q(written_by=standing.user_id)
    found = Point.objects.order_by().aggregate(
        asked=Count("pk", filter=asked, distinct=True), late=Count("actions", filter=late, distinct=True)
    )
    return Waiting(found["asked"] if standing.in_business_unit else 0, found["late"])
