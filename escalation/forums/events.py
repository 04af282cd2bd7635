"""The audit trail of forums, and that each row is as the trail says: chain "forums". Words are there as
keyed digests only."""

from collections.abc import Iterable, Iterator

from django.db import models

from core.audit.chain import append_in_turn, append_many_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault
from escalation.access.acting import Acting, Calendar

from .models import (
    Event,
    Invitation,
    Pledge,
    Promotion,
    PromotionReminder,
    Pulse,
    SignUp,
    Sitting,
    Source,
    Topic,
    Vignette,
)

CHAIN = "forums"
PLANNED, CHANGED, INVITED, SIGNED_UP, COUNTED = "planned", "changed", "invited", "signed_up", "counted"
CLOSED, CANCELLED = "closed", "cancelled"
PUT_ON = "put_on"
TOLD: dict[type[models.Model], Told] = {
    Sitting: Told(
        "sitting",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"theme", "place", "agenda", "notice", "why_cancelled"}),
    ),
    Invitation: Told("invitation"),
    SignUp: Told("sign_up"),
    Vignette: Told(
        "vignette",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"title", "text", "question", "despite", "sent_back"}),
    ),
    Source: Told("source", secret=frozenset({"challenge"})),
    Topic: Told("topic"),
    # Its counts stand in no event before they are sealed: an event for each answer would say when it came.
    Pulse: Told("pulse", skip=frozenset({"id", "counts"}), secret=frozenset({"code"})),
    Promotion: Told("promotion"),
    PromotionReminder: Told("promotion_reminder"),
    Pledge: Told(
        "pledge",
        skip=frozenset({"id", "uuid"}),
        secret=frozenset({"said", "what", "owner", "changed", "evidence"}),
    ),
}


CONFIRMED = "confirmed"
SEALED, ASKED, PLEDGED, REMINDED = "sealed", "asked", "pledged", "reminded"


def record(row: models.Model, act: str, *, by: Acting | Calendar) -> None:
    """Write down what was done to a row, as it is afterwards."""
    append_in_turn(
        Event,
        chain=CHAIN,
        **TOLD[type(row)].act(row, act, by=by.user, at=by.now, seat=by.seat, request_id=by.request_id),
    )


def record_many(rows: Iterable[models.Model], act: str, *, by: Acting | Calendar) -> None:
    """The same of many at once, in order."""
    append_many_in_turn(
        Event,
        chain=CHAIN,
        acts=[
            TOLD[type(row)].act(row, act, by=by.user, at=by.now, seat=by.seat, request_id=by.request_id)
            for row in rows
        ],
    )


def faults() -> Iterator[Fault]:
    """Where a row of a forum is not what its last event says, is gone, or was never told of."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
    for pulse in Pulse.objects.exclude(sealed__isnull=True):
        if pulse.counts != pulse.sealed:
            yield Fault(Event._meta.db_table, CHAIN, None, f"pulse:{pulse.pk}: counted on after its end")
