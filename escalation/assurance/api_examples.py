"""Shapes and examples of evidence packs, for the description of the API; fictional, like all in it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from escalation.reporting.api_examples import NUMBER, RELEASE, RELEASE_SHAPE, TEXT

DAY: dict[str, Any] = {"type": "string", "format": "date"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


PACK_SHAPE = _object(
    partnership=TEXT,
    title=TEXT,
    standard=TEXT,
    number=NUMBER,
    framework=TEXT,
    quarter=TEXT,
    period=TEXT,
    edition=NUMBER,
    narrative=TEXT,
    measures=_list(_object(title=TEXT, **{"from": {"enum": ["figures", "answers", "people"]}})),
    figures={
        **RELEASE_SHAPE,
        "type": ["object", "null"],
        "description": "A release as it was published; null where no figure is evidence.",
    },
    answers=_list(
        _object(
            organisation=TEXT,
            title=TEXT,
            rating=TEXT,
            rated=DAY,
            ask_again={"type": ["string", "null"], "format": "date"},
            clauses=_list(_object(title=TEXT, verdict=TEXT)),
        )
    ),
    not_known=_list(TEXT),
    signed=DAY,
    signed_by=TEXT,
)
PACK_SHAPE["properties"] |= {
    "form": {
        "type": "integer",
        "description": "Which form the document has; missing in those that were signed in the first.",
    },
    "more_figures": _list({**RELEASE_SHAPE, "description": "Releases on other subjects, as published."}),
    "self_ratings": _list(_object(organisation=TEXT, rating=TEXT, words=TEXT, said=DAY)),
    "findings": _list(_object(title=TEXT, period=TEXT, readers=TEXT, given=DAY, words=TEXT)),
    "actions": _list(
        _object(
            said=TEXT,
            what=TEXT,
            organisation=TEXT,
            due=DAY,
            state=TEXT,
            changed=TEXT,
            evidence=TEXT,
            **{"from": TEXT},
        )
    ),
}
"""What came with the second form: not in every pack."""
LIST_SHAPE = _object(
    packs=_list(
        _object(
            quarter=TEXT,
            label=TEXT,
            standard=NUMBER,
            title=TEXT,
            edition=NUMBER,
            state={"enum": ["signed", "withdrawn"]},
            signed=DAY,
            digest=TEXT,
            url={"type": "string", "format": "uri"},
        )
    )
)
_STANDARD = (
    "Standard 4, professional challenge and escalation (MSCP Section 11 2021-22; "
    "title to be confirmed by MSCP)"
)
LIST = OpenApiExample(
    "One pack",
    value={
        "packs": [
            {
                "quarter": "2026-27-Q1",
                "label": "April to June 2026",
                "standard": 4,
                "title": _STANDARD,
                "edition": 1,
                "state": "signed",
                "signed": "2026-09-01",
                "digest": "5f2b" * 16,
                "url": "https://log.example.org/api/v1/packs/2026-27-Q1/4/",
            }
        ]
    },
)
PACK = OpenApiExample(
    "Standard 4 after a quarter",
    value={
        "partnership": "Merton Safeguarding Children Partnership",
        "title": "Evidence for standard 4",
        "standard": _STANDARD,
        "number": 4,
        "framework": "MSCP Section 11 2021-22",
        "quarter": "2026-27-Q1",
        "period": "April to June 2026",
        "edition": 1,
        "narrative": "About 25 challenges were raised. Schools use the log; others ask for training.",
        "measures": [{"title": "Is the current Escalation Policy before every worker?", "from": "answers"}],
        "figures": RELEASE.value,
        "answers": [
            {
                "organisation": "South Thames Police (fictional)",
                "title": "Is the Escalation Policy before your staff?",
                "rating": "In part: there is a gap to close",
                "rated": "2026-08-20",
                "ask_again": "2027-02-01",
                "clauses": [{"title": "New staff are told", "verdict": "It says the same"}],
            }
        ],
        "form": 2,
        "more_figures": [],
        "self_ratings": [
            {
                "organisation": "Oakfield Learning Trust (fictional)",
                "rating": "In part: there is a gap to close",
                "words": "Staff know the policy. New staff hear of it late.",
                "said": "2026-08-21",
            }
        ],
        "findings": [
            {
                "title": "Ten closed challenges, read by two organisations",
                "period": "April to June 2026",
                "readers": "Oakfield Learning Trust (fictional) and South Thames Police (fictional)",
                "given": "2026-08-25",
                "words": "Most were answered in time. What changed for the child is not always written down.",
            }
        ],
        "actions": [
            {
                "from": "Said at a forum",
                "said": "We do not know whom to ask next.",
                "what": "A card with the next level on it, for every desk.",
                "organisation": "Oakfield Learning Trust (fictional)",
                "due": "2026-08-01",
                "state": "Done",
                "changed": "The card lies on every desk.",
                "evidence": "Staff handbook, page 3",
            }
        ],
        "not_known": ["Worries settled by a phone call and never logged are not here."],
        "signed": "2026-09-01",
        "signed_by": "Omar Haddad",
    },
)
