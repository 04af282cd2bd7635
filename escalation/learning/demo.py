"""Learning for the demo: something that changed, something that is late, and something that is before a
sub-group."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from core.web.dates import LONDON
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, User

from .models import Action, Point, Verdict
from .services import NewAction, NewDecision, NewPoint, act, approve, end_action, minute, propose, write

CALL = NewPoint(
    "Ask again by phone",
    "When a letter had no answer, nobody asked again by phone. A call would have been enough.",
    "practice",
    "timeliness",
    "qa_sub_group",
    None,
)
THRESHOLDS = NewPoint(
    "One view of what each level of help is for",
    "Services read the levels of help in different ways. New staff had never talked about them with others.",
    "training",
    "threshold_understanding",
    "policy_and_training",
    None,
)
CHILD = NewPoint(
    "What the child said was not passed on",
    "The child had told a trusted adult what they wanted. It stayed in that service’s own notes.",
    "policy",
    "childs_voice",
    "qa_sub_group",
    None,
)


def fill(today: date) -> None:
    units = list(User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT).order_by("pk").distinct()[:2])
    organisations = list(Organisation.objects.order_by("pk")[:2])
    if len(units) < 2 or len(organisations) < 2:
        return
    _changed(units, organisations[0], today - timedelta(days=120))
    _late(units, organisations, today - timedelta(days=70))
    _told(CHILD, units, today - timedelta(days=9))


def _changed(units: list[User], organisation: Organisation, day: date) -> None:
    """Taken up and done, with what shows it."""
    point = _told(CALL, units, day)
    _minuted(point, "Each duty team agrees how soon it calls.", units[0], day + timedelta(days=14))
    will = ("A call within a day when a letter has no answer.", "duty manager", 60)
    row = _act(point, will, organisation, units[0], day + timedelta(days=15))
    end_action(
        row,
        is_done=True,
        changed="Duty teams call the next day. It is in their guide.",
        evidence="Duty guide, page 4.",
        by=_acting(units[0], day + timedelta(days=50)),
    )


def _late(units: list[User], organisations: list[Organisation], day: date) -> None:
    """One action to come, and one whose day has gone by."""
    point = _told(THRESHOLDS, units, day)
    _minuted(
        point, "A session for new staff of several services together.", units[0], day + timedelta(days=20)
    )
    for organisation, will in zip(
        organisations,
        (
            ("A first session, with cases that are made up.", "training lead", 40),
            ("The session becomes part of how new staff begin.", "head of learning", 160),
        ),
        strict=True,
    ):
        _act(point, will, organisation, units[0], day + timedelta(days=21))


def _told(new: NewPoint, units: list[User], day: date) -> Point:
    """Written by one, and approved by the other."""
    writer, reader = units
    point = write(new, key=uuid5(NAMESPACE_URL, f"learning {new.title}"), by=_acting(writer, day))
    propose(point, despite="", by=_acting(writer, day, 11))
    return approve(point, by=_acting(reader, day, 12))


def _minuted(point: Point, words: str, unit: User, day: date) -> None:
    met_on = day - timedelta(days=max(0, day.weekday() - 4))  # no sub-group meets at the weekend
    new = NewDecision(met_on, Verdict.TAKEN_UP, words)
    minute(point, new, key=uuid5(NAMESPACE_URL, f"decision {point.uuid}"), by=_acting(unit, day, 16))


def _act(
    point: Point, will: tuple[str, str, int], organisation: Organisation, unit: User, day: date
) -> Action:
    what, owner, days = will
    new = NewAction(what, organisation, owner, day + timedelta(days=days))
    return act(point, new, key=uuid5(NAMESPACE_URL, f"action {what}"), by=_acting(unit, day))


def _acting(user: User, day: date, hour: int = 10) -> Acting:
    at = datetime.combine(day, time(hour), tzinfo=LONDON)
    return Acting(user, standing_of(user, today=day), at)
