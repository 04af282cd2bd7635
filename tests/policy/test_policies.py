"""The policies that come with the log say what was published."""

import json
from pathlib import Path

import pytest

import escalation.policy
from escalation.policy import Policy, PolicyError, from_document, parse, shipped_policies
from escalation.policy.clock import Unit
from escalation.policy.milestones import starting
from escalation.policy.stages import Audience, Milestone, Owner, Seniority, StageKind, UnitPart, When

FOLDER = Path(escalation.policy.__file__).parent / "policies"
SHIPPED = {policy.key: policy for policy in shipped_policies()}
MSCP, LONDON = SHIPPED["mscp"], SHIPPED["london"]
EACH = pytest.mark.parametrize("policy", SHIPPED.values(), ids=lambda policy: policy.key)


def test_these_are_all() -> None:
    assert list(SHIPPED) == ["lincolnshire", "london", "mscp", "sefton"]
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(SHIPPED)


@EACH
def test_a_stored_policy_is_the_same_policy(policy: Policy) -> None:
    stored = json.loads(json.dumps(policy.document))
    again = from_document(stored)
    assert again == policy
    assert again.digest == policy.digest
    assert hash(again) == hash(policy)


def test_another_policy_has_another_digest() -> None:
    assert MSCP.digest != LONDON.digest
    assert len(MSCP.digest) == 64


@EACH
def test_limits_are_the_rules(policy: Policy) -> None:
    assert policy.limits == {
        "hold_working_days": 10,
        "reopen_days": 60,
        "draft_reminder_days": 14,
        "draft_days": 30,
        "treated_after_days": 91,
    }


def test_the_stages_of_the_default() -> None:
    assert [
        (s.number, s.name, s.kind, s.seniority, s.formal, s.unit, s.only_after_not_accepted)
        for s in MSCP.stages
    ] == [
        (1, "Worker to worker", StageKind.DIALOGUE, Seniority.PRACTITIONER, False, UnitPart.COUNTED, False),
        (2, "Leads", StageKind.DIALOGUE, Seniority.LEAD, False, UnitPart.TOLD, False),
        (3, "Heads of service", StageKind.DIALOGUE, Seniority.SENIOR_LEAD, True, UnitPart.CHECKS_FORM, False),
        (4, "Resolution panel", StageKind.PANEL, Seniority.SENIOR_LEAD, True, UnitPart.OWNS, False),
        (5, "Safeguarding partners", StageKind.DECISION, Seniority.PARTNER, True, UnitPart.OWNS, True),
    ]


# stage (0: at any), name, owed by, quantity, after, fast track in hours
DEFAULT_CLOCKS = [
    (1, "reply", Owner.RESPONDING, 2, "stage_start", 4),
    (1, "resolve", Owner.BOTH, 5, "stage_start", None),
    (2, "reply", Owner.RESPONDING, 2, "stage_start", 24),
    (2, "resolve", Owner.BOTH, 5, "stage_start", None),
    (2, "written_outcome", Owner.BOTH, 2, "met:resolve", None),
    (3, "reply", Owner.RESPONDING, 2, "stage_start", 24),
    (3, "resolve", Owner.BOTH, 5, "stage_start", None),
    (3, "written_outcome", Owner.BOTH, 2, "met:resolve", None),
    (3, "form_check", Owner.UNIT, 2, "stage_start", None),
    (3, "later_form_check", Owner.UNIT, 2, "step:complete_form", None),
    (4, "convene", Owner.UNIT, 5, "stage_start", 24),
    (4, "recommend", Owner.UNIT, 10, "stage_start", 24),
    (4, "answer_recommendation", Owner.RESPONDING, 5, "met:recommend", None),
    (5, "decide", Owner.PARTNERS, 10, "stage_start", 48),
    (0, "match", Owner.BOTH, 4, "stage_start", 1),
    (0, "raiser_confirm", Owner.RAISER, 5, "step:settle", None),
    (0, "lead_confirm", Owner.RAISING_LEAD, 5, "missed:raiser_confirm", None),
    (0, "form", Owner.RAISING_LEAD, 2, "stage_start", None),
    (0, "withdrawal_call", Owner.UNIT, 2, "step:withdraw", None),
    (0, "raiser_answer", Owner.RAISER, 2, "met:reply", None),
    (0, "raiser_answer_lead", Owner.RAISING_LEAD, 2, "missed:raiser_answer", None),
    (0, "raiser_answer_again", Owner.RAISER, 2, "step:not_settled", None),
    (0, "raiser_answer_again_lead", Owner.RAISING_LEAD, 2, "missed:raiser_answer_again", None),
]


