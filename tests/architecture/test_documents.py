"""What is written down can be done, and tells nothing of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
ASKED = re.compile(r"\bmake ([a-z]+)\b")
IN_CODE = re.compile(r"`[^`\n]+`|^(?: {4}|\t).*$|^```.*?^```", re.MULTILINE | re.DOTALL)
# Homes of people, of root, and of their tools.
PRIVATE = re.compile(r"/(?:home|Users|root)/\w|\.pyenv")
PINS = ("package-lock.json", "requirements/app.txt", "requirements/dev.txt", ".npmrc")


def committed() -> list[Path]:
    """Every file that git knows; in a copy without git, those that would be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def test_no_committed_file_names_a_private_place() -> None:
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in committed()
        if path != Path(__file__) and (match := PRIVATE.search(path.read_bytes().decode(errors="replace")))
    }
    assert found == {}


@pytest.mark.parametrize("name", PINS)
def test_pins_leave_it_to_the_machine_where_packages_come_from(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_make_command_in_a_document_exists(name: str) -> None:
    document = ROOT / name
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    text = document.read_text(encoding="utf-8") if document.exists() else ""
    if document.suffix == ".md":
        text = "\n".join(IN_CODE.findall(text))
    assert set(ASKED.findall(text)) <= targets


def test_ci_runs_what_the_readme_says() -> None:
    recipe = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert "make test" in recipe
    assert "make check" in recipe
