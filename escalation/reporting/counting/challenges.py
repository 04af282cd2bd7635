"""Challenges by the dimensions of a plan: one statement for each table, grouped by the words of the log.

Each counts once. By the day it was logged: those raised here, not those of an earlier log, which counted
them. By the day it closed: the first time that its end was recorded, with what was true of its first episode,
so that reopening it changes no figure. Which category a word comes under is the plan's to say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from escalation.challenges.models import Challenge, Deadline, Entry, Party, PartyRole
from escalation.challenges.workflow import ENDED, STEPS
from escalation.disclosure.plan import Date, Plan, PlanDimension
from escalation.policy.calendar import is_working_day
from escalation.policy.clock import LONDON
from escalation.reporting.counting.tabulating import GroupBy, Row, midnight
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import closed_days

ENDING = tuple(s.name for s in STEPS if s.leads_to and set(s.leads_to) <= set(ENDED))
"""The steps with which a challenge reaches its end, by the step table."""
FIRST_EPISODE = 1
OUTCOME_OF = {
    "withdraw": "withdrawn",
    "accept_transfer": "transferred",
    "void": "void",
    "mark_duplicate": "void",
}
"""What came of a challenge that was not settled, by the step that ended it."""
SEVERAL = "several"
MOST_DAYS = {"up_to_5": 5, "from_6_to_10": 10, "from_11_to_20": 20, "from_21_to_40": 40}
"""The bands of working days open, the shortest first."""
LONGER = "over_40"


@dataclass(frozen=True)
class Words:
    """What one dimension is told apart by in SQL, and the word that a group's values mean."""

    columns: tuple[Combinable, ...]
    word: Callable[..., str]


def group_by(plan: Plan) -> GroupBy:
    """Counts challenges by the dimensions of a plan."""

    def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> Iterable[Row]:
        rows = _logged(begins, ends) if on is Date.LOGGED else closed_first(begins, ends)
        told = [(plan.dimension(code), _words(plan.dimension(code), on, begins, ends)) for code in by]
        columns = {
            f"told_{at}_{n}": c for at, (_, words) in enumerate(told) for n, c in enumerate(words.columns)
        }
        if not columns:
            yield (), rows.count()
            return
        grouped = rows.order_by().annotate(**columns).values_list(*columns).annotate(cases=Count("pk"))
        for *values, cases in grouped:
            yield _categories(told, values), cases

    return count


def _categories(told: Sequence[tuple[PlanDimension, Words]], values: Sequence[Any]) -> tuple[str, ...]:
    found, at = [], 0
    for dimension, words in told:
        size = len(words.columns)
        found.append(dimension.category(words.word(*values[at : at + size])))
        at += size
    return tuple(found)


