"""What breaks a program is found: each small change to the description is an addition, or is named."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.api.breaking import breaks
from core.api.management.commands import openapi

Json = dict[str, Any]
WRITTEN: Json = json.loads(openapi.FILE.read_text(encoding="utf-8"))
LIST, CASE, STEP = (
    "/api/v1/challenges/",
    "/api/v1/challenges/{uuid}/",
    "/api/v1/challenges/{uuid}/steps/{name}/",
)


def schema(new: Json, name: str) -> Any:
    return new["components"]["schemas"][name]


def parameter(new: Json, name: str) -> Any:
    return next(each for each in new["paths"][LIST]["get"]["parameters"] if each["name"] == name)


def raising(new: Json) -> Any:
    return new["paths"][LIST]["post"]


BREAKING: dict[str, tuple[Callable[[Json], Any], str]] = {
    "an address is gone": (lambda new: new["paths"].pop(CASE), f"GET {CASE} is gone"),
    "a method is gone": (lambda new: new["paths"][LIST].pop("post"), f"POST {LIST} is gone"),
    "an operation has another name": (
        lambda new: raising(new).update(operationId="raise"),
        f"POST {LIST} is no longer called challenges_raise",
    ),
    "a filter is gone": (
        lambda new: new["paths"][LIST]["get"]["parameters"].remove(parameter(new, "stage")),
        f"GET {LIST} takes no query stage any more",
    ),
    "a filter is needed": (
        lambda new: parameter(new, "stage").update(required=True),
        f"GET {LIST} needs query stage",
    ),
    "a new header is needed": (
        lambda new: raising(new)["parameters"].append(
            {"in": "header", "name": "X-Why", "required": True, "schema": {"type": "string"}}
        ),
        f"POST {LIST} needs header X-Why",
    ),
    "a filter is held to more": (
        lambda new: parameter(new, "reference")["schema"].update(pattern="^K"),
        f"GET {LIST}, query reference is held to the pattern ^K",
    ),
    "a filter takes fewer values": (
        lambda new: parameter(new, "fast")["schema"]["enum"].remove("no"),
        f"GET {LIST}, query fast takes no no",
    ),
    "a text that was free has a list of values": (
        lambda new: parameter(new, "about")["schema"].update(enum=["plan"]),
        f"GET {LIST}, query about takes no any other value",
    ),
    "what is sent needs more": (
        lambda new: schema(new, "RaiseRequest")["required"].append("worry"),
        f"POST {LIST}, its body: worry is needed",
    ),
    "what is sent may hold less": (
        lambda new: schema(new, "RaiseRequest")["properties"].pop("fast"),
        f"POST {LIST}, its body: fast is gone",
    ),
    "what is sent can't be null any more": (
        lambda new: schema(new, "RaiseRequest")["properties"].update(want_by={"type": "string"}),
        f"POST {LIST}, its body.want_by cannot be null",
    ),
    "an answer within a list is gone": (
        lambda new: schema(new, "AskedRequest")["properties"].pop("counterpart"),
        f"POST {LIST}, its body.asked.items: counterpart is gone",
    ),
    "an answer has less": (
        lambda new: schema(new, "Row")["properties"].pop("due"),
        f"GET {LIST}, 200.results.items: due is gone",
    ),
    "an answer may be null": (
        lambda new: schema(new, "Case")["properties"]["version"].update(type=["integer", "null"]),
        f"GET {CASE}, 200.version can be null",
    ),
    "an answer is of another kind": (
        lambda new: schema(new, "Case")["properties"]["stage"].update(type="string"),
        f"GET {CASE}, 200.stage can be string",
    ),
    "an answer may be missing": (
        lambda new: schema(new, "Turn")["required"].remove("words"),
        f"GET {CASE}, 200.turn: words can be missing",
    ),
    "an answer's status is gone": (
        lambda new: raising(new)["responses"].pop("201"),
        f"POST {LIST} no longer answers 201",
    ),
    "an answer's header is gone": (
        lambda new: new["paths"][CASE]["get"]["responses"]["200"]["headers"].pop("ETag"),
        f"GET {CASE}, 200: the header ETag is gone",
    ),
    "an answer's media type is gone": (
        lambda new: new["paths"][CASE]["get"]["responses"]["200"].update(content={}),
        f"GET {CASE}, 200: no application/json any more",
    ),
    "a problem has less": (
        lambda new: schema(new, "Problem")["properties"].pop("errors"),
        f"GET {CASE}, 404: errors is gone",
    ),
}
ADDITIONS: dict[str, Callable[[Json], Any]] = {
    "nothing": lambda new: None,
    "an address": lambda new: new["paths"].update({"/api/v1/forums/": {}}),
    "a filter": lambda new: new["paths"][LIST]["get"]["parameters"].append(
        {"in": "query", "name": "ward", "schema": {"type": "string"}}
    ),
    "more to send": lambda new: schema(new, "RaiseRequest")["properties"].update(ward={"type": "string"}),
    "more told": lambda new: schema(new, "Case")["properties"].update(ward={"type": "string"}),
    "a new status of a challenge": lambda new: schema(new, "StatusEnum")["enum"].append("paused"),
    "a new step": lambda new: next(
        each for each in new["paths"][STEP]["post"]["parameters"] if each["name"] == "name"
    )["schema"]["enum"].append("pause"),
    "what was needed no longer is": lambda new: schema(new, "RaiseRequest")["required"].remove("asked"),
    "other words": lambda new: schema(new, "Case").update(description="A challenge."),
    "another problem": lambda new: raising(new)["responses"].update({"507": {"description": "Full."}}),
}


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_is_named(name: str) -> None:
    change, sentence = BREAKING[name]
    new = copy.deepcopy(WRITTEN)
    change(new)
    assert sentence in breaks(WRITTEN, new)


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_breaks_nothing(name: str) -> None:
    new = copy.deepcopy(WRITTEN)
    ADDITIONS[name](new)
    assert breaks(WRITTEN, new) == []


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A description of yesterday, which had one filter more."""
    old = copy.deepcopy(WRITTEN)
    old["paths"][LIST]["get"]["parameters"].append(
        {"in": "query", "name": "ward", "schema": {"type": "string"}}
    )
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(old), encoding="utf-8")
    monkeypatch.setattr(openapi, "FILE", path)
    return path


def test_a_breaking_description_is_not_written_by_accident(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match="takes no query ward any more"):
        call_command("openapi")
    assert file.read_text(encoding="utf-8") == before
    call_command("openapi", "--breaking")
    assert json.loads(file.read_text(encoding="utf-8")) == WRITTEN


def test_check_changes_nothing_and_says_what_to_do(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match=r"Run: manage\.py openapi"):
        call_command("openapi", "--check")
    assert file.read_text(encoding="utf-8") == before
