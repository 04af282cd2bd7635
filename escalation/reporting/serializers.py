"""Reports as JSON. Takes what releases.py gives, and nothing else."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from escalation.reporting.releases import FEW, NEVER_OPEN, NOT_PUBLISHED, QuarterlyTotals

EXAMPLE = {
    "quarter": "2026-27-Q1",
    "label": "April to June 2026",
    "first_day": "2026-04-01",
    "last_day": "2026-06-30",
    "finished": True,
    "words": "This quarter ended on Tuesday 30 June 2026. These are its published figures.",
    "internal": False,
    "opened": 25,
    "closed": FEW,
    "open": NOT_PUBLISHED,
    "definitions": {
        "opened": "Challenges that were sent in the period.",
        "closed": "Challenges whose end was recorded in the period, for the first time.",
        "open": NEVER_OPEN,
    },
    "disclosure": "Rounded to 5 at random. Each figure is within 4 of the true one, and every table adds up. "
    "0 does not mean none.",
}


@extend_schema_field(
    {"oneOf": [{"type": "integer", "minimum": 10}, {"type": "string", "enum": [FEW, NOT_PUBLISHED]}]}
)
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A published number of 10 or more, else words."""

    def to_representation(self, value: Any) -> Any:
        return value


class DefinitionsSerializer(serializers.Serializer[Any]):
    opened = serializers.CharField()
    closed = serializers.CharField()
    open = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A published quarter", value=EXAMPLE)])
class QuarterlyTotalsSerializer(serializers.Serializer[QuarterlyTotals]):
    """Published totals of a quarter of the financial year."""

    quarter = serializers.CharField(help_text="As it was asked for.")
    label = serializers.CharField(  # type: ignore[assignment]  # a declared field may be called that
        source="quarter.label", help_text="As people say it."
    )
    first_day = serializers.DateField(source="quarter.start")
    last_day = serializers.DateField(source="quarter.end")
    finished = serializers.BooleanField(help_text="Always true: nothing is told before.")
    words = serializers.CharField(help_text="That the quarter has ended, in a sentence.")
    internal = serializers.BooleanField(default=False, help_text="Always false: these are published.")
    opened = FigureField()
    closed = FigureField()
    open = FigureField(help_text="Never a number.")
    definitions = DefinitionsSerializer(help_text="What each figure counts.")
    disclosure = serializers.CharField(help_text="How the figures were rounded.")
