"""A forum from its plan to its end: who is invited, who signs up, how many came; no name is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.outbox.models import Message
from escalation.accounts.models import Setting, User
from escalation.forums.events import faults
from escalation.forums.models import Event, Invitation, SignUp, Sitting
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import sitting
from tests.moments import london
from tests.sql import Statements, counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 24, 9)
THE_DAY = london(2026, 12, 8, 14)
PLAN = {
    "theme": "When nobody calls back",
    "starts_at_day": "8 12 2026",
    "starts_at_time": "2pm",
    "ends": "4pm",
    "place": "Committee room 2",
    "places": "2",
    "agenda": "2pm  Welcome\n2:15pm  In small groups",
    "notice": "Do not say who said it.",
    "seen": "0",
}


@dataclass
class Partnership:
    ruth: User
    school: Setting
    clinic: Setting
    teacher: User
    lead: User
    nurse: User


@pytest.fixture
def them(travel: Callable[[datetime], None]) -> Partnership:
    travel(NOW)
    policy(today=NOW.date())
    school = setting("Oakfield Primary School", group="education", of=organisation("Oakfield Trust"))
    clinic = setting("East Clinic", group="health", of=organisation("East Health Trust"))
    return Partnership(
        person("Ruth Ames", role="business_unit"),
        school,
        clinic,
        person("Amara Cole", practitioner=school),
        person("Priya Shah", lead=school),
        person("Nell Nurse", practitioner=clinic),
    )


def send(user: User, path: str, **said: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, said, follow=True)


def read(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def planned(them: Partnership, **said: str) -> Sitting:
    host = them.school.organisation_id
    answer = send(them.ruth, "/forums/new/", key=str(uuid4()), host=host, **PLAN | said)
    assert "It is planned" in text(answer), text(answer)
    return Sitting.objects.order_by("-pk")[0]


def invited(them: Partnership, *places: Setting, **said: str) -> Sitting:
    found = planned(them, **said)
    send(them.ruth, f"/forums/{found.uuid}/invite/", organisations=[each.organisation_id for each in places])
    return found


def tap(user: User, found: Sitting, place: Setting, came: int) -> str:
    return text(
        send(
            user,
            f"/forums/{found.uuid}/door/",
            organisation=place.organisation_id,
            seen=came - 1,
            came=came,
        )
    )


def test_a_forum_from_its_plan_to_its_end(them: Partnership, travel: Callable[[datetime], None]) -> None:
    found = invited(them, them.school, them.clinic)
    page = f"/forums/{found.uuid}/"
    assert "Tuesday 8 December 2026, 2pm to 4pm" in text(read(them.teacher, "/forums/"))
    assert "You are signed up" in text(send(them.teacher, f"{page}come/", say="yes"))
    assert "You are signed up" in text(send(them.nurse, f"{page}come/", say="yes"))
    assert "Every place is taken" in text(send(them.lead, f"{page}come/", say="yes"))
    send(them.nurse, f"{page}come/", say="no")
    assert "You are signed up" in text(send(them.lead, f"{page}come/", say="yes"))
    assert "2 people signed up Oakfield Trust" in words(read(them.nurse, page))
    travel(THE_DAY)
    for came in (1, 2, 3):
        tap(them.lead, found, them.school, came)
    late = organisation("Late Trust")
    assert "Late Trust is on the list" in text(send(them.ruth, f"{page}door/", elsewhere=late.pk))
    send(them.ruth, f"{page}close/")
    shown = words(read(them.nurse, page))
    assert "4 people came." in shown
    assert "3 people came, 2 had signed up Oakfield Trust" in shown
    assert "1 person came Late Trust" in shown
    assert "Nobody came, 0 had signed up East Health Trust" in shown
    assert not SignUp.objects.exists(), "who had signed up is forgotten"
    assert them.teacher.full_name not in shown
    call_command("verify_audit")


def words(answer: Any) -> str:
    """A page's words without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_nobody_is_invited_before_the_unit_says_so(them: Partnership) -> None:
    found = planned(them)
    assert read(them.nurse, f"/forums/{found.uuid}/").status_code == 404
    assert "None is planned" in text(read(them.nurse, "/forums/"))
    assert read(them.teacher, f"/forums/{found.uuid}/").status_code == 200, "its host sees it"
    assert send(them.teacher, f"/forums/{found.uuid}/come/", say="yes").status_code == 403
    send(them.ruth, f"/forums/{found.uuid}/invite/", organisations=[them.clinic.organisation_id])
    assert read(them.nurse, f"/forums/{found.uuid}/").status_code == 200


