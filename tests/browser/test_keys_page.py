"""An administrator gives a system a key and ends it, on a phone and at a desk: nobody is shut out."""

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.walk import Walk, lets_in
from tests.factories import person
from tests.moments import london

pytestmark = pytest.mark.browser

MORNING = london(2026, 8, 11, 10)


def test_an_administrator_makes_a_key_and_ends_it(walk: Walk) -> None:
    walk.at(MORNING)
    walk.is_(lets_in(person("Esther Doyle", role="administrator")), "/keys/")
    looks_at_both(walk, "keys-none", "There is none yet.")
    walk.press("Make a key")
    walk.press("Make the key")
    looks_at_both(walk, "keys-refused", "Choose a system.", "Say what the key is for.")
    walk.fill(system="new", system_name="The council's dashboard", email="dashboard@example.org")
    walk.fill(name="Quarterly figures", scopes="reports", days="90")
    looks_at_both(walk, "keys-new", "What may it open?")
    walk.send()
    looks_at_both(walk, "keys-shown-once", "Copy it now.", "Quarterly figures, for The council's dashboard")
    walk.press("I have copied it: back to keys of systems")
    looks_at_both(walk, "keys", "Opens: Published figures", "Not used yet")
    walk.press("End it: Quarterly figures")
    looks_at_both(walk, "keys-end", "It stops at once, and for ever.")
    walk.send()
    walk.sees("It opens nothing any more.")


def looks_at_both(walk: Walk, name: str, *words: str) -> None:
    """On a phone, and at a desk."""
    walk.sees(*words)
    for width in (DESK, PHONE):
        walk.screen.resize(width)
        walk.looks(name)
