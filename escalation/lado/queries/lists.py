"""The LADO's lists, each as one condition, so that all are counted in one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from escalation.lado.models import Deadline, Letter, Strand
from escalation.lado.workflow import CONCLUDED, ENDED, OPEN, Status
from escalation.policy.clock import months_after
from escalation.policy.lado import LadoPolicy
from escalation.policy.words import london_date

IS_OPEN = Q(status__in=OPEN)


@dataclass(frozen=True)
class Asking:
    """When somebody asks, and under which working times; `busy`: colleagues who see to their own today."""

    now: datetime
    policy: LadoPolicy
    busy: frozenset[int]

    @property
    def today(self) -> date:
        return london_date(self.now)


def mine(asking: Asking) -> Q:
    """One's own, those that nobody has, and those of colleagues who are away or have left."""
    return IS_OPEN & (Q(owner__isnull=True) | ~Q(owner__in=asking.busy))


def awaiting_police(asking: Asking) -> Q:
    """A police strand has been open for longer than the policy's months."""
    since = months_after(asking.today, -asking.policy.limits["police_wait_months"])
    long = Strand.objects.filter(kind="police", opened_on__lt=since).exclude(state=CONCLUDED)
    return IS_OPEN & Q(pk__in=long.values("referral"))


def review_due(asking: Asking) -> Q:
    """A review's day is today or has passed."""
    names = ("first_review", "next_review")
    due = Deadline.objects.filter(name__in=names, decided_at__isnull=True, due__date__lte=asking.today)
    return IS_OPEN & Q(pk__in=due.values("referral"))


def duties_open(asking: Asking) -> Q:
    """The DBS or the regulator question waits for its answer."""
    return Q(status=Status.DUTIES, duties_needed=True) & (Q(dbs_answer="") | Q(regulator_answer=""))


def letters_unanswered(asking: Asking) -> Q:
    """Also after an end: a letter stays on the list until it is answered."""
    return Q(pk__in=Letter.objects.filter(answered_on__isnull=True).values("referral"))


Cut = Callable[[Asking], Q]
LISTS: Mapping[str, tuple[str, Cut]] = {
    "mine": ("Mine", mine),
    "open": ("All open", lambda asking: IS_OPEN),
    "police": ("Police over 3 months", awaiting_police),
    "review": ("Review due", review_due),
    "duties": ("DBS or regulator open", duties_open),
    "late": ("Told late", lambda asking: Q(told_in_time=False)),
    "letters": ("Letters unanswered", letters_unanswered),
    "news": ("New from referrers", lambda asking: Q(news=True)),
    "ended": ("Ended", lambda asking: Q(status__in=ENDED)),
}
"""By name: what its chip says, and which referrals are on it."""


def overdue(asking: Asking) -> Q:
    return IS_OPEN & Q(overdue_from__lt=asking.now)


def due_today(asking: Asking) -> Q:
    return IS_OPEN & Q(next_due__date=asking.today, overdue_from__gte=asking.now)