def test_leads_of_the_invited_are_told_once_and_whoever_signed_up_of_a_change(them: Partnership) -> None:
    head = person("Hana Head", lead=them.clinic, senior_lead=them.clinic)
    found = invited(them, them.clinic)
    send(them.ruth, f"/forums/{found.uuid}/invite/", organisations=[them.clinic.organisation_id])
    assert told() == {("forum_invited", head.email)}
    Message.objects.all().delete()
    send(them.nurse, f"/forums/{found.uuid}/come/", say="yes")
    change(them, found, theme="When nobody calls us back")
    assert told() == set(), "another heading brings nobody a mail"
    change(them, found, theme="When nobody calls us back", place="Room 7")
    assert told() == {("forum_changed", them.nurse.email)}
    Message.objects.all().delete()
    send(them.ruth, f"/forums/{found.uuid}/cancel/", why="Snow.")
    assert told() == {("forum_cancelled", them.nurse.email)}
    assert "Why it does not take place: Snow." in text(read(them.nurse, f"/forums/{found.uuid}/"))


def told() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("kind", "to__email"))


def change(them: Partnership, found: Sitting, *, seen: int = 0, **said: str) -> Any:
    found.refresh_from_db()
    answers = (
        PLAN | {"seen": str(seen or found.version), "key": str(found.uuid), "host": found.host_id} | said
    )
    return send(them.ruth, f"/forums/{found.uuid}/change/", **answers)


def test_two_who_change_it_do_not_overwrite_each_other(them: Partnership) -> None:
    found = planned(them)
    change(them, found, place="Room 7")
    answer = change(them, found, seen=1, place="Room 8")
    assert answer.status_code == 409
    assert "Somebody else has changed this forum meanwhile" in text(answer)
    assert 'value="Room 8"' in text(answer), "what was typed is there"
    assert 'name="seen" value="2"' in text(answer), "and can be sent again"
    assert change(them, found, place="Room 7").status_code == 200, "the same again is no conflict"
    found.refresh_from_db()
    assert found.place == "Room 7"
    assert found.version == 2


def test_two_at_the_door_lose_nobody(them: Partnership, travel: Callable[[datetime], None]) -> None:
    found = invited(them, them.school)
    travel(THE_DAY)
    tap(them.lead, found, them.school, 1)
    tap(them.ruth, found, them.school, 2)
    row = Invitation.objects.get()
    assert row.came == 2
    before = Event.objects.count()
    tap(them.ruth, found, them.school, 2)
    assert Event.objects.count() == before, "a second click is no change"
    answer = send(
        them.lead, f"/forums/{found.uuid}/door/", organisation=them.school.organisation_id, seen=1, came=0
    )
    assert "Somebody else has counted meanwhile" in text(answer)
    row.refresh_from_db()
    assert row.came == 2


