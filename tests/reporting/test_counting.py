"""True counts in SQL against the same told one by one in Python, on the demo's partnership; and the edges."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from escalation.accounts.models import Setting
from escalation.challenges.models import Challenge
from escalation.challenges.services import take_step
from escalation.challenges.workflow import ENDED, STEP
from escalation.demo.filling import fill
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Plan
from escalation.disclosure.plan_files import shipped_plans
from escalation.lado.counting import earliest_within
from escalation.lado.models import Referral
from escalation.lado.workflow import ENDED as LADO_ENDED
from escalation.lado.workflow import STEPS as LADO_STEPS
from escalation.policy.calendar import is_working_day
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.reporting.counting import GROUP_BY, count
from escalation.reporting.counting.tabulating import count_due, count_linked
from escalation.reporting.models import number_of
from escalation.rulebook.queries import closed_days
from tests.factories import challenge, person, policy, setting, standing
from tests.importing import bringing
from tests.moments import london
from tests.reporting.quarters import true_total
from tests.sql import counted_sql

PLANS = {plan.key: plan for plan in shipped_plans()}
LARGE, LADO = PLANS["challenges_large"], PLANS["lado_middle"]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One transaction around all tests that use it: they read, and none of them takes the db fixture."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(today=timezone.localdate(), challenges=60)
        yield
        transaction.set_rollback(True)


def quarters() -> list[int]:
    """The last six."""
    now = number_of(Quarter.of(timezone.localdate()))
    return list(range(now - 5, now + 1))


def number_at(moment: datetime) -> int:
    return number_of(Quarter.of(moment.astimezone(LONDON).date()))


def ended(entries: list[Any], steps: set[str]) -> Any:
    return next((each for each in sorted(entries, key=lambda each: each.pk) if each.step in steps), None)


ENDING = {step.name for step in STEP.values() if step.leads_to and set(step.leads_to) <= set(ENDED)}
LADO_ENDING = {step.name for step in LADO_STEPS if step.leads_to and set(step.leads_to) <= set(LADO_ENDED)}
Case = tuple[Mapping[str, str], int]
"""A case in the words of the log, and the number of its quarter."""


def told_one_by_one(each: Challenge) -> dict[str, str]:
    """The words of one challenge, read from its rows as a person would."""
    groups = {term.code: term.group for term in each.policy.terms("issue")}
    asked = {party.setting.group for party in each.parties.all() if party.role == "responding"}
    said = {"issue_group": groups.get(each.issue, each.about)}
    other = {"probation", "voluntary", "housing"}
    kinds = {"other" if group in other else group for group in asked}
    said["setting_group"] = kinds.pop() if len(kinds) == 1 else "several"
    first = [entry for entry in each.entries.all() if entry.episode == 1]
    last = ended(first, ENDING)
    if last is None:
        return said
    settled = [entry for entry in first if entry.step == "settle"]
    by_step = {"withdraw": "withdrawn", "accept_transfer": "transferred"}
    came = max(settled, key=lambda entry: entry.pk).codes["outcome"] if settled else "void"
    if last.step not in ("confirm_settled", "close_unconfirmed"):
        came = by_step.get(last.step, "void")
    met = {d.met for d in each.deadlines.all() if d.episode == 1 and d.name in answer_clocks(each)} - {None}
    sent, end = (moment.astimezone(LONDON).date() for moment in (each.opened_at, last.recorded_at))
    closed = closed_days(sent, end)
    days = sum(is_working_day(sent + timedelta(days=n), closed) for n in range(1, (end - sent).days + 1))
    bands = ((5, "up_to_5"), (10, "from_6_to_10"), (20, "from_11_to_20"), (40, "from_21_to_40"))
    return said | {
        "stage": str(max(entry.stage for entry in first)),
        "outcome": came,
        "on_time": "none_due" if not met else "some_late" if False in met else "all_on_time",
        "days_open": next((band for most, band in bands if days <= most), "over_40"),
    }


def answer_clocks(each: Challenge) -> set[str]:
    return {clock.name for stage in each.policy.stages for clock in stage.answer_clocks}


def test_sql_counts_challenges_as_one_by_one(demo: None) -> None:
    rows = Challenge.objects.prefetch_related("entries", "deadlines", "parties__setting")
    cases: dict[Date, list[Case]] = {Date.LOGGED: [], Date.CLOSED: []}
    for each in rows.select_related("policy_version"):
        words = told_one_by_one(each)
        cases[Date.LOGGED].append((words, number_at(each.opened_at)))
        last = ended([entry for entry in each.entries.all() if entry.episode == 1], ENDING)
        if last is not None:
            cases[Date.CLOSED].append((words, number_at(last.recorded_at)))
    assert counted_alike(LARGE, "challenges", cases) > 60


def test_sql_counts_contacts_as_one_by_one(demo: None) -> None:
    """All tables of the LADO's plan at once, each quarter."""
    cases: dict[Date, list[Case]] = {Date.LOGGED: [], Date.CLOSED: []}
    for each in Referral.objects.prefetch_related("entries", "allegations", "meetings"):
        words = contact_told(each)
        cases[Date.LOGGED].append((words, number_at(each.opened_at)))
        last = ended(list(each.entries.all()), LADO_ENDING)
        if last is not None:
            cases[Date.CLOSED].append((words, number_at(last.recorded_at)))
    assert counted_alike(LADO, "lado", cases) >= 8


