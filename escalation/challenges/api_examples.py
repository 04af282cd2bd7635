"""Examples for the description of the API; fictional, like everything in it."""

from drf_spectacular.utils import OpenApiExample

UUID = "8f14e45f-ceea-467f-9d5c-3b1e2a6f7c10"
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

SETTING = OpenApiExample(
    "A setting",
    value=TEAM
    | {"organisation": "Merton Council", "group_label": "Children's social care", "outside": False},
    response_only=True,
)

ROW = OpenApiExample(
    "A challenge in a list",
    value={
        "uuid": UUID,
        "url": f"/api/v1/challenges/{UUID}/",
        "reference": "K7M 4QX9",
        "version": 1,
        "status": "awaiting_response",
        "status_label": "Waiting for an answer",
        "stage": 1,
        "fast": False,
        "about": "plan_not_moving",
        "issue": "",
        "words": "A plan is not moving",
        "raising": SCHOOL,
        "responding": [TEAM],
        "turn": {"ours": False, "words": "Theirs"},
        "due": "2026-12-29T17:00:00Z",
        "overdue": False,
        "opened_at": "2026-12-23T10:20:00Z",
        "closed_at": None,
        "label": "five weeks without a visit",
    },
    response_only=True,
)

CASE = OpenApiExample(
    "A challenge, shortened",
    summary="Most of its parts are left out here.",
    value={
        "uuid": UUID,
        "url": f"/api/v1/challenges/{UUID}/",
        "reference": "K7M 4QX9",
        "version": 1,
        "policy": {"key": "mscp", "title": "MSCP default escalation policy"},
        "field_groups": ["F0", "F1", "F2", "F3"],
        "status": "awaiting_response",
        "stage": 1,
        "stage_name": "Worker to worker",
        "about": {"code": "plan_not_moving", "label": "A plan is not moving"},
        "turn": {
            "words": "It is social care's turn.",
            "mine": False,
            "parties": [2],
            "business_unit": False,
            "partners": False,
            "due": "2026-12-29T17:00:00Z",
            "overdue": False,
        },
    },
    response_only=True,
)

RAISED = OpenApiExample(
    "A new challenge",
    value={
        "asked": [{"setting": TEAM["uuid"]}],
        "about": "plan_not_moving",
        "decision": "the parenting plan has not started",
        "decision_on": "2026-11-18",
        "callback": "020 7946 0148",
        "worry": "the plan we agreed in October has not started",
        "heard": "On 21 December I saw the child asleep in a car seat at 2pm.",
        "voice": "The baby settles only when held.",
        "want": "a visit this week, and a date for the sessions",
        "our_pointer": "HV-4471",
        "age_band": "age_0_4",
        "spoken_on": "2026-12-21",
    },
    request_only=True,
)

STEP_TAKEN = OpenApiExample(
    "An answer",
    value={"version": 3, "answers": {"answer": "acted", "what": "We visited.", "acted_on": "2026-12-29"}},
    request_only=True,
)
