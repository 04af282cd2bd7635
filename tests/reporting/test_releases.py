"""A release from its start to publication, withdrawal or refusal; and what the database never lets happen."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.audit.verify import verify_all
from core.machine import NotPermitted, Refused
from escalation.disclosure import releasing
from escalation.disclosure.form import NOT_OF_PUBLISHED
from escalation.disclosure.plan import Date, Plan
from escalation.disclosure.releasing import Refused as NotReleased
from escalation.policy.quarters import Quarter
from escalation.reporting import counting, files
from escalation.reporting.counting.tabulating import GroupBy, Row
from escalation.reporting.models import (
    DOCUMENT,
    Event,
    Figures,
    OutsideFact,
    Release,
    ReleaseFile,
    ReleasePlan,
    Snapshot,
    State,
    Withdrawal,
    number_of,
)
from escalation.reporting.queries import withdrawn_publications
from escalation.reporting.services import (
    NewFact,
    approve,
    approve_plan,
    choose_plan,
    make,
    refuse,
    register_fact,
    start,
    strike_fact,
    withdraw,
    work,
)
from tests.factories import person, policy, setting, standing
from tests.moments import london
from tests.reporting.quarters import BEFORE, Q1, Q2, Unit, after, logged

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    policy(today=date(2026, 4, 1))
    return Unit()


def document(release: Release) -> dict[str, Any]:
    file = release.files.get(name=DOCUMENT, edition=release.edition)
    return dict(json.loads(bytes(file.content)))


def figure(told: dict[str, Any], code: str) -> dict[str, Any]:
    """The total of a table."""
    table = next(each for each in told["tables"] if each["code"] == code)
    found: dict[str, Any] = next(part["cells"][0] for part in table["parts"] if part["by"] == [])
    return found


def test_from_start_to_publication(unit: Unit) -> None:
    unit.plan()
    logged(23)
    release = unit.started()
    assert (release.state, Snapshot.objects.count()) == (State.DRAFT, 0)
    work(now=after(Q1))
    release.refresh_from_db()
    assert release.state == State.READY
    assert len(bytes(release.snapshot.bits)) == 32
    assert release.verdict.startswith("Certified safe")
    release = unit.approve(release)
    work(now=release.publish_at - timedelta(seconds=1))
    assert Release.objects.get().state == State.APPROVED
    work(now=release.publish_at)
    release.refresh_from_db()
    assert release.state == State.PUBLISHED
    assert release.publish_at == london(2026, 8, 11, 9, 30)
    assert not Snapshot.objects.exists()
    told = document(release)
    assert figure(told, "opened")["value"] in (20, 25)
    assert told["dimensions"][0]["categories"][0]["label"]
    assert [str(fault) for fault in verify_all()] == []
    acts = Event.objects.filter(chain=f"release:{release.uuid}").order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["started", "counted", "audit", "drawn", "approved", "published"]


def test_where_a_table_counts_a_case_twice_there_is_no_release(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a join with two replies would; the total is counted without it."""
    unit.plan()
    logged(23)
    rightly = counting.GROUP_BY["challenges"]

    def joined(plan: Plan) -> GroupBy:
        def count(by: Sequence[str], on: Date, begins: datetime, ends: datetime) -> list[Row]:
            return [(names, number + bool(by)) for names, number in rightly(plan)(by, on, begins, ends)]

        return count

    monkeypatch.setitem(counting.GROUP_BY, "challenges", joined)
    release = unit.ready()
    assert (release.state, release.refusal) == (State.REFUSED, "technical")
    assert not Figures.objects.exists()


