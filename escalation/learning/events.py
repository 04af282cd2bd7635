"""The audit trail of learning, and that each row is as the trail says: chain "learning". Words are there as
keyed digests only."""

from collections.abc import Callable, Iterator

from django.db import models

from core.audit.chain import append_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Acting, Calendar

from .models import Action, Decision, Event, Origin, Point

CHAIN = "learning"
MINUTED, PROMISED = "minuted", "promised"
TOLD: dict[type[models.Model], Told] = {
    Point: Told(
        "point", skip=frozenset({"id", "uuid"}), secret=frozenset({"title", "text", "despite", "sent_back"})
    ),
    Origin: Told("origin", secret=frozenset({"challenge"})),
    Decision: Told("decision", skip=frozenset({"id", "key"}), secret=frozenset({"words"})),
    Action: Told(
        "action",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"what", "owner", "changed", "evidence"}),
    ),
}


def record(row: models.Model, act: str, *, by: Acting | Calendar) -> None:
    """Write down what was done to a row, as it is afterwards."""
    append_in_turn(
        Event,
        chain=CHAIN,
        **TOLD[type(row)].act(row, act, by=by.user, at=by.now, seat=by.seat, request_id=by.request_id),
    )


def recorder(by: Acting | Calendar) -> Callable[[models.Model, str], None]:
    """The same, for one who acts."""
    return lambda row, act: record(row, act, by=by)


def faults() -> Iterator[Fault]:
    """Where a row is not what its last event says, is gone, or was never told of."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
