"""Who gets a mail about a forum. No theme, day or place is in it: that is on the page."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.access.acting import Acting, Calendar
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, User

from .models import Sitting

INVITED, CHANGED, CANCELLED = "forum_invited", "forum_changed", "forum_cancelled"
PULSE, PLEDGE, POLICY = "forum_pulse", "forum_pledge", "policy_promotion"
NOTICES = (
    Notice(
        INVITED,
        "Your organisation is invited to a forum",
        "Your organisation is invited to an open forum on how we challenge each other well. Please open it, "
        "and tell your people: everybody who works with you can sign up there.",
        button="See the forum",
    ),
    Notice(
        CHANGED,
        "A forum you signed up for has changed",
        "The day, time or place of a forum you signed up for has changed. Please look if you can still come.",
        button="See the forum",
    ),
    Notice(
        CANCELLED,
        "A forum you signed up for is called off",
        "A forum you signed up for does not take place. The page says why. You have nothing to do.",
        button="See the forum",
    ),
    Notice(
        PULSE,
        "One question about a forum your people came to",
        "People of yours came to an open forum three months ago. Please pass this link on to them: one "
        "question, one minute, no sign-in. Nobody can tell who answered.",
        button="Open the question",
    ),
    Notice(
        PLEDGE,
        "Something your organisation said it would do is due",
        "At an open forum your organisation said what it would do, and the day is near or over. Please say "
        "what came of it.",
        button="Open it",
    ),
    Notice(
        POLICY,
        "Have your people seen the Escalation Policy?",
        "Please say when your organisation put the Escalation Policy that is in force before its staff, "
        "before how many, and how. It takes a minute.",
        button="Say so",
    ),
)
LEADERS = (SeatKind.LEAD, SeatKind.SENIOR_LEAD)


def tell_invited(sitting: Sitting, organisations: Iterable[Organisation], *, by: Acting) -> None:
    """Leads and heads of service of those organisations; they pass it on to their people."""
    _tell(leaders_of(organisations), INVITED, sitting, by=by)


def tell_of_pulse(path: str, organisations: Iterable[Organisation], *, by: Calendar) -> None:
    """The leads of those who came; they pass the link on. Who came nobody knows any more."""
    queue(to=leaders_of(organisations), kind=PULSE, path=path, now=by.now)


def tell_of_pledge(path: str, organisation: Organisation, *, by: Calendar) -> None:
    """The leads of whoever owes it."""
    queue(to=leaders_of([organisation]), kind=PLEDGE, path=path, now=by.now)


def tell_of_policy(organisations: Iterable[Organisation], *, by: Acting) -> None:
    """The leads of those who have not said that their people have seen it."""
    queue(to=leaders_of(organisations), kind=POLICY, path=reverse("promotion"), now=by.now)


def leaders_of(organisations: Iterable[Organisation]) -> Iterable[User]:
    seated = User.objects.filter(
        seats__setting__organisation__in=list(organisations), seats__kind__in=LEADERS, is_active=True
    )
    return seated.order_by("pk").distinct()


def tell_signed_up(sitting: Sitting, kind: str, *, by: Acting) -> None:
    """Whoever means to come."""
    coming = User.objects.filter(forum_sign_ups__sitting=sitting, is_active=True)
    _tell(coming.order_by("pk"), kind, sitting, by=by)


def _tell(people: Iterable[AbstractBaseUser], kind: str, sitting: Sitting, *, by: Acting) -> None:
    queue(to=people, kind=kind, path=sitting.get_absolute_url(), now=by.now)
