"""Several named texts kept as one erasable unit: {"worry": "...", "heard": "..."}."""

import json
from typing import Any

from core.text.fields import ErasableTextField


class ErasableWordsField(ErasableTextField):
    """A dict of name -> text, stored as one JSON text in the erasable field."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> dict[str, str]:
        return json.loads(value) if value else {}

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) and value else value or {}

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value or {}, ensure_ascii=False, sort_keys=True))
