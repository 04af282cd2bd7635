"""Passkeys: a key on somebody's phone or computer, which signs for this host alone. Its rites are allauth's.

Each begins with `options`, which a page gives to the browser; the session keeps what was asked until it is
answered, once.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

from escalation.accounts.models import User


def options_to_add(user: User) -> dict[str, Any]:
    """For navigator.credentials.create; keys that they have are named, so that none is added twice."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=False)
    return options


def options_to_use(user: User) -> dict[str, Any]:
    """For navigator.credentials.get."""
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


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
