"""What is written down can be done, and tells nothing of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

ROOT = Path(__file__).resolve().parents[2]
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
ASKED = re.compile(r"\bmake ([a-z]+)\b")
IN_CODE = re.compile(r"`[^`\n]+`|^(?: {4}|\t).*$|^```.*?^```", re.MULTILINE | re.DOTALL)
# Homes of people, of root, and of their tools.
PRIVATE = re.compile(r"/(?:home|Users|root)/\w|\.pyenv")
# Names that the settings, or the server's own file, look up in the environment.
READ = re.compile(r"""(?:env\.\w+|os\.environ\.get)\(["']([A-Z_]+)["']""")
NAMED = re.compile(r"`([A-Z_]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
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


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md", ".ci/run"])
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


DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """Where a link can lead inside a page: its named places, and its headings as they are shown."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings} | set(
        re.findall(r'<a id="([^"]+)">', text)
    )


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_documents_leads_somewhere(page: Path) -> None:
    lost = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, place = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_file() or (place and place not in anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_manage_py_in_a_document_exists(page: Path) -> None:
    assert set(COMMAND.findall(page.read_text(encoding="utf-8"))) <= set(get_commands())


def test_operations_explains_every_name_of_the_environment_and_no_other() -> None:
    sources = (ROOT / "core/settings.py", ROOT / "gunicorn.conf.py")
    read = {name for source in sources for name in READ.findall(source.read_text(encoding="utf-8"))}
    settings = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("## First start")[0]
    rows = [row.split("|")[1] for row in settings.splitlines() if row.startswith("| `")]
    told = {name for first in rows for name in NAMED.findall(first)}
    assert "SECRET_KEY" in read
    assert told == read


def test_the_workflow_page_is_current() -> None:
    call_command("workflow_docs", "--check")
    call_command("lado_workflow_docs", "--check")


def test_the_page_of_permissions_is_current_and_has_every_address() -> None:
    call_command("permissions_docs", "--check")


def test_the_table_of_contents_names_every_guide() -> None:
    contents = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").iterdir() if path.is_file()} - {"README.md"}
    assert {name for name in pages if f"({name})" not in contents} == set()


def test_every_decision_is_in_their_list() -> None:
    contents = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")}
    assert {name for name in pages if f"({name})" not in contents} == set()
