"""A policy as a TOML file: what `parse` reads back to an equal policy, with the same digest."""

import json
import re
from collections.abc import Iterable, Iterator

from .clock import Unit
from .document import Note, PhoneNumber, Policy, Term, WarningPattern
from .reading import NOT_PUBLISHED
from .stages import Audience, Milestone, Stage, When

BARE = re.compile(r"[A-Za-z0-9_-]+")
HEAD = """\
# {title}, version {version}. Written by the log; docs/policies.md says how such a file is read.
# It holds everything: nothing comes from a file that others share.
"""


def toml_text(policy: Policy) -> str:
    """The whole file. `source` stands in it, so that its name on a disk does not matter."""
    title = " ".join(policy.title.split())
    head = HEAD.format(title=title, version=policy.version) if title.isprintable() else ""
    return "\n".join([head + _table("", _head(policy)), *_tables(policy)]) + "\n"


def _head(policy: Policy) -> dict[str, str]:
    return {
        "key": _text(policy.key),
        "title": _text(policy.title),
        "version": str(policy.version),
        "start": policy.start.isoformat(),
        "source": _text(policy.source),
        "to_be_confirmed": _texts(policy.to_be_confirmed),
    }


def _tables(policy: Policy) -> Iterator[str]:
    for stage in policy.stages:
        yield _table("[[stages]]", _stage(stage))
        yield from (_table("[[stages.milestones]]", _milestone(each)) for each in stage.milestones)
    yield from (_table("[[milestones]]", _milestone(each)) for each in policy.milestones)
    yield _table("[limits]", {name: str(number) for name, number in policy.limits.items()})
    yield _table("[vocabularies]", {_key(name): _terms(each) for name, each in policy.vocabularies.items()})
    yield from (_table("[[numbers]]", _number(each)) for each in policy.numbers)
    yield from (_table("[[patterns]]", _pattern(each)) for each in policy.patterns)
    yield from (_table("[[notes]]", _note(each)) for each in policy.notes)


def _table(header: str, values: dict[str, str]) -> str:
    """One table; a key without a value is left out, since the reader then takes its default."""
    lines = [f"{key} = {value}" for key, value in values.items() if value]
    return "\n".join([*([header] if header else []), *lines, ""])


def _stage(stage: Stage) -> dict[str, str]:
    return {
        "number": str(stage.number),
        "name": _text(stage.name),
        "long_name": _text(stage.long_name),
        "who": _text(stage.who),
        "kind": _text(stage.kind),
        "seniority": _text(stage.seniority),
        "formal": _flag(stage.formal),
        "unit": _text(stage.unit),
        "only_after_not_accepted": _flag(stage.only_after_not_accepted),
    }


def _milestone(milestone: Milestone) -> dict[str, str]:
    return {
        "name": _text(milestone.name),
        "label": _text(milestone.label),
        "owed_by": _text(milestone.owed_by),
        "quantity": _text(NOT_PUBLISHED) if milestone.quantity is None else str(milestone.quantity),
        "unit": "" if milestone.unit is Unit.WORKING_DAYS else _text(milestone.unit),
        "fast_track": "" if milestone.fast_track is None else str(milestone.fast_track),
        "after": _text(milestone.after),
        "when": "" if milestone.when is When.ALWAYS else _text(milestone.when),
        "met_by": _texts(milestone.met_by),
        "audience": "" if milestone.audience == Audience.ALL_PARTIES else _text(milestone.audience),
    }


def _terms(terms: Iterable[Term]) -> str:
    lines = [
        "{ "
        + ", ".join(
            f"{name} = {_text(value)}" for name in ("code", "label", "short", "hint", "group")
            if (value := getattr(term, name))
        )
        + " }"
        for term in terms
    ]  # fmt: skip
    return _several(lines)


def _number(number: PhoneNumber) -> dict[str, str]:
    return {
        "code": _text(number.code),
        "label": _text(number.label),
        "hours": number.hours and _text(number.hours),
        "number": _text(number.number),
        "to_be_confirmed": _flag(number.to_be_confirmed),
    }


def _pattern(pattern: WarningPattern) -> dict[str, str]:
    return {
        "code": _text(pattern.code),
        "label": _text(pattern.label),
        "pattern": _text(pattern.pattern),
        "advice": _text(pattern.advice),
        "instead": pattern.instead and _text(pattern.instead),
        "ignore_case": _flag(pattern.ignore_case),
        "allow": _text(" ".join(pattern.allow)) if _are_words(pattern.allow) else _texts(pattern.allow),
    }


def _note(note: Note) -> dict[str, str]:
    return {
        "code": _text(note.code),
        "title": _text(note.title),
        "text": _text(note.text),
        "source": _text(note.source),
        "as_of": note.as_of.isoformat(),
    }


def _are_words(allow: tuple[str, ...]) -> bool:
    """Whether a text with spaces between them is read back to the same words."""
    return bool(allow) and tuple(" ".join(allow).split()) == allow


def _text(value: str) -> str:
    """A basic string: JSON's is one, once the one sign more that TOML does not allow is written out."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _texts(values: Iterable[str]) -> str:
    return _several([_text(each) for each in values])


def _several(lines: list[str]) -> str:
    """A list, an item on each line; one that is short stands on one."""
    if len(lines) < 2 or sum(map(len, lines)) < 60:
        return f"[{', '.join(lines)}]" if lines else ""
    return "[\n" + "".join(f"  {line},\n" for line in lines) + "]"


def _flag(value: bool) -> str:
    return "true" if value else ""


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)
