"""Mails about how somebody signs in. They go at once, and name nothing."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core.outbox.notices import Notice
from core.outbox.services import queue, queue_in
from escalation.accounts.models import User

from .codes import mailed_code
from .models import Letter, Newcomer

FACTOR_CHANGED, FACTOR_RESET, CODE = "factor_changed", "factor_reset", "sign_in_code"
RESET_ASKED = "reset_asked"
PATH = "/how-you-sign-in/"
LOST_PATH = "/second-step/lost/"
CODE_PATH = "/sign-in/by-mail/code/"
NOTICES = (
    Notice(
        CODE,
        subject="Your code to sign in",
        sentence=(
            "Type this code where you asked for it. It works once, for ten minutes. Did you not ask for it? "
            "Then do nothing, and give it to nobody. We never ask for it by phone."
        ),
        button="Type it here",
        code=mailed_code,
    ),
    Notice(
        FACTOR_CHANGED,
        subject="How you sign in was changed",
        sentence=(
            "Somebody changed how you sign in to the log. Was it you? Then there is nothing to do. If not, "
            "tell whoever looks after the log today."
        ),
        button="See how you sign in",
    ),
    Notice(
        RESET_ASKED,
        subject="Somebody has lost their second step",
        sentence=(
            "A colleague asks that it is taken away, so that they can set up a new one. A second person has "
            "to agree within two days."
        ),
        button="Look, then say yes or no",
    ),
    Notice(
        FACTOR_RESET,
        subject="You can set up your second step again",
        sentence=(
            "Two people have taken away the second step of your sign-in, since you had lost it. Sign in, and "
            "set up a new one. Did you not ask for this? Then tell whoever looks after the log today."
        ),
        button="Sign in",
    ),
)


def tell_of_change(user: User, *, now: datetime) -> None:
    """In the transaction of the change."""
    queue(to=[user], kind=FACTOR_CHANGED, path=PATH, now=now, urgent=True)


def tell_of_reset(user: User, *, now: datetime) -> None:
    queue(to=[user], kind=FACTOR_RESET, path=PATH, now=now, urgent=True)


def ask_deciders(people: Iterable[User], *, now: datetime) -> None:
    """To everybody who may be the second person; it names nobody."""
    queue(to=people, kind=RESET_ASKED, path=LOST_PATH, now=now, urgent=True)


def send_code(to: User | Newcomer, *, now: datetime) -> UUID:
    """At once, whatever the time of day; the code is in the mail and nowhere else. The message's id."""
    if isinstance(to, Newcomer):
        return write(to, CODE, path=CODE_PATH, now=now, urgent=True).pk
    (message,) = queue(to=[to], kind=CODE, path=CODE_PATH, now=now, urgent=True)
    return message.pk


def write(to: Newcomer, kind: str, *, path: str, now: datetime, urgent: bool = False) -> Letter:
    """To somebody whom the log does not know; in the transaction of what it tells of."""
    (letter,) = queue_in(Letter, to={kind: [to]}, path=path, now=now, urgent=urgent)
    return letter
