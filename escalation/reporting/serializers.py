"""Reports as JSON. Takes what releases.py gives, and nothing else."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from escalation.reporting.releases import DEFINITIONS, DISCLOSURE, FEW, QuarterlyTotals

EXAMPLE = {
    "quarter": "2026-27-Q1",
    "label": "April to June 2026",
    "first_day": "2026-04-01",
    "last_day": "2026-06-30",
    "finished": True,
    "words": "This quarter ended on Tuesday 30 June 2026. These are its final figures.",
    "internal": True,
    "opened": 27,
    "closed": FEW,
    "open": 31,
    "definitions": DEFINITIONS,
    "disclosure": DISCLOSURE,
}


@extend_schema_field({"oneOf": [{"type": "integer", "minimum": 10}, {"type": "string", "enum": [FEW]}]})
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A number of 10 or more, else the words "fewer than 10"."""

    def to_representation(self, value: Any) -> Any:
        return value


class DefinitionsSerializer(serializers.Serializer[Any]):
    opened = serializers.CharField()
    closed = serializers.CharField()
    open = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A finished quarter", value=EXAMPLE)])
class QuarterlyTotalsSerializer(serializers.Serializer[QuarterlyTotals]):
    """Totals of a quarter of the financial year, for the partnership's own use."""

    quarter = serializers.CharField(help_text="As it was asked for.")
    label = serializers.CharField(  # type: ignore[assignment]  # a declared field may be called that
        source="quarter.label", help_text="As people say it."
    )
    first_day = serializers.DateField(source="quarter.start")
    last_day = serializers.DateField(source="quarter.end")
    finished = serializers.BooleanField(help_text="False while the figures can still grow.")
    words = serializers.CharField(help_text="How far the quarter has come, in a sentence.")
    internal = serializers.BooleanField(default=True, help_text="Always true: not for publication.")
    opened = FigureField()
    closed = FigureField()
    open = FigureField()
    definitions = DefinitionsSerializer(default=DEFINITIONS, help_text="What each figure counts.")
    disclosure = serializers.CharField(default=DISCLOSURE, help_text="What has to happen before publication.")
