"""Keys for the API: shown once, kept as a hash, and worth nothing once over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from escalation.accounts import services
from escalation.accounts.authentication import BearerAuthentication
from escalation.accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def reports() -> services.NewToken:
    user = services.service_user(email="reports@mscp.example", name="MSCP reports")
    return services.issue_token(user=user, name="reports", days=30, now=NOW, scopes="reports")


def who(header: str | None, at: datetime = NOW) -> tuple[User, ApiToken] | None:
    sent = {} if header is None else {"HTTP_AUTHORIZATION": header}
    request = Request(RequestFactory().get("/api/", **sent))  # type: ignore[arg-type] # headers are str only
    with time_machine.travel(at, tick=False):
        return BearerAuthentication().authenticate(request)


def test_a_key_is_its_user(reports: services.NewToken) -> None:
    found = who(f"Bearer {reports.plain}")
    assert found is not None
    assert found[0].full_name == "MSCP reports"
    assert found[1] == reports.token


def test_only_a_hash_is_kept(reports: services.NewToken) -> None:
    assert reports.plain.partition(".")[2] not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Token abc"])
def test_other_headers_are_left_to_others(header: str | None) -> None:
    assert who(header) is None


WRONG_KEYS = [
    "Bearer",
    "Bearer a b",
    "Bearer nothing",
    "Bearer .",
    "Bearer \0.x",
    "Bearer é.é",
    "bearer {prefix}.x",
]


@pytest.mark.parametrize("header", WRONG_KEYS)
def test_a_wrong_key_is_refused(header: str, reports: services.NewToken) -> None:
    with pytest.raises(AuthenticationFailed):
        who(header.format(prefix=reports.token.prefix))


def test_a_key_ends(reports: services.NewToken) -> None:
    assert who(f"Bearer {reports.plain}", NOW + timedelta(days=30, seconds=-1))
    with pytest.raises(AuthenticationFailed):
        who(f"Bearer {reports.plain}", NOW + timedelta(days=30))


def test_a_revoked_key_and_that_of_a_leaver_are_refused(reports: services.NewToken) -> None:
    user = reports.token.user
    other = services.issue_token(user=user, name="other", days=1, now=NOW, scopes="reports")
    assert services.revoke_tokens(user=user, now=NOW) == 2
    third = services.issue_token(user=user, name="third", days=1, now=NOW, scopes="reports")
    User.objects.filter(pk=user.pk).update(is_active=False)
    for key in (reports, other, third):
        with pytest.raises(AuthenticationFailed):
            who(f"Bearer {key.plain}")


def test_use_is_noted_at_most_once_a_minute(reports: services.NewToken) -> None:
    used = []
    for seconds in (0, 30, 60, 61):
        who(f"Bearer {reports.plain}", NOW + timedelta(seconds=seconds))
        reports.token.refresh_from_db()
        used.append((reports.token.last_used_at or NOW) - NOW)
    assert [each.seconds for each in used] == [0, 0, 0, 61]


def test_a_system_is_one_user_with_one_seat_and_no_password(reports: services.NewToken) -> None:
    again = services.service_user(email="REPORTS@mscp.example", name="MSCP reports")
    assert again == reports.token.user
    assert [seat.kind for seat in again.seats.all()] == ["service"]
    assert not again.has_usable_password()


def test_a_key_lasts_a_day_or_more(reports: services.NewToken) -> None:
    with pytest.raises(services.Refused, match="a day or more"):
        services.issue_token(user=reports.token.user, name="none", days=0, now=NOW)
