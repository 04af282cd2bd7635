"""The silent manager: nobody answers over Easter, while the clocks change and both sides are away.

Reminders come at 9am of working days by London's clock; who covers is told and acts; one click moves it up;
and whoever raised it reads "you said, this happened".
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from core.outbox.sending import send_due
from escalation.accounts.models import Closure, User
from escalation.challenges.services import remind_all
from tests.browser.walk import Walk, lets_in
from tests.factories import away, person, setting
from tests.factories import challenge as sent
from tests.moments import london

pytestmark = pytest.mark.browser

# Good Friday is 26 March 2027, Easter Monday 29 March; the clocks go forward in the night to Sunday 28 March.
SENT = london(2027, 3, 24, 10, 20)
HOLIDAYS = {"first": date(2027, 3, 26), "last": date(2027, 4, 9)}
BEFORE = "Something of yours is due on the next working day"
Heard = dict[datetime, set[tuple[str, str]]]


class Town:
    """A school, and a team of social care whose manager is on leave; each has somebody who covers."""

    def __init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.care = setting("Family Safeguarding Team 2", short="social care")
        self.teacher = lets_in(person("Amara Cole", job="class teacher", practitioner=self.school))
        self.holiday = lets_in(person("Hope Adeyemi", job="holiday cover", practitioner=self.school))
        self.manager = lets_in(person("Tom Whitfield", job="team manager", practitioner=self.care))
        self.stand_in = lets_in(person("Wen Li", job="deputy manager", practitioner=self.care))
        self.lead = lets_in(person("Chinwe Adebayo", job="service manager", lead=self.care))
        away(
            self.manager, at=self.care, deputy=self.stand_in, since=date(2027, 3, 25), until=date(2027, 4, 9)
        )
        Closure.objects.create(
            setting=self.school, name="the Easter holidays", cover=self.holiday, **HOLIDAYS
        )
        self.names = {user.email: user.full_name for user in User.objects.all()}


def heard_from(start: datetime, end: datetime, town: Town) -> Heard:
    """Who gets which mail when, with a worker that looks every half hour, by night and on holidays too."""
    heard: Heard = defaultdict(set)
    moment = start
    while moment <= end:
        remind_all(now=moment)
        mail.outbox.clear()
        send_due(clock=lambda: moment)  # noqa: B023 - asked at once
        for each in mail.outbox:
            heard[moment].add((town.names[each.to[0]], str(each.subject)))
        moment += timedelta(minutes=30)
    return dict(heard)


def test_the_silent_manager(walk: Walk, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    town = Town()
    walk.at(SENT)
    case = sent(by=town.teacher, raising=town.school, asked={town.care: town.manager}, now=SENT)
    here = case.get_absolute_url()
    ready = SENT.replace(hour=10, minute=30)
    assert heard_from(ready, ready, town) == {ready: {("Tom Whitfield", "You have something to do")}}
    walk.is_(town.teacher, f"{here}match/")
    walk.fill(spoke_to="their duty worker", their_pointer="88213-C")
    walk.send()

    both = ("Tom Whitfield", "Wen Li")
    before, due, late = BEFORE, "Something of yours is due today", "Something of yours is late"
    heard = heard_from(london(2027, 3, 24, 11), london(2027, 3, 31, 18), town)
    assert heard == {
        london(2027, 3, 24, 11): {("Tom Whitfield", "You have something to do")},
        london(2027, 3, 25): {(name, before) for name in both},
        london(2027, 3, 30): {(name, due) for name in both},
        london(2027, 3, 31): {(name, late) for name in both}
        | {(name, "You can ask the next level to look") for name in ("Amara Cole", "Hope Adeyemi")},
    }
    assert london(2027, 3, 25).utcoffset() != london(2027, 3, 30).utcoffset(), "the clocks have changed"

    walk.at(london(2027, 3, 30, 9, 5))
    walk.is_(town.stand_in, here)
    walk.sees(
        "You are covering for Tom Whitfield", "on leave until Friday 9 April", "It is your turn to answer"
    )
    walk.looks("13-silent-covering")

    walk.at(london(2027, 3, 31, 9, 5))
    walk.is_(town.holiday, f"{here}escalate/")
    walk.looks("13-silent-escalate")
    walk.send()
    walk.sees("The next level will look at this now", "Stage 2 of 5")

    walk.at(london(2027, 3, 31, 10, 0))
    walk.is_(town.lead, f"{here}reply/")
    walk.fill(answer="acted", what_acted="Somebody visits the family this afternoon.")
    walk.send()
    walk.open(f"{here}settle/")
    walk.fill(outcome="decision_changed", reasons="The visit had been missed.", impact="safer_sooner")
    walk.fill(feedback="You said nobody had come. We came on Wednesday.", on_record="31 3 2027")
    walk.send()

    walk.at(london(2027, 4, 12, 8, 30))
    walk.is_(town.teacher, here)
    walk.sees("Does this keep the child safe?", "You said, this happened:", "We came on Wednesday.")
    walk.looks("13-silent-feedback")
    walk.open(f"{here}confirm_settled/")
    walk.send()
    walk.sees("It is settled and closed", "You said, this happened:")
