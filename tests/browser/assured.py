"""Pieces of what people do for Section 11, that more than one story tells."""

from tests.browser.conftest import DESK, PHONE
from tests.browser.walk import Walk


def looks_at_both(walk: Walk, name: str, *words: str) -> None:
    """The page says this, and shuts nobody out on a phone or on a desk."""
    walk.sees(*words)
    for width in (DESK, PHONE):
        walk.screen.resize(width)
        walk.looks(name)


def address_of_the_first(walk: Walk) -> str:
    """Where the first row of the list leads."""
    found = walk.screen.execute_script(
        "return document.querySelector('main .cl-log b a').getAttribute('href')"
    )
    return str(found)


def fills_in_the_answer(walk: Walk) -> None:
    """Every clause of local LADO policy: the first differs, all others say the same."""
    for number in range(1, 8):
        words = {f"evidence_{number}": f"Section {number} of our procedure.", f"verdict_{number}": "same"}
        walk.fill(**words)
    walk.fill(verdict_1="differs", procedure="Allegations against staff", procedure_version="4.2")
    walk.fill(procedure_owner="Professional standards", signed_by="Detective superintendent")


def pack_is_written(walk: Walk, quarter: str, standard: int, narrative: str) -> str:
    """Begun, written and offered by who is signed in; where it stands."""
    walk.open("/packs/")
    walk.press("Begin a pack")
    walk.fill(quarter=quarter, standard=str(standard))
    walk.send()
    path = walk.screen.current_url.removeprefix(walk.log.url)
    walk.press("Write what you see")
    walk.fill(narrative=narrative)
    walk.send()
    walk.press("Ask a colleague to sign")
    walk.sees("A colleague is asked to read it and sign.")
    return path


def pack_is_signed(walk: Walk, path: str) -> None:
    """By who is signed in."""
    walk.open(path)
    walk.press("Sign it")
    walk.sees("Nobody can take it back.")
    walk.send()
    walk.sees("It is signed.")
