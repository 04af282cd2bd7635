"""Keys for one purpose each, made from the audit key, which lives outside the database."""

import hmac
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def derived_key(purpose: str) -> bytes:
    """The 32-byte key for `purpose`: HMAC-SHA256 of its name under settings.AUDIT_KEY (str or bytes).

    Whoever copies the database alone can neither forge an event nor guess a text from its digest.
    Raises ImproperlyConfigured where the setting is missing or empty.
    """
    secret: str | bytes = getattr(settings, "AUDIT_KEY", "")
    if not secret:
        raise ImproperlyConfigured(
            "AUDIT_KEY is not set: the audit trail needs a key kept outside the database"
        )
    return _derived(secret.encode() if isinstance(secret, str) else secret, purpose)


@lru_cache(maxsize=16)
def _derived(secret: bytes, purpose: str) -> bytes:
    """Remembered, since a page that is read asks for a dozen; the secret is in memory anyway."""
    return hmac.digest(secret, purpose.encode(), "sha256")
