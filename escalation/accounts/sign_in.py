"""Slows down guessing: after ten failures for one address in fifteen minutes, it has to wait.

An address that nobody has counts the same as one that somebody has, so the answer tells nothing.
"""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from .models import SignInFailure, plain_email

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)


def must_wait(email: str, *, now: datetime) -> bool:
    """Has this address failed too often of late? Asked before any password is hashed."""
    recent = SignInFailure.objects.filter(account=_account(email), at__gt=now - WINDOW)
    return recent.count() >= MOST_FAILURES


def note_failure(email: str, *, now: datetime) -> None:
    """Count one failure, and drop those of anybody that no longer count."""
    SignInFailure.objects.filter(at__lte=now - WINDOW).delete()
    SignInFailure.objects.create(account=_account(email), at=now)


def forget_failures(email: str) -> None:
    """The right password was given: start again from none."""
    SignInFailure.objects.filter(account=_account(email)).delete()


def _account(email: str) -> str:
    """A keyed hash: people type all sorts into the wrong box, and none of it is kept."""
    return salted_hmac("escalation.accounts.sign_in", plain_email(email), algorithm="sha256").hexdigest()
