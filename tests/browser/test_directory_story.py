"""Nobody waits for one absent person: a lead fills in their page, and whoever asks reads who will act.

Deputies in order, leave, the school holidays, the board of gaps that empties itself, days that two people
agree on, and somebody who leaves: all seats pass on in one step.
"""

from datetime import datetime

import pytest

from escalation.accounts.models import Seat, User
from escalation.accounts.services import describe_setting, set_deputy
from escalation.challenges.models import Challenge
from tests.browser.walk import Walk, lets_in
from tests.factories import challenge as sent
from tests.factories import person, seat, setting
from tests.moments import london

pytestmark = [pytest.mark.browser, pytest.mark.proof]

MONDAY = london(2026, 12, 14, 9, 5)
ON_LEAVE = london(2026, 12, 17, 10, 0)
"""Kofi Iqbal is away from Wednesday to Friday."""
SHUT = london(2026, 12, 22, 10, 0)
BACK = london(2027, 1, 5, 9, 30)


class Town:
    """A team in which nothing is missing, a school in which nearly everything is, two of the unit."""

    def __init__(self) -> None:
        self.care = setting("Family Safeguarding Team 2", short="social care")
        self.worker = lets_in(person("Amara Cole", job="social worker", practitioner=self.care))
        manager = person("Tom Whitfield", job="team manager", lead=self.care)
        person("Ruth Hartley", senior_lead=self.care, partner=self.care)
        set_deputy(seat=seat(manager, self.care), deputy=self.worker, by=None)

        self.school = setting("Oakfield Primary School", short="the school", group="education")
        describe_setting(setting=self.school, phone="", outside=False, by=None)
        self.teacher = lets_in(person("Leila Quinn", job="class teacher", practitioner=self.school))
        self.mentor = lets_in(person("Sam Hill", job="learning mentor", practitioner=self.school))
        self.lead = lets_in(person("Kofi Iqbal", job="safeguarding lead", lead=self.school))
        self.head = lets_in(person("Priya Webb", job="head teacher", senior_lead=self.school))
        self.page = f"/directory/{self.school.uuid}/"

        self.ruth = lets_in(person("Ruth Ames", role="business_unit"))
        self.rowan = lets_in(person("Rowan Vale", role="business_unit"))


def test_nobody_waits_for_one_absent_person(walk: Walk) -> None:
    town = Town()
    walk.at(MONDAY)
    two_people_agree_on_days(walk, town)
    the_lead_fills_in_their_page(walk, town)
    the_board_is_empty(walk, town)
    whoever_asks_reads_who_will_act(walk, town)
    case = cover_takes_over(walk, town)
    somebody_leaves(walk, town, case)


def two_people_agree_on_days(walk: Walk, town: Town) -> None:
    walk.is_(town.ruth, "/dates/propose/closed/")
    walk.fill(day="24 12 2026", name="offices closed")
    walk.send()
    walk.sees("It is proposed.", "Thursday 24 December 2026 is a closed day", "Waits for a colleague")
    walk.open("/dates/propose/holiday/")
    walk.fill(name="the Christmas holidays", first="21 12 2026", last="1 1 2027")
    walk.send()
    walk.looks("14-directory-days")
    assert "Confirm this" not in walk.text, "nobody confirms their own"

    walk.is_(town.rowan, "/dates/")
    walk.press("Confirm this: Thursday 24 December 2026 is a closed day: offices closed")
    walk.sees("It is confirmed, and holds now.", "Thursday 24 December 2026 offices closed")
    holidays = "School holidays from Monday 21 December 2026 to Friday 1 January 2027: the Christmas holidays"
    walk.press(f"Confirm this: {holidays}")
    walk.sees("Mon 21 Dec to Fri 1 Jan 2027 the Christmas holidays")
    walk.open("/directory/gaps/")
    walk.sees("3 gaps in the directory", "Says nothing of the Christmas holidays", "One lead, and no deputy")
    walk.looks("14-directory-gaps")


