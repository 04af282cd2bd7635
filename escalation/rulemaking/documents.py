"""A policy while it is being written: the document a policy is stored by, one piece of it at a time.

Plain Python. A document has the shape of `Policy.document`; its parts need not fit each other yet. What is
changed is always a copy.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, cast

from escalation.policy import Policy
from escalation.policy.reading import read_policy
from escalation.rulefiles import Fault

Document = dict[str, Any]
Path = tuple[str | int, ...]
ABOUT = ("title", "start", "limits", "to_be_confirmed")
"""What stands at the head of a policy, and is written on one page."""
ABOUT_PATH: Path = ("about",)


def begun_from(policy: Policy, *, key: str, start: date) -> Document:
    """A copy of a policy, as the next version of ours; its number is given when it is read."""
    document = deepcopy(policy.document)
    document |= {"key": key, "start": start.isoformat()}
    return cast(Document, json.loads(json.dumps(document)))


def read(document: Mapping[str, Any], *, version: int, faults: list[Fault]) -> Policy:
    """The policy that a document says, under a number; adds what is wrong with single values."""
    key = str(document["key"])
    said = {**document, "version": version, "source": f"{key}-{version}.toml"}
    return read_policy(said, source="", faults=faults)


# Pieces


def piece(document: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    if path == ABOUT_PATH:
        return {name: document[name] for name in ABOUT}
    here: Any = document
    for part in path:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and 0 <= part < len(here) else None
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
    return here


def with_piece(document: Mapping[str, Any], path: Path, value: Any) -> Document:
    """The document with something else at a path. Raises LookupError for one that there is not."""
    new = deepcopy(dict(document))
    if path == ABOUT_PATH:
        return {**new, **value}
    if piece(new, path) is None:
        raise LookupError(path)
    around = piece(new, path[:-1])
    around[path[-1]] = value
    return numbered(new)


def mark(value: Any) -> str:
    """Tells whether a piece, or the whole, is still as somebody saw it; whatever the order of its keys."""
    plain = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def numbered(document: Document) -> Document:
    """Stages are numbered as they stand."""
    for number, stage in enumerate(document["stages"], start=1):
        stage["number"] = number
    return document


def placed(fault: Fault) -> str:
    """What is wrong, with the stage before it where the reason does not name it itself."""
    match fault.path:
        case ("stages", int(index), *_) if not fault.reason.startswith("Stage "):
            return f"Stage {index + 1}: {fault.reason}"
    return fault.reason


# Lists: stages, and the times of a stage or beside any


def added(items: Sequence[Any], value: Any, *, at: int | None = None) -> list[Any]:
    """With one more: at a place, or at the end."""
    new = list(items)
    new.insert(len(new) if at is None else at, value)
    return new


def moved(items: Sequence[Any], index: int, by: int) -> list[Any]:
    """With one of them so many places further on; as it is where it would fall off an end."""
    new = list(items)
    if 0 <= index < len(new) and 0 <= index + by < len(new):
        new.insert(index + by, new.pop(index))
    return new


def removed(items: Sequence[Any], index: int) -> list[Any]:
    return [each for place, each in enumerate(items) if place != index]


def clocks_path(stage: int) -> Path:
    """Where the times of a stage stand, by its number; those beside any stage for 0."""
    return ("stages", stage - 1, "milestones") if stage else ("milestones",)


def followers(document: Mapping[str, Any], stage: int, name: str) -> list[str]:
    """What the times are called that start when this one is met or missed, where they can see it."""
    near = piece(document, clocks_path(stage)) or []
    beside = document["milestones"] if stage else []
    everywhere = [] if stage else [each for s in document["stages"] for each in s["milestones"]]
    after = (f"met:{name}", f"missed:{name}")
    return [each["label"] for each in (*near, *beside, *everywhere) if each["after"] in after]


# Codes: people write words, and the log needs a name of its own for each


def code_for(label: str, taken: Sequence[str]) -> str:
    """ "Meet in person" -> "meet_in_person", or with a number behind where that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30].strip("_")
    if not plain or plain[0].isdigit() or not plain.isidentifier():
        plain = f"word_{plain}".rstrip("_")
    number, code = 2, plain
    while code in taken:
        code, number = f"{plain}_{number}", number + 1
    return code


def name_for(document: Mapping[str, Any], stage: int, label: str) -> str:
    """A name for a new time: that of another one with these words (“reply” at each stage), or its own."""
    near = {each["name"] for each in piece(document, clocks_path(stage)) or []}
    beside = {each["name"] for each in document["milestones"]}
    others = [each for s in document["stages"] for each in s["milestones"]]
    same = next((each["name"] for each in others if each["label"] == label), "")
    taken = near | beside if stage else near | beside | {each["name"] for each in others}
    return same if stage and same and same not in taken else code_for(label, sorted(taken))
