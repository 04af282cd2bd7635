"""Idempotency-Key: what is sent again with the same key is done once.

if used_before(request, key, now=now):
    return the_answer()
try:
    with once(request, key, now=now):
        do_it()
except UsedMeanwhile:
    pass
return the_answer()

A key is its user's own. It is kept in the transaction of what it did, so there is never one without the
other; what was refused used no key. The answer is not kept but made anew: see ADR 0012.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.models import UsedKey
from core.api.problems import Unprocessable
from core.text.digest import digest_of

KEY = "Idempotency-Key"
# Not by its format: clients made from that send no text, but an object that no header can hold.
KEY_SHAPE = {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}
EXAMPLE = f"{KEY}: 7c0f6a1e-2b5d-4d83-9a44-0e6f1c9b2d37"
MISSING = (
    f"The header {KEY} is missing. Make a new UUID for each challenge and send it, like {EXAMPLE}. "
    "When you try again, send the same one: then nothing is done twice."
)
NO_UUID = f"The header {KEY} is not a UUID. Make a new one and send it like {EXAMPLE}."
OTHER_WORDS = "This key was used already, for something else. Make a new one."


class UsedMeanwhile(Exception):
    """The same was sent at the same moment, and the other one did it."""


def key_sent(request: Request) -> UUID | None:
    """The key, with or without quotation marks, or None; ValidationError where it is no UUID."""
    written = request.headers.get(KEY)
    if written is None:
        return None
    try:
        return UUID(written.strip().strip('"'))
    except ValueError:
        raise ValidationError({KEY: [NO_UUID]}) from None


def used_before(request: Request, key: UUID, *, now: datetime) -> bool:
    """Whether this very request was done already; Unprocessable where the key was used for another one.

    One SELECT, and a DELETE where the key is so old that it is forgotten.
    """
    used = UsedKey.objects.filter(owner=_owner(request), key=key).first()
    if used is None:
        return False
    if used.used_at < now - kept():
        used.delete()
        return False
    if used.sent != _digest(request):
        raise Unprocessable(OTHER_WORDS, KEY)
    return True


@contextmanager
def once(request: Request, key: UUID | None, *, now: datetime) -> Iterator[None]:
    """Do what is inside and use up the key, both or neither; one INSERT. Without a key, just do it.

    Who sends the same at the same moment waits for it, and gets UsedMeanwhile (or Unprocessable, as above).
    """
    if key is None:
        yield
        return
    with transaction.atomic():
        _use(request, key, now)
        yield


def _use(request: Request, key: UUID, now: datetime) -> None:
    try:
        with transaction.atomic():
            UsedKey.objects.create(owner_id=_owner(request), key=key, sent=_digest(request), used_at=now)
    except IntegrityError:
        if used_before(request, key, now=now):
            raise UsedMeanwhile from None
        raise


def forget_old_keys(*, now: datetime) -> None:
    """Keys are kept for as long as a program may sensibly try again."""
    UsedKey.objects.filter(used_at__lt=now - kept()).delete()


def kept() -> timedelta:
    return timedelta(hours=settings.IDEMPOTENCY_HOURS)


def _owner(request: Request) -> int:
    """Whoever has no account has been turned away by now."""
    return cast(int, request.user.pk)


def _digest(request: Request) -> str:
    """Of what is asked for, however its JSON is spaced and ordered."""
    return digest_of(str(request.method), request.path, json.dumps(request.data, sort_keys=True))
