"""Writes the rows that a step changed, and of them only the fields that changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from escalation.challenges.case import Case
from escalation.challenges.models import Action, Deadline, Hold, Party

PARTY_FIELDS = [
    "counterpart",
    "stage",
    "their_pointer",
    "matched_at",
    "answer",
    "answered_at",
    "question_open",
    "question_used",
    "agreed_to_pending",
    "must_answer_recommendation",
    "recommendation_answer",
    "on_record",
    "owes",
]

UPDATED: dict[type[models.Model], list[str]] = {
    Party: PARTY_FIELDS,
    Action: ["done_on"],
    Deadline: ["started", "due", "overdue_from", "basis", "decided_at", "met"],
}

AsRead = dict[tuple[type[models.Model], int], dict[str, Any]]


def as_read(case: Case) -> AsRead:
    """What the rows that a step may change hold before it, so that only what changed is written."""
    rows: tuple[models.Model, ...] = (*case.parties, *case.actions, *case.deadlines)
    return {(type(row), row.pk): _values(row) for row in rows}


def _values(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.name: getattr(row, field.attname) for field in fields if field.name in UPDATED[type(row)]}


def save(case: Case, before: Mapping[str, Any], read: AsRead) -> None:
    case.challenge.save()
    _save_changed(Party, case.parties, read)
    Hold.objects.bulk_create([h for h in case.holds if h._state.adding])
    for hold in case.holds:
        if f"hold.{hold.pk}.ended" in before and hold.ended is not None:
            hold.save(update_fields=["ended"])
    _save_changed(Action, case.actions, read)
    Action.objects.bulk_create([a for a in case.actions if a._state.adding])
    _save_changed(Deadline, case.deadlines, read)
    Deadline.objects.bulk_create([d for d in case.deadlines if d._state.adding])


def _save_changed(model: type[models.Model], rows: Sequence[models.Model], read: AsRead) -> None:
    """One statement at most, of the rows and fields that changed: a bulk update costs by both."""
    differing = {
        row.pk: [name for name, value in _values(row).items() if read[model, row.pk][name] != value]
        for row in rows
        if (model, row.pk) in read
    }
    changed = [row for row in rows if differing.get(row.pk)]
    if changed:
        fields = sorted({name for row in changed for name in differing[row.pk]})
        model._default_manager.bulk_update(changed, fields)