def contact_told(each: Referral) -> dict[str, str]:
    """The words of one contact, read from its rows as a person would."""
    natures = {allegation.nature for allegation in each.allegations.all()}
    outcomes = {allegation.outcome for allegation in each.allegations.all()}
    held = any(meeting.held_on for meeting in each.meetings.all())
    last = ended(list(each.entries.all()), LADO_ENDING)
    return {
        "level": "meeting_held" if held else "met_without_meeting" if each.accepted_at else "advice",
        "sector_group": each.sector,
        "nature_group": gravest(natures, "sexual", "physical"),
        "outcome": gravest(outcomes, "substantiated", "unsubstantiated"),
        "told": {True: "in_time", False: "later", None: "not_known"}[each.told_in_time],
        "concluded": concluded(each.told_at, last.recorded_at) if last else "",
    }


def gravest(found: set[str], *order: str) -> str:
    return next((word for word in order if word in found), max(found, default=""))


def concluded(told: datetime, end: datetime) -> str:
    first, last = told.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    months = 12 * (last.year - first.year) + last.month - first.month + (last.day > first.day)
    bands = ((1, "within_1_month"), (3, "within_3_months"), (6, "within_6_months"), (12, "within_12_months"))
    return next((band for most, band in bands if months <= most), "over_12_months")


