"""Which closed challenges somebody of neither side could read: what a dip sample is drawn from."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from escalation.accounts.models import Seat, User
from escalation.challenges.models import Challenge, Conflict, Entry, Grant, Party
from escalation.challenges.workflow import CLOSING


def closed_for(readers: Sequence[User], *, begins: datetime, ends: datetime) -> QuerySet[Challenge]:
    """Closed in [begins, ends) and still closed, where none of the readers has had a part.

    Left out is what an organisation of theirs took part in, what they must not see, and wherever they wrote,
    were let in (a panel that they chaired or sat on, too), or were named.
    """
    organisations = Seat.objects.filter(user__in=readers, setting__isnull=False).order_by()
    theirs = Party.objects.filter(setting__organisation__in=organisations.values("setting__organisation"))
    named = Party.objects.filter(counterpart__in=readers)
    parted = [
        theirs,
        named,
        Entry.objects.filter(actor__in=readers),
        Grant.objects.filter(user__in=readers).exclude(kind="sample"),
        Conflict.standing().filter(user__in=readers),
    ]
    found = Challenge.objects.raised_here().filter(
        status__in=CLOSING, closed_at__gte=begins, closed_at__lt=ends
    )
    for rows in parted:
        found = found.exclude(pk__in=rows.order_by().values("challenge"))
    return found.exclude(Q(raised_by__in=readers)).order_by("uuid")
