"""Schemathesis tries everything that the description allows, and much that it does not, on a running server.

Its exceptions, with their reasons, are in schemathesis.toml. `make test` has a small run, always the same;
`make proof` a long one that draws afresh.
"""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from escalation.challenges.models import Challenge, Entry
from tests.api.partnership import Partnership
from tests.reporting.quarters import Unit, logged
from tests.served import Template, serve

pytestmark = pytest.mark.large
PROGRAM = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).parent / "schemathesis.toml"
SMALL = ("--phases", "examples,fuzzing,stateful", "--max-examples", "5", "--seed", "1")
LONG = ("--max-examples", "200")


def publish_a_quarter() -> None:
    """That of the description's examples, so that the addresses of releases have something to send."""
    unit = Unit()
    unit.plan()
    logged(27)
    unit.published()


@pytest.mark.parametrize("how", [SMALL, pytest.param(LONG, marks=pytest.mark.proof)], ids=["small", "long"])
def test_the_api_is_what_its_description_says(
    how: tuple[str, ...],
    prepared: Template,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("API_READS_PER_MINUTE", "API_WRITES_PER_MINUTE"):
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")  # every refusal is a warning otherwise
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, serve(url) as log:
        partnership = Partnership(log)
        publish_a_quarter()
        described = tmp_path / "openapi.json"
        described.write_text(json.dumps(partnership.description()), encoding="utf-8")
        command: list[str | Path] = [PROGRAM, "--config-file", CONFIG, "run", described, "--url", log.url]
        done = subprocess.run(
            [*command, "--no-shrink", *how],
            cwd=tmp_path,
            env=os.environ | {"API_KEY": partnership.key},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # It came through to the rules: its examples raised a challenge and took a step.
        assert Challenge.objects.count() > 1
        assert Entry.objects.filter(challenge=partnership.case, step="add_note").exists()
        call_command("verify_audit", stdout=StringIO())
