"""A case's state as coded facts, so that an event can hold what a step changed and a replay can check it.

Facts have names like "party.12.answer". Words are never among them: only their keyed digests.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import models

from core.audit.canonical import moment
from core.audit.models import Event
from core.text.digest import digest_of

Snapshot = dict[str, Any]


def row_facts(prefix: str, row: models.Model, *, skip: Container[str], secret: Container[str]) -> Snapshot:
    """Every column of a row by name, less those to `skip`; those that are `secret` as digests."""
    return {
        f"{prefix}.{name}": _coded(getattr(row, column), secret=name in secret)
        for name, column in _columns(type(row))
        if name not in skip
    }


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str]]:
    return [(field.name, field.attname) for field in model._meta.concrete_fields]


def _coded(value: Any, *, secret: bool) -> Any:
    if secret:
        return digest_of(_in_order(value)) if value else ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, models.Choices) else value


def _in_order(value: Any) -> str:
    """As text; what has names in their order, since PostgreSQL gives them back in another than it got."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Snapshot:
    """What is new or other in `after`."""
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def replay(events: Iterable[Event]) -> Snapshot:
    """The state that a chain of events leads to, each of which says in its codes what "changed"."""
    state: Snapshot = {}
    for event in events:
        state |= event.codes["changed"]
    return state


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """In words, where the rows as found differ from what the events say, by name.

    Empty text is as good as none: rows from before a column was kept have it empty, their events not at all.
    """
    for name in sorted(expected.keys() | found.keys()):
        if _known(expected.get(name)) != _known(found.get(name)):
            yield f"{name} is {found.get(name)!r}, but the events say {expected.get(name)!r}"


def _known(value: Any) -> Any:
    return None if value == "" else value
