"""Who of the LADO team is told, in the LADO's own outbox. The words are those of every notice of the log."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from core.outbox.notices import Notice
from core.outbox.services import queue_in
from escalation.accounts.models import User
from escalation.lado.case import Case
from escalation.lado.models import Message

YOUR_TURN, LATE = "lado_your_turn", "lado_late"
NOTICES = (
    Notice(
        YOUR_TURN,
        "You have something to do",
        "It is your turn in the challenge log. Please open it to see what, and by when.",
    ),
    Notice(
        LATE,
        "Something of yours is late",
        "It was your turn in the challenge log, and the time is over. You can still do it now.",
    ),
)


def notify_team(case: Case, *, by: User | None, now: datetime, told: Iterable[User] = ()) -> None:
    """Whoever has it (those who decide, where nobody does or they are away), and `told`; never `by`."""
    _queue({*told, *_holders(case)}, case.referral.get_absolute_url(), by=by, now=now)


def notify_late(case: Case, *, now: datetime) -> None:
    """Whoever has it: a clock of it has run out."""
    _queue(_holders(case), case.referral.get_absolute_url(), by=None, now=now, kind=LATE)


def notify_of_list(case: Case, *, by: User, now: datetime) -> None:
    """Once for all that was brought in open: those whose work a referral is that nobody has."""
    _queue(_holders(case), reverse("lado:list"), by=by, now=now)


def notify(people: Iterable[User], *, path: str, by: User | None, now: datetime) -> None:
    """Only these, with a link to a page that is theirs."""
    _queue(people, path, by=by, now=now)


def _holders(case: Case) -> list[User]:
    may = case.may_take_it()
    holder = next((m for m in may if m.user.pk == case.referral.owner_id), None)
    if holder is not None and not holder.away:
        return [holder.user]
    return [m.user for m in may if m.decides and not m.away] or [m.user for m in may]


def _queue(
    people: Iterable[User], path: str, *, by: User | None, now: datetime, kind: str = YOUR_TURN
) -> None:
    others = [person for person in people if by is None or person.pk != by.pk]
    if others:
        queue_in(Message, to={kind: sorted(others, key=lambda u: u.pk)}, path=path, now=now)
