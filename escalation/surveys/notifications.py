"""Who gets a mail about a survey. What is asked and answered is on the page alone."""

from django.urls import reverse

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.access.acting import Acting
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User

OPENED = "survey_opened"
NOTICES = (
    Notice(
        OPENED,
        "One minute for your people: a staff survey",
        "The partnership asks staff of every organisation a few questions about challenge. Please open the "
        "page, and pass the link on to your people: one minute, no sign-in, nobody's name.",
        button="See the survey",
    ),
)
LEADERS = (SeatKind.LEAD, SeatKind.SENIOR_LEAD, SeatKind.PARTNER)


def tell_of_survey(*, by: Acting) -> None:
    """Every lead, head of service and partner; they pass it on to their people."""
    people = User.objects.filter(seats__kind__in=LEADERS, is_active=True).exclude(pk=by.user.pk)
    queue(to=people.order_by("pk").distinct(), kind=OPENED, path=reverse("surveys"), now=by.now)
