"""Rows that an event tells of whole, each time they change: so that a change past the log is found.

An event's object is "seat:12", its codes are {"seat": every coded fact of the row}. The act ENDED says that
the row is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from core.audit.chain import Act
from core.audit.models import Event
from core.audit.registry import Fault
from core.audit.state import differences, row_facts

ENDED = "ended"


@dataclass(frozen=True)
class Told:
    """How an event tells of a row: as what, without which columns, and of which only a digest."""

    kind: str
    skip: frozenset[str] = frozenset({"id"})
    secret: frozenset[str] = frozenset()

    def act(
        self,
        row: models.Model,
        act: str,
        *,
        by: AbstractBaseUser | None,
        at: datetime,
        seat: str,
        request_id: str = "",
    ) -> Act:
        """What was done to a row, as it is afterwards; ready for core.audit.chain."""
        return Act(
            at=at,
            actor=by,
            seat=seat,
            act=act,
            object=f"{self.kind}:{row.pk}",
            codes={self.kind: row_facts(self.kind, row, skip=self.skip, secret=self.secret)},
            request_id=request_id,
        )

    def faults(self, events: type[Event], chain: str, model: type[models.Model]) -> Iterator[Fault]:
        """Where a row differs from its last event, is gone, or was never told of; two SELECTs, streamed."""
        table = events._meta.db_table
        told_of = events.objects.filter(chain=chain, object__startswith=f"{self.kind}:").order_by("seq")
        last = {event.object: event for event in told_of.iterator()}
        told = {name: event.codes[self.kind] for name, event in last.items() if event.act != ENDED}
        for row in model._default_manager.order_by("pk").iterator():
            name = f"{self.kind}:{row.pk}"
            if (known := told.pop(name, None)) is None:
                yield Fault(table, chain, None, f"{name} is there, and no event made it: end it")
                continue
            found = row_facts(self.kind, row, skip=self.skip, secret=self.secret)
            for wrong in differences(known, found):
                yield Fault(table, chain, None, f"{name}: {wrong}")
        for gone in sorted(told):
            yield Fault(table, chain, None, f"{gone} was there, and is gone")
