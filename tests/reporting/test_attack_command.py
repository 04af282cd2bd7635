"""The attacker as a command: on what was published, and on files from anywhere."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import policy
from tests.reporting.quarters import Q1, Unit, logged


def cell(low: int, high: int, **categories: str) -> dict[str, Any]:
    return {**categories, "value": low, "low": low, "high": high, "symbol": None}


def release_of(*cells: dict[str, Any]) -> str:
    table = {"code": "closed", "date": "closed", "quarters": ["2026-27-Q1"]}
    return json.dumps({"tables": [{**table, "parts": [{"by": ["stage"], "cells": cells}]}]})


@pytest.mark.django_db
def test_what_was_published_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan()
    logged(23)
    unit.published()
    call_command("attack", str(Q1), "--from-the-start")
    said = capsys.readouterr().out
    assert said.startswith("Editions of releases: 1. Figures: ")
    assert "Nothing: none is known exactly" in said


@pytest.mark.django_db
def test_before_anything_is_published_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="Nothing was published up to 2026-27-Q1"):
        call_command("attack", "2026-27-Q1")


def test_what_can_be_learnt_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An exact total beside rounded parts: 7 in all, and at least 6 in one stage."""
    file = tmp_path / "release.json"
    file.write_text(release_of(cell(7, 7), cell(6, 14, stage="1"), cell(0, 4, stage="2")), encoding="utf-8")
    with pytest.raises(CommandError, match="1 known exactly, 0 certain to be 1 to 4, 3 known to less than 4"):
        call_command("attack", file=[str(file)])
    assert "- closed, 2026-27-Q1, stage 2: 0 to 1" in capsys.readouterr().out


WRONG = {
    "not JSON": ("hello", "is not the JSON of a release"),
    "other JSON": ("[1]", "is not the JSON of a release"),
    "tables without cells": ('{"tables": [{}]}', "is not the JSON of a release"),
    "figures that cannot be": (
        release_of(cell(0, 4), cell(6, 14, stage="1"), cell(0, 4, stage="2")),
        "Nothing agrees with all that is published",
    ),
}


@pytest.mark.parametrize(("content", "message"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_no_release_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "release.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        call_command("attack", file=[str(file)])


def test_it_needs_a_quarter_or_a_file_that_is_there() -> None:
    with pytest.raises(CommandError, match="Say which"):
        call_command("attack")
    with pytest.raises(CommandError, match="could not be read: No such file"):
        call_command("attack", file=["nowhere.json"])
    with pytest.raises(CommandError, match="2026"):
        call_command("attack", "last quarter")
