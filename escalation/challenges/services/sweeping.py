"""The steps that the calendar takes, and nobody else."""

import logging
from datetime import datetime

from django.db import transaction

from core.api.idempotency import forget_old_keys
from core.audit.channel import Channel
from core.machine import Moved, Refused
from escalation.access.standing import Standing
from escalation.challenges.case import read_case
from escalation.challenges.clocks import keep_turn
from escalation.challenges.models import Challenge
from escalation.challenges.services.stepping import take_step
from escalation.challenges.workflow import STEP, Status

logger = logging.getLogger(__name__)


def sweep(*, now: datetime) -> int:
    """Take the two steps that the calendar takes: end holds at their limit, close what nobody confirmed.

    Returns how many steps were taken. A challenge that somebody is changing at this moment is left
    for the next sweep.
    """
    due = Challenge.objects.filter(status=Status.ON_HOLD, holds__ended__isnull=True, holds__limit__lte=now)
    taken = sum(_system_step(challenge, "resume", now) for challenge in due.distinct())
    silent = Challenge.objects.filter(
        status=Status.SETTLED,
        deadlines__name="lead_confirm",
        deadlines__decided_at__isnull=True,
        deadlines__overdue_from__lt=now,
    )
    taken += sum(_system_step(challenge, "close_unconfirmed", now) for challenge in silent.distinct())
    for challenge in Challenge.objects.filter(status=Status.SETTLED, overdue_from__lt=now):
        _refresh(challenge, now)
    forget_old_keys(now=now)
    return taken


def _system_step(challenge: Challenge, name: str, now: datetime) -> bool:
    try:
        take_step(
            challenge,
            STEP[name],
            by=None,
            standing=Standing(),
            expected=challenge.version,
            now=now,
            channel=Channel.SYSTEM,
        )
    except (Moved, Refused):
        logger.info("The sweep left %s for next time", name)
        return False
    return True


@transaction.atomic
def _refresh(challenge: Challenge, now: datetime) -> None:
    """After a missed confirmation the next one runs: keep the list's due time true."""
    locked = (
        Challenge.objects.select_for_update(of=("self",))
        .select_related("policy_version")
        .get(pk=challenge.pk)
    )
    keep_turn(read_case(locked), now)
    locked.save(update_fields=["next_due", "overdue_from", "unit_owes", "partners_owe"])
