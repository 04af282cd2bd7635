"""Put messages into the outbox."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, models, router
from django.db.transaction import TransactionManagementError

from core.chance import drawn_id
from core.outbox.models import AbstractMessage, Message

M = TypeVar("M", bound=AbstractMessage)
# One slash, then what a path of ours may hold: no host, no query, no fragment, no line break.
PATH = re.compile(r"/(?!/)[A-Za-z0-9/_.~-]*")


def queue(
    *,
    to: Iterable[AbstractBaseUser],
    kind: str,
    path: str,
    now: datetime,
    urgent: bool = False,
    due_at: datetime | None = None,
    figures: Mapping[str, int] | None = None,
) -> list[Message]:
    """One message of `kind` to each person of `to`: `queue_in` with one kind, and what it counts."""
    return queue_in(Message, to={kind: to}, path=path, now=now, urgent=urgent, due_at=due_at, figures=figures)


def queue_kinds(
    *,
    to: Mapping[str, Iterable[AbstractBaseUser]],
    path: str,
    now: datetime,
    urgent: bool = False,
    due_at: datetime | None = None,
) -> list[Message]:
    """As `queue_in`, in the table of everything that has none of its own."""
    return queue_in(Message, to=to, path=path, now=now, urgent=urgent, due_at=due_at)


def queue_in(
    model: type[M],
    *,
    to: Mapping[str, Iterable[models.Model]],
    path: str,
    now: datetime,
    urgent: bool = False,
    due_at: datetime | None = None,
    figures: Mapping[str, int] | None = None,
) -> list[M]:
    """One message to each person of each kind (once each), in the caller's transaction; one INSERT.

    It waits in the table of `model`, and may go from `due_at` (default: `now`). Raises
    TransactionManagementError outside a transaction, ValueError for a path that is not a plain path of this
    site, a time without a time zone, or a figure that is no number.
    """
    if not connections[router.db_for_write(model)].in_atomic_block:
        raise TransactionManagementError("A message is queued in the transaction of what it tells of")
    if not PATH.fullmatch(path):
        raise ValueError("A message's path must be a plain path of this site")
    if now.tzinfo is None:
        raise ValueError("A message's time needs a time zone")
    if not all(type(number) is int for number in (figures or {}).values()):
        raise ValueError("A message counts in whole numbers")
    told = dict.fromkeys((person.pk, kind) for kind, people in to.items() for person in people)
    return model._default_manager.bulk_create(
        [
            _message(
                model,
                to_id=pk,
                kind=kind,
                path=path,
                figures=dict(figures or {}),
                urgent=urgent,
                created_at=now,
                due_at=due_at or now,
                try_at=due_at or now,
            )
            for pk, kind in told
        ]
    )


def _message(model: type[M], **fields: object) -> M:
    key = drawn_id(model._meta.label)
    return model(id=key, message_id=f"<{key.hex}@{_sending_host()}>", **fields)


def _sending_host() -> str:
    """The part of a Message-ID after the @: the host that our mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
