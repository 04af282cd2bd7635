"""What the fictional challenges say, read from stories.toml."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("stories.toml")


@dataclass(frozen=True)
class Story:
    """One worry and what came of it.

    asks, asked and also are groups of settings; about, issue, age and status are codes; the rest are words.
    """

    about: str
    issue: str
    age: str
    status: str
    asks: str
    asked: str
    also: str
    label: str
    worry: str
    heard: str
    voice: str
    want: str
    acted: str
    differs: str
    question: str
    told: str
    feedback: str
    action: str


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """All stories, in the order of the file."""
    return tuple(Story(asks=s.pop("from"), asked=s.pop("to"), **s) for s in map(dict, _document()["stories"]))


def phrase(name: str, rng: random.Random) -> str:
    """One of the phrases of a kind, such as "hold" or "note"."""
    return str(rng.choice(_document()["phrases"][name]))


def phrases() -> list[str]:
    """Every phrase of every kind."""
    return [text for kind in _document()["phrases"].values() for text in kind]
