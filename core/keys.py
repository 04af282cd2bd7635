"""Keys for one purpose each, made from the audit key, which lives outside the database."""

import hashlib
import hmac

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
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
