"""Keys for the API: `Authorization: Bearer KEY`. Only hashes are kept; a key that is over opens nothing."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from .models import ApiToken, User
from .scopes import Scope, opens
from .services import token_digest

if TYPE_CHECKING:  # it imports the authentication and permissions of settings, these among them
    from rest_framework.views import APIView

REFUSED = "This key is not known, or no longer works."
USED_EVERY = timedelta(minutes=1)


class BearerAuthentication(BaseAuthentication):
    """Finds the key's user; `request.auth` is the `ApiToken`, so that acts can be noted as done by API."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Nobody where no key is sent; refused (401) where it is wrong, expired, revoked or its user left."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(REFUSED)
        token = _token(words[1].decode("latin-1"), now := timezone.now())
        _note_use(token, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _token(plain: str, now: datetime) -> ApiToken:
    prefix = plain.partition(".")[0].replace("\0", "")
    token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    kept = token.digest if token else ""
    right = compare_digest(kept, token_digest(plain))
    if token is None or not right or not token.live(now) or not token.user.is_active:
        raise AuthenticationFailed(REFUSED)
    return token


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute, so that reading does not become writing."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


class KeyOpens(BasePermission):
    """A key opens what its scopes name, and no more; a view of the API may have a `scope` of its own."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key = request.auth
        if not isinstance(key, ApiToken):
            return True
        # What nobody can do here is told so (405), and is no question of the key.
        reads = request.method in SAFE_METHODS or request.method not in view.allowed_methods
        if not reads and set(key.scopes.split()) == {Scope.READ}:
            self.message = "This key is for reading only. Ask for one with the scope “write”."
        else:
            self.message = f"This key does not open this. It has the scope: {key.scopes}."
        return opens(key.scopes, getattr(view, "scope", ""), reads=reads)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # its base is not typed
    """Tells the API's description how a key is sent."""

    target_class = "escalation.accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
