"""docs/permissions.csv, written by hand from what was promised, against every address there is.

Everybody asks for everything, by real requests, in each situation; what they get is what the table says, no
more and no less. A new address that declares no rule fails, as does a rule that no address has.
"""

import csv
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.permissions.asking import METHODS, addresses, answer, clients
from tests.permissions.world import NOW, PERSONAS, SITUATIONS, World

TABLE = Path(__file__).parents[2] / "docs/permissions.csv"
ALWAYS = ("stage 1", "stage 3", "closed")
"""More than five thousand answers; the other situations are among the proofs."""


@cache
def lines() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def expected(rule: str, action: str, situation: str) -> dict[str, str]:
    """The one line for it."""
    found = [
        line
        for line in lines()
        if (line["rule"], line["action"]) == (rule, action)
        and (line["when"] == "any" or situation in line["when"].split("; "))
    ]
    assert len(found) == 1, f"{len(found)} lines for {rule}, {action}, {situation}"
    return found[0]


def test_every_address_declares_its_rule_and_no_rule_is_left_over() -> None:
    rules = {each.route: each.rule for each in addresses()}
    assert [route for route, rule in rules.items() if not rule] == []
    assert set(rules.values()) == {line["rule"] for line in lines()}


def test_the_table_knows_everybody_and_every_situation() -> None:
    assert set(lines()[0]) == {"rule", "action", "when", "why", *PERSONAS}
    assert {when for line in lines() for when in line["when"].split("; ")} == {"any", *SITUATIONS}
    for rule in {each.rule for each in addresses()}:
        for action in METHODS:
            for situation in SITUATIONS:
                expected(rule, action, situation)


def test_more_than_five_thousand_answers_are_compared() -> None:
    assert len(addresses()) * len(METHODS) * len(PERSONAS) * len(ALWAYS) > 5000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "situation",
    [pytest.param(each, marks=[] if each in ALWAYS else [pytest.mark.proof]) for each in SITUATIONS],
)
def test_everybody_gets_what_the_table_says(
    situation: str, travel: Callable[[datetime], None], client: Any
) -> None:
    travel(NOW)
    world = World(situation)
    asking = clients(world)
    differences = []
    for address in addresses():
        for action in METHODS:
            line = expected(address.rule, action, situation)
            for who in PERSONAS:
                before = transaction.savepoint()
                got = answer(asking[who], action, address, world)
                transaction.savepoint_rollback(before)
                if got != line[who]:
                    differences.append(f"{who}, {action} {address.route}: {got}, not {line[who]}")
    assert differences == []
