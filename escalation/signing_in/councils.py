"""People who sign in with their own organisation, such as their council: OpenID Connect, by configuration.

The way there and back (discovery, state, PKCE, the exchange of the code) is allauth's. What is ours: a nonce,
the signature of what comes back, and that nothing is taken from it but an address and the provider's own name
for the person. Seats are those of the log's own records.
"""

import logging
from functools import cache
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from core.chance import drawn_token

logger = logging.getLogger(__name__)
NONCE = "oidc_nonce"
"""Where the session keeps what a provider's answer has to repeat."""
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Keys that only the provider has; never “none”, and never our own secret."""
LEEWAY = 60  # seconds by which clocks may differ


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Settings, in SOCIALACCOUNT_ADAPTER. allauth makes nobody, and shows no page of its own."""

    def is_open_for_signup(self, *_: Any) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, *_: Any, exception: Exception | None = None, **__: Any
    ) -> None:
        """Whatever went wrong on the way: they are told, and can sign in another way.

        Its own words may quote what a provider sent: whoever runs the log reads the kind, and ours.
        """
        ours = str(exception) if isinstance(exception, Refused) else ""
        logger.warning("Signing in with an organisation failed: %s %s", type(exception).__name__, ours)
        raise ImmediateHttpResponse(redirect("council-failed"))


class Refused(OAuth2Error):  # type: ignore[misc] # allauth has no types
    """What came back is not right, and why, in our own words."""


class Came(Exception):
    """Somebody came back, and this is what their provider says. It is no fault: it leaves allauth's way."""

    def __init__(self, claims: dict[str, Any], app: SocialApp) -> None:
        super().__init__()
        self.claims, self.app = claims, app


class Council(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth has no types
    """One provider, and one request."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("council-back", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: object, **said: Any) -> None:
        """Checks what came back, and leaves; raises Refused where it is not right."""
        claims = self._checked(request, app, said["response"].get("id_token") or "")
        claim = app.settings["email_claim"]
        if claim not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(said["response"]["access_token"])
            if more.get("sub") != claims["sub"]:
                raise Refused("userinfo of somebody else")
            claims = {**more, **claims}
        raise Came(claims, app)

    def _checked(self, request: HttpRequest, app: SocialApp, token: str) -> dict[str, Any]:
        """Signed by the provider, for us, now, and in answer to what this browser asked."""
        try:
            key = _key_of(token, _keys(self.openid_config["jwks_uri"]))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=SIGNED_BY,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise Refused("the answer is not signed, not for us or too old") from error
        nonce = request.session.pop(NONCE, "")
        if not nonce or not constant_time_compare(str(claims.get("nonce", "")), nonce):
            raise Refused("the answer is to another question")
        return claims


@cache
def _keys(address: str) -> jwt.PyJWKClient:
    """Kept for five minutes; asked for again where a key is not among them."""
    return jwt.PyJWKClient(address, lifespan=300, timeout=5)


def _key_of(token: str, keys: jwt.PyJWKClient) -> jwt.PyJWK:
    """By its name in the token; a provider with a single key need not name it."""
    if "kid" in jwt.get_unverified_header(token):
        return keys.get_signing_key_from_jwt(token)
    found = keys.get_signing_keys()
    if len(found) != 1:
        raise jwt.InvalidKeyError
    return found[0]


def way_to(request: HttpRequest, provider_id: str, *, wanted: str) -> Any:
    """The redirect to a provider that the settings name."""
    provider = get_adapter().get_provider(request, provider_id)
    provider.oauth2_adapter_class = Council
    request.session[NONCE] = nonce = drawn_token("nonce", 24)
    return provider.redirect(request, "login", next_url=wanted, auth_params={"nonce": nonce})
