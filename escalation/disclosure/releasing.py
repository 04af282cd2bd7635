"""What a quarter's release holds: drawn, bound by what was published before, and certified; or nothing.

The totals of a longer period are the sums of the published totals in it, and never more than 4 from the
truth: those of the shortest periods are drawn one after another so that the sum of any that follow each other
is so (see `next_total`). Other cells of a longer period are drawn afresh, among the values that leave
every cell of the periods in it safe.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import floor, prod

import numpy as np

from .audit import Publication, gather
from .certificate import find_certificate
from .periods import Period
from .plan import Date, Linked, Plan
from .programme import SECONDS, GaveUp
from .randomness import Stream
from .rounding import BASE, Infeasible, around, round_counts
from .statements import WINDOW, Knowledge, Statement
from .tables import TOTAL, Cell, Floats, Ints, Layout
from .verifier import Certificate

DRAWS = 20
"""How many draws are made before it is said that there is no certificate."""
COUNTED_TWICE = "A table counts a case twice, or not at all."
TOTAL_ONLY = Layout([], [()])
Counter = Callable[[Layout, Date, Period], Ints]
"""Counts the cases with a date in a period, for each cell of a layout. This alone sees true counts.

Of a period that was published before, it counts what was counted then: else there may be no next figure.
"""


class Phase(StrEnum):
    """What a release is at: drawing figures, or looking for their certificate."""

    ROUNDING = "rounding"
    AUDIT = "audit"


class Refused(RuntimeError):
    """There is no release: the period shows [x], in the same words whatever the reason."""


@dataclass(frozen=True)
class Drawn:
    """What a quarter adds to what is published, and the certificate for all of it together.

    `draws`: which draw it was; those before it had no certificate, or were none.
    """

    publications: tuple[Publication, ...]
    certificate: Certificate
    draws: int = 1


def release(
    plan: Plan,
    quarter: int,
    count: Counter,
    *,
    bits: bytes,
    earlier: Sequence[Publication] = (),
    withdrawn: Sequence[Publication] = (),
    facts: Sequence[Statement] = (),
    from_the_start: bool = False,
    seconds: float = SECONDS,
    told: Callable[[Phase], None] = lambda phase: None,
) -> Drawn:
    """Draw and certify what is due after a quarter, by its number (see periods.py).

    `earlier`: all that was published before and stands; what was `withdrawn` binds nothing, but is known for
    ever. `bits`: 32 secret random bytes, of which the result is a function; store them before, destroy them
    at publication. `told` is called as each phase begins. Raises Refused.

    A draw that has no certificate is as if it had never been. Whether there is one depends on published
    values alone, and every true count that is consistent with what is published could have led to it.
    """
    told(Phase.ROUNDING)
    try:
        for number, drawn in enumerate(draws(plan, quarter, count, earlier, Stream(bits)), 1):
            if drawn is None:
                continue
            told(Phase.AUDIT)
            everything = knowledge(
                plan, [*earlier, *drawn], withdrawn=withdrawn, facts=facts, from_the_start=from_the_start
            )
            certificate = find_certificate(everything, seconds=seconds)
            if certificate is not None:
                return Drawn(tuple(drawn), certificate, number)
            told(Phase.ROUNDING)
    except GaveUp as error:
        raise Refused(str(error)) from error
    raise Refused("No draw had a certificate.")


def knowledge(
    plan: Plan,
    publications: Sequence[Publication],
    *,
    withdrawn: Sequence[Publication] = (),
    facts: Sequence[Statement] = (),
    from_the_start: bool = False,
) -> Knowledge:
    """What publications say together; that sums of totals are near the truth is said too."""
    running = [each for date in Date for each in _running_totals(plan, date, publications)]
    return gather(
        [*publications, *withdrawn, *running],
        dimensions={each.code: tuple(c.code for c in each.categories) for each in plan.dimensions},
        facts=facts,
        in_order=(Date.LOGGED, Date.CLOSED),
        from_the_start=from_the_start,
    )


def _running_totals(plan: Plan, date: Date, publications: Sequence[Publication]) -> Iterator[Publication]:
    """The sums of totals that follow each other within a longest period: all are near the truth."""
    totals = _totals(plan, date, publications)
    for period in sorted(totals):
        run = _run(plan, date, period, totals)
        for first in range(len(run)):
            parts = [*run[first:], period]
            quarters = tuple(name for each in parts for name in each.names)
            yield Publication(TOTAL_ONLY, np.array([sum(totals[each] for each in parts)]), date, quarters)


def _shortest(plan: Plan, date: Date) -> int:
    """How many quarters the shortest period of a date has."""
    return min((each.span.quarters for each in plan.linked if each.date == date), default=0)


def _totals(plan: Plan, date: Date, publications: Sequence[Publication]) -> dict[Period, int]:
    """The published totals of the shortest periods of a date."""
    return {
        each.period: int(each.values[each.layout.index[TOTAL]])
        for each in publications
        if each.date == date and len(each.quarters) == _shortest(plan, date)
    }


def _run(plan: Plan, date: Date, period: Period, published: Container[Period]) -> list[Period]:
    """The published shortest periods right before one, without a gap, in the longest that it lies in."""
    wholes = [each.period_around(period, since=plan.since) for each in plan.linked if each.date == date]
    start, length = min(each.first for each in wholes), period.quarters
    run: list[Period] = []
    for first in range(period.first - length, start - 1, -length):
        if Period(first, length) not in published:
            break
        run.insert(0, Period(first, length))
    return run


def draws(
    plan: Plan, quarter: int, count: Counter, earlier: Sequence[Publication], stream: Stream
) -> Iterator[list[Publication] | None]:
    """Up to 20 draws of the values of all that is due after a quarter, shortest periods first.

    None for one after which, for a longer period, no value was left that keeps all cells safe: that happens
    where chance rounded many shorter periods the same way. Raises GaveUp.
    """
    for _ in range(DRAWS):
        try:
            yield _draw(plan, quarter, count, earlier, stream)
        except Infeasible:
            yield None


def draw(
    plan: Plan, quarter: int, count: Counter, earlier: Sequence[Publication], stream: Stream
) -> list[Publication]:
    """The first that is one, not certified. Raises Infeasible, GaveUp."""
    for drawn in draws(plan, quarter, count, earlier, stream):
        if drawn is not None:
            return drawn
    raise Infeasible("Earlier publications leave no value for a cell.")


def _draw(
    plan: Plan, quarter: int, count: Counter, earlier: Sequence[Publication], stream: Stream
) -> list[Publication]:
    drawn: list[Publication] = []
    for linked, period in plan.due(quarter):
        counts = _once_each(linked, period, count)
        least, most, wanted = _bounds(plan, linked, period, counts, count, [*earlier, *drawn], stream)
        values = round_counts(linked.layout, counts, stream, least=least, most=most, wanted=wanted)
        drawn.append(Publication(linked.layout, values, linked.date, period.names))
    return drawn


def _once_each(linked: Linked, period: Period, count: Counter) -> Ints:
    """The count of each cell. Raises ValueError unless it holds as many cases as are counted on their own."""
    counts = count(linked.layout, linked.date, period)
    if int(counts[linked.layout.index[TOTAL]]) != int(count(TOTAL_ONLY, linked.date, period)[0]):
        raise ValueError(COUNTED_TWICE)
    return counts


def _bounds(
    plan: Plan,
    linked: Linked,
    period: Period,
    counts: Ints,
    count: Counter,
    told: Sequence[Publication],
    stream: Stream,
) -> tuple[Ints, Ints, Floats]:
    """The least and the most that each cell may become, given what was published before, and its chance."""
    least, most = around(counts)
    wanted = np.full(len(counts), np.nan)
    total = linked.layout.index[TOTAL]
    if period.quarters == _shortest(plan, linked.date):
        totals = _totals(plan, linked.date, told)
        run = _run(plan, linked.date, period, totals)
        before = [(int(count(TOTAL_ONLY, linked.date, each)[0]), totals[each]) for each in run]
        if before:
            least[total] = most[total] = next_total(before, int(counts[total]), stream)
        return least, most, wanted
    for at, cell in enumerate(linked.layout.cells):
        within, whole = _parts(linked, period, cell, told)
        parts = [int(each.values[each.layout.index[cell]]) for each in within]
        if at == total and whole:
            least[at] = most[at] = sum(parts)
        elif parts:
            fit = [value for value in {int(least[at]), int(most[at])} if leaves_safe(value, parts, whole)]
            if not fit:
                raise Infeasible("Earlier publications leave no value for a cell.")
            true = [int(count(e.layout, linked.date, e.period)[e.layout.index[cell]]) for e in within]
            wanted[at] = chance_up(int(counts[at]), true, whole)
            least[at], most[at] = min(fit), max(fit)
    return least, most, wanted


def chance_up(count: int, parts: Sequence[int], whole: bool) -> float:
    """The chance with which a cell of a longer period should go up, if both its values leave it safe.

    Given the true counts of the cell and of its parts. Where the parts were rounded so that one value alone
    is safe, it is taken; this makes up for that, so that over all roundings of the parts the cell is right
    on average.
    """
    rest = count % BASE / BASE
    lower, up, down = count - count % BASE, 0.0, 0.0
    for rounded in product((0, 1), repeat=len(parts)):
        chance = prod(
            part % BASE / BASE if raised else 1 - part % BASE / BASE
            for part, raised in zip(parts, rounded, strict=True)
        )
        shown = [part - part % BASE + BASE * raised for part, raised in zip(parts, rounded, strict=True)]
        if chance:
            safe = [leaves_safe(value, shown, whole) for value in (lower, lower + BASE)]
            up += chance * (safe == [False, True])
            down += chance * (safe == [True, False])
    return float(np.clip((rest - up) / (1 - up - down), 0, 1)) if up + down < 1 else rest


def next_total(before: Sequence[tuple[int, int]], count: int, stream: Stream) -> int:
    """The total to publish, given true and published totals of the periods right before.

    As if one number u between 0 and 5 had been drawn before the first of them, and each sum from the first
    one on were rounded to the multiple of 5 at or below it plus u (systematic sampling). Then the sum of any
    totals that follow each other is within 4 of the truth, and each is right on average. Of u nothing needs
    to be kept: what was published leaves it a range, in which every number is as likely.
    """
    low, high, error = 0, BASE, 0
    for true, published in before:
        error += published - true
        low, high = max(low, error), min(high, error + BASE)
    if low >= high:
        raise Infeasible("Earlier totals leave no value for this one.")
    drawn = low + (high - low) * float(stream.uniform(1)[0])
    # The next sum, plus u, less the published sum so far.
    return BASE * floor((count - error + drawn) / BASE)


def _parts(
    linked: Linked, period: Period, cell: Cell, told: Sequence[Publication]
) -> tuple[list[Publication], bool]:
    """What was published of a cell for the longest periods within one, and whether they make it up."""
    within = [
        each
        for each in told
        if each.date == linked.date
        and cell in each.layout.index
        and each.period in period
        and each.period != period
    ]
    longest = max((each.period.quarters for each in within), default=0)
    parts = [each for each in within if each.period.quarters == longest]
    whole = sum(each.period.quarters for each in parts) == period.quarters
    return parts, whole


def leaves_safe(value: int, parts: Sequence[int], whole: bool) -> bool:
    """Whether a cell published as `value` for a period, and as `parts` within it, keeps all of them safe.

    What is certain of the sum and of each part, each given the others; then P1 and P2. If the parts do
    not make up the whole period, they only say that the sum is no less.
    """
    lows, highs = [max(0, part - WINDOW) for part in parts], [part + WINDOW for part in parts]
    low = max(0, value - WINDOW, sum(lows))
    high = min(value + WINDOW, sum(highs)) if whole else value + WINDOW
    ranges = [(low, high)]
    for least, most in zip(lows, highs, strict=True):
        from_sum = low - (sum(highs) - most) if whole else 0
        ranges.append((max(least, from_sum), min(most, high - (sum(lows) - least))))
    return all(most - least >= WINDOW and (least < 1 or most > WINDOW) for least, most in ranges)
