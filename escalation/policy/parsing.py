"""Reading policy files: TOML, with what files share, to a Policy, or a refusal with lines and reasons."""

from collections.abc import Callable, Mapping
from pathlib import Path as FilePath

from escalation.rulefiles import Fault, Source, read, refuse

from .checking import check
from .document import Policy
from .reading import read_policy

SHARED_FOLDER = FilePath(__file__).parent / "shared"
POLICIES_FOLDER = FilePath(__file__).parent / "policies"
SHAREABLE = ("limits", "milestones", "vocabularies", "numbers", "patterns", "notes", "to_be_confirmed")


def shared_text(name: str) -> str:
    """The text of a shipped file that policies share. Raises OSError for one that is not there."""
    return (SHARED_FOLDER / FilePath(name).name).read_text(encoding="utf-8")


def parse(text: str, *, source: str, shared: Callable[[str], str] = shared_text) -> Policy:
    """Read a policy file.

    A file may say `shared = "log.toml"`: tables of that file then count as its own, save those it
    gives itself (by vocabulary, name or code). The result holds all of it. `shared` gives the text
    of such a file by name. Raises PolicyErrors, a PolicyError, with every fault, its line and file.
    """
    own = read(text, source, shared, SHAREABLE)
    faults: list[Fault] = []
    policy = read_policy(own.values, source=source, faults=faults)
    refuse(faults or check(policy), own)
    return policy


def shipped_policies() -> list[Policy]:
    """The policies that come with the log, by key."""
    found = [
        parse(path.read_text(encoding="utf-8"), source=path.name) for path in POLICIES_FOLDER.glob("*.toml")
    ]
    return sorted(found, key=lambda policy: policy.key)


def from_document(document: Mapping[str, object]) -> Policy:
    """A policy from its stored document, which holds everything. Raises PolicyErrors, without lines."""
    faults: list[Fault] = []
    policy = read_policy(document, source="", faults=faults)
    refuse(faults or check(policy), Source({}))
    return policy
