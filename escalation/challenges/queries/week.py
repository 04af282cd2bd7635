"""What the business unit looks after in a week, in numbers that are exactly those of its lists.

Exact figures, for the business unit alone: they are not released.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from escalation.access.standing import Standing
from escalation.accounts.models import Organisation
from escalation.challenges.models import Challenge, ChallengeQuerySet
from escalation.challenges.workflow import OPEN, Status
from escalation.challenges.worklist import Days, Need, midnight_after, needing
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter

WEEKS = 12
"""So many weeks of challenges raised are shown, this one among them."""


FIGURES: Mapping[str, str] = {
    "overdue": "Overdue",
    Need.UNMATCHED: "Child not agreed yet",
    Need.FORM: "Forms to check",
    Need.CALL: "Calls to offer",
    Need.ACTION: "With an action missed",
    Need.NO_FORM: "Full form missing",
    "held": "On hold",
    Need.UNCONFIRMED: "Nobody confirmed",
    "silent": "Organisations that have logged none yet",
}
"""What the mail of the week counts, in its order: the tiles of the page."""


@dataclass(frozen=True)
class Week:
    """`needs` by Need. `oldest` is since when the longest overdue is, `due` when the next of a need is."""

    overdue: int
    oldest: datetime | None
    held: int
    next_resumes: datetime | None
    needs: dict[str, int]
    due: dict[str, datetime | None]
    by_stage: dict[int, int]
    raised: list[tuple[date, int]]
    silent: list[Organisation]

    @property
    def open(self) -> int:
        return sum(self.by_stage.values())

    @property
    def numbers(self) -> dict[str, int]:
        """By the names of `FIGURES`."""
        return {"overdue": self.overdue, "held": self.held, "silent": len(self.silent), **self.needs}


def this_week(standing: Standing, on: Days) -> Week:
    """Four statements, however many challenges there are."""
    visible = Challenge.objects.visible_to(standing).order_by()
    late = Q(status__in=OPEN, overdue_from__lt=on.now)
    held = Q(status=Status.ON_HOLD)
    found = visible.aggregate(
        overdue=Count("pk", filter=late),
        oldest=Min("overdue_from", filter=late),
        held=Count("pk", filter=held),
        next_resumes=Min("next_due", filter=held),
        **{need: Count("pk", filter=needing(need, on)) for need in Need.values},
        **{f"{need}_due": Min("next_due", filter=needing(need, on)) for need in (Need.FORM, Need.CALL)},
    )
    stages = visible.filter(status__in=OPEN).values_list("stage").annotate(number=Count("pk"))
    return Week(
        overdue=found["overdue"],
        oldest=found["oldest"],
        held=found["held"],
        next_resumes=found["next_resumes"],
        needs={need: found[need] for need in Need.values},
        due={need: found[f"{need}_due"] for need in (Need.FORM, Need.CALL)},
        by_stage=dict(sorted(stages)),
        raised=_raised(visible, on.today),
        silent=list(_silent(visible, on.today)),
    )


def _raised(visible: ChallengeQuerySet, today: date) -> list[tuple[date, int]]:
    """How many were raised here in each week, by its Monday; the last one is this week so far."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    days = (
        visible.raised_here()
        .filter(opened_at__gte=midnight_after(first - timedelta(days=1)))
        .values_list(TruncDate("opened_at", tzinfo=LONDON))
        .annotate(number=Count("pk"))
    )
    weeks = {first + timedelta(weeks=number): 0 for number in range(WEEKS)}
    for day, number in days:
        weeks[day - timedelta(days=day.weekday())] += number
    return list(weeks.items())


def _silent(visible: ChallengeQuerySet, today: date) -> QuerySet[Organisation]:
    """Who has raised none since the financial year began: a question to ask, not a score."""
    since = midnight_after(Quarter(Quarter.of(today).year, 1).start - timedelta(days=1))
    raised = visible.filter(raising__organisation=OuterRef("pk"), opened_at__gte=since)
    return Organisation.objects.filter(~Exists(raised), settings__isnull=False).distinct()
