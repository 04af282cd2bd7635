"""Reading policy files: TOML, with what files share, to a Policy, or a refusal with lines and reasons."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import cast

from .checking import check
from .document import Policy
from .errors import PolicyError, PolicyErrors
from .lines import Path, lines_of
from .reading import Fault, read_policy

SHARED_FOLDER = FilePath(__file__).parent / "shared"
POLICIES_FOLDER = FilePath(__file__).parent / "policies"
DEFAULT = "mscp"
SHAREABLE = ("limits", "milestones", "vocabularies", "numbers", "patterns", "notes", "to_be_confirmed")

Place = tuple[str, int]
"""A file and a line in it."""


@dataclass
class Source:
    """The values of one or two texts, and where each of them stands."""

    values: dict[str, object]
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place | None:
        """Where this path stands, or the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return None


def shared_text(name: str) -> str:
    """The text of a shipped file that policies share. Raises OSError for one that is not there."""
    return (SHARED_FOLDER / FilePath(name).name).read_text(encoding="utf-8")


def parse(text: str, *, source: str, shared: Callable[[str], str] = shared_text) -> Policy:
    """Read a policy file.

    A file may say `shared = "log.toml"`: tables of that file then count as its own, save those it
    gives itself (by vocabulary, name or code). The result holds all of it. `shared` gives the text
    of such a file by name. Raises PolicyErrors, a PolicyError, with every fault, its line and file.
    """
    own = _read(text, source)
    name = own.values.pop("shared", None)
    if name is not None:
        _share(_read_shared(name, own, shared), own)
    faults: list[Fault] = []
    policy = read_policy(own.values, source=source, faults=faults)
    _refuse(faults or check(policy), own)
    return policy


def shipped_policies() -> list[Policy]:
    """The policies that come with the log, the partnership's default first."""
    found = [
        parse(path.read_text(encoding="utf-8"), source=path.name) for path in POLICIES_FOLDER.glob("*.toml")
    ]
    return sorted(found, key=lambda policy: (policy.key != DEFAULT, policy.key))


def from_document(document: Mapping[str, object]) -> Policy:
    """A policy from its stored document, which holds everything. Raises PolicyErrors, without lines."""
    faults: list[Fault] = []
    policy = read_policy(document, source="", faults=faults)
    _refuse(faults or check(policy), Source({}))
    return policy


def _read(text: str, source: str) -> Source:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyErrors([_syntax_error(error, text, source)]) from None
    return Source(values, {path: (source, line) for path, line in lines_of(text).items()})


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, source: str) -> PolicyError:
    """The reader's message ends in "(at line 3, column 5)" or "(at end of document)"."""
    what, _, place = str(error).rpartition(" (at ")
    digits = place.removeprefix("line ").partition(",")[0]
    line = int(digits) if digits.isdigit() else text.count("\n") + 1
    return PolicyError(f"This line cannot be read: {what[:1].lower()}{what[1:]}.", line, source)


def _read_shared(name: object, own: Source, shared: Callable[[str], str]) -> Source:
    place = own.places[("shared",)]
    if not isinstance(name, str):
        raise PolicyErrors(
            [PolicyError("“shared” needs the name of a file in quotation marks.", place[1], place[0])]
        )
    try:
        text = shared(name)
    except OSError:
        raise PolicyErrors([PolicyError(f"There is no shared file “{name}”.", place[1], place[0])]) from None
    found = _read(text, name)
    strange = [key for key in found.values if key not in SHAREABLE]
    if strange:
        raise PolicyErrors(
            [
                PolicyError(
                    f"“{key}” cannot be shared: each policy gives its own.", found.places[(key,)][1], name
                )
                for key in strange
            ]
        )
    return found


def _share(shared: Source, own: Source) -> None:
    """Add to `own` what it does not give itself."""
    for key, theirs in shared.values.items():
        ours = own.values.get(key)
        if ours is None:
            own.values[key] = theirs
            _move(shared, (key,), own, (key,))
        elif isinstance(theirs, dict) and isinstance(ours, dict):
            for name in theirs.keys() - ours.keys():
                ours[name] = theirs[name]
                _move(shared, (key, name), own, (key, name))
        elif isinstance(theirs, list) and isinstance(ours, list):
            _extend(shared, theirs, own, ours, key)


def _extend(shared: Source, theirs: list[object], own: Source, ours: list[object], key: str) -> None:
    taken = {_name(each) for each in ours}
    for index, each in enumerate(theirs):
        if _name(each) not in taken:
            _move(shared, (key, index), own, (key, len(ours)))
            ours.append(each)


def _name(value: object) -> object:
    if isinstance(value, dict):
        values = cast("dict[str, object]", value)
        return values.get("name") or values.get("code")
    return value


def _move(shared: Source, old: Path, own: Source, new: Path) -> None:
    for path, place in shared.places.items():
        if path[: len(old)] == old:
            own.places[new + path[len(old) :]] = place


def _refuse(faults: list[Fault], own: Source) -> None:
    errors: list[PolicyError] = []
    for fault in faults:
        place = own.place(fault.path)
        errors.append(PolicyError(fault.reason, place[1], place[0]) if place else PolicyError(fault.reason))
    if errors:
        raise PolicyErrors(sorted(errors, key=lambda error: (error.source, error.line or 0)))
