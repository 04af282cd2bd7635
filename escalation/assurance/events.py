"""The audit trail of assurance, and that each row is as the trail says: chain "assurance". Words are there as
keyed digests only."""

import hashlib
from collections.abc import Iterable, Iterator

from django.db import models

from core.audit.chain import append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Calendar
from escalation.retelling.drawing import drawn_from

from .acting import Acting
from .models import (
    AssuranceRequest,
    CaseReading,
    ClauseAnswer,
    Comment,
    DipSample,
    Entry,
    Event,
    EvidencePack,
    PackFile,
    PackRelease,
    SampleCase,
    SampleReader,
    SelfRating,
)

CHAIN = "assurance"
TOLD: dict[type[models.Model], Told] = {
    AssuranceRequest: Told(
        "assurance_request",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"question", "procedure", "procedure_version", "procedure_owner", "signed_by"}),
    ),
    ClauseAnswer: Told("clause", secret=frozenset({"title", "says", "evidence"})),
    Entry: Told("entry", secret=frozenset({"text"})),
    SelfRating: Told("self_rating", secret=frozenset({"words"})),
    DipSample: Told(
        "dip_sample",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"population", "finding", "despite", "sent_back", "why_ended"}),
    ),
    SampleReader: Told("sample_reader"),
    SampleCase: Told("sample_case", secret=frozenset({"challenge"})),
    CaseReading: Told("case_reading", secret=frozenset({"answers"})),
    EvidencePack: Told(
        "pack", skip=frozenset({"id", "uuid"}), secret=frozenset({"narrative", "gaps", "sent_back"})
    ),
    PackRelease: Told("pack_release"),
    PackFile: Told("pack_file", skip=frozenset({"id", "content"})),
    Comment: Told("comment", secret=frozenset({"text"})),
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
    for file in PackFile.objects.order_by("pk").iterator():
        if hashlib.sha256(bytes(file.content)).hexdigest() != file.etag:
            yield Fault(PackFile._meta.db_table, CHAIN, None, f"pack_file:{file.pk}: its bytes were changed")
    yield from _drawn_otherwise()


def _drawn_otherwise() -> Iterator[Fault]:
    """Each dip sample is drawn again, from what it was drawn from: it is the same, or somebody picked."""
    for sample in DipSample.objects.order_by("pk").iterator():
        cases = sample.cases.order_by("number").values_list("challenge__uuid", flat=True)
        if drawn_from(sample.population, bytes.fromhex(sample.seed)) != [str(uuid) for uuid in cases]:
            yield Fault(Event._meta.db_table, CHAIN, None, f"dip_sample:{sample.pk}: is not what was drawn")
