"""A broken policy file is refused with its name, the line and what to do. One kind of fault a row.

Each row changes one thing in small.toml and says in which line, and with which words, it is refused.
"""

from pathlib import Path

import pytest

from escalation.policy import PolicyError, PolicyErrors, from_document, parse

SMALL = (Path(__file__).parent / "small.toml").read_text(encoding="utf-8")


def line_of(text: str, words: str) -> int:
    """The line, from 1, in which these words first stand."""
    return text[: text.index(words)].count("\n") + 1


def refused(text: str) -> PolicyErrors:
    with pytest.raises(PolicyErrors) as caught:
        parse(text, source="small.toml")
    return caught.value


def test_the_small_policy_itself_is_right() -> None:
    policy = parse(SMALL, source="small.toml")
    assert [term.code for term in policy.terms("method")] == ["call", "letter"]
    assert policy.number("emergency").number == "999"


BROKEN = {
    "a line that is no TOML": ('title = "A small', "title = A small", "title", "cannot be read"),
    "a key given twice": ("version = 1", "version = 1\nversion = 2", "version = 2", "cannot be read"),
    "an unknown key": (
        'who = "Both',
        'whom = "x"\nwho = "Both',
        "whom",
        "Stage 1: unknown key “whom”. Did you mean “who”?",
    ),
    "an unknown key of the policy": (
        "version = 1",
        "version = 1\ncolour = 2",
        "colour",
        "The policy: unknown key “colour”",
    ),
    "a missing key": (
        'long_name = "A panel"\n',
        "",
        "[[stages]]\nnumber = 2",
        "Stage 2: “long_name” is missing. Add it",
    ),
    "a missing key of the policy": ('title = "A small policy"\n', "", 'key = "small"', "“title” is missing"),
    "words where a number should be": (
        "quantity = 10",
        'quantity = "ten"',
        '"ten"',
        "whole number, or “not published”",
    ),
    "a number where words should be": (
        'name = "Panel"',
        "name = 7",
        "name = 7",
        "“name” needs words in quotation marks, not 7",
    ),
    "empty words": ('name = "Panel"', 'name = ""', 'name = ""', "“name” is empty"),
    "true where a number should be": ("version = 1", "version = true", "version", "a whole number, not true"),
    "words where yes or no should be": (
        "formal = true",
        'formal = "yes"',
        "formal",
        "true or false, not “yes”",
    ),
    "a number below the least": (
        "version = 1",
        "version = 0",
        "version",
        "“version” is 0. It needs to be 1 or more",
    ),
    "no date": ("start = 2026-04-01", 'start = "April"', "start", "“April” is no date"),
    "a number for a date": ("start = 2026-04-01", "start = 2026", "start", "a date such as 2026-04-01"),
    "a time of day where a date should be": (
        "start = 2026-04-01",
        "start = 2026-04-01T09:00:00",
        "start",
        "a date such as 2026-04-01",
    ),
    "an unknown unit of time": (
        'unit = "working_days"',
        'unit = "weeks"',
        '"weeks"',
        "unknown unit “weeks”. Use one of: working_days",
    ),
    "an unknown owner": (
        'owed_by = "unit"',
        'owed_by = "clerk"',
        '"clerk"',
        "Stage 2, milestone “recommend”: unknown owed_by “clerk”",
    ),
    "an unknown part of the unit": (
        'unit = "counted"',
        'unit = "sleeps"',
        '"sleeps"',
        "unknown unit “sleeps”. Use one of: counted",
    ),
    "an unknown kind of stage": ('kind = "panel"', 'kind = "jury"', '"jury"', "unknown kind “jury”"),
    "an unknown audience": (
        'after = "missed',
        'audience = "all"\nafter = "missed',
        "audience",
        "unknown audience “all”",
    ),
    "an unknown condition": (
        'after = "missed',
        'when = "never"\nafter = "missed',
        "when",
        "unknown when “never”",
    ),
    "a code with capitals": ('name = "chase"', 'name = "Chase it"', "Chase it", "“Chase it” is no code"),
    "one table where a list of tables should be": (
        "[[notes]]",
        "[notes]",
        "[notes]",
        "“notes” needs a list, not a table",
    ),
    "an empty fast track": ("fast_track = 24", "fast_track = 0", "fast_track", "1 or more"),
    "the same stage twice": (
        "number = 2",
        "number = 1",
        'number = 1\nname = "Panel"',
        "Stage 1 is there twice",
    ),
    "a stage left out": ("number = 2", "number = 3", "number = 3", "This is stage 2, and its number says 3"),
    "partners without a panel": (
        'unit = "counted"',
        'unit = "counted"\nonly_after_not_accepted = true',
        "only_after",
        "no panel comes before it",
    ),
    "an unknown start": (
        'after = "missed:reply"',
        'after = "monday"',
        '"monday"',
        "unknown start “monday”. Use stage_start",
    ),
    "a step that does not exist": (
        'after = "missed:reply"',
        'after = "step:dance"',
        "dance",
        "unknown step “dance” in “after”",
    ),
    "met by a step that does not exist": (
        'met_by = ["recommend"]',
        'met_by = ["dance"]',
        "dance",
        "unknown step “dance” in “met_by”",
    ),
    "met by an answer that does not exist": (
        'met_by = ["reply"]',
        'met_by = ["reply:danced"]',
        "reply:danced",
        "unknown answer “danced” to “reply”. Use one of: ",
    ),
    "met by an answer to a step that has none": (
        'met_by = ["reply"]',
        'met_by = ["settle:acted"]',
        "settle:acted",
        "“settle” has no answers to choose from. Those that have: reply, add_note, answer_recommendation.",
    ),
    "raising it meets only what runs before": (
        'met_by = ["reply"]',
        'met_by = ["raise"]',
        'met_by = ["raise"]',
        "“raise” meets only what starts when the concern arose",
    ),
    "met by nothing": ('met_by = ["recommend"]', "met_by = []", "met_by = []", "“met_by” is empty"),
    "after a milestone that does not exist": (
        'after = "missed:reply"',
        'after = "met:lunch"',
        "lunch",
        "starts after the milestone “lunch”, which does not exist",
    ),
    "after a milestone of another stage": (
        'fast_track = 24\nafter = "stage_start"',
        'after = "met:reply"',
        'after = "met:reply"',
        "does not exist here",
    ),
    "missed what has no time": (
        "quantity = 2\n",
        'quantity = "not published"\n',
        'after = "missed:reply"',
        "no published time to miss",
    ),
    "a milestone after itself": (
        'after = "missed:reply"',
        'after = "missed:chase"',
        "missed:chase",
        "in a circle (chase after chase)",
    ),
    "the same milestone twice": ('name = "chase"', 'name = "reply"', 'name = "reply"', "is there twice"),
    "an empty vocabulary": (
        'method = [\n  { code = "call", label = "Call" },\n  { code = "letter", label = "Letter" },\n]',
        "method = []",
        "method = []",
        "The vocabulary “method” is empty",
    ),
    "a code twice": (
        'code = "letter"',
        'code = "call"',
        'code = "call", label = "Letter"',
        "Vocabulary “method”, term “call” is there twice",
    ),
    "a term without a label": (', label = "Letter"', "", '"letter"', "term “letter”: “label” is missing"),
    "a group that does not exist": (
        'label = "Letter"',
        'label = "Letter", group = "post"',
        "post",
        "unknown group “post”",
    ),
    "a bad pattern": (
        "CN[0-9]{4}",
        "CN[0-9",
        "pattern =",
        "Warning pattern “case_number” is no valid regular expression",
    ),
    "a shared file that does not exist": (
        '"log.toml"',
        '"lost.toml"',
        "lost",
        "There is no shared file “lost.toml”",
    ),
    "a shared file that is no name": ('"log.toml"', "7", "shared", "“shared” needs the name of a file"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_with_line_and_reason(kind: str) -> None:
    old, new, where, reason = BROKEN[kind]
    assert old in SMALL, "the row no longer fits small.toml"
    text = SMALL.replace(old, new, 1)
    errors = refused(text)
    line = line_of(text, where)
    assert (errors.source, errors.line) == ("small.toml", line), str(errors)
    assert reason in errors.reason
    assert str(errors.faults[0]) == f"small.toml, line {line}: {errors.reason}"


def test_a_circle_of_two_is_found() -> None:
    text = SMALL.replace(
        "[vocabularies]",
        '[[milestones]]\nname = "other"\nlabel = "Other"\nowed_by = "unit"\nquantity = 1\n'
        'after = "met:chase"\nmet_by = ["settle"]\n\n[vocabularies]',
    ).replace("missed:reply", "missed:other")
    reasons = [fault.reason for fault in refused(text).faults]
    assert any("(chase after other after chase)" in reason for reason in reasons)


def test_a_file_that_ends_too_soon_is_refused_at_its_end() -> None:
    text = SMALL + "\n[half"
    assert refused(text).line == text.count("\n") + 1


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    text = (
        SMALL.replace("version = 1", "version = 0")
        .replace('"Both workers"', "5")
        .replace('"panel"', '"jury"')
    )
    errors = refused(text)
    assert [fault.line for fault in errors.faults] == sorted(fault.line or 0 for fault in errors.faults)
    assert len(errors.faults) == 3
    assert str(errors).count("small.toml, line ") == 3


def test_a_policy_without_stages_is_refused() -> None:
    text = 'key = "a"\ntitle = "A"\nversion = 1\nstart = 2026-04-01\nshared = "log.toml"\n'
    assert "no stages" in str(refused(text))


def test_a_missing_vocabulary_is_named() -> None:
    text = SMALL.replace('shared = "log.toml"\n', "")
    limits = (
        "\n[limits]\nhold_working_days = 10\nreopen_days = 60\ndraft_reminder_days = 14\ndraft_days = 30\n"
        "treated_after_days = 91\n"
    )
    assert "The vocabulary “outcome” is missing" in str(refused(text + limits))


def test_a_fault_in_the_shared_file_names_that_file() -> None:
    def shared(name: str) -> str:
        return '[vocabularies]\nabout = [\n  { code = "a", label = "A" },\n  { code = "b" },\n]\n'

    with pytest.raises(PolicyErrors) as caught:
        parse(SMALL, source="small.toml", shared=shared)
    assert "log.toml, line 4: Vocabulary “about”, term “b”: “label” is missing" in str(caught.value)


def test_a_shared_file_does_not_say_which_policy_it_is() -> None:
    with pytest.raises(PolicyError, match=r"log\.toml, line 1: “version” cannot be shared"):
        parse(SMALL, source="small.toml", shared=lambda name: "version = 2\n")


def test_a_stored_document_is_refused_without_a_line() -> None:
    document = dict(parse(SMALL, source="small.toml").document)
    del document["title"]
    with pytest.raises(PolicyError) as caught:
        from_document(document)
    assert caught.value.line is None
    assert str(caught.value).startswith("The policy: “title” is missing")


@pytest.mark.parametrize("put", ["", "[[x]]", "name = {}", "after = [5]"])
def test_no_line_can_be_spoilt_so_that_it_fails_in_another_way(put: str) -> None:
    """Each line in turn is replaced; the file is read, or refused with a place."""
    lines = SMALL.splitlines()
    for number in range(len(lines)):
        text = "\n".join([*lines[:number], put, *lines[number + 1 :]])
        try:
            parse(text, source="small.toml")
        except PolicyErrors as errors:
            assert all(fault.line and fault.source for fault in errors.faults)  # noqa: PT017  both ways are right
