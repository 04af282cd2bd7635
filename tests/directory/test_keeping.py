"""A lead keeps who acts for their service: seats, deputies in order, leave, and when it is shut."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.outbox.models import Message
from escalation.access.standing import standing_of
from escalation.accounts.events import faults
from escalation.accounts.models import Closure, Event, Seat, Setting, User
from tests.factories import away, person, policy, seat, setting
from tests.moments import london

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = london(2026, 11, 24, 9)
TODAY = NOW.date()


@dataclass
class Team:
    care: Setting
    lead: User
    worker: User
    unit: User


@pytest.fixture
def team(travel: Travel) -> Team:
    travel(NOW)
    policy(today=TODAY)
    care = setting("Family Safeguarding Team 2", short="social care")
    lead = person("Chinwe Adebayo", job="team manager", lead=care)
    worker = person("Tom Whitfield", job="social worker", practitioner=care)
    return Team(care, lead, worker, person("Ruth Ames", role="business_unit"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(of: Setting, rest: str = "") -> str:
    return f"/directory/{of.uuid}/{rest}"


def send(user: User, url: str, **said: Any) -> Any:
    return signed_in(user).post(url, said)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


NEW = {"kind": "practitioner", "who": "new", "full_name": "Grace Hughes", "email": "grace@example.org"}


def test_a_lead_seats_somebody_new_and_ends_it_after_being_asked(team: Team) -> None:
    url = address(team.care, "seats/new/")
    lead = signed_in(team.lead)
    assert lead.post(url, {**NEW, "job_title": "social worker"}).status_code == 302
    given = Seat.objects.get(user__email="grace@example.org")
    assert (given.kind, given.setting, given.given_by) == ("practitioner", team.care, team.lead)
    page = text(lead.get(address(team.care)))
    assert "They need no password" in page
    assert [(each.to, each.kind) for each in Message.objects.filter(kind="invited")] == [
        (given.user, "invited")
    ]
    assert "Grace Hughes" in page
    end = address(team.care, f"seats/{given.pk}/end/")
    assert "It ends at once" in text(lead.get(end))
    assert Seat.objects.filter(pk=given.pk).exists(), "asking ends nothing"
    lead.post(end)
    assert not Seat.objects.filter(pk=given.pk).exists()
    acts = list(Event.objects.filter(object=f"seat:{given.pk}").values_list("act", "actor", "seat"))
    assert acts == [("given", team.lead.pk, "lead"), ("ended", team.lead.pk, "lead")]
    call_command("verify_audit")


def test_who_is_known_by_that_address_gets_the_seat(team: Team) -> None:
    known = person("Nell Known", practitioner=setting("Elsewhere"))
    send(
        team.lead, address(team.care, "seats/new/"), **NEW | {"email": known.email.upper()}, job_title="nurse"
    )
    assert Seat.objects.filter(setting=team.care, user=known).exists()
    known.refresh_from_db()
    assert known.full_name == "Nell Known"
    assert not Message.objects.exists(), "only who is new to the log is invited"


REFUSED = {
    "a head of service is the unit's to name": ({"kind": "senior_lead"}, "Select a valid choice"),
    "nobody new without a job": ({"job_title": ""}, "Enter their job"),
    "nobody without an address": ({"email": "", "job_title": "nurse"}, "Enter their work e-mail"),
    "nobody chosen": ({"who": "known"}, "Choose who gets the seat"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_form_says_what_to_do(why: str, team: Team) -> None:
    changed, words = REFUSED[why]
    answer = send(team.lead, address(team.care, "seats/new/"), **NEW | changed)
    assert answer.status_code == 422
    assert words in text(answer)


def test_the_last_lead_is_not_ended_before_there_is_another(team: Team) -> None:
    end = address(team.care, f"seats/{seat(team.lead, team.care).pk}/end/")
    answer = send(team.unit, end)
    assert answer.status_code == 422
    assert "Give the lead’s seat to somebody first" in text(answer)
    person("Second Lead", lead=team.care)
    assert send(team.unit, end).status_code == 302


def test_nobody_gives_themselves_a_seat_and_the_unit_covers_for_no_service(team: Team) -> None:
    url = address(team.care, "seats/new/")
    mine = NEW | {"email": team.unit.email, "job_title": "manager", "kind": "lead"}
    assert "works in the business unit" in text(send(team.unit, url, **mine))
    head = person("Hana Head", senior_lead=team.care)
    other = setting("Ward 3", group="health")
    person("Wanda Ward", lead=other)
    for asker in (head, team.lead):
        assert send(asker, address(other, "seats/new/"), **NEW).status_code == 403
    assert not Seat.objects.filter(user=team.unit, setting=team.care).exists()


DEPUTIES = {"presence": "away", "away_from": "24 11 2026", "away_until": "27 11 2026", "reason": "on leave"}


def test_deputies_act_in_order_and_the_second_only_while_the_first_is_away(team: Team) -> None:
    first, second = (person(name, practitioner=team.care) for name in ("Fay First", "Sam Second"))
    url = address(team.care, f"seats/{seat(team.lead, team.care).pk}/")
    assert send(team.lead, url, deputy=first.pk, second=second.pk, **DEPUTIES).status_code == 302

    def leads(user: User, day: int) -> bool:
        return team.care.pk in standing_of(user, today=date(2026, 11, day)).lead_settings

    assert [leads(first, day) for day in (23, 24, 27, 28)] == [False, True, True, False]
    assert not any(leads(second, day) for day in (23, 24, 27, 28))
    away(first, at=team.care, since=date(2026, 11, 25), until=date(2026, 11, 26))
    assert [leads(second, day) for day in (24, 25, 26, 27)] == [False, True, True, False]
    assert leads(first, 25), "being covered is no loss of rights"
    cover = standing_of(second, today=date(2026, 11, 25)).covering[team.care.pk]
    assert (cover.holder, cover.until) == ("Chinwe Adebayo", date(2026, 11, 27))
    page = text(signed_in(team.lead).get(address(team.care)))
    assert "Covered by Fay First, then Sam Second." in page
    assert "On leave from Tue 24 Nov until Fri 27 Nov" in page


def test_what_takes_from_somebody_who_acts_today_asks_again(team: Team) -> None:
    first = person("Fay First", practitioner=team.care)
    url = address(team.care, f"seats/{seat(team.lead, team.care).pk}/")
    send(team.lead, url, deputy=first.pk, **DEPUTIES)
    back = {"deputy": first.pk, "presence": "here"}
    answer = send(team.lead, url, **back)
    assert answer.status_code == 422
    assert "Fay First would stop acting here today" in text(answer)
    assert Seat.objects.get(user=team.lead).away_from == TODAY, "nothing is changed yet"
    assert send(team.lead, url, **back, sure="on").status_code == 302
    assert Seat.objects.get(user=team.lead).away_from is None
    call_command("verify_audit")


WRONG_CHANGES = {
    "the same person twice": (
        {"deputy": "worker", "second": "worker", "presence": "here"},
        "the same person",
    ),
    "back before gone": (DEPUTIES | {"away_until": "20 11 2026"}, "The last day is before the first"),
    "away, and no day": (DEPUTIES | {"away_from": ""}, "Enter the first day away"),
    "no date": (DEPUTIES | {"away_from": "soon"}, "Enter a date, like"),
    "somebody from nowhere": ({"deputy": "999999", "presence": "here"}, "Choose somebody from the list"),
}


@pytest.mark.parametrize("why", WRONG_CHANGES)
def test_a_change_that_cannot_be_says_why(why: str, team: Team) -> None:
    said, words = WRONG_CHANGES[why]
    said = {name: str(team.worker.pk) if value == "worker" else value for name, value in said.items()}
    answer = send(team.lead, address(team.care, f"seats/{seat(team.lead, team.care).pk}/"), **said)
    assert answer.status_code == 422
    assert words in text(answer)


def test_a_setting_that_is_shut_is_acted_for_by_who_covers_it(team: Team) -> None:
    kim = person("Kim Roe", job="trust lead", practitioner=setting("The trust", of=team.care.organisation))
    said = {"name": "the Christmas holidays", "first": "21 12 2026", "last": "1 1 2027", "cover": kim.pk}
    assert send(team.lead, address(team.care, "shut/"), **said).status_code == 302
    acts = [kim_acts(kim, team, day) for day in (date(2026, 12, 20), date(2026, 12, 21), date(2027, 1, 1))]
    assert acts == [False, True, True]
    assert not kim_acts(kim, team, date(2027, 1, 2))
    cover = standing_of(kim, today=date(2026, 12, 24)).covering[team.care.pk]
    assert (cover.reason, cover.until) == ("away for the Christmas holidays", date(2027, 1, 1))
    assert "overlaps" in text(send(team.lead, address(team.care, "shut/"), **said))
    closure = Closure.objects.get()
    assert send(team.lead, address(team.care, f"shut/{closure.pk}/end/")).status_code == 302
    assert not kim_acts(kim, team, date(2026, 12, 24))
    call_command("verify_audit")


def kim_acts(kim: User, team: Team, day: date) -> bool:
    standing = standing_of(kim, today=day)
    return team.care.pk in standing.lead_settings and team.worker.pk in standing.acts_for


def test_the_raise_form_says_who_acts_in_the_holidays(team: Team, travel: Travel) -> None:
    travel(london(2026, 12, 15, 10))
    kim = person("Kim Roe", job="trust lead", practitioner=setting("The trust", of=team.care.organisation))
    said = {"name": "the Christmas holidays", "first": "21 12 2026", "last": "1 1 2027", "cover": kim.pk}
    send(team.lead, address(team.care, "shut/"), **said)
    raiser = signed_in(person("Leila Osei", practitioner=setting("Oakfield", group="education")))
    start = raiser.get("/raise/")["Location"]
    raiser.post(start, {"asked_1": str(team.care.uuid), "act": "look"})
    page = text(raiser.get(start))
    assert "Chinwe Adebayo, team manager, until Sun 20 Dec; Kim Roe, trust lead, from Mon 21 Dec." in page
    assert "Social care is shut for the Christmas holidays until Fri 1 Jan 2027." in page


def test_only_the_number_is_a_leads_and_outside_is_the_units(team: Team) -> None:
    url = address(team.care, "details/")
    send(team.lead, url, phone="020 7946 0999", outside="on")
    team.care.refresh_from_db()
    assert (team.care.phone, team.care.outside) == ("020 7946 0999", False)
    send(team.unit, url, phone="020 7946 0999", outside="on")
    team.care.refresh_from_db()
    assert team.care.outside


def test_leavers_pass_their_deputies_on(team: Team) -> None:
    from escalation.accounts.services import leave

    first, second = (person(name, practitioner=team.care) for name in ("Fay First", "Sam Second"))
    url = address(team.care, f"seats/{seat(team.lead, team.care).pk}/")
    send(team.lead, url, deputy=first.pk, second=second.pk, **DEPUTIES)
    leave(user=first, now=NOW, by=None)
    held = Seat.objects.get(user=team.lead)
    assert (held.deputy, held.second_deputy) == (second, None)
    assert list(faults()) == []


TAMPERED: dict[str, Callable[[Seat], object]] = {
    "another holder": lambda s: Seat.objects.filter(pk=s.pk).update(user=person()),
    "another deputy": lambda s: Seat.objects.filter(pk=s.pk).update(deputy=None),
    "leave that nobody entered": lambda s: Seat.objects.filter(pk=s.pk).update(away_from=TODAY),
    "one taken away": lambda s: Seat.objects.filter(pk=s.pk).delete(),
    "one put in": lambda s: Seat.objects.create(user=s.user, kind="auditor"),
    "a service shut": lambda s: Closure(setting=s.setting, name="x", first=TODAY, last=TODAY).save(),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_seat_that_was_changed_in_the_database_is_found(what: str, team: Team) -> None:
    held = away(team.lead, at=team.care, since=date(2026, 12, 1), deputy=team.worker)
    assert list(faults()) == []
    TAMPERED[what](held)
    assert list(faults()) != []
