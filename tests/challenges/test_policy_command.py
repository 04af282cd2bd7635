"""`manage.py policy`: what a file says in plain words, what is wrong with it, and how two differ."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from escalation.policy.parsing import POLICIES_FOLDER


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("policy", *words)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        (
            "mscp",
            [
                "Stage 1: Practitioner to practitioner",
                "2 working days; on the fast track 4 hours.",
                "Friday 5 June 2026, 3pm and on Wednesday 23 December 2026, 10:20am",
                "Tuesday 9 June 2026, 5pm, fast track Friday 5 June 2026, 7pm; Tuesday 29 December 2026, 5pm",
                "It opens only when the panel's recommendation was not accepted.",
                "- Who chairs the resolution panel.",
            ],
        ),
        ("london", ["No time is published, so no clock runs."]),
        (
            "sefton",
            ["Counted from the day the worry arose.", "Met by “Answer this challenge” with “We have acted”."],
        ),
        ("lincolnshire", ["At once.", "Sunday 7 June 2026, 3pm"]),
    ],
)
def test_a_policy_in_plain_words(capsys: pytest.CaptureFixture[str], key: str, lines: list[str]) -> None:
    page = " ".join(said(capsys, "check", key).split())
    for line in lines:
        assert line in page


def test_nothing_is_wider_than_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert max(len(line) for line in said(capsys, "check", "mscp").splitlines()) <= 100


def test_whoever_reads_the_first_lines_alone_sees_no_fault() -> None:
    words = [sys.executable, "manage.py", "policy", "check", "mscp"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        assert command.stderr.read() == ""


def test_a_broken_file_is_refused_with_every_line(tmp_path: Path) -> None:
    text = (POLICIES_FOLDER / "sefton.toml").read_text(encoding="utf-8")
    broken = tmp_path / "ours.toml"
    broken.write_text(text.replace("reply:acted", "reply:danced").replace("quantity = 48", "quantity = -1"))
    with pytest.raises(CommandError) as refused:
        call_command("policy", "check", str(broken))
    assert "ours.toml cannot be used." in str(refused.value)
    assert "“quantity” is -1. It needs to be 0 or more." in str(refused.value)
    broken.write_text(text.replace("reply:acted", "reply:danced"))
    with pytest.raises(
        CommandError, match=r"line 6.*unknown answer “danced” to “reply”\. Use one of: acted, differs"
    ):
        call_command("policy", "check", str(broken))


def test_a_file_that_is_not_there_is_told_so() -> None:
    with pytest.raises(CommandError, match="Give a file, or one of: lincolnshire, london, mscp, sefton"):
        call_command("policy", "check", "nowhere")


def test_a_file_of_another_encoding_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_bytes('title = "Procédure"'.encode("cp1252"))
    with pytest.raises(CommandError, match="Save it again as UTF-8"):
        call_command("policy", "check", str(tmp_path / "old.toml"))


def test_two_policies_differ_in_these_places(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "compare", "mscp", "lincolnshire").splitlines()
    assert lines[0] == "MSCP default escalation policy -> Lincolnshire professional resolution procedure"
    assert "Stage 1, “reply”, time: 2 working days -> 48 hours" in lines
    assert any(line.startswith("Stage 5: only in mscp") for line in lines)
    assert not any(line.startswith("Word, ") for line in lines), "both share their words"


def test_a_policy_does_not_differ_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "compare", "london", "london").splitlines()[-1] == "They say the same."
