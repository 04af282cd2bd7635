"""Shapes and examples of what is published, for the description of the API; fictional, like all in it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from escalation.reporting.running import in_words

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
OR_NULL: dict[str, Any] = {"type": ["integer", "null"], "minimum": 0}
FIGURE: dict[str, Any] = {
    "type": "object",
    "description": "A published figure; null where it is not shown. The true one is from low to high.",
    "properties": {"value": OR_NULL, "low": OR_NULL, "high": OR_NULL, "symbol": {"type": ["string", "null"]}},
    "required": ["value", "low", "high", "symbol"],
}
CELL: dict[str, Any] = {
    **FIGURE,
    "description": "A figure, with the category of each dimension by the dimension's code.",
    "properties": {
        **FIGURE["properties"],
        "change": {"enum": ["up", "down", "no clear change"]},
        "year_to_date": FIGURE,
        "last_four": FIGURE,
    },
}
ONE_TABLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": TEXT,
        "title": TEXT,
        "date": {"enum": ["logged", "closed"], "description": "The day by which a case counts."},
        "span": {"enum": ["quarter", "half_year", "year", "three_years"]},
        "quarters": {"type": "array", "items": TEXT, "description": "The period that it counts."},
        "parts": {
            "type": "array",
            "description": "The total, each margin and the table itself; `by` names the dimensions.",
            "items": {
                "type": "object",
                "properties": {
                    "by": {"type": "array", "items": TEXT},
                    "cells": {"type": "array", "items": CELL},
                },
                "required": ["by", "cells"],
            },
        },
        "percentage": {"type": "object"},
        "median": {"type": ["array", "null"], "items": TEXT},
    },
    "required": ["code", "title", "date", "span", "quarters", "parts"],
}
ABOUT: dict[str, Any] = {
    "partnership": TEXT,
    "subject": TEXT,
    "title": TEXT,
    "quarter": TEXT,
    "period": TEXT,
    "published": {"type": "string", "format": "date"},
    "counted": {"type": ["string", "null"], "description": "The day on which the log was counted."},
    "edition": NUMBER,
    "withdrawn": {"type": "string", "description": "Empty, or that some figures were taken back."},
    "plan": TEXT,
    "plan_version": NUMBER,
    "in_words": {"type": "string", "description": "How figures are rounded."},
    "definitions": {"type": "object", "additionalProperties": TEXT},
    "not_known": {"type": "string", "description": "What no figure of the log can say."},
    "evidence": {
        "type": "array",
        "description": "The standards that the figures are evidence for.",
        "items": {
            "type": "object",
            "properties": {
                "number": NUMBER,
                "title": TEXT,
                "framework": TEXT,
                "note": TEXT,
                "words": TEXT,
            },
            "required": ["number", "title", "framework", "note", "words"],
        },
    },
    "symbols": {"type": "object", "additionalProperties": TEXT},
    "dimensions": {"type": "array", "items": {"type": "object"}},
}


def _shape(**more: Any) -> dict[str, Any]:
    properties = {**ABOUT, **more}
    return {"type": "object", "properties": properties, "required": list(properties)}


RELEASE_SHAPE = _shape(tables={"type": "array", "items": ONE_TABLE})
TABLE_SHAPE = _shape(table=ONE_TABLE)
ONE_SUM: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{name: ONE_TABLE["properties"][name] for name in ("code", "title", "date", "parts")},
        "span": {"enum": ["year_to_date", "last_four"]},
        "quarters": {"type": "array", "items": TEXT, "description": "Those that are added up."},
    },
    "required": ["code", "title", "date", "span", "quarters", "parts"],
}
OF_A_SUM: dict[str, Any] = {"sum": {"enum": ["year_to_date", "last_four"]}}
SUM_SHAPE = _shape(**OF_A_SUM, tables={"type": "array", "items": ONE_SUM})
SUM_TABLE_SHAPE = _shape(**OF_A_SUM, table=ONE_SUM)
LISTED: dict[str, Any] = {
    "quarter": TEXT,
    "label": TEXT,
    "subject": TEXT,
    "title": TEXT,
    "state": {"enum": ["published", "withdrawn"]},
    "edition": NUMBER,
    "published": {"type": "string", "format": "date"},
    "url": {"type": "string", "format": "uri"},
}
LIST_SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "releases": {
            "type": "array",
            "items": {"type": "object", "properties": LISTED, "required": list(LISTED)},
        }
    },
    "required": ["releases"],
}

LIST = OpenApiExample(
    "One release",
    value={
        "releases": [
            {
                "quarter": "2026-27-Q1",
                "label": "April to June 2026",
                "subject": "challenges",
                "title": "Professional challenges",
                "state": "published",
                "edition": 1,
                "published": "2026-08-11",
                "url": "https://log.example.org/api/v1/reports/2026-27-Q1/?subject=challenges",
            }
        ]
    },
)
_OPENED: dict[str, Any] = {
    "code": "opened",
    "title": "Challenges opened",
    "counts": "case",
    "date": "logged",
    "span": "quarter",
    "quarters": ["2026-27-Q1"],
    "parts": [
        {
            "by": [],
            "cells": [
                {
                    "value": 25,
                    "low": 21,
                    "high": 29,
                    "symbol": None,
                    "year_to_date": {"value": 25, "low": 21, "high": 29, "symbol": None},
                    "last_four": {"value": None, "low": None, "high": None, "symbol": "[x]"},
                }
            ],
        }
    ],
}
_ABOUT: dict[str, Any] = {
    "partnership": "Merton Safeguarding Children Partnership",
    "subject": "challenges",
    "title": "Professional challenges",
    "period": "April to June 2026",
    "published": "2026-08-11",
    "counted": "2026-07-06",
    "edition": 1,
    "definitions": {"logged": "Challenges that were sent in the period."},
    "not_known": "Worries settled by a phone call and never logged are not here.",
    "evidence": [
        {
            "number": 4,
            "title": "professional challenge and escalation",
            "framework": "MSCP Section 11 2021-22",
            "note": "title to be confirmed by MSCP",
            "words": "Standard 4, professional challenge and escalation (MSCP Section 11 2021-22; title to "
            "be confirmed by MSCP)",
        }
    ],
    "withdrawn": "",
    "plan": "challenges_middle",
    "plan_version": 1,
    "quarter": "2026-27-Q1",
    "in_words": "Rounded to 5 at random. Each figure is within 4 of the true one (where quarters are added, "
    "4 for each of them), and every table adds up. 0 does not mean none.",
    "symbols": {"[x]": "Not available for this period."},
    "dimensions": [
        {"code": "stage", "label": "Stage reached", "categories": [{"code": "stage_1", "label": "Stage 1"}]}
    ],
}
RELEASE = OpenApiExample("A quarter's totals", value={**_ABOUT, "tables": [_OPENED]})
TABLE = OpenApiExample("How many were opened", value={**_ABOUT, "table": _OPENED})
CSV = OpenApiExample(
    "How many were opened",
    value="period_begins,period_ends,value,low,high,symbol\r\n2026-27-Q1,2026-27-Q1,25,21,29,\r\n",
)
_SUMMED: dict[str, Any] = {
    "code": "opened",
    "title": "Challenges opened",
    "counts": "case",
    "date": "logged",
    "span": "year_to_date",
    "quarters": ["2026-27-Q1", "2026-27-Q2"],
    "parts": [{"by": [], "cells": [{"value": 55, "low": 47, "high": 63, "symbol": None}]}],
}
_ABOUT_SUM: dict[str, Any] = {
    **_ABOUT,
    "quarter": "2026-27-Q2",
    "period": "April to September 2026",
    "published": "2026-11-11",
    "counted": "2026-10-05",
    "in_words": in_words(2),
    "sum": "year_to_date",
}
SUM = OpenApiExample("Half a year", value={**_ABOUT_SUM, "tables": [_SUMMED]})
SUM_TABLE = OpenApiExample("How many were opened in half a year", value={**_ABOUT_SUM, "table": _SUMMED})
METADATA = OpenApiExample(
    "Its columns",
    value={
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": "opened.csv",
        "dc:title": "Challenges opened",
        "tableSchema": {"columns": [{"name": "value", "titles": "Published figure", "datatype": "integer"}]},
    },
)
