"""A school and a team on a running server, and the description of the API as that server gives it."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from django.utils import timezone

from escalation.accounts.models import Setting, User
from escalation.accounts.services import issue_token
from escalation.challenges import api_examples
from escalation.challenges.models import Challenge
from tests.factories import challenge, person, setting
from tests.served import ServedLog


@dataclass
class Partnership:
    """One person may use all of the API: they work in the school, and for the business unit."""

    log: ServedLog
    school: Setting = field(init=False)
    team: Setting = field(init=False)
    amara: User = field(init=False)
    case: Challenge = field(init=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.team = setting("Family Safeguarding Team 2", short="social care")
        self.amara = person("Amara Cole", practitioner=self.school, lead=self.school, role="business_unit")
        person("Tom Whitfield", lead=self.team)
        self.key = self.key_of(self.amara)
        self.raise_it()

    def raise_it(self) -> None:
        """The school asks the team, once more."""
        self.case = challenge(by=self.amara, raising=self.school, asked=[self.team], now=timezone.now())

    def key_of(self, user: User, scopes: str = "") -> str:
        return issue_token(user=user, name="test", days=1, now=timezone.now(), scopes=scopes).plain

    def description(self) -> dict[str, Any]:
        """As the server gives it; the ids of its examples are those of this school, team and challenge."""
        address = f"{self.log.url}/api/v1/schema/"
        request = Request(address, headers={"Authorization": f"Bearer {self.key}"})  # noqa: S310 - our own http
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            text = answer.read().decode()
        for made_up, real in (
            (api_examples.UUID, self.case.uuid),
            (api_examples.TEAM["uuid"], self.team.uuid),
            (api_examples.SCHOOL["uuid"], self.school.uuid),
        ):
            text = text.replace(made_up, str(real))
        described: dict[str, Any] = json.loads(text)
        return described
