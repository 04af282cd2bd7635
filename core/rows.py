"""Rows of a group as one value, so that they come with another row in one statement, on both databases."""

from typing import Any

from django.db.models import Aggregate, JSONField


class JSONRows(Aggregate):
    """All rows of a group as one JSON list."""

    function = "json_group_array"
    output_field = JSONField()
    allow_distinct = False

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_agg", **extra)
