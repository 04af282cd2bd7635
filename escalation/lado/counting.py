"""The door of the wall for published figures: counts by the categories of a plan, and nothing else.

What is counted goes through disclosure control before anybody sees it; no page shows these numbers. Each
contact counts once: by the day it was logged, or the first time that its end was recorded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from escalation.disclosure.plan import Date, Plan, PlanDimension
from escalation.lado.models import Allegation, Entry, Meeting, Referral
from escalation.lado.workflow import ENDED, STEPS
from escalation.policy.clock import LONDON

Row = tuple[tuple[str, ...], int]
"""The category of each dimension that was asked for, and how many contacts."""
ENDING = tuple(s.name for s in STEPS if s.leads_to and set(s.leads_to) <= set(ENDED))
"""The steps with which a contact reaches an end, by the step table."""
FROM_AN_EARLIER_LOG = "import"
GRAVEST_NATURE = (
    "sexual",
    "physical",
    "restraint",
    "neglect",
    "emotional",
    "discrimination",
    "conduct",
    "suitability",
    "personal_life",
)
"""Where a contact has several allegations, it counts under the first of these."""
GRAVEST_OUTCOME = ("substantiated", "unsubstantiated", "unfounded", "false", "malicious")
MOST_MONTHS = {"within_1_month": 1, "within_3_months": 3, "within_6_months": 6, "within_12_months": 12}
"""The bands of the time to conclude, the shortest first; from the day the LADO was told."""
LONGER = "over_12_months"


@dataclass(frozen=True)
class Words:
    """What one dimension is told apart by in SQL, and the word that a group's values mean."""

    columns: tuple[Combinable, ...]
    word: Callable[..., str]


def count(plan: Plan, by: Sequence[str], *, on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
    """How many contacts have a date in [begins, ends), by some dimensions of a plan; one statement.

    Raises ValueError for a dimension that a record cannot be told apart by.
    """
    rows = _logged(begins, ends) if on is Date.LOGGED else _closed(begins, ends)
    told = [(plan.dimension(code), _words(plan.dimension(code), on, begins, ends)) for code in by]
    columns = {f"told_{at}_{n}": c for at, (_, words) in enumerate(told) for n, c in enumerate(words.columns)}
    if not columns:
        yield (), rows.count()
        return
    grouped = rows.order_by().annotate(**columns).values_list(*columns).annotate(cases=Count("pk"))
    for *values, cases in grouped:
        yield _categories(told, values), cases


def _categories(told: Sequence[tuple[PlanDimension, Words]], values: Sequence[Any]) -> tuple[str, ...]:
    found, at = [], 0
    for dimension, words in told:
        size = len(words.columns)
        found.append(dimension.category(words.word(*values[at : at + size])))
        at += size
    return tuple(found)


def _logged(begins: datetime, ends: datetime) -> QuerySet[Referral]:
    return Referral.objects.exclude(way=FROM_AN_EARLIER_LOG).filter(opened_at__gte=begins, opened_at__lt=ends)


def _closed(begins: datetime, ends: datetime) -> QuerySet[Entry]:
    before = Entry.objects.filter(referral=OuterRef("referral"), step__in=ENDING, pk__lt=OuterRef("pk"))
    ended = Entry.objects.filter(step__in=ENDING, recorded_at__gte=begins, recorded_at__lt=ends)
    return ended.filter(~Exists(before.order_by()))


def _words(dimension: PlanDimension, on: Date, begins: datetime, ends: datetime) -> Words:
    found = (_OF_LOGGED if on is Date.LOGGED else _OF_CLOSED).get(dimension.code)
    if found is None:
        raise ValueError(f"The log cannot tell contacts {on.value} apart by “{dimension.label}”.")
    return found(begins, ends)


def _level(begins: datetime, ends: datetime) -> Words:
    """How far it went by the end of the period."""
    until = ends.astimezone(LONDON).date()
    held = Meeting.objects.filter(referral=OuterRef("pk"), held_on__lt=until)
    columns = (
        Case(
            When(Exists(held.order_by()), then=Value("meeting_held")),
            When(accepted_at__lt=ends, then=Value("met_without_meeting")),
            default=Value("advice"),
            output_field=CharField(),
        ),
    )
    return Words(columns, str)


def _sector(begins: datetime, ends: datetime) -> Words:
    return Words((F("sector"),), str)


def _told(begins: datetime, ends: datetime) -> Words:
    words = {True: "in_time", False: "later", None: "not_known"}
    return Words((F("told_in_time"),), lambda in_time: words[in_time])


def _gravest(column: str, order: Sequence[str], this: OuterRef) -> Words:
    """The first in an order of what the allegations of a contact are."""
    place = Case(
        *(When(**{column: word}, then=Value(at)) for at, word in enumerate(order)),
        default=Value(len(order)),
        output_field=IntegerField(),
    )
    theirs = Allegation.objects.filter(referral=this).order_by().values("referral")
    least = Subquery(theirs.annotate(least=Min(place)).values("least"))
    words = dict(enumerate(order))
    return Words((least,), lambda at: words.get(at, ""))


def _nature(begins: datetime, ends: datetime) -> Words:
    return _gravest("nature", GRAVEST_NATURE, OuterRef("pk"))


def _outcome(begins: datetime, ends: datetime) -> Words:
    return _gravest("outcome", GRAVEST_OUTCOME, OuterRef("referral"))


def _concluded(begins: datetime, ends: datetime) -> Words:
    """For each day, the first moment of the earliest day on which the LADO was told for each band."""
    first, end = begins.astimezone(LONDON).date(), ends.astimezone(LONDON).date()
    days = []
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        bands = [
            When(referral__told_at__gte=_midnight(earliest_within(day, months)), then=Value(band))
            for band, months in MOST_MONTHS.items()
        ]
        within = Case(*bands, default=Value(LONGER), output_field=CharField())
        days.append(When(recorded_at__lt=_midnight(day + timedelta(days=1)), then=within))
    return Words((Case(*days, default=Value(LONGER), output_field=CharField()),), str)


def earliest_within(day: date, months: int) -> date:
    """The earliest day from which so many months reach `day`; 1 March, for one month to 31 March."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


_OF_LOGGED: dict[str, Callable[[datetime, datetime], Words]] = {
    "level": _level,
    "sector_group": _sector,
    "nature_group": _nature,
    "told": _told,
}
_OF_CLOSED: dict[str, Callable[[datetime, datetime], Words]] = {
    "outcome": _outcome,
    "concluded": _concluded,
}
