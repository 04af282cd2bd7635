"""The directory as everybody reads it, the board of gaps, and what both ask of the database."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from escalation.accounts.models import Setting, User
from escalation.accounts.services import describe_setting, give_seat, shut
from tests.factories import away, organisation, person, policy, seat, setting
from tests.moments import london
from tests.sql import Statements, counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 24, 9)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def that_day(travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    policy(today=TODAY)


@pytest.fixture
def unit() -> Client:
    return signed_in(person("Ruth Ames", role="business_unit"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def whole(name: str = "Oakfield Primary School") -> tuple[Setting, User]:
    """A service in which nothing is missing, and its lead."""
    place = setting(name, group="education")
    worker, lead = person(practitioner=place), person(f"Lee of {name}", job="safeguarding lead", lead=place)
    person(senior_lead=place, partner=place)
    away(lead, at=place, since=date(2026, 1, 1), until=date(2026, 1, 2), deputy=worker)
    return place, lead


def test_everybody_who_works_in_a_service_finds_who_acts_today() -> None:
    place, lead = whole()
    away(lead, at=place, since=TODAY, until=date(2026, 11, 27), deputy=person("Dee Deputy", job="nurse"))
    reader = signed_in(person(practitioner=setting("Elsewhere Clinic", group="health")))
    page = text(reader, "/directory/?q=oakfield")
    assert "Dee Deputy, nurse. Lee is on leave and back on Mon 30 Nov." in page
    assert "Elsewhere" not in page
    assert "No service is called that" in text(reader, "/directory/?q=nowhere")
    shown = text(reader, f"/directory/{place.uuid}/")
    assert "Give somebody a seat" not in shown
    assert "Deputies and leave" not in shown


def test_people_of_one_name_are_told_apart_by_where_they_work(unit: Client) -> None:
    place, lead = whole()
    ward = setting("Children’s Ward", group="health")
    person("Sam Hill", job="nurse", practitioner=ward)
    person("Sam Hill", job="nurse", practitioner=setting("Maternity", group="health"))
    page = text(unit, f"/directory/{place.uuid}/seats/{seat(lead, place).pk}/")
    assert "Sam Hill, nurse, Children’s Ward" in page
    assert "Sam Hill, nurse, Maternity" in page


def test_a_service_outside_the_log_has_no_empty_seats_on_its_page(unit: Client) -> None:
    place = setting("Far Clinic", group="health")
    describe_setting(setting=place, phone="020 7946 0999", outside=True, by=None)
    page = text(unit, f"/directory/{place.uuid}/")
    assert "Nobody yet" not in page
    assert "The business unit calls it" in page


def test_a_phone_finds_in_the_foot_what_its_header_has_no_room_for() -> None:
    place, lead = whole()
    page = text(signed_in(lead), f"/directory/{place.uuid}/")
    foot = page.partition("<footer")[2]
    assert '<span class="narrow-only"><a class="govuk-link" href="/directory/">Directory</a>' in foot


def test_a_whole_directory_says_so(unit: Client) -> None:
    whole()
    assert "There is nothing to mend" in text(unit, "/directory/gaps/")


def no_lead(place: Setting, lead: User) -> None:
    seat(lead, place).delete()


def away_uncovered(place: Setting, lead: User) -> None:
    away(lead, at=place, since=date(2026, 12, 1))


def one_who_left(place: Setting, lead: User) -> None:
    User.objects.filter(pk=person(practitioner=place).pk).update(is_active=False)


def no_deputy(place: Setting, lead: User) -> None:
    away(lead, at=place, since=date(2026, 1, 1), until=date(2026, 1, 2))


def deputy_away_too(place: Setting, lead: User) -> None:
    deputy = seat(lead, place).deputy
    assert deputy is not None
    away(deputy, at=place, since=TODAY)


def shut_uncovered(place: Setting, lead: User) -> None:
    shut(
        setting=place, name="half term", first=date(2026, 12, 1), last=date(2026, 12, 4), cover=None, by=None
    )


def no_phone(place: Setting, lead: User) -> None:
    describe_setting(setting=place, phone="", outside=False, by=None)


def no_worker(place: Setting, lead: User) -> None:
    place.seats.filter(kind="practitioner").delete()


def no_head(place: Setting, lead: User) -> None:
    place.seats.filter(kind="senior_lead").delete()


def no_partner(place: Setting, lead: User) -> None:
    place.seats.filter(kind="partner").delete()


GAPS = {
    "No lead (1)": no_lead,
    "A lead away, and nobody covers (1)": away_uncovered,
    "A seat of somebody who has left (1)": one_who_left,
    "One lead, and no deputy (1)": no_deputy,
    "Shut, and nobody covers (1)": shut_uncovered,
    "No phone number (1)": no_phone,
    "No practitioner (1)": no_worker,
    "No head of service (1)": no_head,
    "No lead safeguarding partner anywhere (1)": no_partner,
}


@pytest.mark.parametrize("gap", GAPS)
def test_each_gap_is_shown_and_leads_to_where_it_is_mended(gap: str, unit: Client) -> None:
    place, lead = whole()
    GAPS[gap](place, lead)
    page = text(unit, "/directory/gaps/")
    assert "1 gap in the directory" in page
    assert gap in page
    main = page.partition("<main")[2]
    [url] = [part.partition('"')[0] for part in main.split('<li><a class="govuk-link" href="')[1:]][:1]
    assert unit.get(url).status_code == 200


def test_a_deputy_who_is_away_covers_nothing(unit: Client) -> None:
    place, lead = whole()
    deputy_away_too(place, lead)
    assert "One lead, and no deputy (1)" in text(unit, "/directory/gaps/")


def test_two_leads_stand_in_for_each_other_and_outside_needs_a_number_only(unit: Client) -> None:
    place, lead = whole()
    give_seat(user=person("Second Lead"), kind="lead", setting=place, by=None)
    no_deputy(place, lead)
    setting("Another borough", outside=True)
    assert "There is nothing to mend" in text(unit, "/directory/gaps/")


def test_the_monday_page_counts_the_gaps(unit: Client) -> None:
    place, lead = whole()
    no_phone(place, lead)
    assert "Gaps in the directory" in text(unit, "/monday/")


STATEMENTS = {"/directory/": 10, "/directory/gaps/": 10, "/monday/": 13}
"""At most; the Monday page has what waits in forums, learning and assurance as well."""


@pytest.mark.parametrize("path", STATEMENTS)
def test_pages_ask_as_little_of_forty_services_as_of_four(path: str, unit: Client) -> None:
    for number in range(4):
        whole(f"School {number}")
    few = asked(unit, path)
    for number in range(4, 40):
        place = setting(f"School {number}", of=organisation("One trust"), group="education")
        person(lead=place, practitioner=place)
    assert len(asked(unit, path)) == len(few) <= STATEMENTS[path]


def asked(client: Client, path: str) -> Statements:
    client.get(path)
    with counted_sql() as statements:
        client.get(path)
    return statements
