"""The audit trail of accounts, and that keys, seats and closures are as the trail says.

Chain "api-keys": a key was issued, or ended. Each event has every coded fact of the key then; of the key
itself and of its name only keyed digests. So a key that somebody put into the database is found, and one
whose time, scope, owner or hash was changed there.

Chain "seats", in the same way: a seat was given, its deputies or its leave changed, it was ended; a setting
is shut for a time; a setting's number changed, or an organisation's e-mail domains. Chain "people": somebody
came, or left. Names and reasons stand there as keyed digests only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone

from core.audit.chain import Act, append_in_turn, append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from core.audit.state import Snapshot, differences, row_facts

from .models import ApiToken, Closure, Departure, Event, Organisation, Seat, Setting, User

CHAIN, SEATS, PEOPLE = "api-keys", "seats", "people"
ISSUED = "issued"
GIVEN, DEPUTIES, AWAY, SHUT, DETAILS = "given", "deputies", "away", "shut", "details"
DOMAINS = "domains"
ADDED, LEFT = "added", "left"
PLANNED, CANCELLED, DONE = "planned", "cancelled", "done"
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


@dataclass(frozen=True)
class How:
    """When, by which seat and in which request something was done to a seat; a command says only when."""

    at: datetime
    seat: str = SERVER
    request_id: str = ""

    @classmethod
    def on_the_server(cls) -> "How":
        return cls(timezone.now())


def record(
    row: Seat | Closure | Departure | Organisation | Setting | User,
    act: str,
    *,
    by: User | None,
    how: How | None,
) -> Event:
    """Write down what was done to a seat, a closure, an organisation, a setting or a person, as it is now."""
    how = how or How.on_the_server()
    return append_in_turn(
        Event, chain=PEOPLE if isinstance(row, User) else SEATS, **_act(row, act, by=by, how=how)
    )


def record_many(rows: Iterable[Seat | Closure], act: str, *, by: User | None, how: How) -> None:
    """The same of many at once, such as a demo's."""
    append_many_in_turn(Event, chain=SEATS, acts=[_act(row, act, by=by, how=how) for row in rows])


def _act(row: models.Model, act: str, *, by: User | None, how: How) -> Act:
    return TOLD[type(row)].act(row, act, by=by, at=how.at, seat=how.seat, request_id=how.request_id)


TOLD: dict[type[models.Model], Told] = {
    Seat: Told("seat", skip=frozenset({"id", "given_at"}), secret=frozenset({"away_reason"})),
    Departure: Told("departure"),
    Closure: Told("closure", secret=frozenset({"name"})),
    Organisation: Told("organisation", secret=frozenset({"name", "short_name"})),
    Setting: Told("setting", secret=frozenset({"name", "short_name", "phone", "uuid"})),
    User: Told(
        "person",
        skip=frozenset({"id", "password", "last_login", "rights_changed"}),
        secret=frozenset({"email", "full_name", "job_title", "phone", "best_times"}),
    ),
}


def faults() -> Iterator[Fault]:
    """Where a key, a seat or a closure is not what its last event says."""
    yield from _faults_of_keys()
    for model in (Seat, Closure, Departure):
        yield from TOLD[model].faults(Event, SEATS, model)


def _faults_of_keys() -> Iterator[Fault]:
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
