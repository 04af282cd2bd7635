"""Rows for tests, by plain functions with the names of the board; each can be called with nothing:

school = setting("Oakfield Primary", short="the school", group="education")
team = setting("Family Safeguarding Team 2", short="social care")
leila = person("Leila Osei-Bonsu", job="health visitor", practitioner=school)
chinwe = person("Chinwe Adebayo", lead=team)
unit = person("Ruth Ames", role="business_unit")
away(chinwe, at=team, deputy=leila, since=date(2026, 12, 24), until=date(2027, 1, 3))
sent = challenge(by=leila, raising=school, asked=[team], now=london(2026, 12, 23, 10, 20))
"""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.db import transaction

import escalation.policy
from core.chance import drawn_id
from escalation.access.standing import Standing, standing_of
from escalation.accounts.models import Organisation, Seat, Setting, User
from escalation.accounts.services import create_user, give_seat, set_away, set_deputy
from escalation.challenges.models import Challenge
from escalation.challenges.services import NewChallenge, raise_challenge
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy, forget_current
from escalation.rulebook.services import load_policies
from tests.moments import LONDON, london

PASSWORD = "correct horse battery staple"
SENT = london(2026, 12, 23, 10, 20)
THAT_DAY = SENT.date()
POLICIES = Path(escalation.policy.__file__).parent / "policies"
_numbers = count(1)

WORDS: Mapping[str, str] = {
    "worry": "the plan we agreed in October has not started",
    "heard": "On 21 December I saw the child asleep in a car seat at 2pm.",
    "voice": "The baby settles only when held.",
    "want": "a visit this week, and a date for the sessions",
}


def organisation(name: str = "Merton Council", **details: Any) -> Organisation:
    """The organisation of this name; made where there is none."""
    return Organisation.objects.get_or_create(name=name, defaults=details)[0]


def setting(
    name: str = "",
    *,
    short: str = "",
    group: str = "social_care",
    of: Organisation | None = None,
    phone: str = "020 7946 0148",
    outside: bool = False,
) -> Setting:
    """A setting; without `of` it is its own organisation's, named after it."""
    name = name or f"Team {next(_numbers)}"
    return Setting.objects.create(
        uuid=drawn_id("setting"),
        organisation=of or organisation(f"{name} organisation"),
        name=name,
        short_name=short or name,
        group=group,
        phone=phone,
        outside=outside,
    )


def person(
    name: str = "",
    *,
    job: str = "",
    phone: str = "020 7946 0177",
    practitioner: Setting | Iterable[Setting] = (),
    lead: Setting | Iterable[Setting] = (),
    senior_lead: Setting | Iterable[Setting] = (),
    partner: Setting | Iterable[Setting] = (),
    role: str = "",
    password: str | None = None,
) -> User:
    """A person with these seats; `role` is a seat without a setting, such as "business_unit"."""
    number = next(_numbers)
    name = name or f"Person {number}"
    user = create_user(
        email=f"{name.split()[0].lower()}.{number}@example.org",
        full_name=name,
        job_title=job,
        phone=phone,
        password=password,
    )
    seats = {"practitioner": practitioner, "lead": lead, "senior_lead": senior_lead, "partner": partner}
    for kind, places in seats.items():
        for place in [places] if isinstance(places, Setting) else places:
            give_seat(user=user, kind=kind, setting=place, by=None)
    if role:
        give_seat(user=user, kind=role, by=None)
    return user


def seat(user: User, at: Setting) -> Seat:
    """The first seat of somebody in a setting."""
    found = Seat.objects.filter(user=user, setting=at).first()
    assert found is not None, f"{user} has no seat at {at}"
    return found


def away(
    user: User,
    *,
    at: Setting,
    since: date,
    until: date | None = None,
    deputy: User | None = None,
    reason: str = "on leave",
) -> Seat:
    """Somebody is away from their seat in a setting, and `deputy` covers it."""
    theirs = set_away(seat=seat(user, at), away_from=since, away_until=until, reason=reason, by=None)
    return set_deputy(seat=theirs, deputy=deputy, by=None)


def policy(key: str = "mscp", *, today: date = THAT_DAY) -> PolicyVersion:
    """The policy in force on a day, read from the files that ship with the log."""
    load_shipped_policies()
    return current_policy(today, key)


def load_shipped_policies() -> None:
    """The policies that ship with the log, where there are none yet."""
    if not PolicyVersion.objects.exists():
        PolicyVersion.objects.bulk_create(copy(version) for version in _shipped())
        forget_current()  # many at once send no signal


@cache
def _shipped() -> list[PolicyVersion]:
    """Their files are read once in a run; most tests need them, and none needs them read again."""
    with transaction.atomic():
        versions = load_policies(POLICIES)
        transaction.set_rollback(True)
    for version in versions:
        version.pk = None
    return versions


def standing(user: User, today: date = THAT_DAY) -> Standing:
    """What this person's seats let them do on a day."""
    return standing_of(user, today=today)


def challenge(
    *,
    by: User | None = None,
    raising: Setting | None = None,
    asked: Iterable[Setting] | Mapping[Setting, User | None] = (),
    now: datetime = SENT,
    words: Mapping[str, str] = WORDS,
    policy_key: str = "mscp",
    **details: Any,
) -> Challenge:
    """A challenge that somebody sent; all that is not given is made.

    `details` are the other fields of NewChallenge, such as label, fast, call, needed_by, start_stage.
    """
    raising = raising or setting("Oakfield Primary School", short="the school", group="education")
    by = by or person("Leila Osei-Bonsu", job="health visitor", practitioner=raising)
    people = dict(asked) if isinstance(asked, Mapping) else dict.fromkeys(asked)
    if not people:
        team = setting("Family Safeguarding Team 2", short="social care")
        person("Chinwe Adebayo-Fitzgerald", job="team manager", lead=team)
        people = {team: None}
    version = policy(policy_key, today=now.astimezone(LONDON).date())
    new = NewChallenge(
        raising=raising,
        asked=people,
        about=details.pop("about", "") or version.policy.vocabularies["about"][0].code,
        age_band=details.pop("age_band", "") or version.policy.vocabularies["age_band"][1].code,
        words=words,
        our_pointer=details.pop("our_pointer", "HV-4471"),
        **details,
    )
    theirs = standing(by, now.astimezone(LONDON).date())
    return raise_challenge(new, by=by, standing=theirs, key=drawn_id("form"), policy=version, now=now)
