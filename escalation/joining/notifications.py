"""Mails about requests to join: they name nobody and no service."""

from collections.abc import Iterable
from datetime import datetime

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.accounts.models import User
from escalation.rulebook.queries import in_working_time
from escalation.signing_in.models import Newcomer
from escalation.signing_in.notifications import write

ASKED, DECLINED, UNANSWERED, MORE = "join_asked", "join_declined", "join_unanswered", "join_more"
LIST_PATH, JOIN_PATH = "/join/requests/", "/sign-in/by-mail/"
NOTICES = (
    Notice(
        ASKED,
        subject="Somebody asks to use the log",
        sentence=(
            "They say that they work in a service of yours. They see nothing until you say yes. Look who it "
            "is, and speak to them if you do not know them."
        ),
        button="Look, then say yes or no",
    ),
    Notice(
        DECLINED,
        subject="The log cannot be opened for you yet",
        sentence=(
            "You asked to use the challenge log. Whoever leads the service said no, and gave a reason. "
            "Type your address again to read it."
        ),
        button="Read why",
    ),
    Notice(
        UNANSWERED,
        subject="Nobody has answered you yet",
        sentence=(
            "You asked to use the challenge log, and nobody has said yes or no in two weeks. Speak to your "
            "safeguarding lead, then ask again."
        ),
        button="Ask again",
    ),
    Notice(
        MORE,
        subject="You can use the log for one more service",
        sentence="You asked for it, and its lead said yes. Sign in again, and it is there.",
        button="Sign in",
    ),
)


def tell_deciders(people: Iterable[User], *, now: datetime) -> None:
    queue(to=people, kind=ASKED, path=LIST_PATH, now=now, due_at=in_working_time(now))


def tell_of_one_more(user: User, *, now: datetime) -> None:
    queue(to=[user], kind=MORE, path=JOIN_PATH, now=now)


def tell_asker(email: str, kind: str, *, now: datetime) -> None:
    """To somebody whom the log knows, or to a newcomer."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is not None:
        queue(to=[user], kind=kind, path=JOIN_PATH, now=now)
    else:
        write(Newcomer.objects.create(email=email, asked_at=now), kind, path=JOIN_PATH, now=now)