def test_a_person_of_two_invited_organisations_says_for_which(them: Partnership) -> None:
    both = person("Bo Both", practitioner=[them.school, them.clinic])
    found = invited(them, them.school, them.clinic)
    page = f"/forums/{found.uuid}/"
    assert "For which organisation?" in text(read(both, page))
    assert "Choose for which organisation" in text(send(both, f"{page}come/", say="yes"))
    other = organisation("Elsewhere")
    assert "Choose for which" in text(send(both, f"{page}come/", say="yes", organisation=other.pk))
    assert "For East Health Trust" in text(
        send(both, f"{page}come/", say="yes", organisation=them.clinic.organisation_id)
    )


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no theme": ({"theme": ""}, "Write something here"),
    "a day that is over": ({"starts_at_day": "23 11 2026"}, "This day has passed"),
    "ends before it begins": ({"ends": "1pm"}, "It ends before it begins"),
    "no places": ({"places": "0"}, "Enter 1 or more"),
    "too many places": ({"places": "501"}, "Enter 500 or fewer"),
    "no number": ({"places": "many"}, "Enter a number, like 40"),
    "no host": ({"host": ""}, "Choose an organisation"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_says_what_to_do(what: str, them: Partnership) -> None:
    said, sentence = WRONG[what]
    host = {"host": str(them.school.organisation_id)}
    answer = send(them.ruth, "/forums/new/", key=str(uuid4()), **PLAN | host | said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Sitting.objects.exists()


def test_the_rules_of_time(them: Partnership, travel: Callable[[datetime], None]) -> None:
    found = invited(them, them.school)
    door, page = f"/forums/{found.uuid}/door/", f"/forums/{found.uuid}/"
    assert "The door opens on the day" in text(read(them.lead, door))
    assert "The door opens on the day" in tap(them.lead, found, them.school, 1)
    assert "still to come" in text(send(them.ruth, f"{page}close/"))
    travel(THE_DAY)
    assert "This forum has begun" in text(send(them.teacher, f"{page}come/", say="yes"))
    send(them.ruth, f"{page}close/")
    assert "This forum is over" in tap(them.lead, found, them.school, 1)
    assert "This forum is over" in text(send(them.ruth, f"{page}cancel/", why="Snow."))
    assert "This forum is over" in text(change(them, found, place="Room 9"))
    assert "It is closed" in text(send(them.ruth, f"{page}close/")), "a second click"
    call_command("verify_audit")


def test_fewer_places_than_people_is_refused(them: Partnership) -> None:
    found = invited(them, them.school)
    for who in (them.teacher, them.lead):
        send(who, f"/forums/{found.uuid}/come/", say="yes")
    answer = change(them, found, places="1")
    assert answer.status_code == 422
    assert "2 people have signed up already" in text(answer)


def test_a_second_click_plans_nothing_twice(them: Partnership) -> None:
    key = str(uuid4())
    for _ in range(2):
        send(them.ruth, "/forums/new/", key=key, host=them.school.organisation_id, **PLAN)
    assert Sitting.objects.count() == 1


TAMPERED: dict[str, Callable[[], object]] = {
    "a number made bigger": lambda: Invitation.objects.update(came=9),
    "an organisation taken off": lambda: Invitation.objects.all().delete(),
    "an agenda changed": lambda: Sitting.objects.update(agenda="Nothing."),
    "somebody signed up": lambda: SignUp.objects.create(
        sitting=Sitting.objects.get(),
        organisation=Invitation.objects.all()[0].organisation,
        user=User.objects.all()[0],
        at=NOW,
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_the_database_is_found(what: str, them: Partnership) -> None:
    invited(them, them.school)
    assert list(faults()) == []
    TAMPERED[what]()
    assert list(faults()) != []


def test_the_database_holds_the_rules_of_a_row(them: Partnership) -> None:
    planned(them)
    for wrong in (
        {"ends_at": NOW - timedelta(days=9)},
        {"places": 0},
        {"state": "closed"},
        {"state": "nowhere"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sitting.objects.update(**wrong)


def test_pages_ask_as_little_of_many_as_of_few(them: Partnership) -> None:
    few = asked_of(them, 2)
    many = asked_of(them, 12)
    assert {name: len(sql) for name, sql in many.items()} == {name: len(sql) for name, sql in few.items()}
    assert max(len(sql) for sql in many.values()) <= 13, many


def asked_of(them: Partnership, number: int) -> dict[str, Statements]:
    """What the pages of a forum ask with so many organisations, and so many forums."""
    for each in range(number):
        organisations = [organisation(f"Trust {number} {n}") for n in range(number)]
        found = sitting(
            by=them.ruth,
            host=them.school.organisation,
            invited=[them.school.organisation, *organisations],
            now=NOW,
            starts_at=NOW + timedelta(hours=1 + each),
        )
    pages = {"list": "/forums/", "page": f"/forums/{found.uuid}/", "door": f"/forums/{found.uuid}/door/"}
    return {
        f"{name} {user.full_name}": asked(user, path)
        for name, path in pages.items()
        for user in (them.lead, them.ruth)
    }


def asked(user: User, path: str) -> Statements:
    client = Client()
    client.force_login(user)
    client.get(path)
    with counted_sql() as statements:
        assert client.get(path).status_code == 200
    return statements
