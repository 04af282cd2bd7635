"""The values of a rule file, with those of a file it shares, and the line of each; or a refusal."""

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import cast

from .errors import RuleFileError, RuleFileErrors
from .lines import Path, lines_of
from .tables import Fault

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


def read(text: str, source: str, shared: Callable[[str], str], shareable: Collection[str]) -> Source:
    """The values of a TOML text.

    A file may say `shared = "log.toml"`: tables of that file then count as its own, save those it
    gives itself (by key, name or code). `shared` gives the text of such a file by name, or raises
    OSError; only keys in `shareable` may be shared. Raises RuleFileErrors with lines and files.
    """
    own = _read(text, source)
    name = own.values.pop("shared", None)
    if name is not None:
        _share(_read_shared(name, own, shared, shareable), own)
    return own


def refuse(faults: list[Fault], source: Source) -> None:
    """Raise RuleFileErrors if there is any fault, each at its line, in the order of the lines."""
    errors: list[RuleFileError] = []
    for fault in faults:
        place = source.place(fault.path)
        errors.append(
            RuleFileError(fault.reason, place[1], place[0]) if place else RuleFileError(fault.reason)
        )
    if errors:
        raise RuleFileErrors(sorted(errors, key=lambda error: (error.source, error.line or 0)))


def _read(text: str, source: str) -> Source:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileErrors([_syntax_error(error, text, source)]) from None
    return Source(values, {path: (source, line) for path, line in lines_of(text).items()})


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, source: str) -> RuleFileError:
    """The reader's message ends in "(at line 3, column 5)" or "(at end of document)"."""
    what, _, place = str(error).rpartition(" (at ")
    digits = place.removeprefix("line ").partition(",")[0]
    line = int(digits) if digits.isdigit() else text.count("\n") + 1
    return RuleFileError(f"This line cannot be read: {what[:1].lower()}{what[1:]}.", line, source)


def _read_shared(
    name: object, own: Source, shared: Callable[[str], str], shareable: Collection[str]
) -> Source:
    place = own.places[("shared",)]
    if not isinstance(name, str):
        raise RuleFileErrors(
            [RuleFileError("“shared” needs the name of a file in quotation marks.", place[1], place[0])]
        )
    try:
        text = shared(name)
    except OSError:
        raise RuleFileErrors(
            [RuleFileError(f"There is no shared file “{name}”.", place[1], place[0])]
        ) from None
    found = _read(text, name)
    strange = [key for key in found.values if key not in shareable]
    if strange:
        raise RuleFileErrors(
            [
                RuleFileError(
                    f"“{key}” cannot be shared: each file gives its own.", found.places[(key,)][1], name
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
