"""The one way in: how tests give somebody what they need to sign in to a served log."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from escalation.accounts.models import User

PASSPHRASE = "a phrase for the walk"
_ENCODED = Argon2PasswordHasher().encode(PASSPHRASE, "salt-of-the-walk")


def lets_in(user: User) -> User:
    """Give somebody the passphrase, as the served log keeps it: tests themselves use a quick hash."""
    user.password = _ENCODED
    user.save()
    return user
