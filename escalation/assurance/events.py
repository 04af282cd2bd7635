"""The audit trail of assurance, and that each row is as the trail says: chain "assurance". Words are there as
keyed digests only."""

import hashlib
from collections.abc import Iterable, Iterator

from django.db import models

from core.audit.chain import append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault

from .acting import Acting, Calendar
from .models import AssuranceRequest, ClauseAnswer, Comment, Entry, Event, EvidencePack, PackFile

CHAIN = "assurance"
TOLD: dict[type[models.Model], Told] = {
    AssuranceRequest: Told(
        "assurance_request",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"question", "procedure", "procedure_version", "procedure_owner", "signed_by"}),
    ),
    ClauseAnswer: Told("clause", secret=frozenset({"title", "says", "evidence"})),
    Entry: Told("entry", secret=frozenset({"text"})),
    EvidencePack: Told(
        "pack", skip=frozenset({"id", "uuid"}), secret=frozenset({"narrative", "gaps", "sent_back"})
    ),
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
