"""The one field type for free text that may one day have to be erased."""

import re

from django.core.exceptions import ValidationError
from django.db import models

# PostgreSQL cannot store NUL; neither database can encode half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> None:
    """Refuse a text that no database could keep as typed: raises ValidationError, code "unstorable"."""
    if UNSTORABLE.search(text):
        raise ValidationError(
            "Remove the invisible characters from this text: they cannot be kept", code="unstorable"
        )


class ErasableTextField(models.TextField[str, str]):
    """Free text about people: kept apart from the audit events, which hold its digest only.

    For now the text is stored as typed. Because every such text is in a field of this type,
    encryption (and erasure by forgetting a key) can come behind it without a change in what uses
    it. So do not search, sort or compare in the database by it. A text that cannot be stored is
    refused with a ValidationError, in forms and again on the way to the database.
    """

    default_validators = [storable]
    description = "Erasable text"

    def get_prep_value(self, value: object) -> object:
        """The text for the database; raises ValidationError where it cannot be stored."""
        if isinstance(value, str):
            storable(value)
        return super().get_prep_value(value)
