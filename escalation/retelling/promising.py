"""What came of what an organisation said it would do: who says it, and what it needs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from django.db import models

from core.machine import NotPermitted, Refused
from core.web.dates import london_day
from escalation.access.standing import Standing
from escalation.accounts.models import Setting

from .models import Promise, PromiseState

DONE, DROPPED, REMINDED = "done", "dropped", "reminded"
"""What the trail calls each."""
REMIND_BEFORE = timedelta(days=7)
Promised = TypeVar("Promised", bound=Promise)


class Sayer(Protocol):
    """Who says it, and when."""

    @property
    def standing(self) -> Standing: ...
    @property
    def now(self) -> datetime: ...


def may_end(standing: Standing, promise: Promise) -> bool:
    """The unit, and leads of a service of the organisation that said it would."""
    return standing.in_business_unit or led_by(standing).filter(organisation=promise.organisation_id).exists()


def led_by(standing: Standing) -> models.QuerySet[Setting]:
    """The services that somebody leads, in their own name or by cover."""
    return Setting.objects.filter(pk__in=standing.lead_settings | standing.senior_settings).order_by()


def organisations_led(standing: Standing) -> frozenset[int] | None:
    """For which organisations somebody says what came of it, in one statement; None for the unit: for all."""
    if standing.in_business_unit:
        return None
    return frozenset(led_by(standing).values_list("organisation", flat=True))


def may_say(led: frozenset[int] | None, promise: Promise) -> bool:
    """Whether it is still to be said, and theirs to say; `led` is what `organisations_led` found."""
    theirs = led is None or promise.organisation_id in led
    return theirs and promise.state == PromiseState.OPEN


def end(
    row: Promised,
    *,
    is_done: bool,
    changed: str,
    evidence: str,
    by: Sayer,
    record: Callable[[Promised, str], None],
) -> Promised:
    """Done, with what is other now and where one can see it; or not done, and why. A second click is none."""
    if not may_end(by.standing, row):
        raise NotPermitted("Leads of the organisation that said it, and the business unit, say this.")
    now = _locked(row)
    state = PromiseState.DONE if is_done else PromiseState.DROPPED
    if now.state == state and (now.changed, now.evidence) == (changed, evidence):
        return now
    if now.state != PromiseState.OPEN:
        raise Refused("Somebody has said what came of it meanwhile.")
    if is_done and not evidence.strip():
        raise Refused("Say where one can see it: a page, a leaflet, a date in a plan.", field="evidence")
    now.state, now.changed, now.evidence, now.ended_at = state, changed, evidence, by.now
    now.save(update_fields=["state", "changed", "evidence", "ended_at"])
    record(now, DONE if is_done else DROPPED)
    return now


def is_late(promise: Promise, today: date) -> bool:
    return promise.state == PromiseState.OPEN and promise.due < today


def to_remind_of(standing: models.QuerySet[Promised], now: datetime) -> list[Promised]:
    """Of what is still to be done: once, a week before the day."""
    near = london_day(now) + REMIND_BEFORE
    return list(standing.filter(state=PromiseState.OPEN, reminded_at=None, due__lte=near))


def remind(row: Promised, *, now: datetime, record: Callable[[Promised, str], None]) -> Promised | None:
    """Note that its organisation is told now; None where that is done, or needed no more."""
    found = _locked(row)
    if found.state != PromiseState.OPEN or found.reminded_at is not None:
        return None
    found.reminded_at = now
    found.save(update_fields=["reminded_at"])
    record(found, REMINDED)
    return found


def _locked(row: Promised) -> Promised:
    manager = type(row)._default_manager.select_for_update(of=("self",)).select_related("organisation")
    found: Promised = manager.get(pk=row.pk)
    return found