def test_figures_that_are_not_rounded_are_no_release_though_certified(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit.plan()
    logged(23)
    monkeypatch.setattr(releasing, "round_counts", lambda layout, counts, stream, **bounds: counts)
    release = unit.ready()
    assert (release.state, release.refusal) == (State.REFUSED, "technical")
    assert not Figures.objects.exists()


def test_what_does_not_follow_from_published_figures_is_not_published(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit.plan()
    logged(23)
    release, rightly = unit.approved(), files.document_of

    def with_an_exact_total(*given: Any) -> dict[str, Any]:
        told = rightly(*given)
        figure(told, "opened")["value"] = 23
        return told

    monkeypatch.setattr(files, "document_of", with_an_exact_total)
    with pytest.raises(NotReleased, match=NOT_OF_PUBLISHED):
        work(now=release.publish_at)
    assert (Release.objects.get().state, ReleaseFile.objects.count()) == (State.APPROVED, 0)


def test_whoever_started_does_not_approve(unit: Unit) -> None:
    unit.plan()
    release = unit.ready()
    with pytest.raises(Refused, match="Somebody else"):
        unit.approve(release, by=unit.ruth)
    assert Release.objects.get().state == State.READY


def test_only_the_business_unit_makes_releases(unit: Unit) -> None:
    unit.plan()
    lead = person(lead=setting())
    with pytest.raises(NotPermitted):
        start(Q1, "challenges", by=lead, standing=standing(lead), now=after(Q1))


def test_a_quarter_that_is_not_over_is_refused_in_words(unit: Unit) -> None:
    unit.plan()
    with pytest.raises(Refused, match="it ends on Tuesday 30 June 2026"):
        start(Q1, "challenges", by=unit.ruth, standing=standing(unit.ruth), now=london(2026, 6, 30, 23, 59))


REFUSED_STARTS = {
    "a quarter has one release": ("There is a release for 2026-27-Q1 already: published", Q1),
    "no plan was approved": ("No plan was approved before 2025-26-Q4 began", Q1.previous),
}


@pytest.mark.parametrize(("words", "quarter"), REFUSED_STARTS.values(), ids=REFUSED_STARTS)
def test_what_cannot_be_started(unit: Unit, words: str, quarter: Quarter) -> None:
    unit.plan()
    unit.published()
    with pytest.raises(Refused, match=words):
        unit.started(quarter)


def test_one_at_a_time_and_in_the_order_of_quarters(unit: Unit) -> None:
    unit.plan()
    unit.started(Q2)
    with pytest.raises(Refused, match="Finish the release of 2026-27-Q2 first"):
        unit.started(Q1)


def test_after_most_quarters_a_yearly_plan_publishes_nothing(unit: Unit) -> None:
    unit.plan("challenges_small", expected=40)
    with pytest.raises(Refused, match="nothing is published after 2026-27-Q1"):
        unit.started()


def test_a_refused_release_keeps_its_figures_and_is_never_drawn_again(unit: Unit) -> None:
    unit.plan()
    release = unit.ready()
    drawn = release.figures.values
    refused = refuse(
        release, reason="log_incomplete", by=unit.omar, standing=standing(unit.omar), now=after(Q1)
    )
    assert refused.state == State.REFUSED
    assert Figures.objects.get().values == drawn
    assert not Snapshot.objects.exists()
    with pytest.raises(Refused, match="never drawn twice"):
        unit.started()
    assert [str(fault) for fault in verify_all()] == []


def test_a_release_approved_late_waits_for_a_whole_week(unit: Unit) -> None:
    """Never "when ready": the day of the week and the hour stay those of the plan."""
    unit.plan()
    release = make(unit.started(), now=after(Q1, 45))
    late = approve(release, by=unit.omar, standing=standing(unit.omar), now=after(Q1, 45))
    assert late.publish_at == london(2026, 8, 18, 9, 30)


def test_tables_taken_back_are_not_available_from_the_next_edition_on(unit: Unit) -> None:
    unit.plan()
    logged(23)
    first = unit.published()
    logged(31, london(2026, 8, 12, 10))
    second = unit.published(Q2)
    assert figure(document(second), "opened")["year_to_date"]["value"] >= 45
    before = document(first)
    withdraw(
        first,
        [("logged", 1)],
        reason="corrected",
        by=unit.ruth,
        standing=standing(unit.ruth),
        now=after(Q2, 60),
    )
    first.refresh_from_db()
    assert first.state == State.PUBLISHED
    assert not first.files.filter(edition=first.edition).exists()
    work(now=after(Q2, 60))
    told = document(first)
    assert figure(told, "opened")["symbol"] == "[x]"
    assert figure(told, "closed") == figure(before, "closed")
    assert "withdrawn" in told["withdrawn"]
    second.refresh_from_db()
    assert figure(document(second), "opened")["year_to_date"]["symbol"] == "[x]"
    assert figure(document(second), "opened")["value"] is not None
    assert [(each.date, each.quarters) for each in withdrawn_publications("challenges")] == [
        ("logged", (str(Q1),))
    ], "what was published is known for ever, so later figures are checked given it"
    assert [str(fault) for fault in verify_all()] == []


def test_when_all_is_taken_back_the_release_is_withdrawn(unit: Unit) -> None:
    unit.plan()
    release = unit.published()
    parts = [("logged", 1), ("closed", 1)]
    with_all = withdraw(
        release, parts, reason="advice", by=unit.ruth, standing=standing(unit.ruth), now=after(Q2)
    )
    assert with_all.state == State.WITHDRAWN


# What the database itself refuses, whatever a program does.


def _published(unit: Unit) -> Release:
    unit.plan()
    return unit.published()


TAMPERINGS: dict[str, Callable[[Release], object]] = {
    "another date of publication": lambda release: Release.objects.filter(pk=release.pk).update(
        published_at=BEFORE
    ),
    "back to approved": lambda release: Release.objects.filter(pk=release.pk).update(state=State.APPROVED),
    "a release deleted": lambda release: Release.objects.filter(pk=release.pk).delete(),
    "other figures": lambda release: Figures.objects.filter(pk=release.pk).update(values=[]),
    "figures deleted": lambda release: Figures.objects.filter(pk=release.pk).delete(),
    "a second draw": lambda release: Figures.objects.create(
        release=release, values=[], lists=0, moves=0, drawn_at=BEFORE
    ),
    "another file": lambda release: ReleaseFile.objects.filter(release=release).update(content=b"{}"),
    "a file deleted": lambda release: ReleaseFile.objects.filter(release=release).delete(),
    "an approved plan": lambda release: ReleasePlan.objects.update(expected=10),
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_the_database_refuses(unit: Unit, tampering: Callable[[Release], object]) -> None:
    release = _published(unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        tampering(release)


def test_bits_are_never_drawn_a_second_time(unit: Unit) -> None:
    unit.plan()
    release = unit.ready()
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.filter(release=release).update(bits=bytes(32))


# Plans


def test_a_plan_is_approved_by_another_before_its_year_begins(unit: Unit) -> None:
    chosen = choose_plan(
        subject="challenges",
        key="challenges_middle",
        starts=date(2027, 4, 1),
        expected=100,
        days_after=42,
        log_begins=False,
        by=unit.ruth,
        standing=standing(unit.ruth),
        now=BEFORE,
    )
    with pytest.raises(Refused, match="Somebody else"):
        approve_plan(chosen, by=unit.ruth, standing=standing(unit.ruth), now=BEFORE)
    with pytest.raises(Refused, match="This year has begun"):
        approve_plan(chosen, by=unit.omar, standing=standing(unit.omar), now=london(2027, 4, 1, 0, 0))
    approved = approve_plan(chosen, by=unit.omar, standing=standing(unit.omar), now=london(2027, 3, 31, 23))
    assert approved.approved_by == unit.omar


WRONG_PLANS: dict[str, tuple[dict[str, Any], str]] = {
    "too many cases for it": ({"key": "challenges_small", "expected": 100}, "Choose the plan for that many"),
    "another subject": ({"key": "lado_middle", "expected": 150}, "counts something else"),
    "no such plan": ({"key": "../settings", "expected": 150}, "There is no such plan"),
    "not on 1 April": ({"starts": date(2027, 5, 1)}, "begins on 1 April"),
    "a year that has begun": ({"starts": date(2026, 4, 1)}, "This year has begun"),
    "published the day after": ({"days_after": 1}, "from 14 to 120"),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG_PLANS.values(), ids=WRONG_PLANS)
def test_a_plan_that_does_not_fit_is_refused_in_words(unit: Unit, wrong: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {
        "subject": "challenges",
        "key": "challenges_middle",
        "starts": date(2027, 4, 1),
        "expected": 100,
        "days_after": 42,
        "log_begins": False,
    }
    with pytest.raises(Refused, match=words):
        choose_plan(**asked | wrong, by=unit.ruth, standing=standing(unit.ruth), now=london(2026, 9, 1))
    assert not ReleasePlan.objects.exists()


# Facts from outside


def public_elsewhere(unit: Unit, value: int, **categories: str) -> None:
    """An exact count of those logged in the first quarter."""
    fact = NewFact(
        subject="challenges",
        kind="exact",
        value=value,
        source="Annual report 2026, page 4",
        public_since=date(2026, 7, 1),
        date="logged",
        first_quarter=number_of(Q1),
        quarters=1,
        categories=categories,
    )
    register_fact(fact, by=unit.ruth, standing=standing(unit.ruth), now=after(Q1))


@pytest.mark.large
def test_a_fact_that_leaves_no_safe_figures_means_no_release(unit: Unit) -> None:
    """The total is public, and all but one of the kinds: the last one is known exactly."""
    unit.plan()
    logged(12)
    public_elsewhere(unit, 12)
    public_elsewhere(unit, 11, issue_group="level_of_help")
    for kind in ("plan_not_moving", "information", "not_taking_part", "service_gap"):
        public_elsewhere(unit, 0, issue_group=kind)
    release = unit.ready()
    assert (release.state, release.refusal) == (State.REFUSED, "technical")
    assert not Figures.objects.exists()


def test_one_total_that_is_public_elsewhere_is_no_secret_and_no_harm(unit: Unit) -> None:
    unit.plan()
    logged(12)
    public_elsewhere(unit, 12)
    assert unit.ready().state == State.READY


def test_a_fact_is_struck_by_another_and_never_deleted(unit: Unit) -> None:
    new = NewFact("challenges", "at_least", 3, "A vignette in the newsletter", date(2026, 7, 1))
    fact = register_fact(new, by=unit.ruth, standing=standing(unit.ruth), now=after(Q1))
    with pytest.raises(Refused, match="Somebody else"):
        strike_fact(fact, by=unit.ruth, standing=standing(unit.ruth), now=after(Q1))
    struck = strike_fact(fact, by=unit.omar, standing=standing(unit.omar), now=after(Q1))
    assert struck.struck_by == unit.omar
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideFact.objects.filter(pk=fact.pk).update(value=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideFact.objects.all().delete()
    assert not Withdrawal.objects.exists()
