"""Mails about what an organisation was asked: a week before the day, on it, and each week after it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from core.web.dates import london_day
from escalation.access.acting import Calendar
from escalation.assurance import events
from escalation.assurance.models import AssuranceRequest
from escalation.assurance.notifications import DUE, NEARLY_DUE, OVERDUE, remind
from escalation.assurance.workflow import OURS

BEFORE, WEEKLY = timedelta(days=7), timedelta(days=7)
REMINDED = "reminded"


def reminder_day(due: date, today: date) -> date | None:
    """The last day up to today on which one is reminded of `due`; None where none has come."""
    if today < due - BEFORE:
        return None
    return due - BEFORE if today < due else due + WEEKLY * ((today - due) // WEEKLY)


def kind_of(due: date, today: date) -> str:
    """Which mail it is: also one that comes late, as after a night in which nothing was sent."""
    if today < due:
        return NEARLY_DUE
    return DUE if today == due else OVERDUE


def remind_of_requests(*, now: datetime) -> int:
    """Whoever can sign for an organisation that has to answer, once for each day; how many requests."""
    today = london_day(now)
    waiting = AssuranceRequest.objects.filter(status__in=OURS, due__lte=today + BEFORE)
    return sum(_reminded(pk, Calendar(now)) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _reminded(pk: int, by: Calendar) -> bool:
    request = (
        AssuranceRequest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    )
    day = reminder_day(request.due, by.today) if request.status in OURS else None
    if day is None or day <= _told_on(request):
        return False
    request.reminded_for = day
    request.save(update_fields=["reminded_for"])
    events.record([request], REMINDED, by=by)
    remind(request, kind_of(request.due, by.today), by=by)
    return True


def _told_on(request: AssuranceRequest) -> date:
    """Up to which day they know: by a reminder, or because the day was given to them then."""
    given = request.entries.aggregate(at=Max("at", filter=Q(due__isnull=False)))["at"]
    known = london_day(given or request.asked_at)
    return max(known, request.reminded_for) if request.reminded_for else known
