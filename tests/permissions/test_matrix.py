"""docs/permissions.csv, written by hand from what was promised, against every address there is.

Everybody asks for everything, by real requests, in each situation; what they get is what the table says, no
more and no less. A new address that declares no rule fails, as does a rule that no address has.

A line for "any" situation is asked in one of them; among the proofs, in all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest

from tests.permissions.asking import METHODS, Address, Asker, addresses, asking
from tests.permissions.table import ANY, expected, lines
from tests.permissions.world import NOW, PERSONAS, SITUATIONS, World

Travel = Callable[[datetime], None]
SHARES = tuple(PERSONAS[start::4] for start in range(4))
"""Everybody, in four parts, so that several workers share what is asked in any situation."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(caplog: Any) -> None:
    """Thousands of refusals are meant: none of them needs a line."""
    caplog.set_level("CRITICAL", logger="django.request")


def differences(
    situation: str, askers: Iterable[Asker], world: World, asked: Callable[[Address, str], bool]
) -> list[str]:
    """What somebody gets and the table does not say, of the addresses and `when`s that are to be asked."""
    found = []
    for address in addresses():
        for action in METHODS:
            line = expected(address.rule, action, situation)
            for asker in askers if asked(address, line["when"]) else ():
                got = asker.answer(action, address, world)
                if got != line[asker.who]:
                    found.append(f"{asker.who}, {action} /{address.route}: {got}, not {line[asker.who]}")
    return found


def in_any(_: Address, when: str) -> bool:
    return when == ANY


def in_this(_: Address, when: str) -> bool:
    return when != ANY


@pytest.mark.parametrize("situation", SITUATIONS)
def test_everybody_gets_what_the_table_says_where_it_stands(situation: str, travel: Travel) -> None:
    travel(NOW)
    world = World(situation)
    assert differences(situation, asking(world), world, in_this) == []


@pytest.mark.parametrize("personas", SHARES, ids=lambda share: share[0])
def test_everybody_gets_what_the_table_says_wherever_it_stands(
    personas: tuple[str, ...], travel: Travel
) -> None:
    travel(NOW)
    world = World("stage 1")
    assert differences("stage 1", asking(world, personas), world, in_any) == []


def test_the_api_gives_a_session_what_it_gives_a_key(travel: Travel) -> None:
    travel(NOW)
    world = World("stage 3")
    people = [asker for asker in asking(world, by_key=False) if asker.who != "service"]
    assert differences("stage 3", people, world, lambda address, _: address.is_api) == []


@pytest.mark.proof
@pytest.mark.parametrize("situation", [each for each in SITUATIONS if each != "stage 1"])
def test_what_holds_in_any_situation_holds_in_all(situation: str, travel: Travel) -> None:
    travel(NOW)
    world = World(situation)
    assert differences(situation, asking(world), world, in_any) == []


def test_every_address_declares_its_rule_and_no_rule_is_left_over() -> None:
    rules = {each.route: each.rule for each in addresses()}
    assert [route for route, rule in rules.items() if not rule] == []
    assert set(rules.values()) == {line["rule"] for line in lines()}


def test_the_table_knows_everybody_and_every_situation() -> None:
    assert set(lines()[0]) == {"rule", "action", "when", "why", *PERSONAS}
    assert {when for line in lines() for when in line["when"].split("; ")} == {ANY, *SITUATIONS}
    for rule in {each.rule for each in addresses()}:
        for action in METHODS:
            for situation in SITUATIONS:
                expected(rule, action, situation)


def test_more_than_five_thousand_answers_are_compared() -> None:
    assert sum(asked_in_a_run() for _ in PERSONAS) > 5000


def asked_in_a_run() -> int:
    """How many questions one person is asked by the tests that are no proofs."""
    pairs = [(each.rule, action) for each in addresses() for action in METHODS]
    everywhere = [pair for pair in pairs if expected(*pair, "stage 1")["when"] == ANY]
    return len(everywhere) + (len(pairs) - len(everywhere)) * len(SITUATIONS)
