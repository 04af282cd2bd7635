"""One mail a day in place of each, for those who chose it.

What waits for them stays where it is; once a day one message stands for all of it. What is urgent goes at
once, and a table behind a wall knows no digest: its numbers would leave it.
"""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from core.outbox.models import WAITING, Message, OneMailADay
from core.outbox.notices import Notice, register
from core.outbox.services import queue

DIGEST = "digest"
KEPT_FOR_THE_DAY = Q(Exists(OneMailADay.objects.filter(user=OuterRef("to"))), ~Q(kind=DIGEST), urgent=False)
"""Messages of `Message` that go in no mail of their own."""


def register_digest() -> None:
    """Make the words of the day's mail known, when the app starts."""
    register(
        Notice(
            DIGEST,
            "Your one mail of the day",
            "You have something to do in the challenge log, or something is new there. You chose one mail a "
            "day; what cannot wait comes at once.",
        )
    )


def wants_one_mail_a_day(user: AbstractBaseUser) -> bool:
    return OneMailADay.objects.filter(user=user.pk).exists()


def choose(user: AbstractBaseUser, *, one_a_day: bool, now: datetime) -> None:
    """One mail a day from now on, or each; what is kept for the day goes at once where it is each again."""
    if one_a_day:
        OneMailADay.objects.get_or_create(user_id=user.pk, defaults={"since": now})
    else:
        OneMailADay.objects.filter(user=user.pk).delete()


@transaction.atomic
def tell_of_the_day(*, now: datetime, since: datetime, path: str) -> int:
    """The day's mail to everybody for whom something is kept; once since `since`, however often it is asked.

    What it stands for and the mail are written together, so that nothing is told twice or not at all.
    Returns how many mails that made.
    """
    kept = Message.objects.filter(WAITING, KEPT_FOR_THE_DAY, due_at__lte=now)
    told = Message.objects.filter(kind=DIGEST, created_at__gte=since).values("to")
    kept = kept.exclude(to__in=told)
    rows = list(kept.select_for_update(of=("self",)).select_related("to"))
    people = {row.to_id: row.to for row in rows if row.to.is_active}
    if people:
        queue(to=people.values(), kind=DIGEST, path=path, now=now)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(told_in_digest_at=now)
    return len(people)
