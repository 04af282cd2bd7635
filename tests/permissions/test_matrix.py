"""docs/permissions.csv, written by hand from what was promised, against every address there is.

Everybody asks for everything, by real requests, in each situation; what they get is what the table says, no
more and no less. A new address that declares no rule fails, as does a rule that no address has.

A line for "any" situation is asked in one of them; among the proofs, in all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from escalation.access.addresses import Address, addresses
from escalation.access.permissions import ANY, PEOPLE, Line, faults, permissions_page, read_lines
from escalation.access.permissions import SITUATIONS as TITLES
from tests.permissions.asking import METHODS, Asker, asking, in_turn
from tests.permissions.world import NOW, PERSONAS, SITUATIONS, World

TABLE = Path(__file__).parents[2] / "docs/permissions.csv"
Travel = Callable[[datetime], None]
SHARES = tuple(PERSONAS[start::4] for start in range(4))
"""Everybody, in four parts, so that several workers share what is asked in any situation."""
pytestmark = [pytest.mark.django_db, pytest.mark.large]


@pytest.fixture(autouse=True)
def _quiet(caplog: Any) -> None:
    """Thousands of refusals are meant: none of them needs a line."""
    caplog.set_level("CRITICAL", logger="django.request")


def differences(
    situation: str, askers: Iterable[Asker], world: World, asked: Callable[[Address, Line], bool]
) -> list[str]:
    """What somebody gets and the table does not say, of the addresses and lines that are to be asked."""
    found = []
    for address in in_turn():
        for action in METHODS:
            line = expected(address.rule, action, situation)
            for asker in askers if asked(address, line) else ():
                got, said = asker.answer(action, address, world), line.people[asker.who]
                if got != said:
                    found.append(f"{asker.who}, {action} /{address.route}: {got}, not {said}")
    return found


@cache
def lines() -> list[Line]:
    return read_lines(TABLE)


@cache
def expected(rule: str, action: str, situation: str) -> Line:
    """The one line for it."""
    (found,) = [each for each in lines() if (each.rule, each.act) == (rule, action) and each.holds(situation)]
    return found


def in_any(_: Address, line: Line) -> bool:
    return ANY in line.when


def in_this(_: Address, line: Line) -> bool:
    return ANY not in line.when


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


def test_the_table_says_one_thing_of_every_address_everybody_and_every_situation() -> None:
    assert faults(lines(), addresses()) == []
    assert tuple(PEOPLE) == PERSONAS
    assert tuple(TITLES) == tuple(SITUATIONS)
    assert {when for line in lines() for when in line.when} == {ANY, *SITUATIONS}


def test_an_address_without_a_rule_is_told_what_to_do() -> None:
    new = Address("new/page/", "new", "")
    assert any("/new/page/ declares no rule" in fault for fault in faults(lines(), [*addresses(), new]))


def test_the_page_has_everybody_and_every_rule() -> None:
    page = permissions_page(lines())
    assert all(f"### {title}" in page for title in PEOPLE.values())


def test_more_than_five_thousand_answers_are_compared() -> None:
    assert len(PERSONAS) * asked_in_a_run() > 5000


def asked_in_a_run() -> int:
    """How many questions one person is asked by the tests that are no proofs."""
    pairs = [(each.rule, action) for each in addresses() for action in METHODS]
    everywhere = [pair for pair in pairs if ANY in expected(*pair, "stage 1").when]
    return len(everywhere) + (len(pairs) - len(everywhere)) * len(SITUATIONS)
