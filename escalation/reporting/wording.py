"""A release in words, for those who make it. From its state and its published values alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.web.components import State as Label
from core.web.dates import clock_time
from escalation.disclosure.plan import Plan
from escalation.policy.words import long_date
from escalation.reporting.models import UNDER_WAY, OutsideFact, Release, State, linked_of, quarters_of
from escalation.reporting.services.making import MOST_ATTEMPTS
from escalation.reporting.tabular import follows

LABELS = {
    State.DRAFT: "wait",
    State.ROUNDING: "wait",
    State.AUDIT: "wait",
    State.READY: "turn",
    State.APPROVED: "due",
    State.PUBLISHED: "done",
    State.WITHDRAWN: "hold",
    State.REFUSED: "hold",
}
ROAD = (State.DRAFT, State.ROUNDING, State.AUDIT, State.READY, State.APPROVED, State.PUBLISHED)
Labels = Mapping[str, Mapping[str, str]]
"""What each category of each dimension is called."""
SPANS = {1: "each quarter", 2: "each half-year", 4: "each year", 12: "three years together"}


@dataclass(frozen=True)
class Milestone:
    """One state on the road to publication; `now` is where the release is."""

    words: str
    done: bool
    now: bool


@dataclass(frozen=True)
class Row:
    """One published figure with what it is of."""

    label: str
    words: str


@dataclass(frozen=True)
class Table:
    """A table as the second person looks at it."""

    title: str
    period: str
    rows: tuple[Row, ...]


def label_of(release: Release) -> Label:
    return Label(LABELS[State(release.state)], release.get_state_display())


def road_of(release: Release) -> list[Milestone]:
    """The way to publication, for one that is on it."""
    if release.state not in ROAD:
        return []
    at = ROAD.index(State(release.state))
    return [Milestone(state.label, number < at, number == at) for number, state in enumerate(ROAD)]


def next_of(release: Release) -> str:
    """What happens now, and what to do if it does not."""
    if release.attempts >= MOST_ATTEMPTS and release.state in (State.DRAFT, State.ROUNDING, State.AUDIT):
        return (
            f"This was begun {release.attempts} times and did not come to its end, so the log has stopped "
            f"trying. Ask whoever runs it to look at the machine, and then to run: "
            f"manage.py release {release.quarter} --of {release.subject}"
        )
    return {
        State.DRAFT: "The log counts it in a moment. Look again in a minute.",
        State.ROUNDING: "This takes a minute or two. Look again then.",
        State.AUDIT: "This takes a minute or two. Look again then.",
        State.READY: "Somebody who did not start it looks at the figures below, and approves them.",
        State.APPROVED: f"It is published on {moment(release.publish_at)}, by itself.",
        State.PUBLISHED: "It is public. What is published never changes.",
        State.WITHDRAWN: "All its tables were withdrawn. They are not replaced.",
        State.REFUSED: "Readers see that no figures are available for this quarter. It is never drawn again.",
    }[State(release.state)]


def moment(when: datetime) -> str:
    return f"{long_date(when.date())}, {clock_time(when)}"


def is_open(release: Release) -> bool:
    return release.state in UNDER_WAY


def parts_of(release: Release) -> list[tuple[str, str]]:
    """Each set of linked tables that is not withdrawn: "closed:2", and its tables by name."""
    gone = {(each.date, each.quarters) for each in release.withdrawals.all()}
    plan, found = release.plan.plan, []
    for each in release.figures.values:
        key = each["date"], len(each["quarters"])
        if key not in gone:
            titles = ", ".join(table.title for table in linked_of(plan, *key).tables)
            found.append((f"{key[0]}:{key[1]}", f"{titles} ({SPANS[key[1]]})"))
    return found


def tables_of(told: Mapping[str, Any], plan: Plan) -> list[Table]:
    """The tables of a release's document, each with all that is said of its figures in words."""
    labels = {each.code: {name.code: name.label for name in each.categories} for each in plan.dimensions}
    return [
        Table(
            table["title"],
            " to ".join(dict.fromkeys([table["quarters"][0], table["quarters"][-1]])),
            (*_rows(table, labels), *(Row(*each) for each in follows(table, told["dimensions"]))),
        )
        for table in told["tables"]
    ]


def _rows(table: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    for part in table["parts"]:
        for cell in part["cells"]:
            names = [labels[code][cell[code]] for code in part["by"]]
            yield Row(", ".join(names) or "Total", ". ".join(_said(cell)))


def _said(cell: Mapping[str, Any]) -> Iterator[str]:
    yield _figure(cell)
    if "change" in cell:
        yield f"Since the period before: {cell['change']}"
    for name, words in (("year_to_date", "Year to date"), ("last_four", "Last four quarters")):
        if name in cell:
            yield f"{words}: {_figure(cell[name])}"


def _figure(cell: Mapping[str, Any]) -> str:
    if cell["value"] is None:
        return str(cell["symbol"])
    return f"{cell['value']}, that is {cell['low']} to {cell['high']}"


def period_of(fact: OutsideFact) -> str:
    """The cases that a fact is of, by their time."""
    if fact.first_quarter is None or fact.quarters is None:
        return "All"
    return f"{fact.date.capitalize()}, {quarters_of(fact.first_quarter, fact.quarters)}"


def categories_of(fact: OutsideFact, kinds: Mapping[tuple[str, str, str], str]) -> str:
    """The kinds of cases that a fact is of; `kinds` has the words for (subject, dimension, category)."""
    return ", ".join(
        kinds.get((fact.subject, code, name), f"{code}: {name}") for code, name in fact.categories.items()
    )
