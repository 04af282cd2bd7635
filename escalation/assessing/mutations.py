"""Eight ways to publish more, or otherwise, than the method does. Each must be refused, each time.

For each, `attempt` does it for a seed and gives the reasons for which what came of it is refused; the rule
that it breaks has to be among them. What the method itself could have published is no mutation: where chance
gives that, another is drawn. `known` is what everybody would know if nothing but the certificate stood in
the way; that refuses it where it does harm, and some do none as long as the figures happen to agree.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

import numpy as np

from escalation.assessing.generating import Case, counter
from escalation.assessing.small import ISSUE, OUTCOME, STAGE, cases, stream
from escalation.disclosure import form
from escalation.disclosure.audit import Publication, gather
from escalation.disclosure.document import document
from escalation.disclosure.periods import Period, Span
from escalation.disclosure.plan import Category, Date, Percentage, Plan, PlanDimension, PlanTable
from escalation.disclosure.plan_files import from_document, shipped_document
from escalation.disclosure.releasing import COUNTED_TWICE, TOTAL_ONLY, draw
from escalation.disclosure.rounding import BASE, round_counts
from escalation.disclosure.statements import Box, Knowledge, Statement, at_least, box, exact, published
from escalation.disclosure.tables import TOTAL, Dimension, Ints, Layout
from escalation.rulefiles import RuleFileErrors

STAR = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome"), ("stage", "issue")])
CASES = 14
FEWER_THAN_CELLS = 8
QUARTERS = ("2026-27-Q1", "2026-27-Q2", "2026-27-Q3", "2026-27-Q4")
TWO_A_QUARTER, CONTACTS = 2, 8
LEVEL = Dimension("level", ("advice", "met", "meeting"))
NESTED = [{"code": "contact", "label": "Contact", "holds": list(LEVEL.categories)}] + [
    {"code": code, "label": code, "holds": list(LEVEL.categories[at:])}
    for at, code in enumerate(LEVEL.categories)
    if at
]
"""Contacts, those that met the threshold, and those with a meeting: each lies in the one before."""


def plan() -> Plan:
    """Each quarter two linked tables and a percentage, each year a total."""
    dimensions = tuple(
        PlanDimension(
            side.code,
            side.code,
            tuple(Category(name, name, (name,)) for name in side.categories),
            side.categories[-1],
            "",
        )
        for side in (STAGE, OUTCOME, ISSUE)
    )
    share = Percentage(("2",), STAGE.categories)
    return Plan(
        key="mutations",
        title="Mutations",
        version=1,
        start=date(2026, 4, 1),
        unit="case",
        least=0,
        most=None,
        dimensions=dimensions,
        tables=(
            PlanTable("outcomes", "Outcomes", ("stage", "outcome"), Date.LOGGED, Span.QUARTER),
            PlanTable("issues", "Issues", ("stage", "issue"), Date.LOGGED, Span.QUARTER),
            PlanTable("stages", "Stages", ("stage",), Date.LOGGED, Span.QUARTER, share),
            PlanTable("year", "Year", (), Date.LOGGED, Span.YEAR),
        ),
    )


PLAN = plan()
FIRST = PLAN.since


# What would be known


def released(number: int, seed: int) -> tuple[Ints, Ints]:
    """True counts of linked tables, and what is published of them."""
    counts = STAR.count(cases([STAGE, OUTCOME, ISSUE], number, seed))
    return counts, round_counts(STAR, counts, stream(seed))


def as_it_is(seed: int) -> Knowledge:
    """No mutation: what the method publishes."""
    return gather([Publication(STAR, released(CASES, seed)[1])])


def with_more(change: Callable[[int, Ints, Ints], list[Statement]]) -> Callable[[int], Knowledge]:
    """A release with something more said about it."""

    def spoilt(seed: int) -> Knowledge:
        counts, shown = released(CASES, seed)
        knowledge = gather([Publication(STAR, shown)])
        return replace(knowledge, statements=(*knowledge.statements, *change(seed, counts, shown)))

    return spoilt


def unrounded_margin(seed: int, counts: Ints, shown: Ints) -> list[Statement]:
    cell = (("stage", "2"),)
    return [exact(box(stage="2"), int(counts[STAR.index[cell]]))]


def exact_percentage(seed: int, counts: Ints, shown: Ints) -> list[Statement]:
    """To a tenth of a percent: 35.7 % were of stage 2. Two limits on 1000 x part - tenths x whole."""
    part, whole = int(counts[STAR.index[("stage", "2"),]]), int(counts[STAR.index[TOTAL]])
    tenths = round(1000 * part / whole)
    lower = ((2000, box(stage="2")), (1 - 2 * tenths, box()))
    upper = ((-2000, box(stage="2")), (1 + 2 * tenths, box()))
    return [Statement(lower, 0, None), Statement(upper, 0, None)]


def second_draw(seed: int, counts: Ints, shown: Ints) -> list[Statement]:
    draws = (round_counts(STAR, counts, stream(number)) for number in count(1000 + seed))
    again = next(draw for draw in draws if (draw != shown).any())
    return Publication(STAR, again).statements


def categories_of_the_data(seed: int, counts: Ints, shown: Ints) -> list[Statement]:
    """A line is there if there was a case."""
    boxes = [box(**dict(cell)) for cell in STAR.cells]
    return [
        at_least(where, 1) if number else exact(where, 0) for where, number in zip(boxes, counts, strict=True)
    ]


def rounded_apart(number: int, generator: np.random.Generator) -> int:
    """One count rounded on its own, right on average."""
    remainder = number % BASE
    return number - remainder + BASE * int(generator.random() < remainder / BASE)


def _quarters(seed: int) -> tuple[list[int], list[Publication], np.random.Generator]:
    generator = np.random.default_rng(seed)
    true = [int(each) for each in generator.poisson(TWO_A_QUARTER, size=4)]
    shown = [
        Publication(TOTAL_ONLY, np.array([rounded_apart(number, generator)]), "logged", (quarter,))
        for number, quarter in zip(true, QUARTERS, strict=True)
    ]
    return true, shown, generator


def exact_year_to_date(seed: int) -> Knowledge:
    true, shown, _ = _quarters(seed)
    so_far = exact(box(logged=QUARTERS[:2]), true[0] + true[1])
    return replace(gather(shown[:2], facts=[so_far]), known=frozenset(), cells=(so_far.terms[0][1],), rows=())


def year_rounded_apart(seed: int) -> Knowledge:
    true, shown, generator = _quarters(seed)
    year = Publication(TOTAL_ONLY, np.array([rounded_apart(sum(true), generator)]), "logged", QUARTERS)
    return gather([*shown, year])


def _nested(seed: int) -> tuple[list[Box], list[int]]:
    """Contacts, threshold met and meetings held, each rounded on its own."""
    generator = np.random.default_rng(seed)
    levels = generator.choice(3, size=generator.poisson(CONTACTS), p=[0.33, 0.2, 0.47])
    boxes = [box(**({"level": LEVEL.categories[least:]} if least else {})) for least in range(3)]
    return boxes, [rounded_apart(int((levels >= least).sum()), generator) for least in range(3)]


def nested_rounded_apart(seed: int) -> Knowledge:
    boxes, shown = _nested(seed)
    told = tuple(published(where, value) for where, value in zip(boxes, shown, strict=True))
    return Knowledge({"level": LEVEL.categories}, told, tuple(boxes))


def counted_twice(seed: int) -> Knowledge:
    """Every case adds two to the cell: two replies each."""
    generator = np.random.default_rng(seed)
    value = rounded_apart(2 * int(generator.poisson(TWO_A_QUARTER)), generator)
    told = published(box(issue="help"), value)
    twice = replace(told, terms=((2, box(issue="help")),))
    return Knowledge({"issue": ISSUE.categories}, (twice,), (box(issue="help"),))


# What is done, and why it is refused


def quarter_of(number: int, seed: int, quarter: int = FIRST) -> list[Case]:
    """Generated cases of one quarter."""
    return [Case(each, quarter, quarter) for each in cases([STAGE, OUTCOME, ISSUE], number, seed)]


def lawful(listed: list[Case], quarters: int, seed: int) -> list[Publication]:
    """What the method draws for some cases, quarter after quarter from the first one."""
    told: list[Publication] = []
    for quarter in range(FIRST, FIRST + quarters):
        told += draw(PLAN, quarter, counter(listed), told, stream(seed))
    return told


def leave_margin_unrounded(seed: int) -> list[str]:
    """The first margin that is no multiple of 5; one that is would be published as it is."""
    listed = quarter_of(CASES, seed)
    (drawn,) = lawful(listed, 1, seed)
    counts = counter(listed)(STAR, Date.LOGGED, drawn.period)
    at = next(n for n, cell in enumerate(STAR.cells) if len(cell) == 1 and counts[n] % BASE)
    values = drawn.values.copy()
    values[at] = counts[at]
    return form.faults(PLAN, FIRST, [replace(drawn, values=values)])


def tell_exact_percentage(seed: int) -> list[str]:
    listed = quarter_of(CASES, seed)
    told = lawful(listed, 1, seed)
    page = document(PLAN, FIRST, told)
    part = sum(each.categories["stage"] == "2" for each in listed)
    page["tables"][2]["percentage"]["words"] = f"{100 * part / len(listed):.1f}%"
    return form.departures(page, PLAN, FIRST, told)


def draw_again(seed: int) -> list[str]:
    listed = quarter_of(CASES, seed)
    (first,) = lawful(listed, 1, seed)
    draws = (lawful(listed, 1, number) for number in count(1000 + seed))
    again = next(each for each in draws if (each[0].values != first.values).any())
    return form.faults(PLAN, FIRST, again, earlier=[first])


def tell_exact_year_to_date(seed: int) -> list[str]:
    listed = [each for quarter in (0, 1) for each in quarter_of(CASES, 2 * seed + quarter, FIRST + quarter)]
    told = lawful(listed, 2, seed)
    page = document(PLAN, FIRST + 1, told)
    total = page["tables"][0]["parts"][0]["cells"][0]
    total["year_to_date"] = {"value": len(listed), "low": len(listed), "high": len(listed), "symbol": None}
    return form.departures(page, PLAN, FIRST + 1, told)


def round_nested_apart(seed: int) -> list[str]:
    """As a plan would have it, and as tables of their own beside the plan."""
    ladder = shipped_document("lado_middle")
    level = next(each for each in ladder["dimensions"] if each["code"] == "level")
    level |= {"categories": NESTED, "rest": "contact"}
    try:
        from_document(ladder)
        reasons = []
    except RuleFileErrors as error:
        reasons = [str(error)]
    _, nested = _nested(seed)
    drawn = [Publication(TOTAL_ONLY, np.array([value]), Date.LOGGED, QUARTERS[:1]) for value in nested]
    return reasons and [*reasons, *form.faults(PLAN, FIRST, drawn)]


def round_year_apart(seed: int) -> list[str]:
    """Until it is no sum of its quarters: if it is, it is the year that the method publishes."""
    generator = np.random.default_rng(seed)
    for again in count():
        numbers = generator.poisson(TWO_A_QUARTER, size=4)
        listed = [
            case
            for at, number in enumerate(numbers)
            for case in quarter_of(int(number), seed + at, FIRST + at)
        ]
        *earlier, last, year = lawful(listed, 4, 1000 * again + seed)
        value = rounded_apart(len(listed), generator)
        if value != int(year.values[0]):
            apart = replace(year, values=np.array([value]))
            return form.faults(PLAN, FIRST + 3, [last, apart], earlier=earlier)
    raise AssertionError


def count_twice(seed: int) -> list[str]:
    """One case is found twice by the table: a join, for instance, with two replies."""
    listed = quarter_of(CASES, seed)
    once, twice = counter(listed), counter([*listed, listed[0]])

    def counting(layout: Layout, on: Date, period: Period) -> Ints:
        return (once if len(layout) == 1 else twice)(layout, on, period)

    try:
        draw(PLAN, FIRST, counting, [], stream(seed))
    except ValueError as error:
        return [str(error)]
    return []


def take_categories_of_the_data(seed: int) -> list[str]:
    """Lines that no case is in are left out; with fewer cases than cells there is one."""
    listed = quarter_of(FEWER_THAN_CELLS, seed)
    when = Period(FIRST, 1)
    counts = counter(listed)(STAR, Date.LOGGED, when)
    empty = [cell for cell, number in zip(STAR.cells, counts, strict=True) if cell and not number]
    found = Layout(list(STAR.dimensions.values()), STAR.tables, empty)
    values = round_counts(found, counter(listed)(found, Date.LOGGED, when), stream(seed))
    return form.faults(PLAN, FIRST, [Publication(found, values, Date.LOGGED, when.names)])


@dataclass(frozen=True)
class Mutation:
    """A way to do it wrong. `by`: who refuses it; `rule`: what the reason says."""

    attempt: Callable[[int], list[str]]
    known: Callable[[int], Knowledge]
    by: str
    rule: str

    def is_refused(self, seed: int) -> bool:
        """Whether the rule that it breaks refuses it."""
        return any(self.rule in reason for reason in self.attempt(seed))


FORM, DOCUMENT = "the form of the figures", "the figures read back"
MUTATIONS: dict[str, Mutation] = {
    "one margin left unrounded": Mutation(
        leave_margin_unrounded, with_more(unrounded_margin), FORM, form.NOT_ROUNDED
    ),
    "one exact percentage": Mutation(
        tell_exact_percentage, with_more(exact_percentage), DOCUMENT, form.NOT_OF_PUBLISHED
    ),
    "a second draw": Mutation(draw_again, with_more(second_draw), FORM, form.AGAIN),
    "an exact year to date": Mutation(
        tell_exact_year_to_date, exact_year_to_date, DOCUMENT, form.NOT_OF_PUBLISHED
    ),
    "nested totals rounded apart, 8 contacts": Mutation(
        round_nested_apart, nested_rounded_apart, "the plan, and the form of the figures", form.NOT_AS_PLANNED
    ),
    "a year rounded apart, 2 a quarter": Mutation(round_year_apart, year_rounded_apart, FORM, form.APART),
    "a case counted twice in a cell": Mutation(count_twice, counted_twice, "the count", COUNTED_TWICE),
    "categories taken from the data": Mutation(
        take_categories_of_the_data, with_more(categories_of_the_data), FORM, form.OTHER_CELLS
    ),
}
HARMLESS_AT_TIMES = {
    "one exact percentage",  # 50.0 % can be 5 of 10 to 9 of 18, which is wide enough
    "nested totals rounded apart, 8 contacts",
    "a year rounded apart, 2 a quarter",
    "a case counted twice in a cell",
}
"""Those that do no harm where the figures happen to agree: the certificate alone lets them through then."""
