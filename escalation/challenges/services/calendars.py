"""The secret address under which a calendar program reads somebody's due times, made and ended by them."""

from datetime import datetime
from hashlib import sha256

from core.chance import drawn_token
from escalation.accounts.models import User
from escalation.challenges.models import CalendarFeed


def make_calendar(*, owner: User, now: datetime) -> str:
    """A new secret, which nothing else keeps; the one before opens nothing any more."""
    secret = drawn_token("calendar", 32)
    CalendarFeed.objects.update_or_create(
        owner=owner, defaults={"digest": digest_of_secret(secret), "made_at": now}
    )
    return secret


def end_calendar(*, owner: User) -> None:
    CalendarFeed.objects.filter(owner=owner).delete()


def digest_of_secret(secret: str) -> str:
    """It needs no salt: nobody can guess 32 bytes."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def owner_of(secret: str) -> User | None:
    """Whose calendar this opens; None for what is no secret, for an ended one, and for who has left."""
    found = CalendarFeed.objects.filter(digest=digest_of_secret(secret), owner__is_active=True)
    feed = found.select_related("owner").first()
    return feed.owner if feed else None