@pytest.mark.parametrize(
    ("day", "months", "earliest"),
    [
        (date(2026, 5, 12), 1, date(2026, 4, 12)),
        (date(2026, 3, 31), 1, date(2026, 3, 1)),
        (date(2026, 2, 28), 1, date(2026, 1, 28)),
        (date(2026, 1, 31), 3, date(2025, 10, 31)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
    ],
)
def test_so_many_months_reach_a_day(day: date, months: int, earliest: date) -> None:
    assert earliest_within(day, months) == earliest


def counted_alike(plan: Plan, subject: str, cases: Mapping[Date, list[Case]]) -> int:
    """Compare every cell of every table, quarter by quarter; gives how many cases were seen."""
    seen = 0
    for linked in plan.linked:
        layout = linked.layout
        for number in quarters():
            found = count_linked(linked, Period(number, 1), GROUP_BY[subject](plan))
            expected = layout.count(plan.case(words) for words, at in cases[linked.date] if at == number)
            pairs = zip(layout.cells, found, expected, strict=True)
            assert {cell: (sql, told) for cell, sql, told in pairs if sql != told} == {}
            seen += int(found[0])
    return seen


# The edges, each made on purpose.


class World:
    """A school that asks a team, and the teacher who does."""

    def __init__(self) -> None:
        policy(today=date(2026, 4, 1))
        self.school = setting("Oakfield Primary School", group="education")
        self.team = setting("Team A", group="social_care")
        self.teacher = person("Amal Idris", practitioner=self.school, lead=self.school)

    def sent(self, now: datetime, *asked: Setting) -> Challenge:
        return challenge(by=self.teacher, raising=self.school, asked=asked or [self.team], now=now)

    def take(self, one: Challenge, name: str, now: datetime, **answers: object) -> Challenge:
        one = Challenge.objects.get(pk=one.pk)
        theirs = standing(self.teacher, now.date())
        return take_step(
            one, STEP[name], by=self.teacher, standing=theirs, expected=one.version, now=now, answers=answers
        )

    def withdrawn(self, now: datetime, end: datetime, *asked: Setting) -> Challenge:
        return self.take(self.sent(now, *asked), "withdraw", end, withdrawal_reason="not_needed")


@pytest.fixture
def world(db: None) -> World:
    return World()


def counted(table: str, quarter: Quarter) -> dict[str, int]:
    """One table by one dimension of the plan for many, as counted in a quarter; without empty categories."""
    linked = next(each for each in LARGE.linked if table in {one.code for one in each.tables})
    found = count_linked(linked, Period(number_of(quarter), 1), GROUP_BY["challenges"](LARGE))
    [dimension] = next(one.by for one in linked.tables if one.code == table)
    places = zip(linked.layout.cells, found, strict=True)
    return {cell[0][1]: int(n) for cell, n in places if len(cell) == 1 and cell[0][0] == dimension and n}


Q1, Q2, Q3 = (Quarter(2026, number) for number in (1, 2, 3))


def test_a_day_is_a_london_day(world: World) -> None:
    """Midnight of 1 July in London is 11pm of 30 June in UTC."""
    world.sent(london(2026, 6, 30, 23, 59))
    world.sent(london(2026, 7, 1, 0, 0))
    world.sent(london(2026, 7, 1, 0, 1))
    assert (true_total(Q1, Date.LOGGED), true_total(Q2, Date.LOGGED)) == (1, 2)


def test_one_that_is_reopened_and_ends_again_counts_where_it_first_ended(world: World) -> None:
    one = world.withdrawn(london(2026, 4, 13), london(2026, 5, 11))
    world.take(one, "reopen", london(2026, 6, 29), what="It happened again.")
    world.take(one, "withdraw", london(2026, 7, 13), withdrawal_reason="not_needed")
    assert (true_total(Q1, Date.CLOSED), true_total(Q2, Date.CLOSED)) == (1, 0)
    assert counted("closed_by_outcome", Q1) == {"other": 1}
    assert counted("closed_by_stage", Q1) == {"stage_1": 1}


def test_one_that_ends_in_a_later_quarter_counts_there(world: World) -> None:
    world.withdrawn(london(2026, 6, 29), london(2026, 7, 13))
    assert (true_total(Q1, Date.LOGGED), true_total(Q1, Date.CLOSED)) == (1, 0)
    assert (true_total(Q2, Date.LOGGED), true_total(Q2, Date.CLOSED)) == (0, 1)


BANDS = {
    "the same day": (london(2026, 4, 13, 9), london(2026, 4, 13, 17), "up_to_5"),
    "the fifth working day": (london(2026, 4, 13), london(2026, 4, 20, 23, 59), "up_to_5"),
    "the sixth": (london(2026, 4, 13), london(2026, 4, 21, 0, 1), "from_6_to_10"),
    "a bank holiday does not count": (london(2026, 4, 28), london(2026, 5, 6), "up_to_5"),
    "nor does a weekend at the end": (london(2026, 4, 13), london(2026, 4, 26), "from_6_to_10"),
    "sent on a Saturday": (london(2026, 4, 18), london(2026, 4, 24), "up_to_5"),
    "forty": (london(2026, 4, 13), london(2026, 6, 10), "from_21_to_40"),
    "forty-one": (london(2026, 4, 13), london(2026, 6, 11), "over_40"),
}


@pytest.mark.parametrize(("sent", "end", "band"), BANDS.values(), ids=BANDS)
def test_working_days_open(world: World, sent: datetime, end: datetime, band: str) -> None:
    world.withdrawn(sent, end)
    assert counted("days_open", Q1) == {band: 1}


ASKED = {
    "one group": (["health"], "health"),
    "two of one group": (["police", "police"], "police"),
    "two of different groups": (["police", "health"], "several"),
    "two groups that count as one": (["housing", "probation"], "other"),
}


@pytest.mark.parametrize(("groups", "category"), ASKED.values(), ids=ASKED)
def test_who_was_asked(world: World, groups: list[str], category: str) -> None:
    world.sent(london(2026, 5, 12), *[setting(group=group) for group in groups])
    assert counted("opened_by_setting", Q1) == {category: 1}


def test_what_an_earlier_log_counted_is_not_counted_again(db: None) -> None:
    bringing.directory()
    bringing.bring_in(bringing.MENDED)
    assert Challenge.objects.count() > 20
    days = Challenge.objects.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    numbers = range(number_at(days["first"]), number_at(bringing.TODAY) + 2)
    for number in numbers:
        found = count_due(replace(LARGE, start=date(2020, 4, 1)), number, GROUP_BY["challenges"](LARGE))
        assert {on: n for on, n in found.totals.items() if n} == {}, days


def test_how_many_statements_it_takes_does_not_grow_with_the_cases(world: World) -> None:
    """One for each table that is no margin of another, and one for each total it adds up."""
    world.withdrawn(london(2026, 4, 13), london(2026, 4, 20))
    count(LARGE, "challenges", number_of(Q3))
    with counted_sql() as few:
        count(LARGE, "challenges", number_of(Q3))
    for _ in range(5):
        world.withdrawn(london(2026, 10, 13), london(2026, 11, 20))
    with counted_sql() as many:
        count(LARGE, "challenges", number_of(Q3))
    grouped = [sql for sql in many if "GROUP BY" in sql and "COUNT(" in sql]
    assert len(many) == len(few), many
    assert len(grouped) == 7
