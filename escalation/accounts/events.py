"""The audit trail of keys for the API, and that each key is as the trail says.

Chain "api-keys": a key was issued, or ended. Each event has every coded fact of the key then; of the key
itself and of its name only keyed digests. So a key that somebody put into the database is found, and one
whose time, scope, owner or hash was changed there.
"""

from collections.abc import Iterator
from datetime import datetime

from core.audit.chain import append_in_turn
from core.audit.registry import Fault
from core.audit.state import Snapshot, differences, row_facts

from .models import ApiToken, Event, User

CHAIN = "api-keys"
ISSUED, ENDED = "issued", "ended"
ADMINISTRATOR, SERVER = "administrator", "server"
NOT_STATE = frozenset({"id", "uuid", "last_used_at"})
SECRET = frozenset({"name", "prefix", "digest"})


def record_key(key: ApiToken, act: str, *, by: User | None, at: datetime, request_id: str = "") -> Event:
    """Write down what was done to a key; `by` is nobody for a command on the server."""
    return append_in_turn(
        Event,
        chain=CHAIN,
        at=at,
        actor=by,
        seat=ADMINISTRATOR if by else SERVER,
        act=act,
        object=str(key.uuid),
        codes={"key": _facts(key)},
        request_id=request_id,
    )


def _facts(key: ApiToken) -> Snapshot:
    return row_facts("key", key, skip=NOT_STATE, secret=SECRET)


def faults() -> Iterator[Fault]:
    """Where a key is not what its last event says, is gone, or works and was never issued."""
    table = Event._meta.db_table
    events = Event.objects.filter(chain=CHAIN).order_by("seq")
    told = {event.object: event.codes["key"] for event in events.iterator()}
    for key in ApiToken.objects.order_by("pk").iterator():
        known = told.pop(str(key.uuid), None)
        if known is not None:
            for wrong in differences(known, _facts(key)):
                yield Fault(table, CHAIN, None, f"key {key.uuid}: {wrong}")
        elif key.revoked_at is None:
            yield Fault(table, CHAIN, None, f"key {key.uuid} works and was never issued: end it")
    for gone in sorted(told):
        yield Fault(table, CHAIN, None, f"key {gone} was issued, and is gone")
