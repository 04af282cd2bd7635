"""The read log: a line for each page or answer that shows words, who raised it, or a LADO record.

It is written before the page is sent, in a chain of its own, so that reading waits for nobody who writes;
a page whose line cannot be written is not served.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from core.audit.chain import append_in_turn
from core.audit.channel import Channel
from core.audit.models import Event
from escalation.access.fields import LOGGED_WHEN_READ, FieldGroup
from escalation.accounts.models import User

READ = "read"
E = TypeVar("E", bound=Event)


def record_read(
    model: type[E],
    *,
    chain: str,
    object: str,  # noqa: A002 - the event's own word
    by: User,
    seat: str,
    groups: Iterable[FieldGroup],
    has_task: bool,
    at: datetime,
    channel: Channel = Channel.PAGE,
    request_id: str = "",
) -> E | None:
    """Note who reads what; None where nothing is shown whose reading is logged. Two statements.

    `object` is the record's uuid, `seat` how they read it, coded; `has_task`: it was their turn to act,
    which is what an auditor asks first.
    """
    shown = sorted(LOGGED_WHEN_READ.intersection(groups))
    if not shown:
        return None
    with transaction.atomic():
        return append_in_turn(
            model,
            chain=chain,
            at=at,
            actor=by,
            seat=seat,
            act=READ,
            object=object,
            codes={"groups": [group.value for group in shown], "task": has_task, "channel": channel.value},
            request_id=request_id,
        )
