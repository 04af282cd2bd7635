"""Who gets a mail about an assurance request. Nothing of what is asked or answered is in it."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from core.outbox.notices import Notice
from core.outbox.services import queue
from escalation.access.acting import Calendar
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, Seat, User

from .acting import Acting
from .models import AssuranceRequest
from .workflow import ASK, STEP, Part

ASKED, TO_ASKED, TO_UNIT = "assurance_asked", "assurance_news", "assurance_unit"
NEARLY_DUE, DUE, OVERDUE = "assurance_nearly_due", "assurance_due", "assurance_overdue"
TO_READ, TO_AGREE = "sample_to_read", "sample_to_agree"
OFFERED, COMMENTED = "pack_offered", "pack_commented"
NOTICES = (
    Notice(
        ASKED,
        "Your organisation is asked to show something",
        "The partnership’s business unit asks your organisation to show how it works. Please open the log to "
        "see what is asked, and by when.",
        button="See what is asked",
    ),
    Notice(
        TO_ASKED,
        "Something has happened to what your organisation was asked",
        "Something has happened to what the partnership’s business unit asked your organisation to show. "
        "Please open it to see what.",
        button="See what has happened",
    ),
    Notice(
        TO_UNIT,
        "An organisation has answered you",
        "An organisation has answered what you asked it to show. Please open it to read it and rate it.",
        button="Read the answer",
    ),
    Notice(
        NEARLY_DUE,
        "Your organisation is asked to show something within a week",
        "The day by which your organisation was asked to show how it works is near. Please open it to see "
        "what is still missing. If you need more time, call the business unit.",
        button="See what is asked",
    ),
    Notice(
        DUE,
        "Your organisation is asked to show something today",
        "Today is the day by which your organisation was asked to show how it works. Please send the answer, "
        "or call the business unit if you need more time.",
        button="See what is asked",
    ),
    Notice(
        OVERDUE,
        "Your organisation has not shown yet what it was asked for",
        "The day by which your organisation was asked to show how it works has passed. You can still send "
        "the answer. If something is in the way, call the business unit.",
        button="See what is asked",
    ),
    Notice(
        TO_READ,
        "You are asked to read for a dip sample",
        "The business unit asks you to read a few closed records, drawn at random, and to say what you find. "
        "Please open the page to see what is asked.",
        button="See what is asked",
    ),
    Notice(
        TO_AGREE,
        "A finding waits for you as its second reader",
        "The other reader of a dip sample has written what you both found. Please open it, read it, and "
        "agree or send it back.",
        button="Read the finding",
    ),
    Notice(
        OFFERED,
        "An evidence pack waits for a second person",
        "A colleague has written an evidence pack. Please open it, read it, and sign it or send it back.",
        button="Read the pack",
    ),
    Notice(
        COMMENTED,
        "A scrutineer has said something about an evidence pack",
        "There is a new comment on an evidence pack. Please open the pack to read it.",
        button="Read the comment",
    ),
)
SIGNERS = (SeatKind.SENIOR_LEAD, SeatKind.PARTNER)


def tell(request: AssuranceRequest, act: str, *, by: Acting) -> None:
    """The other side, after a step of one; a first request tells who can sign for the organisation."""
    if act != ASK and STEP[act].quiet:
        return
    if act != ASK and Part.ORGANISATION in STEP[act].who:
        people = User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT, is_active=True)
        kind = TO_UNIT
    else:
        people, kind = signers_of(request.organisation), ASKED if act == ASK else TO_ASKED
    told = people.exclude(pk=by.user.pk).order_by("pk").distinct()
    queue(to=told, kind=kind, path=request.get_absolute_url(), now=by.now)


def remind(request: AssuranceRequest, kind: str, *, by: Calendar) -> None:
    """Whoever can sign for the organisation; where it has nobody in the log, the unit, who answers for it."""
    unit = User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT, is_active=True)
    people = signers_of(request.organisation).order_by("pk").distinct()
    queue(
        to=people if people.exists() else unit.order_by("pk").distinct(),
        kind=kind,
        path=request.get_absolute_url(),
        now=by.now,
    )


def signers_of(organisation: Organisation) -> QuerySet[User]:
    """Heads of service and safeguarding partners; where there are none, its leads."""
    seats = Seat.objects.filter(user=OuterRef("pk"), setting__organisation=organisation)
    people = User.objects.filter(is_active=True)
    signers = people.filter(Exists(seats.filter(kind__in=SIGNERS)))
    return signers if signers.exists() else people.filter(Exists(seats.filter(kind=SeatKind.LEAD)))


def others_of_the_unit(by: Acting) -> QuerySet[User]:
    """Everybody in the business unit but who acts."""
    people = User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT, is_active=True)
    return people.exclude(pk=by.user.pk).order_by("pk").distinct()


def queue_to(people: Iterable[User], kind: str, path: str, *, by: Acting) -> None:
    """A mail to each of these, but to who acts."""
    queue(to=[each for each in people if each.pk != by.user.pk], kind=kind, path=path, now=by.now)
