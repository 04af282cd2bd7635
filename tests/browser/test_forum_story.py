"""A forum on the screens of those who plan it, come to it and count at its door: nobody is shut out."""

import pytest

from escalation.forums.models import Pulse
from tests.browser.assured import looks_at_both
from tests.browser.walk import Walk, lets_in
from tests.factories import organisation, person, setting
from tests.moments import london

pytestmark = [pytest.mark.browser, pytest.mark.proof]

MORNING, THE_DAY = london(2026, 11, 24, 10), london(2026, 12, 8, 13, 50)
AFTERWARDS = london(2026, 12, 8, 16)


def test_a_forum_is_planned_on_a_desk_and_counted_on_a_phone(walk: Walk) -> None:
    trust = organisation("Oakfield Learning Trust")
    school = setting("Oakfield Primary School", group="education", of=trust)
    ruth = lets_in(person("Ruth Ames", role="business_unit"))
    priya = lets_in(person("Priya Shah", job="safeguarding lead", lead=school))
    for name in ("South Thames Police", "Larkfield Community Health Trust", "Harbour Domestic Abuse Service"):
        organisation(name)

    walk.at(MORNING)
    walk.is_(ruth, "/forums/")
    looks_at_both(walk, "forums-none", "None is planned")
    walk.press("Plan a forum")
    walk.press("Plan it")
    looks_at_both(walk, "forum-refused", "Enter how many places there are.")
    walk.fill(theme="When nobody calls back", starts_at_day="8 12 2026", starts_at_time="2pm", ends="4pm")
    walk.fill(place="Committee room 2, Civic Centre", host=str(trust.pk), places="40")
    walk.fill(agenda="2pm Welcome\n2:15pm In small groups: what makes it hard to ask again?")
    walk.send()
    walk.sees("It is planned.")
    for each in (trust, organisation("South Thames Police")):
        walk.fill(organisations=str(each.pk))
    looks_at_both(walk, "forum-invite", "Whom do you invite?")
    walk.send()
    looks_at_both(walk, "forum-unit", "2 organisations invited.", "What you may tell")

    sam = lets_in(person("Sam Ode", role="business_unit"))
    walk.is_(priya, "/forums/topics/")
    looks_at_both(walk, "topics-none", "There is none yet.")
    walk.press("Write a topic")
    walk.fill(title="Nobody called back", question="Who could have asked the next level?")
    walk.fill(text="The twins of a teacher at Oakfield were seen on Tuesday. Nobody called back.")
    looks_at_both(walk, "topic-write", "What happened?")
    walk.send()
    looks_at_both(walk, "topic-asked", "What the log asks about", "This looks like a name.")
    walk.fill(words="All of them are made up.")
    walk.press("Ask a colleague to approve it")
    walk.sees("It waits for a colleague")
    walk.is_(sam, "/forums/topics/")
    looks_at_both(walk, "topics", "Waits for your word")
    walk.press("Nobody called back")
    looks_at_both(walk, "topic-approve", "All of them are made up.")
    walk.press("Nobody is known by it: approve")
    walk.sees("It is approved.")
    walk.is_(ruth, "/forums/")
    walk.press("When nobody calls back")
    walk.press("Choose topics")
    walk.fill(topics="1")
    looks_at_both(walk, "topics-choose", "What do you talk about?")
    walk.send()

    walk.is_(priya, "/forums/")
    walk.press("When nobody calls back")
    looks_at_both(walk, "forum", "Do you want to come?", "What we talk about")
    walk.press("Sign up")
    looks_at_both(walk, "forum-signed-up", "You are signed up", "I can't come after all")

    walk.at(THE_DAY)
    walk.is_(priya, "/forums/")
    walk.press("When nobody calls back")
    walk.press("Count who comes")
    for number in (1, 2):
        walk.press("+1One more of Oakfield Learning Trust")
        walk.sees(f"{number} {'person is' if number == 1 else 'people are'} here")
    walk.fill(elsewhere=str(organisation("Harbour Domestic Abuse Service").pk))
    walk.press("Put it on the list")
    looks_at_both(walk, "forum-door", "3 people are here", "Not invited")

    walk.is_(ruth, "/forums/")
    walk.press("When nobody calls back")
    walk.press("It is over: close it")
    looks_at_both(walk, "forum-close", "Is it over?")
    walk.send()
    looks_at_both(walk, "forum-over", "3 people came.", "Nobody came, 0 had signed up")
    walk.press("Write a pledge down")
    walk.fill(
        said="We do not know whom to ask next.", what="A card for every desk.", organisation=str(trust.pk)
    )
    walk.fill(owner="safeguarding lead", due="1 3 2027")
    looks_at_both(walk, "forum-pledge", "Which organisation does it?")
    walk.send()
    walk.sees("It is on the board.")
    walk.press("Hand-out on one page")
    looks_at_both(walk, "forum-hand-out", "You said, we will", "One question, one minute")

    walk.is_(priya, "/forums/board/")
    walk.press("Say what came of it: A card for every desk.")
    walk.fill(came="done", changed="Every desk has one.", evidence="Induction pack, page 3.")
    looks_at_both(walk, "pledge", "What came of it?")
    walk.send()
    looks_at_both(walk, "forum-board", "To be seen in: Induction pack, page 3.")

    walk.open("/policy-promotion/")
    looks_at_both(walk, "promotion-lead", "Others do not see if you have not.")
    walk.press("Confirm it for Oakfield Learning Trust")
    walk.fill(day="1 12 2026", people="42", how="meeting")
    looks_at_both(walk, "promotion-confirm", "How many people have seen it?")
    walk.send()
    walk.is_(ruth, "/policy-promotion/")
    looks_at_both(walk, "promotion", "Before 42 people. In a meeting.")
    walk.screen.delete_all_cookies()
    walk.at(AFTERWARDS)
    walk.open(Pulse.objects.get(wave="after").get_absolute_url())
    looks_at_both(walk, "pulse", "How confident are you to challenge?")
    walk.fill(level="4")
    walk.send()
    looks_at_both(walk, "pulse-thanks", "that is all we keep")
    walk.is_(ruth, "/forums/")
    walk.press("When nobody calls back")
    looks_at_both(walk, "forum-unit-over", "How confident people are to challenge", "Not for release.")
