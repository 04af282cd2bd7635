"""Clocks that have run out say so once, to whoever has the referral: a letter unanswered, a review."""

from datetime import datetime

from django.db import transaction

from escalation.lado import notifications
from escalation.lado.case import read_case
from escalation.lado.models import Deadline, Referral, Reminded
from escalation.policy.words import london_date


def remind_late(*, now: datetime) -> int:
    """Queue a notice for each referral with a clock newly late, once; returns how many."""
    late = Deadline.objects.filter(decided_at__isnull=True, overdue_from__lt=now, reminded__isnull=True)
    referrals = Referral.objects.filter(pk__in=late.values("referral")).order_by("pk")
    return sum(_remind(referral, now) for referral in referrals)


@transaction.atomic
def _remind(referral: Referral, now: datetime) -> int:
    """Unless somebody met it or told it meanwhile: with the referral locked, both are seen."""
    locked = (
        Referral.objects.select_for_update(of=("self",)).select_related("policy_version").get(pk=referral.pk)
    )
    told = set(Reminded.objects.filter(deadline__referral=locked).values_list("deadline", flat=True))
    case = read_case(locked, today=london_date(now))
    fresh = [d for d in case.open_deadlines() if d.overdue_from < now and d.pk not in told]
    if not fresh:
        return 0
    Reminded.objects.bulk_create([Reminded(deadline=deadline, at=now) for deadline in fresh])
    notifications.notify_late(case, now=now)
    return 1
