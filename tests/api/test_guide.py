"""docs/api.md is true: every command and program on it is run, in order, against a running server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from escalation.accounts.services import service_user
from escalation.challenges.models import Challenge
from escalation.reporting.models import Release
from escalation.reporting.services import work
from tests.api.partnership import Partnership
from tests.factories import challenge, person
from tests.moments import london
from tests.reporting.quarters import Unit
from tests.served import ROOT, Template, serve

pytestmark = pytest.mark.large
GUIDE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
PROGRAMS = Path(sys.executable).parent
BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^```(?P<language>sh|python)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Reader:
    """Somebody with the guide in front of them, a shell, and what the guide says they need."""

    def __init__(self, partnership: Partnership, folder: Path) -> None:
        system = service_user(email=f"{partnership.case.reference}@example.org", name="Figures")
        self.folder = folder
        self.environment = os.environ | {
            "LOG": partnership.log.url,
            "KEY": partnership.key,
            "REPORT_KEY": partnership.key_of(system, "reports"),
            "CHALLENGE": str(partnership.case.uuid),
            "SETTING": str(partnership.team.uuid),
            "DATABASE_URL": partnership.log.database_url,
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        }

    def run(self, *command: str | Path, folder: Path | None = None) -> str:
        """What it prints; a command that fails, fails the test with what it said."""
        done = subprocess.run(
            command,
            cwd=folder or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str, *, folder: Path | None = None) -> str:
        return self.run("bash", "-euo", "pipefail", "-c", code, folder=folder)

    def python(self, code: str, *, typed: bool = False) -> str:
        program = self.folder / "program.py"
        program.write_text(code, encoding="utf-8")
        if typed:
            self.run("mypy", "--strict", "--config-file", os.devnull, "program.py", "challenge_log_client")
        return self.run(sys.executable, "program.py")


def blocks(heading: str, language: str) -> list[str]:
    """The code of a section, in order."""
    found, here = [], ""
    for match in BLOCK.finditer(GUIDE):
        here = match["heading"] or here
        if here == heading and match["language"] == language:
            found.append(match["code"])
    return found


@pytest.fixture(scope="module")
def partnership(
    prepared: Template, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Partnership]:
    """One server for all these tests: each has a challenge of its own."""
    folder = tmp_path_factory.mktemp("guide")
    with django_db_blocker.unblock(), prepared.copied(folder) as url, serve(url) as log:
        yield Partnership(log)


@pytest.fixture
def reader(partnership: Partnership, tmp_path: Path) -> Iterator[Reader]:
    """When they are done, the trail holds."""
    partnership.raise_it()
    yield Reader(partnership, tmp_path)
    call_command("verify_audit", stdout=StringIO())


@pytest.fixture(scope="module")
def release(partnership: Partnership) -> Release:
    """Of 12 challenges in May 2026."""
    for _ in range(12):
        challenge(
            by=partnership.amara,
            raising=partnership.school,
            asked=[partnership.team],
            now=london(2026, 5, 12, 10),
        )
    unit = Unit()
    unit.plan("challenges_middle", expected=100)
    release = unit.approved()
    work(now=release.publish_at)
    return release


def test_every_block_is_run_by_a_test_here() -> None:
    run = {
        ("A key", "sh"): 1,
        ("Reading", "sh"): 4,
        ("Raising a challenge", "sh"): 1,
        ("Taking a step", "sh"): 1,
        ("Taking a step", "python"): 1,
        ("A client made from the description", "sh"): 1,
        ("A client made from the description", "python"): 1,
        ("What is published", "sh"): 1,
        ("What is published", "python"): 1,
    }
    assert {section: len(blocks(*section)) for section in run} == run
    assert GUIDE.count("```sh\n") + GUIDE.count("```python\n") == sum(run.values())


def test_keys_are_made_and_ended(reader: Reader, partnership: Partnership) -> None:
    owner = person("Rosa Lind", practitioner=partnership.school)
    owner.email = "person@example.org"
    owner.save()
    [code] = blocks("A key", "sh")
    told = reader.shell(code, folder=ROOT)
    assert told.count("Shown once") == 3
    assert "1 key of Quarterly figures ended." in told


def test_reading_raising_and_a_step_with_curl(reader: Reader, partnership: Partnership) -> None:
    listed, one, unchanged, settings = (reader.shell(code) for code in blocks("Reading", "sh"))
    assert json.loads(listed)["count"] == 0, "it is their turn, not ours"
    assert json.loads(one)["uuid"] == str(partnership.case.uuid)
    assert unchanged == "304\n"
    assert {each["name"] for each in json.loads(settings)} == {
        "Oakfield Primary School",
        "Family Safeguarding Team 2",
    }
    [raising] = blocks("Raising a challenge", "sh")
    made: dict[str, Any] = json.loads(reader.shell(raising))
    assert Challenge.objects.get(uuid=made["uuid"]).our_pointer == "HV-4471"
    [step] = blocks("Taking a step", "sh")
    assert json.loads(reader.shell(step))["version"] == 2


def test_what_is_published_with_curl(reader: Reader, release: Release) -> None:
    [code] = blocks("What is published", "sh")
    told = reader.shell(code)
    listed, end = json.JSONDecoder().raw_decode(told)
    assert [each["quarter"] for each in listed["releases"]] == ["2026-27-Q1"]
    assert json.loads(told[end:])["sum"] == "year_to_date"
    assert (reader.folder / "opened.csv").read_text(encoding="utf-8").startswith("period_begins,")
    assert load_workbook(reader.folder / "release.xlsx").sheetnames[0] == "Cover"


def test_what_is_published_with_nothing_to_install(reader: Reader, release: Release) -> None:
    [code] = blocks("What is published", "python")
    title, figure, words, again = reader.python(code).splitlines()
    assert title == "Challenges opened April to June 2026"
    assert figure in ("10 that is 6 to 14", "15 that is 11 to 19")
    assert "0 does not mean none" in words
    assert again == "nothing new"


def test_a_step_with_nothing_to_install(reader: Reader) -> None:
    [code] = blocks("Taking a step", "python")
    assert reader.python(code).splitlines() == [
        "It is social care's turn.",
        "['what', 'audience']",
        "done, now at version 2",
    ]


def test_a_client_made_from_the_description_raises_steps_and_reads(reader: Reader) -> None:
    """From the description that the server gives; the client and the program are type-checked, strictly."""
    [commands] = blocks("A client made from the description", "sh")
    [code] = blocks("A client made from the description", "python")
    reader.shell(commands)
    raised, read = reader.python(code, typed=True).splitlines()
    made = Challenge.objects.latest("pk")
    assert raised.endswith("It is social care's turn.")
    assert raised.replace(" ", "").startswith(made.reference)
    assert read == "2 They called back."
    assert made.version == 2
