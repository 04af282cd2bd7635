"""Sends what waits. One message at a time is taken up, sent and noted, so that nothing is lost or doubled.

A worker that is ended between the server's yes and the note sends that one message again, under the same
Message-ID, by which mail programs know it for the same.
"""

import contextlib
import logging
import smtplib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from core.outbox.digests import KEPT_FOR_THE_DAY
from core.outbox.mail import compose
from core.outbox.models import WAITING, AbstractMessage, Message
from core.outbox.notices import known_kinds

Mail = TypeVar("Mail", bound=AbstractMessage)
logger = logging.getLogger(__name__)
LONGEST_PAUSE = timedelta(hours=1)
MOST_REFUSALS = 12
"""So many tries, an hour apart in the end, and the server still says no: a person has to look."""
FAILURES_IN_A_ROW = 3
"""Then the server is away, whatever the message: leave the others for the next round."""
OLD = timedelta(hours=1)
LEFT = "The person has left."
GIVEN_UP = Q(given_up_at__isnull=False, to__is_active=True)


@dataclass(frozen=True)
class Round:
    """What one round of sending did."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class State:
    """How the outbox is: how many wait, since when the oldest could have gone, and how many were given up."""

    waiting: int
    oldest: datetime | None
    given_up: int

    def is_alarming(self, now: datetime) -> bool:
        """Somebody has to look: a message was given up, or one has waited for an hour."""
        return bool(self.given_up) or (self.oldest is not None and self.oldest < now - OLD)


def message_models() -> list[type[AbstractMessage]]:
    """Every table that messages wait in."""
    return [model for model in apps.get_models() if issubclass(model, AbstractMessage)]


def told_models() -> list[type[AbstractMessage]]:
    """The tables of which whoever runs the log is told; each other tells its own side."""
    return [model for model in message_models() if not model.behind_a_wall]


def send_due(*, clock: Callable[[], datetime]) -> Round:
    """Send everything that may go, the urgent first; ends early where the server is away.

    Where no mail server is named, everything waits.

    A refusal (the server's no to one message) is tried again, each time later, and given up in the end;
    no answer, or a line that broke, never is: that says nothing about the message.
    """
    if not settings.SENDS_MAIL:
        return Round()
    done: Counter[bool] = Counter()
    in_a_row = 0
    connection: BaseEmailBackend = get_connection()
    for message in _taken_up(clock):
        fault = _send(message, connection)
        done[fault is None] += 1
        if fault is None:
            _note(message, sent_at=clock(), last_error="")
            in_a_row = 0
            continue
        _drop(connection)
        if fault.refused and message.attempts >= MOST_REFUSALS:
            _give_up(message, clock(), fault.words)
        else:
            _note(message, try_at=clock() + fault.pause(message.attempts), last_error=fault.words)
        in_a_row = 0 if fault.refused else in_a_row + 1
        if in_a_row == FAILURES_IN_A_ROW:
            break
    _drop(connection)
    return Round(sent=done[True], failed=done[False])


def state(models: Iterable[type[AbstractMessage]] | None = None) -> State:
    """How the outbox is now: of `told_models()`, or of these; one statement for each table."""
    waiting, given_up, oldest = 0, 0, []
    for model in told_models() if models is None else models:
        rows = model._default_manager.aggregate(
            waiting=Count("pk", filter=WAITING),
            oldest=Min("due_at", filter=WAITING & ~_kept(model)),
            given_up=Count("pk", filter=GIVEN_UP),
        )
        waiting += rows["waiting"]
        oldest += [rows["oldest"]] if rows["oldest"] else []
        given_up += rows["given_up"]
    return State(waiting, min(oldest, default=None), given_up)


def given_up_messages(model: type[Mail]) -> QuerySet[Mail]:
    """Those that a person has to look at; those of people who have left are not among them."""
    return model._default_manager.filter(GIVEN_UP).order_by("given_up_at")


def try_again(*, now: datetime) -> int:
    """Put back everything that was given up, as if it were new; how many of `told_models()` there were."""
    fresh = {"given_up_at": None, "attempts": 0, "try_at": now}
    put_back = {model: given_up_messages(model).update(**fresh) for model in message_models()}
    return sum(put_back[model] for model in told_models())


@dataclass(frozen=True)
class Fault:
    """Why a message did not go, in words without any address. `connecting`: nobody was there at all."""

    words: str
    refused: bool = False
    connecting: bool = False

    def pause(self, attempts: int) -> timedelta:
        """Until the next try: twice as long each time; as short as the first while nobody is there."""
        first = timedelta(seconds=settings.OUTBOX_FIRST_PAUSE)
        return first if self.connecting else min(first * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)


def _send(message: AbstractMessage, connection: BaseEmailBackend) -> Fault | None:
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return Fault(_words(error), connecting=True)
    try:
        connection.send_messages([compose(message)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        return Fault(_words(error), refused=True)
    except (smtplib.SMTPException, OSError) as error:
        return Fault(_words(error))
    return None


def _words(error: Exception) -> str:
    """What the server answered, as a number: its own words can quote the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ", ".join(str(code) for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    return type(error).__name__


def _taken_up(clock: Callable[[], datetime]) -> Iterator[AbstractMessage]:
    """Each message that may go, once it is marked as being sent, so that no other worker takes it up."""
    for model in message_models():
        while (message := _take(model, clock())) is not None:
            if not message.to.is_active:
                _give_up(message, clock(), LEFT)
            elif message.kind not in known_kinds():
                _give_up(message, clock(), "No app says what this kind of message says.")
            else:
                yield message


@transaction.atomic
def _take(model: type[AbstractMessage], now: datetime) -> AbstractMessage | None:
    message = (
        _waiting(model)
        .filter(try_at__lte=now)
        .select_related("to")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("-urgent", "try_at", "pk")
        .first()
    )
    if message is not None:
        message.attempts += 1
        _note(message, attempts=message.attempts, try_at=now + timedelta(seconds=settings.OUTBOX_LEASE))
    return message


def _waiting(model: type[Mail]) -> QuerySet[Mail]:
    """What may go in a mail of its own."""
    return model._default_manager.filter(WAITING & ~_kept(model))


def _kept(model: type[AbstractMessage]) -> Q:
    """What waits for the one mail of the day; of no table but the common one."""
    return KEPT_FOR_THE_DAY if model is Message else Q(pk__in=[])


def _note(message: AbstractMessage, **fields: object) -> None:
    type(message)._default_manager.filter(pk=message.pk).update(**fields)


def _give_up(message: AbstractMessage, now: datetime, why: str) -> None:
    _note(message, given_up_at=now, last_error=why)
    if not message.behind_a_wall:
        logger.error("A message was given up: %s", why)


def _drop(connection: BaseEmailBackend) -> None:
    """End the connection, whatever state it is in."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.close()
