"""The audit trail of dated facts, and that each is as the trail says: chain "dates"."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from core.audit.chain import append_in_turn
from core.audit.kept import Told
from core.audit.registry import Fault

from .models import CalendarCheck, ClosedDay, Event, FrontDoorNumber, Proposal, SchoolHoliday

CHAIN = "dates"
PROPOSED, CONFIRMED, REFUSED, SET = "proposed", "confirmed", "refused", "set"
SERVER, UNIT = "server", "unit"
TOLD: dict[type[models.Model], Told] = {
    ClosedDay: Told("closed_day", skip=frozenset({"id", "added_at"}), secret=frozenset({"name"})),
    SchoolHoliday: Told("school_holiday", secret=frozenset({"name"})),
    FrontDoorNumber: Told("number", secret=frozenset({"number", "hours"})),
    CalendarCheck: Told("calendar_check"),
    Proposal: Told("proposal", skip=frozenset({"id", "uuid"}), secret=frozenset({"says"})),
}


def record(
    row: models.Model, act: str, *, by: AbstractBaseUser | None, at: datetime, request_id: str
) -> Event:
    """Write down what was done to a dated fact or a proposal; `by` is nobody for a command on the server."""
    seat = UNIT if by else SERVER
    told = TOLD[type(row)]
    return append_in_turn(
        Event, chain=CHAIN, **told.act(row, act, by=by, at=at, seat=seat, request_id=request_id)
    )


def faults() -> Iterator[Fault]:
    """Where a dated fact, or a proposal, is not what its last event says."""
    for model, told in TOLD.items():
        yield from told.faults(Event, CHAIN, model)
