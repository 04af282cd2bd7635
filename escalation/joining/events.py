"""The audit trail of requests to join, and that they are as the trail says.

Chain "joining": somebody asked, took it back, was confirmed or declined, or nobody answered; later the row is
forgotten. Who they are stands there as keyed digests only. The seat itself is in the chain "seats".
"""

from collections.abc import Iterator

from core.audit.chain import append_in_turn
from core.audit.kept import ENDED, Told
from core.audit.registry import Fault
from escalation.accounts.events import How
from escalation.accounts.models import Event, User

from .models import JoinRequest

CHAIN = "joining"
ASKED = "asked"
FORGOTTEN = ENDED
NEWCOMER, SYSTEM = "newcomer", "system"
"""The seat of whoever asks, and of the worker that ends what nobody answered."""
TOLD = Told("join", secret=frozenset({"uuid", "email", "full_name", "job_title", "phone"}))


def record(row: JoinRequest, act: str, *, by: User | None, how: How) -> Event:
    """Write down what was done to a request, as it is afterwards; `by` is nobody for a newcomer."""
    told = TOLD.act(row, act, by=by, at=how.at, seat=how.seat, request_id=how.request_id)
    return append_in_turn(Event, chain=CHAIN, **told)


def faults() -> Iterator[Fault]:
    """Where a request is not what its last event says."""
    yield from TOLD.faults(Event, CHAIN, JoinRequest)
