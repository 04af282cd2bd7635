"""The lines of docs/permissions.csv."""

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs/permissions.csv"
ANY = "any"


@cache
def lines() -> list[dict[str, str]]:
    """As they stand in the file, a column a persona."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def expected(rule: str, action: str, situation: str) -> dict[str, str]:
    """The one line for it."""
    found = _by_rule().get((rule, action, ANY), []) + _by_rule().get((rule, action, situation), [])
    assert len(found) == 1, f"{len(found)} lines for {rule}, {action}, {situation}"
    return found[0]


@cache
def _by_rule() -> dict[tuple[str, str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for line in lines():
        for when in line["when"].split("; "):
            found.setdefault((line["rule"], line["action"], when), []).append(line)
    return found
