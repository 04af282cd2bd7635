"""The LADO's dip samples in the LADO's audit trail: chain "lado-samples". Words are keyed digests."""

from collections.abc import Iterable, Iterator

from django.db import models

from core.audit.chain import append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Acting
from escalation.lado.case import seat_of
from escalation.lado.models import DipSample, Event, SampleReader, SampleReading
from escalation.retelling.drawing import drawn_from

CHAIN = "lado-samples"
TOLD: dict[type[models.Model], Told] = {
    DipSample: Told(
        "sample",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"population", "finding", "despite", "sent_back", "why_ended"}),
    ),
    SampleReader: Told("sample_reader"),
    SampleReading: Told("sample_reading", secret=frozenset({"referral", "answers"})),
}


def record(rows: Iterable[models.Model], act: str, *, by: Acting) -> None:
    """Write down what was done, with every row as it is afterwards, in order."""
    seat = seat_of(by.standing)
    append_many_in_turn(
        Event,
        chain=CHAIN,
        acts=[
            TOLD[type(row)].act(row, act, by=by.user, at=by.now, seat=seat, request_id=by.request_id)
            for row in rows
        ],
    )


def faults() -> Iterator[Fault]:
    """Where a row is not what its last event says, or a sample is not what the log drew."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
    for sample in DipSample.objects.order_by("pk").iterator():
        read = sample.readings.order_by("number").values_list("number", "referral__uuid").distinct()
        drawn = [str(uuid) for _, uuid in read]
        if drawn_from(sample.population, bytes.fromhex(sample.seed)) != drawn:
            yield Fault(Event._meta.db_table, CHAIN, None, f"sample:{sample.pk}: is not what was drawn")
