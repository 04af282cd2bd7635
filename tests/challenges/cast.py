"""One challenge with everybody who can be something to it, and a short way to act for each of them.

A school asks social care and the police; health visiting supports it. `Cast.people` has the personas
of tests/steps.csv by name, and the second agency's three beside them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import cached_property

from escalation.access.standing import Standing, standing_of
from escalation.accounts.models import Setting, User
from escalation.challenges.models import Challenge
from escalation.challenges.services import take_step
from escalation.challenges.workflow import STEP
from tests.factories import SENT, WORDS, organisation, person, setting
from tests.factories import challenge as sent_challenge
from tests.moments import LONDON

SYSTEM = "system"
NAME_WITHHELD = frozenset({"show_name", "ask_disclosure", "agree_disclosure", "decline_disclosure"})
"""Steps for a raiser who asked that their name be withheld: test_name_withheld.py tells of them."""
CALLED: dict[str, Any] = {"spoke_to": "duty worker", "called_at": SENT, "their_pointer": "88213-C"}
FORM: dict[str, Any] = {
    "issue": "drift_delay",
    "scope": "one_child",
    "child_status": "child_in_need",
    "evidence": "The plan.",
    "interpreter_considered": True,
    "supervisor_consulted": True,
}
OUTCOME: dict[str, Any] = {
    "outcome": "decision_changed",
    "reasons": "We looked again.",
    "impact": "safer_sooner",
    "feedback": "You said, this happened.",
    "on_record": SENT.date(),
}


class Cast:
    """Everybody, and the challenge they are in once `raise_it` was called."""

    challenge: Challenge
    words: Mapping[str, str] = WORDS

    def __init__(self) -> None:
        trust = organisation("Oakfield Learning Trust")
        self.school = setting("Oakfield Primary School", short="the school", group="education", of=trust)
        self.care = setting("Family Safeguarding Team 2", short="social care")
        self.police = setting("Child Safeguarding Unit South", short="the police", group="police")
        self.health = setting("Health Visiting East", short="health visiting", group="health")
        self.people: dict[str, User] = {
            "raiser": person("Amara Cole", practitioner=self.school),
            "raising_lead": person("Priya Shah", lead=self.school),
            "raising_senior": person("Joan Field", senior_lead=self.school),
            "counterpart": person("Tom Whitfield", practitioner=self.care),
            "responding_lead": person("Chinwe Adebayo", lead=self.care),
            "responding_senior": person("Lena Brook", senior_lead=self.care),
            "officer": person("Sam Reed", practitioner=self.police),
            "police_lead": person("Nia Owen", lead=self.police),
            "police_senior": person("Alan Frost", senior_lead=self.police),
            "supporting_lead": person("Leila Osei-Bonsu", lead=self.health),
            "unit": person("Ruth Ames", role="business_unit"),
            "partner": person("Dana Price", partner=self.school),
            "auditor": person("Ian Moss", role="auditor"),
        }

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Nobody of the cast is away, so a standing holds on every day."""
        return {name: standing_of(user, today=SENT.date()) for name, user in self.people.items()}

    def raise_it(self, *, now: datetime = SENT, **details: Any) -> Challenge:
        """The raiser asks social care and the police, each by name, unless `details` say otherwise."""
        asked = details.pop(
            "asked", {self.care: self.people["counterpart"], self.police: self.people["officer"]}
        )
        details.setdefault("supporting", (self.health,))
        details.setdefault("words", self.words)
        self.challenge = sent_challenge(
            by=self.people["raiser"], raising=self.school, asked=asked, now=now, **details
        )
        return self.challenge

    def party(self, of: Setting) -> int:
        """The number of a setting's place in the challenge."""
        return int(self.challenge.parties.get(setting=of).pk)

    def take(self, who: str, step: str, now: datetime, **answers: Any) -> Challenge:
        """Somebody takes a step, from a page that shows the challenge as it is, or at version `expected`."""
        expected = answers.pop("expected", 0) or Challenge.objects.get(pk=self.challenge.pk).version
        self.challenge = take_step(
            self.challenge,
            STEP[step],
            by=self.people.get(who),
            standing=self.standings.get(who, Standing()),
            expected=expected,
            now=now,
            answers=answers,
        )
        return self.challenge


def day(moment: datetime) -> date:
    """The London date of a moment."""
    return moment.astimezone(LONDON).date()
