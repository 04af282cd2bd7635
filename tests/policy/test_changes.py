"""What a version says differently, in plain words; and a policy written as a file reads back the same."""

from dataclasses import replace
from datetime import date

import pytest

from escalation.policy import Policy, parse, shipped_policies
from escalation.policy.changes import changes
from escalation.policy.stages import Milestone, UnitPart
from escalation.policy.writing import toml_text

SHIPPED = {policy.key: policy for policy in shipped_policies()}
MSCP, SEFTON = SHIPPED["mscp"], SHIPPED["sefton"]
LABELS = {"reply": "Answer"}


def said(after: Policy, before: Policy = MSCP) -> list[str]:
    return [f"{part.heading} | {line}" for part in changes(before, after, LABELS) for line in part.lines]


def with_reply(**fields: object) -> Policy:
    stage = MSCP.stages[0]
    reply: Milestone = replace(stage.milestones[0], **fields)  # type: ignore[arg-type]
    first = replace(stage, milestones=(reply, *stage.milestones[1:]))
    return replace(MSCP, stages=(first, *MSCP.stages[1:]))


REPLY = "Stage 1: Worker to worker | “Answer the challenge”"
ONE_CHANGE = [
    (with_reply(quantity=4), [f"{REPLY}: 4 working days. It was 2 working days."]),
    (
        replace(MSCP, stages=(replace(MSCP.stages[0], unit=UnitPart.TOLD), *MSCP.stages[1:])),
        ["Stage 1: Worker to worker | The business unit is told. Before: it counts it."],
    ),
    (with_reply(quantity=0), [f"{REPLY}: at once. It was 2 working days."]),
    (with_reply(fast_track=None), [f"{REPLY}, if the child cannot wait: no other time. It was 4 hours."]),
    (replace(MSCP, title="Ours"), ["The policy | Its title: Ours. It was MSCP default escalation policy."]),
    (
        replace(MSCP, stages=MSCP.stages[:4]),
        ["Stages | “Safeguarding partners” is no stage any more. It was stage 5."],
    ),
    (
        replace(MSCP, limits={**MSCP.limits, "reopen_days": 90}),
        ["How long | How long it can be opened again, in days: 90. It was 60."],
    ),
    (
        replace(MSCP, to_be_confirmed=(*MSCP.to_be_confirmed, "Who prints it.")),
        ["To be confirmed | New: Who prints it."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("after", "lines"), ONE_CHANGE)
def test_one_change_is_one_sentence(after: Policy, lines: list[str]) -> None:
    assert said(after) == lines


def test_nothing_is_said_where_only_number_and_start_are_new() -> None:
    assert said(replace(MSCP, version=9, start=date(2030, 1, 1), source="other.toml")) == []


def test_a_stage_in_between_is_new_and_the_others_have_moved_on() -> None:
    extra = replace(MSCP.stages[1], number=3, name="Directors", long_name="Directors meet")
    after = (
        *MSCP.stages[:2],
        extra,
        *(replace(stage, number=stage.number + 1) for stage in MSCP.stages[2:]),
    )
    lines = said(replace(MSCP, stages=after))
    assert "Stages | Stage 3, “Directors”, is new." in lines
    assert "Stages | “Heads of service” is stage 4. It was stage 3." in lines
    assert not [line for line in lines if "Heads of service |" in line], "nothing else of it changed"
    assert any(
        line.startswith("Stage 3: Directors | “Answer the challenge”: 2 working days") for line in lines
    )


def test_a_word_that_is_worded_anew_keeps_its_place_and_another_is_new() -> None:
    issues = MSCP.vocabularies["issue"]
    new = (replace(issues[0], label="Level of need"), *issues[1:], replace(issues[0], code="x", label="Bus"))
    after = replace(MSCP, vocabularies={**MSCP.vocabularies, "issue": new})
    assert said(after) == [
        "Words to choose from: Issues | “Bus” is new.",
        "Words to choose from: Issues | “Level of need” was called “Threshold or level of need”.",
    ]


@pytest.mark.parametrize("key", SHIPPED)
def test_every_policy_differs_from_another_one_and_not_from_itself(key: str) -> None:
    assert not said(SHIPPED[key], SHIPPED[key])
    assert all(said(SHIPPED[key], other) for other in SHIPPED.values() if other.key != key)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_policy_that_is_written_as_a_file_is_read_back_the_same(key: str) -> None:
    again = parse(toml_text(SHIPPED[key]), source="another-name.toml")
    assert again == SHIPPED[key]
    assert again.digest == SHIPPED[key].digest


ODD = [
    'Say "no"',
    "a\\b",
    "one\ntwo\r\n",
    "tab\tdelete\x7fbell\x07",
    "'''",
    '"""',
    "# no comment",
    "né \u2028 …",
]


@pytest.mark.parametrize("words", ODD)
def test_any_words_are_read_back_as_they_were(words: str) -> None:
    reply = replace(MSCP.stages[0].milestones[0], label=words, quantity=None, fast_track=None)
    stage = replace(MSCP.stages[0], who=words, milestones=(reply, *MSCP.stages[0].milestones[1:]))
    odd = replace(MSCP, title=words, stages=(stage, *MSCP.stages[1:]), to_be_confirmed=(words, "x"))
    assert parse(toml_text(odd), source="odd.toml") == odd
