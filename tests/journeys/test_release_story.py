"""A quarter's figures from the plan to publication and back, with a database that keeps what is committed."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.reporting.models import DOCUMENT, Event, Release, Snapshot
from escalation.reporting.services import work
from tests.factories import challenge, person, setting
from tests.moments import london
from tests.served import Template, models_on


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_from_the_plan_to_publication_and_back(
    prepared: Template,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    travel: Callable[[datetime], None],
) -> None:
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, models_on(url):
        tell(travel)


def tell(travel: Callable[[datetime], None]) -> None:
    ruth, omar = person("Ruth Ames", role="business_unit"), person("Omar Haddad", role="business_unit")

    # In March they choose a plan for the year to come.
    travel(london(2026, 3, 9, 10))
    plan = {"expected": "200", "key": "challenges_large", "starts": "2026-04-01", "days_after": "42"}
    assert signed_in(ruth).post("/releases/plans/", plan).status_code == 302
    chosen = Event.objects.get(chain="release-plans").object
    signed_in(omar).post(f"/releases/plans/{chosen}/approve/")

    # In the first quarter schools challenge social care 27 times.
    school, team = setting(group="education"), setting(group="social_care")
    teacher = person(practitioner=school)
    for number in range(27):
        challenge(by=teacher, raising=school, asked=[team], now=london(2026, 5, 1 + number, 10))

    # In July Ruth looks at the exact counts, registers what a newsletter told, and starts the release.
    travel(london(2026, 7, 6, 10))
    looked = signed_in(ruth).get("/releases/exact/", {"quarter": "2026-27-Q1"})
    assert ">27<" in looked.content.decode()
    fact = {
        "subject": "challenges",
        "kind": "at_least",
        "value": "1",
        "source": "The newsletter of May",
        "public_since": "1 6 2026",
    }
    assert signed_in(ruth).post("/releases/facts/", fact).status_code == 302
    started = signed_in(ruth).post("/releases/start/", {"subject": "challenges", "quarter": "2026-27-Q1"})
    work(now=timezone.now())
    assert list(Message.objects.filter(kind="release_ready").values_list("to", flat=True)) == [omar.pk]

    # Omar sees 25 or 30, and approves.
    page = started["Location"]
    shown = signed_in(omar).get(f"{page}approve/").content.decode()
    assert "25, that is 21 to 29" in shown or "30, that is 26 to 34" in shown
    assert "Year to date" in shown
    signed_in(omar).post(f"{page}approve/", {"looked": "on", "registered": "on"})

    # On 11 August it is public, and nothing secret is left.
    travel(london(2026, 8, 11, 9, 30))
    work(now=timezone.now())
    release = Release.objects.get()
    assert not Snapshot.objects.exists()
    assert json.loads(bytes(release.files.get(name=DOCUMENT).content))["published"] == "2026-08-11"

    # In September a figure turns out to be wrong.
    travel(london(2026, 9, 1, 10))
    signed_in(ruth).post(f"{page}withdraw/", {"parts": ["logged:1"], "reason": "corrected"})
    work(now=timezone.now())
    again = json.loads(bytes(release.files.get(name=DOCUMENT, edition=2).content))
    assert "withdrawn" in again["withdrawn"]
    call_command("verify_audit")