def _logged(begins: datetime, ends: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.raised_here().filter(opened_at__gte=begins, opened_at__lt=ends)


def closed_first(begins: datetime, ends: datetime) -> QuerySet[Entry]:
    """The line that first ended each challenge, if it was recorded in this time."""
    before = Entry.objects.filter(challenge=OuterRef("challenge"), step__in=ENDING, pk__lt=OuterRef("pk"))
    ended = Entry.objects.filter(step__in=ENDING, recorded_at__gte=begins, recorded_at__lt=ends)
    return ended.filter(~Exists(before.order_by()))


def _words(dimension: PlanDimension, on: Date, begins: datetime, ends: datetime) -> Words:
    """How challenges are told apart. Raises ValueError for what the log does not know of them."""
    case = "" if on is Date.LOGGED else "challenge__"
    this = OuterRef("pk" if on is Date.LOGGED else "challenge")
    if dimension.code == "issue_group":
        groups = issue_groups()
        return Words((F(f"{case}issue"), F(f"{case}about")), lambda issue, about: groups.get(issue, about))
    if dimension.code == "setting_group":
        return Words((_setting_group(dimension, this),), _same)
    if on is Date.CLOSED and dimension.code in _OF_CLOSED:
        return _OF_CLOSED[dimension.code](this, begins, ends)
    raise ValueError(f"The log cannot tell challenges {on.value} apart by “{dimension.label}”.")


def _same(word: str | None) -> str:
    return word or ""


def issue_groups() -> Mapping[str, str]:
    """The group of each coded issue, by every policy that was ever loaded; the newest last, which counts."""
    versions = PolicyVersion.objects.order_by("start", "version")
    return {term.code: term.group for each in versions for term in each.policy.terms("issue")}


def _setting_group(dimension: PlanDimension, this: OuterRef) -> Subquery:
    """One word of the category that all settings that were asked are in, or that they are in several."""
    category = Case(
        *(When(setting__group__in=each.holds, then=Value(each.holds[0])) for each in dimension.categories),
        default=Value(SEVERAL),
        output_field=CharField(),
    )
    asked = Party.objects.filter(challenge=this, role=PartyRole.RESPONDING).order_by().values("challenge")
    both = asked.annotate(least=Min(category), most=Max(category))
    one = Case(When(least=F("most"), then=F("least")), default=Value(SEVERAL), output_field=CharField())
    return Subquery(both.values_list(one))


def _stage(this: OuterRef, begins: datetime, ends: datetime) -> Words:
    entries = Entry.objects.filter(challenge=this, episode=FIRST_EPISODE).order_by().values("challenge")
    return Words((Subquery(entries.annotate(top=Max("stage")).values("top")),), str)


def _outcome(this: OuterRef, begins: datetime, ends: datetime) -> Words:
    settled = Entry.objects.filter(challenge=this, episode=FIRST_EPISODE, step="settle")
    last = Subquery(settled.order_by("-version", "-pk").values("codes__outcome")[:1])
    return Words((F("step"), last), lambda step, outcome: OUTCOME_OF.get(step, outcome or ""))


def _on_time(this: OuterRef, begins: datetime, ends: datetime) -> Words:
    decided = Deadline.objects.filter(
        challenge=this, episode=FIRST_EPISODE, name__in=_answer_clocks(), met__isnull=False
    )
    late = Max(Case(When(met=False, then=1), default=0, output_field=IntegerField()))
    worst = Subquery(decided.order_by().values("challenge").annotate(late=late).values("late"))
    return Words((worst,), lambda late: {None: "none_due", 0: "all_on_time", 1: "some_late"}[late])


def _answer_clocks() -> list[str]:
    """The names of the clocks for a reply, in every policy that was ever loaded."""
    policies = [each.policy for each in PolicyVersion.objects.all()]
    stages = [stage for policy in policies for stage in policy.stages]
    return sorted({clock.name for stage in stages for clock in stage.answer_clocks})


def _days_open(this: OuterRef, begins: datetime, ends: datetime) -> Words:
    """Working days after the day it was sent, to the day its end was recorded: compared, not computed.

    For each run of days that end with the same count, the first moment of the earliest day for each band.
    """
    runs = []
    for until, starts in _runs(begins.astimezone(LONDON).date(), ends.astimezone(LONDON).date()):
        bands = [
            When(challenge__opened_at__gte=midnight(day), then=Value(band))
            for band, day in zip(MOST_DAYS, starts, strict=True)
        ]
        within = Case(*bands, default=Value(LONGER), output_field=CharField())
        runs.append(When(recorded_at__lt=midnight(until), then=within))
    return Words((Case(*runs, default=Value(LONGER), output_field=CharField()),), _same)


def _runs(first: date, end: date) -> list[tuple[date, list[date]]]:
    """For the days from `first` to before `end`: (the day after a run, the earliest day of each band)."""
    closed = closed_days(first - timedelta(days=4 * max(MOST_DAYS.values())), end)
    found: list[tuple[date, list[date]]] = []
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        if found and not is_working_day(day, closed):
            found[-1] = (day + timedelta(days=1), found[-1][1])
        else:
            earliest = [_earliest(day, most, frozenset(closed)) for most in MOST_DAYS.values()]
            found.append((day + timedelta(days=1), earliest))
    return found


@lru_cache(maxsize=8192)
def _earliest(day: date, most: int, closed: frozenset[date]) -> date:
    """The earliest day after which there are no more than `most` working days up to `day`."""
    days = 0
    while True:
        days += is_working_day(day, closed)
        if days > most:
            return day
        day -= timedelta(days=1)


_OF_CLOSED: dict[str, Callable[[OuterRef, datetime, datetime], Words]] = {
    "stage": _stage,
    "outcome": _outcome,
    "on_time": _on_time,
    "days_open": _days_open,
}
