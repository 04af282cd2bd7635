"""Ended LADO records for a dip sample, cheaply: rows alone, which nobody took step by step."""

from datetime import datetime, timedelta
from typing import Any

from core.chance import drawn_id
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.lado.models import DipSample, PolicyVersion, Referral
from escalation.lado.services.sampling import draw_sample
from escalation.policy.quarters import Quarter
from tests.moments import LONDON


def ended(at: datetime, *, policy: PolicyVersion, number: int = 3, **details: Any) -> list[Referral]:
    """So many records that ended at a moment, below the threshold."""
    return [Referral.objects.create(**_row(at, policy) | details) for _ in range(number)]


def _row(at: datetime, policy: PolicyVersion) -> dict[str, Any]:
    uuid = drawn_id("ended record")
    before = at - timedelta(days=3)
    return {
        "uuid": uuid,
        "key": drawn_id("form of an ended record"),
        "reference": uuid.hex[:8].upper(),
        "receipt": uuid.hex,
        "policy_version": policy,
        "opened_at": before,
        "told_at": before,
        "told_in_time": True,
        "way": "call",
        "status": "below_threshold",
        "sector": "primary",
        "ended_at": at,
    }


def acting(user: User, now: datetime) -> Acting:
    return Acting(user, standing_of(user, today=now.astimezone(LONDON).date(), at=now), now)


def being_read(
    *, by: User, other: User, policy: PolicyVersion, now: datetime, number: int = 3, sector: str = ""
) -> DipSample:
    """A sample of the year up to the last quarter that is over, drawn and read by nobody yet."""
    quarter = Quarter.of(now.astimezone(LONDON).date()).previous
    ended(datetime(quarter.end.year, quarter.end.month, 10, 12, tzinfo=LONDON), policy=policy, number=number)
    return draw_sample(quarter, sector, other, key=drawn_id("lado form"), by=acting(by, now))
