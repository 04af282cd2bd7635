"""Who is new to the log is told so, by a mail without any detail, and where to sign in."""

from datetime import datetime

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.accounts.models import User
from escalation.rulebook.queries import in_working_time

INVITED = "invited"
NOTICES = (
    Notice(
        INVITED,
        "You can use the challenge log",
        "A colleague gave you a seat in it. Agencies that work with children use it to ask each other to "
        "look again. Sign in with the address to which this mail went.",
        "Sign in",
    ),
)


def invite(user: User, *, now: datetime) -> None:
    """In the transaction in which they got their first seat."""
    queue(to=[user], kind=INVITED, path="/sign-in/", now=now, due_at=in_working_time(now))
