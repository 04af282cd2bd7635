"""The one way in: how tests give somebody what they need to sign in to a served log, and sign them in."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction
from django.test import Client
from django.utils import timezone

from escalation.accounts.events import How
from escalation.accounts.models import User
from escalation.accounts.queries import needs_second_factor
from escalation.signing_in.codes import app_code, counter_at
from escalation.signing_in.events import ADDED, record

PASSPHRASE = "a phrase for the walk"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_ENCODED = Argon2PasswordHasher().encode(PASSPHRASE, "salt-of-the-walk")


def lets_in(user: User) -> User:
    """Give somebody the passphrase, as the served log keeps it: tests themselves use a quick hash."""
    user.password = _ENCODED
    user.save()
    return user


@transaction.atomic
def with_app(user: User) -> User:
    """Give somebody an app for their second step, all of which know the same secret."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        row = Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)}
        )
        record(row, ADDED, by=user, how=How.on_the_server())
    return user


def code_for(user: User, *, now: datetime) -> str:
    """What their app shows, as if half a minute had gone by since they last used it."""
    with_app(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).update(last_used_at=None)
    return app_code(SECRET, counter_at(now))


def signs_in(browser: Client, user: User, password: str, **more: str) -> Any:
    """Through the pages: the password, and the second step where their seat asks for one. The last answer."""
    if needs_second_factor(user, today=timezone.localdate()):
        with_app(user)
    answer = browser.post("/sign-in/", {"username": user.email, "password": password, **more})
    if answer.status_code == 302 and answer["Location"] == "/second-step/":
        answer = browser.post("/second-step/", {"code": code_for(user, now=timezone.now())})
    return answer
