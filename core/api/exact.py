"""What is sent has the names that are described, and no others."""

from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

T = TypeVar("T")


class ExactSerializer(serializers.Serializer[T]):
    """A name that does not exist is a mistake (400): left out unseen, `neded_by` would lose a child's day."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise ValidationError({name: ["There is no such name here."] for name in sorted(unknown)})
        return super().to_internal_value(data)
