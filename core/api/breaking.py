"""What in a new description of the API would break a program that was written by the old one.

Within a version of the API only additions are made (docs/api.md). Programs are told to pass over members,
codes and headers of an answer that they do not know: those may come, and nothing that an answer had may go.
What is sent is the other way round: everything that was taken before has to be taken still.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
EVERYTHING = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
LIMITS = ("format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


def breaks(old: Json, new: Json) -> list[str]:
    """Each thing that breaks, as a sentence; empty where all are additions."""
    return list(_paths(Both(old, new)))


@dataclass(frozen=True)
class Both:
    """Two descriptions, each with the schemas that its references lead to; `sent` or told."""

    old: Json
    new: Json
    sent: bool = False

    def schemas(self, old: Json, new: Json) -> tuple[Json, Json]:
        return _resolved(old, self.old), _resolved(new, self.new)


def _resolved(schema: Json, document: Json) -> Json:
    """A schema without a reference, and without the wrapping of a single one."""
    while "$ref" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = schema["allOf"][0]
    parts = schema.get("anyOf") or schema.get("oneOf")
    if not parts:
        return schema
    resolved = [_resolved(part, document) for part in parts]
    main = max(resolved, key=len)
    return {**main, "type": sorted({kind for part in resolved for kind in _kinds(part)})}


def _kinds(schema: Json) -> frozenset[str]:
    kinds = schema.get("type", EVERYTHING)
    return frozenset([kinds] if isinstance(kinds, str) else kinds)


def _paths(both: Both) -> Iterator[str]:
    for path, operations in both.old["paths"].items():
        for method, old in operations.items():
            place = f"{method.upper()} {path}"
            new = both.new["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{place} is gone"
            else:
                yield from _operation(place, old, new, both)


def _operation(place: str, old: Json, new: Json, both: Both) -> Iterator[str]:
    if old["operationId"] != new["operationId"]:
        yield f"{place} is no longer called {old['operationId']}"
    sending = Both(both.old, both.new, sent=True)
    yield from _parameters(place, _by_name(old), _by_name(new), sending)
    bodies = old.get("requestBody", {}).get("content", {}), new.get("requestBody", {}).get("content", {})
    yield from _contents(f"{place}, its body", *bodies, sending)
    if not bodies[0] and new.get("requestBody", {}).get("required"):
        yield f"{place} needs a body"
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{place} no longer answers {status}"
            continue
        told = answer.get("content", {}), new["responses"][status].get("content", {})
        yield from _contents(f"{place}, {status}", *told, both)
        for header in answer.get("headers", {}).keys() - new["responses"][status].get("headers", {}).keys():
            yield f"{place}, {status}: the header {header} is gone"


def _by_name(operation: Json) -> dict[str, Json]:
    return {f"{each['in']} {each['name']}": each for each in operation.get("parameters", [])}


def _parameters(place: str, old: Mapping[str, Json], new: Mapping[str, Json], both: Both) -> Iterator[str]:
    for name in sorted(old.keys() - new.keys()):
        yield f"{place} takes no {name} any more"
    for name, each in new.items():
        if each.get("required") and not old.get(name, {}).get("required"):
            yield f"{place} needs {name}"
        if name in old:
            yield from _schema(f"{place}, {name}", old[name]["schema"], each["schema"], both)


def _contents(place: str, old: Json, new: Json, both: Both) -> Iterator[str]:
    for media_type, each in old.items():
        if media_type not in new:
            yield f"{place}: no {media_type} any more"
        else:
            yield from _schema(place, each["schema"], new[media_type]["schema"], both)


def _schema(place: str, old: Json, new: Json, both: Both) -> Iterator[str]:
    old, new = both.schemas(old, new)
    narrower, wider = (new, old) if both.sent else (old, new)
    for kind in sorted(_kinds(wider) - _kinds(narrower)):
        yield f"{place} can{'not be' if both.sent else ' be'} {kind}"
    if both.sent:
        yield from _limits(place, old, new)
    yield from _members(place, old, new, both)
    for inner in ("items", "additionalProperties"):
        if isinstance(old.get(inner), Mapping) and isinstance(new.get(inner), Mapping):
            yield from _schema(f"{place}.{inner}", old[inner], new[inner], both)


def _limits(place: str, old: Json, new: Json) -> Iterator[str]:
    for name in LIMITS:
        if name in new and new[name] != old.get(name):
            yield f"{place} is held to the {name} {new[name]}"
    if "enum" in new and (lost := set(old.get("enum", ["any other value"])) - set(new["enum"])):
        yield f"{place} takes no {', '.join(map(str, sorted(lost, key=str)))}"


def _members(place: str, old: Json, new: Json, both: Both) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - after.keys()):
        yield f"{place}: {name} is gone"
    needed, given = set(new.get("required", [])), set(old.get("required", []))
    for name in sorted(needed - given if both.sent else (given - needed) & after.keys()):
        yield f"{place}: {name} {'is needed' if both.sent else 'can be missing'}"
    for name in before.keys() & after.keys():
        yield from _schema(f"{place}.{name}", before[name], after[name], both)
