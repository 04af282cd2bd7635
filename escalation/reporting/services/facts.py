"""The register of facts that somebody published elsewhere. Every later release is checked given them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from core.chance import drawn_id
from core.machine import Refused
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.reporting.events import record_fact
from escalation.reporting.models import OutsideFact
from escalation.reporting.services.planning import unit_only


@dataclass(frozen=True)
class NewFact:
    """What was published: how many, of which cases, where. `first_quarter` by its number (periods.Period)."""

    subject: str
    kind: str
    value: int
    source: str
    public_since: date
    date: str = ""
    first_quarter: int | None = None
    quarters: int | None = None
    categories: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def register_fact(new: NewFact, *, by: User, standing: Standing, now: datetime) -> OutsideFact:
    """Note a fact that is public elsewhere. Raises NotPermitted."""
    unit_only(standing)
    fact = OutsideFact.objects.create(
        uuid=drawn_id("fact"),
        subject=new.subject,
        kind=new.kind,
        value=new.value,
        source=new.source,
        public_since=new.public_since,
        date=new.date,
        first_quarter=new.first_quarter,
        quarters=new.quarters,
        categories=dict(new.categories),
        registered_by=by,
        registered_at=now,
    )
    record_fact(fact, "registered", by=by, at=now)
    return fact


@transaction.atomic
def strike_fact(fact: OutsideFact, *, by: User, standing: Standing, now: datetime) -> OutsideFact:
    """It was never public, or written down wrongly: a second person strikes it. Nothing is deleted."""
    unit_only(standing)
    fact = OutsideFact.objects.select_for_update().get(pk=fact.pk)
    if fact.struck_at is not None:
        return fact
    if fact.registered_by_id == by.pk:
        raise Refused("You registered this. Somebody else in the business unit has to strike it.")
    fact.struck_by, fact.struck_at = by, now
    fact.save(update_fields=["struck_by", "struck_at"])
    record_fact(fact, "struck", by=by, at=now)
    return fact
