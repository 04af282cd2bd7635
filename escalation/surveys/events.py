"""The audit trail of surveys, and that each row is as the trail says: chain "surveys"."""

from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import F

from core.audit.chain import append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Acting, Calendar

from .models import Event, Survey, Tally

CHAIN = "surveys"
OPENED, SEALED = "opened", "sealed"
TOLD: dict[type[models.Model], Told] = {
    Survey: Told("survey", skip=frozenset({"id", "uuid"}), secret=frozenset({"code"})),
    # Its counts stand in no event before they are sealed: an event for each answer would say when it came.
    Tally: Told("tally", skip=frozenset({"id", "counts"})),
}


def record(rows: Iterable[models.Model], act: str, *, by: Acting | Calendar) -> None:
    """Write down what was done, with every row as it is afterwards, in order."""
    append_many_in_turn(
        Event,
        chain=CHAIN,
        acts=[
            TOLD[type(row)].act(row, act, by=by.user, at=by.now, seat=by.seat, request_id=by.request_id)
            for row in rows
        ],
    )


def faults() -> Iterator[Fault]:
    """Where a row is not what its last event says, is gone, or was never told of."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
    for tally in Tally.objects.filter(sealed__isnull=False).exclude(counts=F("sealed")):
        yield Fault(Event._meta.db_table, CHAIN, None, f"tally:{tally.pk}: counted on after its end")
