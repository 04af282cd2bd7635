"""Seats: what the database refuses whoever writes, and what the services say about it."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from escalation.accounts import services
from escalation.accounts.models import Organisation, Seat, Setting, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def school() -> Setting:
    trust = Organisation.objects.create(name="Wandle Learning Trust")
    return Setting.objects.create(
        organisation=trust, name="Ravensbury", short_name="the school", group="education"
    )


@pytest.fixture
def joan() -> User:
    return services.create_user(
        email="Joan@Wandle.example", full_name="Joan Adeyemi", password="a long password"
    )


@pytest.fixture
def ruth() -> User:
    return services.create_user(email="ruth@wandle.example", full_name="Ruth Levy")


def test_an_address_is_one_person_in_any_case(joan: User) -> None:
    assert joan.email == "joan@wandle.example"
    assert User.objects.get_by_natural_key(" JOAN@wandle.Example") == joan
    with pytest.raises(services.Refused, match="here already"):
        services.create_user(email="JOAN@WANDLE.EXAMPLE", full_name="Joan again")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=joan.pk).update(email="Joan@wandle.example")


WRONG_SEATS: list[tuple[str, dict[str, object]]] = [
    ("a lead sits in a setting", {"kind": "lead"}),
    ("the business unit sits in none", {"kind": "business_unit", "setting": True}),
    ("there is no such kind", {"kind": "wizard"}),
    ("back before gone", {"kind": "auditor", "away_from": date(2026, 9, 2), "away_until": date(2026, 9, 1)}),
    ("an end without a beginning", {"kind": "auditor", "away_until": date(2026, 9, 1)}),
    ("nobody is their own deputy", {"kind": "lead", "setting": True, "deputy": "self"}),
    ("a partnership role has no deputy", {"kind": "business_unit", "deputy": "ruth"}),
]


@pytest.mark.parametrize(("why", "seat"), WRONG_SEATS, ids=[why for why, _ in WRONG_SEATS])
def test_the_database_refuses(
    why: str, seat: dict[str, object], school: Setting, joan: User, ruth: User
) -> None:
    deputies = {"self": joan, "ruth": ruth}
    details = dict(seat)
    if "setting" in details:
        details["setting"] = school
    if "deputy" in details:
        details["deputy"] = deputies[str(details["deputy"])]
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(user=joan, **details)


LADO_AND_UNIT = [
    ("business_unit", "lado"),
    ("lado", "business_unit"),
    ("business_unit", "deputy_lado"),
    ("lado_support", "business_unit"),
]


@pytest.mark.parametrize(("first", "second"), LADO_AND_UNIT)
def test_nobody_sits_on_both_sides_of_the_lado_wall(first: str, second: str, joan: User) -> None:
    services.give_seat(user=joan, kind=first, by=None)
    with pytest.raises(services.Refused, match="business unit must not see LADO work"):
        services.give_seat(user=joan, kind=second, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(user=joan, kind=second)
    seat = joan.seats.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.bulk_create([Seat(user=joan, kind="auditor"), Seat(user=joan, kind=second)])
    assert list(joan.seats.all()) == [seat]


def test_only_the_lado_gives_lado_seats(joan: User, ruth: User) -> None:
    services.give_seat(user=joan, kind="administrator", by=None)
    for person in (joan, ruth):
        with pytest.raises(services.Refused, match="Only the LADO"):
            services.give_seat(user=person, kind="lado_support", by=joan)


def test_the_same_seat_twice_is_one_seat(school: Setting, joan: User) -> None:
    first = services.give_seat(user=joan, kind="lead", setting=school, by=None)
    assert services.give_seat(user=joan, kind="lead", setting=school, by=None) == first
    services.give_seat(user=joan, kind="auditor", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(user=joan, kind="auditor")


REFUSED_SEATS = [("lead", False, "a setting"), ("auditor", True, "without"), ("wizard", False, "no kind")]


@pytest.mark.parametrize(("kind", "in_school", "words"), REFUSED_SEATS)
def test_the_service_says_why(kind: str, in_school: bool, words: str, school: Setting, joan: User) -> None:
    with pytest.raises(services.Refused, match=words):
        services.give_seat(user=joan, kind=kind, setting=school if in_school else None, by=None)


def test_deputies_and_absence(school: Setting, joan: User, ruth: User) -> None:
    seat = services.give_seat(user=joan, kind="lead", setting=school, by=None)
    services.set_deputy(seat=seat, deputy=ruth, by=joan)
    services.set_away(seat=seat, away_from=date(2026, 8, 1), away_until=date(2026, 9, 1), by=joan)
    away = [day for day in (31, 1, 2) if seat.away_on(date(2026, 8 if day == 31 else 9, day))]
    assert away == [31, 1]
    with pytest.raises(services.Refused, match="own deputy"):
        services.set_deputy(seat=seat, deputy=joan, by=joan)
    with pytest.raises(services.Refused, match="before the first"):
        services.set_away(seat=seat, away_from=date(2026, 8, 2), away_until=date(2026, 8, 1), by=joan)
    services.leave(user=ruth, now=NOW, by=None)
    seat.refresh_from_db()
    assert seat.deputy is None
    with pytest.raises(services.Refused, match="has left"):
        services.set_deputy(seat=seat, deputy=ruth, by=joan)


def test_a_partnership_role_has_no_deputy(joan: User, ruth: User) -> None:
    seat = services.give_seat(user=joan, kind="business_unit", by=None)
    with pytest.raises(services.Refused, match="second person"):
        services.set_deputy(seat=seat, deputy=ruth, by=None)


def test_a_session_does_not_outlive_a_change_of_seats(client: Client, school: Setting, joan: User) -> None:
    client.force_login(joan)
    assert client.get("/sign-in/").status_code == 302, "signed in"
    seat = services.give_seat(user=joan, kind="lead", setting=school, by=None)
    assert client.get("/sign-in/").status_code == 200, "asked to sign in again"
    client.force_login(joan)
    services.end_seat(seat=seat, by=None)
    assert client.get("/sign-in/").status_code == 200


def test_a_leaver_keeps_nothing(client: Client, school: Setting, joan: User) -> None:
    services.give_seat(user=joan, kind="lead", setting=school, by=None)
    key = services.issue_token(user=joan, name="mine", days=3, now=NOW).token
    client.force_login(joan)
    services.leave(user=joan, now=NOW, by=None)
    key.refresh_from_db()
    assert (joan.seats.count(), key.live(NOW), joan.is_active) == (0, False, False)
    assert client.get("/sign-in/").status_code == 200
    with pytest.raises(services.Refused, match="has left"):
        services.issue_token(user=joan, name="again", days=3, now=NOW)
