"""A lost second step: one asks, another agrees, and the person sets up a new one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.audit.verify import verify_all
from core.outbox.models import Message
from escalation.accounts.events import How
from escalation.accounts.models import Event, User
from escalation.accounts.services import Refused
from escalation.signing_in.events import CHAIN
from escalation.signing_in.models import FactorReset
from escalation.signing_in.services import ask_for_reset, decide_reset
from tests.factories import PASSWORD, person, setting
from tests.way_in import signs_in, with_app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOST = "/second-step/lost/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class People:
    def __init__(self) -> None:
        school, clinic = setting("School"), setting("Clinic", group="health")
        self.everybody = {
            "lead": person("Lee Lead", lead=school),
            "head": person("Hana Head", senior_lead=school),
            "lead elsewhere": person("Elsa Elsewhere", lead=clinic),
            "practitioner": person("Pam Practitioner", practitioner=school),
            "unit": person("Ruth Unit", role="business_unit"),
            "another of the unit": person("Rob Unit", role="business_unit"),
            "administrator": person("Kim Keeper", role="administrator"),
            "auditor": person("Aud Itor", role="auditor"),
            "lado": person("Hannah Lado", role="lado"),
            "deputy lado": person("Idris Deputy", role="deputy_lado"),
            "support": person("Sue Support", role="lado_support"),
        }
        for user in self.everybody.values():
            with_app(user)

    def __getitem__(self, who: str) -> User:
        return self.everybody[who]


@pytest.fixture
def people() -> People:
    return People()


def how() -> How:
    return How(NOW, "lead")


# for whom, who asks, who agrees, and whether that is enough
PAIRS = [
    ("lead", "head", "unit", True),
    ("lead", "head", "administrator", True),
    ("lead", "unit", "another of the unit", True),
    ("lead", "unit", "unit", False),
    ("unit", "another of the unit", "unit", False),
    ("lead", "lead", "unit", False),
    ("lead", "lead elsewhere", "unit", False),
    ("lead", "practitioner", "unit", False),
    ("lead", "auditor", "unit", False),
    ("lead", "unit", "head", False),
    ("lead", "unit", "lado", False),
    ("lado", "administrator", "unit", False),
    ("lado", "unit", "administrator", False),
    ("lado", "deputy lado", "administrator", True),
    ("lado", "administrator", "deputy lado", True),
    ("support", "lado", "deputy lado", True),
    ("support", "support", "lado", False),
    ("lado", "lead", "deputy lado", False),
    ("administrator", "unit", "another of the unit", True),
]


@pytest.mark.parametrize(("lost", "asks", "agrees", "enough"), PAIRS, ids=lambda each: str(each))
def test_it_takes_two_of_the_right_people(
    people: People, lost: str, asks: str, agrees: str, enough: bool
) -> None:
    def both() -> None:
        reset = ask_for_reset(user=people[lost], sure="met", by=people[asks], how=how())
        decide_reset(reset=reset, approved=True, by=people[agrees], how=how())

    if enough:
        both()
    else:
        with pytest.raises(Refused):
            both()
    assert Authenticator.objects.filter(user=people[lost]).exists() is not enough


def test_the_database_wants_two_as_well(people: People) -> None:
    rows = [("lead", "lead", "unit"), ("lead", "head", "head"), ("lead", "head", "lead")]
    for lost, asks, decides in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.create(
                user=people[lost],
                sure="met",
                asked_by=people[asks],
                asked_at=NOW,
                decided_by=people[decides],
                decided_at=NOW,
                approved=True,
            )


def test_the_whole_story(people: People) -> None:
    for who in ("lead", "head", "unit"):
        people[who].set_password(PASSWORD)
        people[who].save()
    lead, asking, unit = Client(), Client(), Client()
    signs_in(lead, people["lead"], PASSWORD)
    signs_in(asking, people["head"], PASSWORD)
    signs_in(unit, people["unit"], PASSWORD)
    words = {"email": people["lead"].email, "sure": "called"}
    assert asking.post(LOST, words)["Location"] == LOST
    assert asking.post(LOST, words)["Location"] == LOST
    reset = FactorReset.objects.get()
    told = set(Message.objects.filter(kind="reset_asked").values_list("to__full_name", flat=True))
    assert told == {"Ruth Unit", "Rob Unit", "Kim Keeper"}
    page = unit.get(LOST).content.decode()
    assert "Lee Lead" in page
    assert "Lee Lead" not in asking.get(LOST).content.decode().split("Ask for somebody")[0]
    path = f"{LOST}{reset.uuid}/"
    assert asking.get(path).status_code == 403
    assert unit.post(path, {"decision": "yes", "password": "a guess"}).status_code == 422
    assert unit.post(path, {"decision": "yes", "password": PASSWORD})["Location"] == LOST
    assert lead.get("/how-you-sign-in/").status_code == 302, "signed out everywhere"
    assert lead.post("/sign-in/", {"username": people["lead"].email, "password": PASSWORD})["Location"] == (
        "/second-step/"
    )
    assert lead.get("/second-step/")["Location"] == "/second-step/set-up/"
    assert Message.objects.filter(to=people["lead"], kind="factor_reset").count() == 1
    acts = Event.objects.filter(chain=CHAIN).exclude(act="added").order_by("seq")
    assert list(acts.values_list("act", flat=True)) == ["reset asked", "reset approved", "ended"]
    assert list(verify_all()) == []
    assert unit.get(path).status_code == 404, "decided is decided"


def test_a_no_changes_nothing_and_old_requests_lapse(people: People, clock: time_machine.Traveller) -> None:
    reset = ask_for_reset(user=people["lead"], sure="met", by=people["head"], how=how())
    decide_reset(reset=reset, approved=False, by=people["unit"], how=how())
    decide_reset(reset=reset, approved=True, by=people["another of the unit"], how=how())
    assert Authenticator.objects.filter(user=people["lead"]).exists()
    second = ask_for_reset(user=people["lead"], sure="met", by=people["head"], how=how())
    browser = Client()
    browser.force_login(people["unit"])
    clock.shift(timedelta(days=2, minutes=1))
    browser.force_login(people["unit"])
    assert browser.get(f"{LOST}{second.uuid}/").status_code == 404


def test_where_nobody_is_left_to_ask_the_server_does_it_and_the_trail_says_so(people: People) -> None:
    call_command("lost_second_step", people["administrator"].email)
    assert not Authenticator.objects.filter(user=people["administrator"]).exists()
    assert (Event.objects.filter(chain=CHAIN).latest("seq").act, list(verify_all())) == ("ended", [])
    for email in (people["administrator"].email, "nobody@school.example"):
        with pytest.raises(CommandError):
            call_command("lost_second_step", email)


@pytest.mark.parametrize("who", ["lead elsewhere", "nobody"])
def test_an_address_of_somebody_elses_person_is_as_unknown_as_nobodys(people: People, who: str) -> None:
    browser = Client()
    browser.force_login(people["lead"])
    email = "nobody@school.example" if who == "nobody" else people[who].email
    answer = browser.post(LOST, {"email": email, "sure": "met"})
    assert answer.status_code == 422
    assert "Nobody of yours has this address" in answer.content.decode()
