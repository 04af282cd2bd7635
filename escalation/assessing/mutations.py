"""Eight ways to publish more, or otherwise, than the method does. Each must be found.

Each gives, for a seed, what everybody would know. Where it does harm only now and then, because the
figures happen to agree, the share of seeds in which it does is the figure of interest.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np

from escalation.assessing.small import ISSUE, OUTCOME, STAGE, cases, stream
from escalation.disclosure.audit import Publication, gather
from escalation.disclosure.rounding import BASE, round_counts
from escalation.disclosure.statements import Box, Knowledge, Statement, at_least, box, exact, published
from escalation.disclosure.tables import TOTAL, Dimension, Ints, Layout

STAR = Layout([STAGE, OUTCOME, ISSUE], [("stage", "outcome"), ("stage", "issue")])
TOTAL_ONLY = Layout([], [()])
CASES = 14
QUARTERS = ("2026-27-Q1", "2026-27-Q2", "2026-27-Q3", "2026-27-Q4")
TWO_A_QUARTER, CONTACTS = 2, 8
LEVEL = Dimension("level", ("advice", "met", "meeting"))


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


def nested_rounded_apart(seed: int) -> Knowledge:
    """Contacts, threshold met and meetings held, each rounded on its own."""
    generator = np.random.default_rng(seed)
    levels = generator.choice(3, size=generator.poisson(CONTACTS), p=[0.33, 0.2, 0.47])
    nested: list[tuple[Box, int]] = [
        (box(**({"level": LEVEL.categories[least:]} if least else {})), int((levels >= least).sum()))
        for least in range(3)
    ]
    return Knowledge(
        dimensions={"level": LEVEL.categories},
        statements=tuple(published(where, rounded_apart(number, generator)) for where, number in nested),
        cells=tuple(where for where, _ in nested),
    )


def counted_twice(seed: int) -> Knowledge:
    """Every case adds two to the cell: two replies each."""
    generator = np.random.default_rng(seed)
    value = rounded_apart(2 * int(generator.poisson(TWO_A_QUARTER)), generator)
    told = published(box(issue="help"), value)
    twice = replace(told, terms=((2, box(issue="help")),))
    return Knowledge({"issue": ISSUE.categories}, (twice,), (box(issue="help"),))


MUTATIONS: dict[str, Callable[[int], Knowledge]] = {
    "one margin left unrounded": with_more(unrounded_margin),
    "one exact percentage": with_more(exact_percentage),
    "a second draw": with_more(second_draw),
    "an exact year to date": exact_year_to_date,
    "nested totals rounded apart, 8 contacts": nested_rounded_apart,
    "a year rounded apart, 2 a quarter": year_rounded_apart,
    "a case counted twice in a cell": counted_twice,
    "categories taken from the data": with_more(categories_of_the_data),
}
HARMLESS_AT_TIMES = {
    "one exact percentage",  # 50.0 % can be 5 of 10 to 9 of 18, which is wide enough
    "nested totals rounded apart, 8 contacts",
    "a year rounded apart, 2 a quarter",
    "a case counted twice in a cell",
}
"""Those that do no harm where the figures happen to agree."""
