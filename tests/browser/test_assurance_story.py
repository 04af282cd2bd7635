"""The police are asked, answer and are rated; a pack is signed, a scrutineer speaks. Nobody is shut out."""

import pytest

from tests.browser.assured import address_of_the_first, fills_in_the_answer, looks_at_both
from tests.browser.walk import Walk, lets_in
from tests.factories import organisation, person, setting
from tests.moments import london

pytestmark = [pytest.mark.browser, pytest.mark.proof]

MORNING = london(2027, 1, 12, 10)


def test_the_police_answer_and_the_pack_is_signed(walk: Walk) -> None:
    police = organisation("South Thames Police")
    place = setting("Child Safeguarding Unit South", group="police", of=police)
    ruth = lets_in(person("Ruth Ames", role="business_unit"))
    omar = lets_in(person("Omar Haddad", role="business_unit"))
    alan = lets_in(person("Alan Frost", job="detective inspector", senior_lead=place))
    isla = lets_in(person("Isla Grant", role="scrutineer"))

    walk.at(MORNING)
    walk.is_(ruth, "/assurance/")
    looks_at_both(walk, "assurance-none", "Nobody has been asked yet.")
    walk.press("Ask an organisation")
    walk.press("Ask them")
    looks_at_both(walk, "assurance-refused", "Choose an organisation.")
    walk.fill(organisation=str(police.pk), due="2 2 2027")
    walk.send()
    looks_at_both(walk, "assurance-asked", "They are asked.", "South Thames Police has to answer")
    walk.open("/assurance/standards/")
    looks_at_both(walk, "assurance-standards", "Ask: Is training followed to the work?")

    walk.is_(alan)
    looks_at_both(walk, "work-list-asked", "Also for you", "By Tue 2 Feb")
    walk.press("Your organisation is asked: Does your procedure follow local LADO policy?")
    walk.press("Write the answer")
    walk.press("Send the answer")
    looks_at_both(walk, "assurance-gaps", "Choose one.")
    fills_in_the_answer(walk)
    looks_at_both(walk, "assurance-answer", "What shows it? (clause 7)")
    walk.send()
    looks_at_both(walk, "assurance-sent", "Your answer is sent.", "You have nothing to do today.")

    walk.is_(ruth)
    walk.press("1 assurance request to look at")
    looks_at_both(walk, "assurance-list", "Your turn (1)")
    walk.open(address_of_the_first(walk))
    walk.press("Rate the answer")
    walk.fill(rating="partly", what="Clause 1 is still to be changed.", retest_on="1 9 2027")
    looks_at_both(walk, "assurance-rate", "How do you rate it?")
    walk.send()
    looks_at_both(walk, "assurance-rated", "It is your turn to say what follows")

    walk.open("/packs/")
    walk.press("Begin a pack")
    walk.fill(quarter="2026-27-Q3", standard="7")
    looks_at_both(walk, "pack-begin", "Which quarter?")
    walk.send()
    walk.press("Write what you see")
    walk.fill(narrative="The police put their procedure beside ours. 17 officers know it.")
    looks_at_both(walk, "pack-write", "What do you see?")
    walk.send()
    looks_at_both(walk, "pack-number", "Not published: 17.")
    walk.press("Write what you see")
    walk.fill(narrative="The police put their procedure beside ours. One clause is to be changed.")
    walk.send()
    walk.press("Ask a colleague to sign")
    walk.sees("A colleague is asked to read it and sign.")
    walk.is_(omar, "/packs/")
    walk.press(
        "Standard 7, safer recruitment and allegations (LADO) (MSCP Section 11 2021-22; title to be "
        "confirmed by MSCP), October to December 2026"
    )
    walk.press("Sign it")
    looks_at_both(walk, "pack-sign", "Look twice at: one.")
    walk.send()
    looks_at_both(
        walk, "pack-signed", "It is signed.", "It differs", "No figures of this quarter are published"
    )

    walk.is_(isla, "/packs/")
    looks_at_both(walk, "packs", "Evidence packs")
    walk.open(address_of_the_first(walk))
    walk.fill(text="Ask again before the summer.")
    walk.send()
    looks_at_both(walk, "pack-comment", "Ask again before the summer.", "Independent scrutineer")
