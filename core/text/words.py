"""Several named texts kept as one erasable unit: {"worry": "...", "heard": "..."}."""

import json
from typing import Any

from django.db import models

from core.text.digest import digest_of
from core.text.fields import storable

Words = dict[str, str]


class ErasableWordsField(models.TextField[Words, Words]):
    """A dict of name -> text, stored as one JSON text; as erasable, and as private, as ErasableTextField."""

    description = "Erasable texts by name"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Words:
        return _words(value)

    def to_python(self, value: Any) -> Words:
        return _words(value)

    def get_prep_value(self, value: Any) -> Any:
        """The texts for the database; raises ValidationError where one cannot be stored."""
        words: Words = value or {}
        for text in words.values():
            storable(text)
        return json.dumps(words, ensure_ascii=False, sort_keys=True)


def _words(value: Any) -> Words:
    if isinstance(value, str):
        read: Words = json.loads(value) if value else {}
        return read
    return dict(value or {})


def digest_of_words(words: Words) -> str:
    """The keyed digest of several named texts; "" where there are none."""
    return digest_of(*(part for item in sorted(words.items()) for part in item)) if words else ""
