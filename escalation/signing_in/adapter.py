"""What allauth asks of us: names for an app's list, and secrets that no copy of the database gives away."""

from base64 import urlsafe_b64encode

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet

from core.keys import derived_key
from core.web.context import NAME

PURPOSE = "escalation.signing_in.secrets"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Settings, in MFA_ADAPTER."""

    def get_totp_issuer(self) -> str:
        return NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For this host alone, whose name ALLOWED_HOSTS has."""
        return {"id": context.request.get_host().partition(":")[0], "name": NAME}

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """Its key is made from AUDIT_KEY, which is outside the database and never changes."""
    return Fernet(urlsafe_b64encode(derived_key(PURPOSE)))
