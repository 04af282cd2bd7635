"""Raw counts of a quarter, small ones too. Private: only escalation.reporting.releases reads them.

Each challenge is counted by the day on which something was recorded, in London, so that a figure of a
finished quarter never changes. What an earlier log had counted before its challenges were brought in is
not counted again. One statement each, however many challenges there are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from escalation.challenges.models import Challenge, Entry
from escalation.challenges.workflow import ENDED, STARTED_AFRESH, STEPS
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter

ENDING = tuple(s.name for s in STEPS if s.leads_to and set(s.leads_to) <= set(ENDED))
"""The steps with which a challenge reaches its end, by the step table."""

REOPENING = tuple(
    s.name for s in STEPS if s.leads_to and set(s.source) <= set(ENDED) and not set(s.leads_to) & set(ENDED)
)
"""The steps that begin it again."""


@dataclass(frozen=True)
class Totals:
    """Numbers of challenges, exact. `open`: at the end of the quarter, or now where that is still to come."""

    opened: int
    closed: int
    open: int


def totals(quarter: Quarter) -> Totals:
    """Three statements. Raises ValueError for a quarter outside the calendar."""
    begins, ends = _midnight(quarter.start), _midnight(quarter.end + timedelta(days=1))
    return Totals(opened=_opened(begins, ends), closed=_closed(begins, ends), open=_open_at(ends))


def _opened(begins: datetime, ends: datetime) -> int:
    return Challenge.objects.raised_here().filter(opened_at__gte=begins, opened_at__lt=ends).count()


def _closed(begins: datetime, ends: datetime) -> int:
    """Challenges that reached an end; one that did so twice counts once, one reopened since still counts."""
    ended = Entry.objects.filter(step__in=ENDING, recorded_at__gte=begins, recorded_at__lt=ends)
    return ended.order_by().values("challenge").distinct().count()


def _open_at(moment: datetime) -> int:
    """Opened before, and the last ending or reopening before that moment, if any, was no ending."""
    turns = Entry.objects.filter(
        challenge=OuterRef("pk"), step__in=(*ENDING, *REOPENING, STARTED_AFRESH), recorded_at__lt=moment
    )
    # Most have neither: a NULL would be in no list, and outside none.
    last = Coalesce(Subquery(turns.order_by("-version", "-pk").values("step")[:1]), Value(""))
    # One of an earlier log is in this log from the moment it was brought in.
    logged = Challenge.objects.annotate(logged_at=Coalesce("imported_at", "opened_at"))
    there = logged.filter(logged_at__lt=moment).order_by()
    turned = there.annotate(last_turn=last).exclude(last_turn__in=ENDING)
    # It came in ended, unless it says that it started afresh.
    return turned.exclude(last_turn="", imported_at__isnull=False).count()


def _midnight(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)
