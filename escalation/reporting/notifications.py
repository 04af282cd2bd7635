"""Whom a release waits for."""

from datetime import datetime

from django.urls import reverse

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import User
from escalation.reporting.models import Release

READY = "release_ready"
NOTICES = (
    Notice(
        READY,
        "Figures wait for your approval",
        "The figures of a quarter are ready. Somebody who did not start them has to look at them and "
        "approve them before they are published.",
        "Look at the figures",
    ),
)


def tell_ready(release: Release, *, now: datetime) -> None:
    """The business unit, but for whoever started it; in the caller's transaction."""
    unit = User.objects.filter(is_active=True, seats__kind=SeatKind.BUSINESS_UNIT)
    path = reverse("reporting:release", args=[release.uuid])
    others = [each for each in unit.distinct() if each.pk != release.started_by_id]
    queue(to=others, kind=READY, path=path, now=now)
