"""Signing in with one's own organisation: a real provider, and the whole way there and back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core.audit.verify import verify_all
from core.env import Environment
from escalation.accounts import services as accounts
from escalation.accounts.models import Event, Seat, User
from escalation.signing_in import councils
from tests.factories import organisation, person, setting
from tests.signing_in.provider import Provider, goes_and_comes, running, shown, way_back, way_there
from tests.way_in import code_for, with_app

pytestmark = pytest.mark.django_db
BACK = "/sign-in/with/council/back/"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def configured(provider: Provider, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings()


@pytest.fixture
def joan() -> User:
    user = person("Joan Adeyemi", practitioner=setting())
    User.objects.filter(pk=user.pk).update(email="joan@council.example")
    user.refresh_from_db()
    return user


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_a_practitioner_goes_there_and_comes_back_signed_in_where_they_wanted_to_be(
    provider: Provider, joan: User
) -> None:
    provider.knows("joan-1", email="Joan@Council.example")
    browser = Client()
    assert "Sign in with the council" in shown(browser.get("/sign-in/"))
    answer = goes_and_comes(browser, "joan-1", "/raise/")
    assert (answer.status_code, answer["Location"]) == (302, "/raise/")
    assert browser.session["_auth_user_id"] == str(joan.pk)
    assert Event.objects.filter(act="linked", actor=joan).count() == 1
    assert list(verify_all()) == []


def test_the_way_there_carries_state_nonce_and_a_challenge_and_no_secret(provider: Provider) -> None:
    asked = parse_qs(urlsplit(way_there(Client())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 16
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert "secret" not in str(asked)


def test_a_lead_takes_the_second_step_after_it(provider: Provider) -> None:
    lead = with_app(person("Lee Lead", lead=setting()))
    User.objects.filter(pk=lead.pk).update(email="lee@council.example")
    provider.knows("lee-1", email="lee@council.example")
    browser = Client()
    assert goes_and_comes(browser, "lee-1", "/raise/")["Location"] == "/second-step/"
    assert not is_in(browser)
    answer = browser.post("/second-step/", {"code": code_for(lead, now=timezone.now())})
    assert answer["Location"] == "/raise/"


def test_whoever_the_log_does_not_know_is_told_whom_to_ask_and_is_not_made(provider: Provider) -> None:
    provider.knows("new-1", email="new@council.example", groups=["lead"], roles=["administrator"])
    browser, before = Client(), User.objects.count()
    answer = goes_and_comes(browser, "new-1")
    assert answer.status_code == 403
    assert "Ask the lead of your service" in shown(answer)
    assert not is_in(browser)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_whoever_it_does_not_know_asks_to_join_where_their_organisation_is_in_the_log(
    provider: Provider,
) -> None:
    """By the address that the provider vouches for, as if they had typed a code that came there."""
    setting("Adult Learning", of=organisation("The Council", email_domain="council.example"))
    provider.knows("new-2", email="New.Too@Council.example")
    browser = Client()
    assert goes_and_comes(browser, "new-2")["Location"] == "/join/"
    assert "new.too@council.example is your address" in shown(browser.get("/join/"))
    assert not is_in(browser)
    assert not User.objects.filter(email="new.too@council.example").exists()


def test_seats_are_our_own_whatever_the_provider_claims(provider: Provider, joan: User) -> None:
    provider.knows("joan-2", email=joan.email, groups=["lado"], roles=["administrator"], seat="lead")
    before = list(Seat.objects.values())
    browser = Client()
    goes_and_comes(browser, "joan-2")
    assert is_in(browser)
    assert list(Seat.objects.values()) == before
    assert browser.get("/keys/").status_code == 403
    kept = str(list(SocialAccount.objects.values()))
    assert not any(word in kept for word in ("lado", "administrator", joan.email))


STRANGERS = {
    "an address of another organisation": {"email": "joan@school.example"},
    "an address that is not vouched for": {"email": "joan@council.example", "email_verified": False},
    "no address": {},
}


@pytest.mark.parametrize("claims", STRANGERS.values(), ids=list(STRANGERS))
def test_a_provider_vouches_for_its_own_people_alone(
    provider: Provider, joan: User, claims: dict[str, Any]
) -> None:
    person("Joan Elsewhere", practitioner=setting("Elsewhere"))
    User.objects.filter(full_name="Joan Elsewhere").update(email="joan@school.example")
    provider.knows(f"odd-{len(claims)}-{claims.get('email', '')[:8]}", **claims)
    browser = Client()
    assert goes_and_comes(browser, f"odd-{len(claims)}-{claims.get('email', '')[:8]}").status_code == 403
    assert not is_in(browser)


def test_they_are_known_again_by_the_providers_own_name_and_nobody_inherits_an_address(
    provider: Provider, joan: User
) -> None:
    provider.knows("joan-3", email=joan.email)
    goes_and_comes(Client(), "joan-3")
    provider.knows("joan-3", email="married@council.example")
    again = Client()
    goes_and_comes(again, "joan-3")
    assert again.session["_auth_user_id"] == str(joan.pk)
    provider.knows("a-new-joan", email=joan.email)
    assert goes_and_comes(Client(), "a-new-joan").status_code == 403


def test_whoever_has_left_the_log_is_out_whatever_their_provider_says(provider: Provider, joan: User) -> None:
    provider.knows("joan-4", email=joan.email)
    goes_and_comes(Client(), "joan-4")
    accounts.leave(user=joan, now=timezone.now(), by=None)
    browser = Client()
    assert goes_and_comes(browser, "joan-4").status_code == 403
    assert not is_in(browser)


# What does not fit


def test_an_answer_works_once_and_in_the_browser_alone_that_asked(provider: Provider, joan: User) -> None:
    provider.knows("joan-5", email=joan.email)
    mine, other = Client(), Client()
    home = way_back(way_there(mine), "joan-5")
    assert other.get(home)["Location"] == "/sign-in/with/"
    assert mine.get(home).status_code == 302
    mine.post("/sign-out/")
    assert mine.get(home)["Location"] == "/sign-in/with/"
    assert not is_in(mine)
    assert not is_in(other)


def test_whoever_stops_on_the_way_is_told_so(provider: Provider) -> None:
    browser = Client()
    state = parse_qs(urlsplit(way_there(browser)).query)["state"][0]
    answer = browser.get(BACK, {"state": state, "error": "access_denied"}, follow=True)
    assert "That did not work" in shown(answer)
    assert "access_denied" not in shown(answer)


def test_a_provider_that_is_away_is_told_so(provider: Provider, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings(server_url="http://127.0.0.1:9")
    for path in ("/sign-in/with/council/", BACK):
        assert Client().get(path)["Location"] == "/sign-in/with/"


@pytest.mark.parametrize("path", ["/sign-in/with/nobody/", "/sign-in/with/nobody/back/"])
def test_a_provider_that_no_setting_names_is_not_there(path: str) -> None:
    assert Client().get(path).status_code == 404


MINE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
WRONG: dict[str, tuple[Any, str]] = {
    "signed by somebody else": (MINE, "RS256"),
    "signed by nobody": ("", "none"),
    "signed by our own secret": ("a secret between the two, long enough", "HS256"),
}


@pytest.mark.parametrize(("key", "how"), WRONG.values(), ids=list(WRONG))
def test_what_the_provider_did_not_sign_is_refused(
    provider: Provider, joan: User, monkeypatch: pytest.MonkeyPatch, key: Any, how: str
) -> None:
    _answers(monkeypatch, provider, {"email": joan.email}, key, how)
    browser = Client()
    assert _comes_with_a_forged_answer(browser, provider)["Location"] == "/sign-in/with/"
    assert not is_in(browser)


CLAIMS = {
    "for somebody else": {"aud": "another-log"},
    "of another provider": {"iss": "https://evil.example"},
    "too old": {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
    "to another question": {"nonce": "another"},
    "about nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", [{}, *CLAIMS.values()], ids=["right", *CLAIMS])
def test_what_is_not_for_us_now_and_here_is_refused(
    provider: Provider, joan: User, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any]
) -> None:
    """With the provider's key in our hands: without a fault it is let in, so a refusal means something."""

    monkeypatch.setattr(councils, "_key_of", lambda *_: MINE.public_key())
    _answers(monkeypatch, provider, {"email": joan.email, **claims}, MINE, "RS256")
    browser = Client()
    answer = _comes_with_a_forged_answer(browser, provider)
    assert is_in(browser) is (not claims), answer
    assert claims == {} or answer["Location"] == "/sign-in/with/"