def test_the_clocks_of_the_default() -> None:
    placed: list[tuple[int, Milestone]] = [(s.number, m) for s in MSCP.stages for m in s.milestones]
    placed += [(0, m) for m in MSCP.milestones]
    said = [(n, m.name, m.owed_by, m.quantity, m.after, m.fast_track) for n, m in placed]
    assert sorted(said, key=str) == sorted(DEFAULT_CLOCKS, key=str)


def test_only_the_match_counts_in_working_hours() -> None:
    hours = {
        m.name for s in MSCP.stages for m in MSCP.milestones_of(s.number) if m.unit is not Unit.WORKING_DAYS
    }
    assert hours == {"match"}
    assert MSCP.milestone(1, "match").clock(fast=False) == (4, Unit.WORKING_HOURS)
    assert MSCP.milestone(1, "match").clock(fast=True) == (1, Unit.ELAPSED_HOURS)
    assert MSCP.milestone(1, "resolve").clock(fast=True) == (5, Unit.WORKING_DAYS)


def test_the_call_after_pressure_is_between_raiser_and_unit() -> None:
    narrow = {m.name: m.audience for m in MSCP.milestones if m.audience != Audience.ALL_PARTIES}
    assert narrow == {"withdrawal_call": "raiser_and_unit"}


def test_london_gives_two_working_weeks_and_no_further_times() -> None:
    assert [stage.name for stage in LONDON.stages] == [
        "Worker to worker", "Senior managers", "Heads of service", "The partnership",
    ]  # fmt: skip
    assert [LONDON.milestone(n, "reply").quantity for n in (1, 2, 3)] == [5, 5, None]
    assert LONDON.last.kind is StageKind.PANEL
    assert not any(milestone.has_time for stage in LONDON.stages[2:] for milestone in stage.milestones)
    assert LONDON.milestone(3, "reply").clock(fast=True) is None


def names(policy: Policy, stage: int, event: str, **facts: bool) -> list[str]:
    known = {"formal_without_form": False, "agreed": False, "pressure": False} | facts
    return [milestone.name for milestone in starting(policy, stage, event, **known)]


@pytest.mark.parametrize(
    ("stage", "event", "facts", "expected"),
    [
        (1, "stage_start", {}, ["reply", "resolve", "match"]),
        (1, "stage_start", {"formal_without_form": True}, ["reply", "resolve", "match"]),
        (2, "met:resolve", {}, ["written_outcome"]),
        (1, "met:resolve", {}, []),
        (3, "stage_start", {}, ["reply", "resolve", "form_check", "match"]),
        (3, "stage_start", {"formal_without_form": True}, ["reply", "resolve", "match", "form"]),
        (3, "step:complete_form", {}, ["later_form_check"]),
        (2, "step:complete_form", {}, []),
        (4, "stage_start", {}, ["convene", "recommend", "match"]),
        (4, "met:recommend", {}, ["answer_recommendation"]),
        (5, "stage_start", {}, ["decide", "match"]),
        (2, "met:reply", {}, ["raiser_answer"]),
        (2, "missed:raiser_answer", {}, ["raiser_answer_lead"]),
        (2, "step:not_settled", {}, ["raiser_answer_again"]),
        (2, "missed:raiser_answer_again", {}, ["raiser_answer_again_lead"]),
        (2, "missed:reply", {}, []),
        (1, "step:settle", {}, ["raiser_confirm"]),
        (1, "missed:raiser_confirm", {}, ["lead_confirm"]),
        (1, "step:withdraw", {}, []),
        (1, "step:withdraw", {"pressure": True}, ["withdrawal_call"]),
        (1, "concern_arose", {}, []),
    ],
)
def test_what_starts_at_an_event(stage: int, event: str, facts: dict[str, bool], expected: list[str]) -> None:
    assert names(MSCP, stage, event, **facts) == expected


def test_agreed_and_not_agreed_start_different_clocks() -> None:
    """As in Sefton's published policy: confirm what was agreed, else meet within five working days."""
    text = (Path(__file__).parent / "small.toml").read_text(encoding="utf-8")
    for name, when in (("confirm", "agreed"), ("meet", "not_agreed")):
        text += (
            f'\n[[milestones]]\nname = "{name}"\nlabel = "X"\nowed_by = "both"\nquantity = 2\n'
            f'after = "met:reply"\nwhen = "{when}"\nmet_by = ["settle"]\n'
        )
    policy = parse(text, source="sefton.toml")
    assert names(policy, 1, "met:reply", agreed=True) == ["confirm"]
    assert names(policy, 1, "met:reply", agreed=False) == ["meet"]


# Words


