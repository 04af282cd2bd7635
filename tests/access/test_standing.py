"""A person's standing: own seats, seats covered today, and nothing for those who have left; in one query."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries
from rest_framework.request import Request

from escalation.access import standing
from escalation.access.standing import NONE, Standing, request_standing, standing_of
from escalation.accounts import services
from escalation.accounts.models import Organisation, Setting, User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def settings_of_two() -> tuple[Setting, Setting]:
    council = Organisation.objects.create(name="Council")
    trust = Organisation.objects.create(name="Trust")
    return (
        Setting.objects.create(organisation=council, name="Care", short_name="care", group="social_care"),
        Setting.objects.create(organisation=trust, name="School", short_name="the school", group="education"),
    )


@pytest.fixture
def tom() -> User:
    return services.create_user(email="tom@council.example", full_name="Tom Whitfield")


@pytest.fixture
def priya() -> User:
    return services.create_user(email="priya@council.example", full_name="Priya Nair")


def test_each_kind_of_seat_counts_where_it_is(settings_of_two: tuple[Setting, Setting], tom: User) -> None:
    care, school = settings_of_two
    for kind, setting in (
        ("practitioner", care),
        ("lead", care),
        ("senior_lead", school),
        ("partner", care),
        ("auditor", None),
        ("business_unit", None),
    ):
        services.give_seat(user=tom, kind=kind, setting=setting, by=None)
    assert standing_of(tom, today=TODAY) == Standing(
        user_id=tom.pk,
        practitioner_settings=frozenset({care.pk}),
        lead_settings=frozenset({care.pk}),
        senior_settings=frozenset({school.pk}),
        partner_organisations=frozenset({care.organisation_id}),
        roles=frozenset({"auditor", "business_unit"}),
    )


COVER = [
    ("before", date(2026, 11, 25), None, False),
    ("first day", date(2026, 11, 24), date(2026, 12, 1), True),
    ("last day", date(2026, 11, 1), date(2026, 11, 24), True),
    ("after", date(2026, 11, 1), date(2026, 11, 23), False),
    ("no end known", date(2026, 11, 1), None, True),
    ("not away", None, None, False),
]


@pytest.mark.parametrize(("why", "first", "last", "covers"), COVER, ids=[why for why, *_ in COVER])
def test_a_deputy_covers_on_the_days_the_holder_is_away(
    why: str,
    first: date | None,
    last: date | None,
    covers: bool,
    settings_of_two: tuple[Setting, Setting],
    tom: User,
    priya: User,
) -> None:
    care, _ = settings_of_two
    seat = services.give_seat(user=tom, kind="lead", setting=care, by=None)
    services.set_deputy(seat=seat, deputy=priya, by=tom)
    services.set_away(seat=seat, away_from=first, away_until=last, reason="on leave", by=tom)
    deputy = standing_of(priya, today=TODAY)
    assert deputy.lead_settings == (frozenset({care.pk}) if covers else frozenset())
    assert list(deputy.covering) == ([care.pk] if covers else [])
    assert standing_of(tom, today=TODAY).lead_settings == {care.pk}, "the holder keeps the seat while away"


def test_one_knows_for_whom_one_covers(
    settings_of_two: tuple[Setting, Setting], tom: User, priya: User
) -> None:
    care, _ = settings_of_two
    for kind in ("senior_lead", "lead"):
        seat = services.give_seat(user=tom, kind=kind, setting=care, by=None)
        services.set_deputy(seat=seat, deputy=priya, by=tom)
        services.set_away(seat=seat, away_from=TODAY, away_until=date(2026, 12, 1), reason="on leave", by=tom)
    covering = standing_of(priya, today=TODAY).covering
    assert covering == {
        care.pk: standing.Cover("Tom Whitfield", tom.pk, "senior_lead", date(2026, 12, 1), "on leave")
    }


def test_nobody_and_those_who_left_stand_nowhere(settings_of_two: tuple[Setting, Setting], tom: User) -> None:
    services.give_seat(user=tom, kind="lead", setting=settings_of_two[0], by=None)
    tom.is_active = False
    assert standing_of(tom, today=TODAY) == NONE
    assert standing_of(AnonymousUser(), today=TODAY) == NONE


def test_it_is_one_query_however_many_seats(
    settings_of_two: tuple[Setting, Setting], tom: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for setting in settings_of_two:
        for kind in ("practitioner", "lead", "senior_lead", "partner"):
            services.give_seat(user=tom, kind=kind, setting=setting, by=None)
    with django_assert_num_queries(1):
        standing_of(tom, today=TODAY)


def test_a_request_asks_once_also_through_the_api(
    tom: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = RequestFactory().get("/")
    plain.user = tom
    api = Request(plain)
    api.user = tom
    with django_assert_num_queries(1):
        assert request_standing(plain) == request_standing(plain) == request_standing(api)


def test_a_request_never_lends_the_standing_of_another(tom: User, priya: User) -> None:
    plain = RequestFactory().get("/")
    plain.user = tom
    assert request_standing(plain).user_id == tom.pk
    plain.user = priya
    assert request_standing(plain).user_id == priya.pk
    plain.user = AnonymousUser()
    assert request_standing(plain) == NONE
