"""A referral that somebody began and did not send: kept for them alone. The LADO is not told of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from escalation.accounts.models import User
from escalation.lado.models import Unsent

KEPT_DAYS = 30


def keep_unsent(*, owner: User, words: Mapping[str, str], now: datetime) -> None:
    """Keep what stands in the boxes of the form; what was kept before is replaced."""
    Unsent.objects.update_or_create(owner=owner, defaults={"words": dict(words), "saved_at": now})


def drop_unsent(*, owner: User) -> None:
    """Once it is sent, or not wanted any more, it is not kept beside."""
    Unsent.objects.filter(owner=owner).delete()


def forget_old_unsent(*, now: datetime) -> None:
    """What nobody came back to is gone after its days."""
    Unsent.objects.filter(saved_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
