"""The business unit's pages of releases, as people meet them; and what everybody else gets."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from escalation.accounts.models import User
from escalation.policy.quarters import Quarter
from escalation.reporting.models import Event, OutsideFact, Release, ReleasePlan, State, number_of
from escalation.reporting.services import work
from tests.factories import person, policy, setting
from tests.moments import london
from tests.reporting.quarters import Q1, Q2, Unit, after, logged
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
ADDRESSES = (
    "/releases/",
    "/releases/start/",
    "/releases/plans/",
    "/releases/facts/",
    "/releases/exact/?quarter=2026-27-Q1",
)


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def unit(travel: Travel) -> Unit:
    policy(today=date(2026, 4, 1))
    unit = Unit()
    unit.plan()
    travel(after(Q1))
    return unit


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_from_the_form_to_a_published_release(unit: Unit, travel: Travel) -> None:
    logged(23)
    ruth, omar = at(unit.ruth), at(unit.omar)
    sent = ruth.post("/releases/start/", {"subject": "challenges", "quarter": "2026-27-Q1"})
    page = sent["Location"]
    assert "Waiting to be counted" in text(ruth, page)
    work(now=timezone.now())
    read = text(ruth, page)
    assert "Ready for a second person" in read
    assert "Approve it" not in read
    assert "Certified safe" in read
    assert "Approve it" in text(omar, page)
    nothing = omar.post(f"{page}approve/", {})
    assert nothing.status_code == 422
    assert "Look at every table" in nothing.content.decode()
    assert omar.post(f"{page}approve/", {"looked": "on", "registered": "on"}).status_code == 302
    assert "published on Tuesday 11 August 2026, 9:30am" in text(ruth, page)
    travel(london(2026, 8, 11, 9, 30))
    work(now=timezone.now())
    assert "What is published never changes" in text(at(unit.ruth), page)


def test_the_true_count_stands_on_no_page_of_a_release(unit: Unit) -> None:
    logged(23)
    release = unit.ready()
    [opened] = [each for each in release.figures.values if each["date"] == "logged"]
    assert opened["values"][0] in (20, 25)
    for page in ("", "approve/", "refuse/"):
        read = text(at(unit.omar), f"{release.get_absolute_url()}{page}")
        assert ">23<" not in read
        assert "23," not in read


def test_an_unfinished_quarter_is_not_offered_and_refused_in_words(unit: Unit) -> None:
    page = text(at(unit.ruth), "/releases/start/")
    assert "2026-27-Q1" in page
    assert "2026-27-Q2" not in page
    with pytest.raises(CommandError, match="2026-27-Q2 is not over: it ends on Wednesday 30 September 2026"):
        call_command("release", "2026-27-Q2")
    with pytest.raises(CommandError, match="Write a quarter like 2026-27-Q1"):
        call_command("release", "Q2")


def test_a_terminal_takes_it_to_ready_and_no_further(unit: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    logged(23)
    call_command("release", "2026-27-Q1")
    told = capsys.readouterr()
    assert "ready for a second person" in told.out
    assert [line[:22] for line in told.err.splitlines() if line] == [
        "[....................]",
        "[######..............]",
        "[#############.......]",
        "[####################]",
    ]
    with pytest.raises(CommandError, match="is there already: ready for a second person"):
        call_command("release", "2026-27-Q1")
    assert Release.objects.get().state == State.READY


def test_the_reason_for_not_releasing_is_picked_from_a_list(unit: Unit) -> None:
    release, omar = unit.ready(), at(unit.omar)
    page = release.get_absolute_url()
    assert omar.post(f"{page}refuse/", {"reason": "there were only 3"}).status_code == 422
    assert omar.post(f"{page}refuse/", {"reason": "log_incomplete"}).status_code == 302
    assert "no figures are available" in text(omar, page)


def test_tables_are_withdrawn_on_a_page(unit: Unit, travel: Travel) -> None:
    release = unit.approved()
    travel(release.publish_at)
    work(now=timezone.now())
    ruth, page = at(unit.ruth), release.get_absolute_url()
    offered = text(ruth, f"{page}withdraw/")
    assert "Opened, by what they were about" in offered
    assert ruth.post(f"{page}withdraw/", {"parts": ["logged:1"], "reason": "corrected"}).status_code == 302
    assert "The log was corrected" in text(ruth, page)
    assert "logged:1" not in text(ruth, f"{page}withdraw/")


def test_a_plan_is_chosen_by_one_and_approved_by_another(unit: Unit) -> None:
    ruth, omar = at(unit.ruth), at(unit.omar)
    asked = {"expected": "30", "key": "challenges_large", "starts": "2027-04-01", "days_after": "42"}
    wrong = ruth.post("/releases/plans/", asked)
    assert wrong.status_code == 422
    assert "you expect 30. Choose the plan for that many" in wrong.content.decode()
    assert ruth.post("/releases/plans/", {**asked, "key": "challenges_small"}).status_code == 302
    chosen = ReleasePlan.objects.get(key="challenges_small")
    approve = f"/releases/plans/{chosen.uuid}/approve/"
    assert approve not in text(ruth, "/releases/plans/")
    assert "Somebody else in the business unit" in ruth.post(approve, follow=True).content.decode()
    assert approve in text(omar, "/releases/plans/")
    omar.post(approve)
    chosen.refresh_from_db()
    assert chosen.approved_by == unit.omar


FACT = {
    "subject": "challenges",
    "kind": "exact",
    "value": "4",
    "counted_on": "closed",
    "first": str(number_of(Q1)),
    "last": str(number_of(Q1)),
    "category": "challenges:stage:stage_3",
    "source": "Annual report 2026, page 4",
    "public_since": "1 7 2026",
}


def test_what_is_public_elsewhere_is_registered_and_struck(unit: Unit) -> None:
    ruth, omar = at(unit.ruth), at(unit.omar)
    assert ruth.post("/releases/facts/", FACT).status_code == 302
    fact = OutsideFact.objects.get()
    assert (fact.value, fact.categories, fact.quarters) == (4, {"stage": "stage_3"}, 1)
    page = text(omar, "/releases/facts/")
    assert "Closed, 2026-27-Q1. Stage reached: Stage 3" in page
    omar.post(f"/releases/facts/{fact.uuid}/strike/")
    assert "Struck by Omar Haddad" in text(ruth, "/releases/facts/")


WRONG_FACTS = {
    "a period without an end": ({"last": ""}, "Choose the quarter in which the period ends"),
    "a kind of something else": ({"category": "lado:level:advice"}, "This kind is of something else"),
    "no source": ({"source": ""}, "Say where it was published"),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG_FACTS.values(), ids=WRONG_FACTS)
def test_a_fact_that_is_not_whole_says_what_to_do(unit: Unit, wrong: dict[str, str], words: str) -> None:
    answer = at(unit.ruth).post("/releases/facts/", {**FACT, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OutsideFact.objects.exists()


def test_exact_counts_are_marked_and_each_look_is_noted(unit: Unit) -> None:
    logged(23)
    ruth = at(unit.ruth)
    assert not Event.objects.filter(chain="release-access").exists()
    page = text(ruth, "/releases/exact/?quarter=2026-27-Q1")
    assert "Not for release" in page
    assert ">23<" in page
    look = Event.objects.get(chain="release-access")
    assert (look.actor, look.object) == (unit.ruth, "2026-27-Q1")
    assert "contact" not in page.lower()
    assert "not over" in text(ruth, "/releases/exact/?quarter=2026-27-Q2")


def test_a_quarter_that_makes_no_sense_shows_the_choice_again(unit: Unit) -> None:
    page = text(at(unit.ruth), "/releases/exact/?quarter=%00")
    assert "Show exact counts" in page
    assert not Event.objects.filter(chain="release-access").exists()


def test_nobody_but_the_business_unit_gets_in(unit: Unit) -> None:
    release, school = unit.ready(), setting()
    page = release.get_absolute_url()
    others = {
        "practitioner": person(practitioner=school),
        "lead": person(lead=school),
        "senior lead": person(senior_lead=school),
        "partner": person(partner=school),
        **{
            role: person(role=role)
            for role in ("lado", "scrutineer", "young_scrutineer", "auditor", "administrator", "service")
        },
    }
    for who, user in others.items():
        client = at(user)
        for address in (*ADDRESSES, page, f"{page}approve/", f"{page}refuse/"):
            assert client.get(address).status_code == 403, (who, address)
        assert client.post(f"{page}approve/", {"looked": "on", "registered": "on"}).status_code == 403
    assert Release.objects.get().state == State.READY
    assert not Event.objects.filter(chain="release-access").exists()


def statements(client: Client, address: str) -> int:
    client.get(address)
    with counted_sql() as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_how_many_statements_each_page_takes(unit: Unit) -> None:
    """A page's count does not grow with its rows. Exact counts are counted with `count` itself."""
    first = unit.approved()
    work(now=first.publish_at)
    release = unit.ready(Q2)
    ruth, page = at(unit.ruth), release.get_absolute_url()
    few = {address: statements(ruth, address) for address in (*ADDRESSES[:4], page)}
    refused(unit, release)
    for quarter in (Quarter(2026, 3), Quarter(2026, 4)):
        refused(unit, unit.ready(quarter))
    assert {address: statements(ruth, address) for address in (*ADDRESSES[:4], page)} == few
    assert all(count <= 10 for count in few.values()), few


def refused(unit: Unit, release: Release) -> None:
    at(unit.omar).post(f"{release.get_absolute_url()}refuse/", {"reason": "other"})