def the_lead_fills_in_their_page(walk: Walk, town: Town) -> None:
    walk.is_(town.lead, f"{town.page}details/")
    walk.fill(phone="020 7946 0201")
    walk.send()
    theirs = Seat.objects.get(user=town.lead)
    walk.open(f"{town.page}seats/{theirs.pk}/")
    walk.fill(deputy=str(town.teacher.pk), second=str(town.mentor.pk), presence="away")
    walk.fill(away_from="16 12 2026", away_until="18 12 2026", reason="on leave")
    walk.looks("14-directory-seat")
    walk.send()
    walk.sees("Covered by Leila Quinn, then Sam Hill.", "On leave from Wed 16 Dec until Fri 18 Dec")
    walk.open(f"{town.page}shut/")
    walk.fill(name="the Christmas holidays", first="21 12 2026", last="1 1 2027", cover=str(town.head.pk))
    walk.send()
    walk.sees("Priya Webb acts for Oakfield Primary School then.")
    walk.looks("14-directory-service")


def the_board_is_empty(walk: Walk, town: Town) -> None:
    walk.is_(town.ruth, "/directory/gaps/")
    walk.sees("The directory is whole", "There is nothing to mend")


def whoever_asks_reads_who_will_act(walk: Walk, town: Town) -> None:
    assert "Kofi Iqbal, safeguarding lead, until Tue 15 Dec; Leila Quinn, class teacher, from Wed 16 Dec" in (
        said_to_who_asks(walk, town, MONDAY)
    )
    walk.looks("14-directory-raise")
    assert "Leila Quinn, class teacher. Kofi is on leave and back on Mon 21 Dec" in (
        said_to_who_asks(walk, town, ON_LEAVE)
    )
    assert "Priya Webb, head teacher. The school is shut for the Christmas holidays until Fri 1 Jan 2027" in (
        said_to_who_asks(walk, town, SHUT)
    )


def said_to_who_asks(walk: Walk, town: Town, moment: datetime) -> str:
    """What the raise form says once the school is chosen."""
    walk.at(moment)
    walk.is_(town.worker, "/raise/")
    if "You have a challenge you did not send" in walk.text:
        walk.press("Start afresh")
    walk.fill(asked_1=str(town.school.uuid))
    walk.press("See who will act there, or choose a person")
    walk.sees("Who will act Oakfield Primary School:")
    return walk.text


def cover_takes_over(walk: Walk, town: Town) -> Challenge:
    """Sent to the school's lead on the last day before the holidays, it is whose turn who covers then."""
    case = sent(by=town.worker, raising=town.care, asked=[town.school], now=ON_LEAVE)
    walk.at(SHUT)
    walk.is_(town.head, case.get_absolute_url())
    walk.sees("It is your turn to answer", "Priya Webb, head teacher, covering for Kofi Iqbal")
    walk.looks("14-directory-covering")
    return case


def somebody_leaves(walk: Walk, town: Town, case: Challenge) -> None:
    walk.at(BACK)
    walk.is_(town.head, "/leavers/")
    walk.fill(person=str(town.lead.pk))
    walk.send()
    theirs = Seat.objects.get(user=town.lead)
    walk.fill(when="now", **{f"seat_{theirs.pk}": str(town.mentor.pk)})
    walk.send()
    walk.sees("Does Kofi Iqbal leave now?", "Sam Hill is lead in Oakfield Primary School.")
    walk.looks("14-directory-leaving")
    walk.press("Yes, they leave now")
    walk.sees("Kofi Iqbal has left. Their seats, and what waited for them, passed on.")
    assert not User.objects.get(pk=town.lead.pk).is_active
    walk.is_(town.mentor, case.get_absolute_url())
    walk.sees("It is your turn to answer")
    walk.open(town.page)
    walk.sees("Today: Sam Hill, learning mentor.")
    assert "Kofi Iqbal" not in walk.text