_nonce: dict[str, str] = {}


def _answers(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, claims: dict[str, Any], key: Any, how: str
) -> None:
    """The exchange of the code gives this, in place of what the provider would give."""

    def exchanged(*_: Any, **__: Any) -> dict[str, str]:
        right = {
            "iss": provider.url,
            "aud": "the-log",
            "sub": "joan-6",
            "iat": timezone.now(),
            "exp": timezone.now() + timedelta(minutes=5),
            "nonce": _nonce["now"],
        }
        told = {name: value for name, value in (right | claims).items() if value is not None}
        return {"access_token": "x", "id_token": jwt.encode(told, key, algorithm=how)}

    monkeypatch.setattr(
        "allauth.socialaccount.providers.oauth2.client.OAuth2Client.get_access_token", exchanged
    )


def _comes_with_a_forged_answer(browser: Client, provider: Provider) -> Any:
    asked = parse_qs(urlsplit(way_there(browser)).query)
    _nonce["now"] = asked["nonce"][0]
    return browser.get(BACK, {"state": asked["state"][0], "code": "x"})


# Settings

GIVEN = {
    "OIDC_COUNCIL_ISSUER": "https://login.example/tenant/v2.0",
    "OIDC_COUNCIL_CLIENT_ID": "the-log",
    "OIDC_COUNCIL_CLIENT_SECRET": "secret",
    "OIDC_COUNCIL_NAME": "Sign in with the council",
    "OIDC_COUNCIL_DOMAINS": "Council.example, council.gov.example",
}


def test_a_provider_is_five_settings() -> None:
    found = Environment(GIVEN).provider("council")
    assert found["provider_id"] == "council"
    assert found["settings"]["domains"] == ["council.example", "council.gov.example"]
    assert found["settings"]["oauth_pkce_enabled"]


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        Environment({each: value for each, value in GIVEN.items() if each != name}).provider("council")


def test_a_provider_without_tls_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="https"):
        Environment(GIVEN | {"OIDC_COUNCIL_ISSUER": "http://login.example"}).provider("council")
