"""A staff survey for the demo: held two months ago, answered by most organisations, and sealed."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, User
from escalation.policy.clock import LONDON
from escalation.policy.section11 import framework_on

from .models import Survey
from .services import answer, keep_surveys, open_up

AGO, OPEN_FOR = timedelta(days=60), timedelta(days=14)
EACH = (
    {"know_how": "yes", "know_policy": "yes", "supported": "yes", "know_route": "yes"},
    {"know_how": "yes", "know_policy": "partly", "supported": "yes", "know_route": "yes"},
    {"know_how": "partly", "know_policy": "no", "supported": "partly", "know_route": "yes"},
    {"know_how": "yes", "know_policy": "yes", "supported": "no", "know_route": "partly"},
    {"know_how": "not_said", "know_policy": "partly", "supported": "not_said", "know_route": "no"},
)
"""How people answer, in turn."""
MOST = 19


def fill(today: date) -> None:
    """Each organisation has another number of people who answer: some too few to be shown."""
    unit = User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT).order_by("pk").first()
    day = today - AGO
    if unit is None or framework_on(day) is None or Survey.objects.exists():
        return
    now = datetime.combine(day, time(10), tzinfo=LONDON)
    survey = open_up(
        closes_on=day + OPEN_FOR,
        key=uuid5(NAMESPACE_URL, f"survey {day}"),
        by=Acting(unit, standing_of(unit, today=day), now),
    )
    for number, organisation in enumerate(Organisation.objects.order_by("pk")):
        for at in range((7 * number + 5) % MOST):
            answer(survey, organisation.pk, EACH[(at + number) % len(EACH)], now=now)
    keep_surveys(now=now + OPEN_FOR + timedelta(days=1))
