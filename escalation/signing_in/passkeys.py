"""Passkeys: a key on somebody's phone or computer, which signs for this host alone. Its rites are allauth's.

Each begins with `options`, which a page gives to the browser; the session keeps what was asked until it is
answered, once. What it asks is drawn by us (core.chance), as all that is drawn here.
"""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from fido2.webauthn import ResidentKeyRequirement, UserVerificationRequirement

from core import chance
from escalation.accounts.models import User

CHALLENGE_BYTES = 32


def options_to_add(user: User) -> dict[str, Any]:
    """For navigator.credentials.create; keys that they have are named, so that none is added twice."""
    options, asked = auth.get_server().register_begin(
        user=auth.build_user_payload(user),
        credentials=auth.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=_verified(),
        extensions=auth.EXTENSIONS,
        challenge=chance.drawn("passkey", CHALLENGE_BYTES),
    )
    auth.set_state(asked)
    return dict(options)


def options_to_use(user: User) -> dict[str, Any]:
    """For navigator.credentials.get."""
    options, asked = auth.get_server().authenticate_begin(
        credentials=auth.get_credentials(user),
        user_verification=_verified(),
        challenge=chance.drawn("passkey", CHALLENGE_BYTES),
    )
    auth.set_state(asked)
    return dict(options)


def _verified() -> UserVerificationRequirement:
    """Whether the key has to ask for a finger or a PIN, as the settings say."""
    return UserVerificationRequirement(app_settings.WEBAUTHN_USER_VERIFICATION)


def is_new_key(answer: Any) -> bool:
    """Whether this answers what was asked to add one."""
    try:
        auth.parse_registration_response(answer)
        auth.complete_registration(answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def used_key(user: User, answer: Any) -> Authenticator | None:
    """Which of their keys has signed what was asked; None where the answer is wrong."""
    try:
        auth.parse_authentication_response(answer)
        row: Authenticator = auth.complete_authentication(user, answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return row