def test_the_seven_doors_and_the_six_choices_are_the_boards() -> None:
    assert [term.label for term in MSCP.terms("about")] == [
        "Level of help",
        "A plan is not moving",
        "Information",
        "Someone not taking part",
        "A service is stopping or missing",
        "Something else",
    ]
    doors = MSCP.terms("door")
    assert len(doors) == 7
    assert doors[1].hint == "Tell the LADO today. Do not ask or tell the adult yet."
    assert all(door.hint for door in doors)


@EACH
def test_every_issue_is_in_one_of_six_groups(policy: Policy) -> None:
    groups = {term.code for term in policy.terms("issue_group")}
    assert len(groups) == 6
    assert {term.group for term in policy.terms("issue")} == groups
    assert len(policy.terms("issue")) == 20


@EACH
def test_words_that_would_accuse_are_not_used(policy: Policy) -> None:
    said = json.dumps(policy.document).lower()
    for word in ("complainant", "respondent", "accused", "breach", "dispute", "upheld", "silent agency"):
        assert word not in said


NATIONAL = {"999", "020 3117 2520", "0800 028 0285"}
"""Emergencies, and the advice lines of Protect and the NSPCC: the same for every partnership."""


def test_local_numbers_are_fictional_and_all_but_999_are_to_be_confirmed() -> None:
    for number in MSCP.numbers:
        assert number.number in NATIONAL or number.number.startswith("020 7946 0")
        assert number.number == "999" or number.to_be_confirmed


def test_what_a_policy_does_not_have_is_a_lookup_error() -> None:
    for ask in (
        lambda: MSCP.stage(6),
        lambda: MSCP.milestone(1, "decide"),
        lambda: MSCP.term("outcome", "won"),
        lambda: MSCP.terms("colour"),
        lambda: MSCP.number("mayor"),
        lambda: MSCP.note("none"),
    ):
        with pytest.raises(LookupError, match="This policy has no"):
            ask()
    assert MSCP.note("privacy").as_of.year == 2026
    assert (MSCP.first.number, MSCP.last.number) == (1, 5)
    assert MSCP.milestone(1, "match").when is When.UNMATCHED


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("nhs_number", "her number is 943 476 5919.", "943 476 5919"),
        ("nhs_number", "ref 9434765919", "9434765919"),
        ("nhs_number", "our ref 20417, call 020 7946 0112", ""),
        ("date_of_birth", "DOB 12/03/2019", "DOB 12/03/2019"),
        ("date_of_birth", "she was born on 3rd March 2020", "born on 3rd March 2020"),
        ("date_of_birth", "seen 21/12/2026", "21/12/2026"),
        ("date_of_birth", "No visit since 18 November", ""),
        ("postcode", "lives in SW19 4AB now", "SW19 4AB"),
        ("postcode", "lives in sw194ab", "sw194ab"),
        ("postcode", "at stage 2 and s47", ""),
        ("phone", "mum is on 07700 900123", "07700 900123"),
        ("phone", "mum is on +44 7700 900123", "+44 7700 900123"),
        ("phone", "on 21 December at 2pm", ""),
        ("email", "write to a.b@example.org please", "a.b@example.org"),
        ("email", "two nurses @ the ward", ""),
        ("name", "has not started. Jayden's mum has had no visit", "Jayden"),
        ("name", "he told Anne-Marie twice", "Anne-Marie"),
        ("name", "with Zoë there", "Zoë"),
        ("name", "Miss Smith said so, and Dr. Brown", ""),
        ("titled_name", "Miss Smith said so", "Miss Smith"),
        ("titled_name", "Ask Dr. Brown-Lee", "Dr. Brown-Lee"),
        ("titled_name", "I miss School. The Dr came", ""),
        (
            "name",
            "On 21 December I saw the child asleep. Mum told me she was up. The LADO and Merton know.",
            "",
        ),
    ],
)
def test_warnings_find_detail_and_leave_the_rest(code: str, text: str, found: str) -> None:
    pattern = next(pattern for pattern in MSCP.patterns if pattern.code == code)
    assert pattern.found_in(text) == ((found,) if found else ())


def test_a_warning_says_what_was_seen_and_what_to_do() -> None:
    name = next(pattern for pattern in MSCP.patterns if pattern.code == "name")
    assert name.warning("Jayden") == (
        "“Jayden” looks like a name. Please leave names out. If it's not a name, carry on."
    )
    assert name.instead == "the child"


def test_a_version_stored_before_a_limit_was_thought_of_still_reads() -> None:
    older = json.loads(json.dumps(shipped_policies()[0].document))
    del older["limits"]["treated_after_days"]
    assert "treated_after_days" not in from_document(older).limits
    del older["limits"]["draft_days"]
    with pytest.raises(PolicyError, match="draft_days"):
        from_document(older)
