"""Examples for the description of the API; fictional, like everything in it, and true to its schemas."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

UUID = "8f14e45f-ceea-467f-9d5c-3b1e2a6f7c10"
URL = f"/api/v1/challenges/{UUID}/"
REFERENCE, LABEL = "K7M 4QX9", "five weeks without a visit"
OPENED, DUE, MATCH_BY = "2026-12-23T10:20:00Z", "2026-12-29T17:00:00Z", "2026-12-23T14:20:00Z"
SCHOOL = {
    "uuid": "1c9d2f80-6a55-4b36-8a3e-1f0f6f1f2a01",
    "name": "Oakfield Primary School",
    "group": "education",
}
TEAM = {
    "uuid": "5b0a7c42-0d0c-4c7b-9a63-6d6d5a1c9b02",
    "name": "Family Safeguarding Team 2",
    "group": "social_care",
}
WORDS = {
    "worry": "the plan we agreed in October has not started",
    "heard": "On 21 December I saw the child asleep in a car seat at 2pm.",
    "voice": "The baby settles only when held.",
    "want": "a visit this week, and a date for the sessions",
}
DECISION, CALLBACK = "the parenting plan has not started", "020 7946 0148"
ABOUT = {"code": "plan_not_moving", "label": "A plan is not moving"}

SETTING = OpenApiExample(
    "A setting",
    value=TEAM
    | {"organisation": "Merton Council", "group_label": "Children's social care", "outside": False},
    response_only=True,
)

ROW = {
    "uuid": UUID,
    "url": URL,
    "reference": REFERENCE,
    "version": 1,
    "status": "awaiting_response",
    "status_label": "Waiting for an answer",
    "stage": 1,
    "fast": False,
    "about": ABOUT["code"],
    "issue": "",
    "words": ABOUT["label"],
    "raising": SCHOOL,
    "responding": [TEAM],
    "turn": {"ours": False, "words": "Theirs"},
    "due": DUE,
    "overdue": False,
    "opened_at": OPENED,
    "closed_at": None,
    "label": LABEL,
}
ROWS = OpenApiExample(
    "A list of one",
    value={"count": 1, "next": None, "previous": None, "results": [ROW]},
    response_only=True,
)


def _party(number: int, place: dict[str, str], role: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "setting": place["name"],
        "group": place["group"],
        "role": role,
        "phone": CALLBACK,
        "answer": "",
        "answered_at": None,
        "matched_at": None,
        "question_open": False,
        "recommendation_answer": "",
        "agreed_earlier": False,
        "on_record": None,
        "person": None,
        **more,
    }


def _clock(name: str, label: str, due: str, words: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "party": None,
        "stage": 1,
        "started": OPENED,
        "due": due,
        "overdue_from": due,
        "overdue": False,
        "words": words,
        **more,
    }


def _ask(name: str, label: str, kind: str, hint: str = "") -> dict[str, Any]:
    more = {"vocabulary": "", "required": True, "choices": None}
    return {"name": name, "label": label, "hint": hint, "kind": kind, **more}


CASE: dict[str, Any] = {
    "uuid": UUID,
    "url": URL,
    "reference": REFERENCE,
    "version": 1,
    "policy": {"key": "mscp", "title": "MSCP default escalation policy"},
    "field_groups": ["F0", "F1", "F2", "F3"],
    "status": "awaiting_response",
    "status_label": "Waiting for an answer",
    "stage": 1,
    "stage_name": "Worker to worker",
    "stage_reached": 1,
    "episode": 1,
    "fast": False,
    "pending": "",
    "pending_until": None,
    "pending_stage": None,
    "about": ABOUT,
    "issue": None,
    "age_band": {"code": "age_0_4", "label": "0 to 4"},
    "child_status": None,
    "scope": None,
    "no_single_child": False,
    "opened_at": OPENED,
    "imported_at": None,
    "needed_by": None,
    "closed_at": None,
    "confirmed": None,
    "duplicate_of": None,
    "recurrence_of": None,
    "void_reason": None,
    "turn": {
        "words": "It is social care's turn.",
        "mine": False,
        "parties": [2],
        "business_unit": False,
        "partners": False,
        "due": DUE,
        "overdue": False,
    },
    "clocks": [
        _clock(
            "match",
            "Agree which child this is",
            MATCH_BY,
            "by Wed 23 Dec, 2:20pm (sent Wed 23 Dec; 4 working hours)",
            owed_by="both",
        ),
        _clock(
            "reply",
            "Answer the challenge",
            DUE,
            "by Tue 29 Dec, 5pm (sent Wed 23 Dec; 2 working days; Christmas Day, the weekend and the bank "
            "holiday on Monday 28 December don't count)",
            owed_by="responding",
            party=2,
        ),
    ],
    "missed": [],
    "hold": None,
    "raising": _party(1, SCHOOL, "raising", short="the school", is_mine=True, owes=False, pointer="HV-4471"),
    "responding": [_party(2, TEAM, "responding", short="social care", is_mine=False, owes=True, pointer="")],
    "supporting": [],
    "raiser": {"name": "Amara Cole", "job": "teacher", "phone": CALLBACK, "best_times": "after 3pm"},
    "label": LABEL,
    "our_pointer": "HV-4471",
    "words": {**WORDS, "decision": DECISION, "callback": CALLBACK},
    "outcome": None,
    "impact": None,
    "actions": [],
    "entries": [
        {
            "id": 1,
            "version": 1,
            "stage": 1,
            "step": "raise",
            "label": "Raised",
            "seat": "raiser",
            "setting": SCHOOL["name"],
            "who": "Amara Cole",
            "occurred_at": OPENED,
            "recorded_at": OPENED,
            "audience": "all_parties",
            "codes": {"about": ABOUT["code"], "fast": False, "decision_on": "2026-11-18"},
            "words": {**WORDS, "decision": DECISION, "callback": CALLBACK},
            "corrects": None,
        }
    ],
    "steps": [
        {
            "name": "match",
            "label": "Note that you agree which child this is",
            "why": "Two services hold two numbers for one child. A reply counts once they agree, by phone, "
            "that it is the same child.",
            "url": f"{URL}steps/match/",
            "asks": [
                _ask("spoke_to", "Who did you speak to?", "line", 'Their job, such as "duty social worker".'),
                _ask("called_at", "When did you speak?", "moment"),
                _ask("their_pointer", "The number of the service that was asked", "line"),
            ],
        }
    ],
}
ONE = OpenApiExample(
    "A challenge", summary="A challenge, with one of its steps", value=CASE, response_only=True
)

RAISED = OpenApiExample(
    "A new challenge",
    value={
        "asked": [{"setting": TEAM["uuid"]}],
        "about": ABOUT["code"],
        "decision": DECISION,
        "callback": CALLBACK,
        **WORDS,
        "our_pointer": "HV-4471",
        "age_band": "age_0_4",
        "not_spoken": "I called twice and nobody called back",
    },
    request_only=True,
)

STEP_NAME = "add_note"
STEP_TAKEN = OpenApiExample(
    "Something new",
    value={"version": 1, "answers": {"what": "They called back.", "audience": "all_parties"}},
    request_only=True,
)
