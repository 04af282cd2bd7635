"""One LADO referral with everybody of the team, and a short way to act for each of them."""

import uuid
from datetime import datetime
from typing import Any

from escalation.access.standing import Standing, standing_of
from escalation.accounts.models import User
from escalation.lado.models import Referral
from escalation.lado.services import Contact, take_contact, take_step
from escalation.lado.workflow import STEP
from tests.factories import person, setting
from tests.moments import london

NOW = london(2027, 1, 5, 10, 41)
"""The day of the design board: a Tuesday."""
TODAY = NOW.date()
REFERRER = "referrer"
WORDS = {"what": "An escort driver held a child's arm hard. A red mark was seen."}
EMPLOYER: dict[str, Any] = {"employer_name": "Northfield Transport", "sector": "transport"}
AGENCY: dict[str, Any] = {"employer_name": "Quickstaff", "sector": "other", "is_agency": True}
FOLLOWED = dict.fromkeys(
    (
        "told_in_time",
        "right_route",
        "only_basic_facts",
        "not_told_early",
        "records_shared",
        "attended",
        "duties_done",
    ),
    "yes",
)


class Team:
    """The LADO team, people outside, and the referral they are in once `contact` was called."""

    referral: Referral

    def __init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.people: dict[str, User] = {
            "lado": person("Hannah Lyle", job="LADO", role="lado"),
            "deputy": person("Idris Bell", job="deputy LADO", role="deputy_lado"),
            "support": person("June Park", job="LADO support officer", role="lado_support"),
        }
        self.outside: dict[str, User] = {
            "practitioner": person("Amara Cole", practitioner=self.school),
            "lead": person("Priya Shah", lead=self.school),
            "senior_lead": person("Joan Field", senior_lead=self.school),
            "partner": person("Dana Price", partner=self.school),
            "unit": person("Ruth Ames", role="business_unit"),
            "auditor": person("Ian Moss", role="auditor"),
            "scrutineer": person("Sol Vane", role="scrutineer"),
            "young_scrutineer": person("Kit Rowe", role="young_scrutineer"),
            "administrator": person("Max Dorn", role="administrator"),
            "service": person("Reports reader", role="service"),
            "nobody": person("New Starter"),
        }

    def standing(self, who: str) -> Standing:
        """What somebody's seats let them do; nobody of the cast is away."""
        return standing_of(self.people[who], today=TODAY)

    def contact(self, *, by: str = "lado", now: datetime = NOW, **details: Any) -> Referral:
        """A call that the LADO takes, unless `details` say otherwise."""
        key = details.pop("key", None) or uuid.uuid4()
        known = {"way": "call", "referrer": "Bernadette Quarshie", "referrer_phone": "020 7946 0177"}
        self.referral = take_contact(
            Contact(**{**known, "words": WORDS, **details}),
            by=self.people[by],
            standing=self.standing(by),
            key=key,
            now=now,
        )
        return self.referral

    def take(self, who: str, step: str, now: datetime = NOW, **answers: Any) -> Referral:
        """Somebody takes a step, from a page that shows the referral as it is, or at version `expected`."""
        expected = answers.pop("expected", None) or Referral.objects.get(pk=self.referral.pk).version
        is_referrer = who == REFERRER
        self.referral = take_step(
            self.referral,
            STEP[step],
            by=None if is_referrer else self.people[who],
            standing=None if is_referrer else self.standing(who),
            expected=None if is_referrer else expected,
            now=now,
            answers=answers,
        )
        return self.referral

    def row(self, name: str, number: int = 0) -> int:
        """The number of a row: `row("strands", 1)` is the second strand's."""
        return int(getattr(self.referral, name).all()[number].pk)
