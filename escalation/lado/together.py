"""Rows of several tables in one statement: each table's come as a JSON list, and are made rows again."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from core.rows import JSONRows


def together(one: QuerySet[Any], sources: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """The rows of each of `sources` by its name, in the order of their numbers; all in one statement.

    `one` is a queryset of exactly one row, to stand in FROM. Sources cannot be cut ([:5]).
    """
    found = one.values_list(*(Subquery(_as_json(rows)) for rows in sources.values())).get()
    return {
        name: sorted((_row(rows.model, each) for each in listed or ()), key=lambda row: int(row.pk))
        for (name, rows), listed in zip(sources.items(), found, strict=True)
    }


def _as_json(rows: QuerySet[Any]) -> QuerySet[Any]:
    columns = {field.attname: F(field.attname) for field in rows.model._meta.concrete_fields}
    whole = rows.order_by().annotate(_one=Value(1)).values("_one")
    listed: QuerySet[Any] = whole.annotate(_all=JSONRows(JSONObject(**columns))).values("_all")
    return listed


def _row(model: type[models.Model], columns: Mapping[str, Any]) -> models.Model:
    fields = model._meta.concrete_fields
    values = [_python(field, columns[field.attname]) for field in fields]
    return model.from_db(None, [field.attname for field in fields], values)


def _python(field: "models.Field[Any, Any]", value: Any) -> Any:
    """As Django would have read it from a column: SQLite keeps moments in UTC without saying so."""
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    read = field.to_python(value)
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and read.tzinfo is None else read
