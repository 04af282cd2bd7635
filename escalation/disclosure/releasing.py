"""What a quarter's release holds: drawn, bound by what was published before, and certified; or nothing.

The totals of a longer period are the sums of the published totals in it, and never more than 4 from the
truth: those of the shortest periods are drawn one after another so that the sum of any that follow each other
is so (see `next_total`). Other cells of a longer period are drawn afresh, among the values that leave
every cell of the periods in it safe.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

import numpy as np

from .audit import Publication, gather
from .certificate import find_certificate
from .periods import Period
from .plan import Date, Linked, Plan
from .programme import SECONDS, GaveUp
from .randomness import Stream
from .rounding import BASE, Infeasible, around, round_counts
from .statements import WINDOW, Knowledge, Statement
from .tables import TOTAL, Cell, Ints, Layout
from .verifier import Certificate

DRAWS = 20
"""How many draws are made before it is said that there is no certificate."""
TOTAL_ONLY = Layout([], [()])
Counter = Callable[[Layout, Date, Period], Ints]
"""Counts the cases with a date in a period, for each cell of a layout. This alone sees true counts."""


class Phase(StrEnum):
    """What a release is at: drawing figures, or looking for their certificate."""

    ROUNDING = "rounding"
    AUDIT = "audit"


class Refused(RuntimeError):
    """There is no release: the period shows [x], in the same words whatever the reason."""


@dataclass(frozen=True)
class Drawn:
    """What a quarter adds to what is published, and the certificate for all of it together.

    `draws`: which draw it was; those before it had no certificate.
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

    A draw that has no certificate is as if it had never been. That tells nothing of the true counts:
    whether there is one depends on published values alone, and every true count that is consistent with
    what is published could have led to it.
    """
    stream = Stream(bits)
    for number in range(1, DRAWS + 1):
        try:
            told(Phase.ROUNDING)
            drawn = draw(plan, quarter, count, earlier, stream)
            told(Phase.AUDIT)
            certificate = find_certificate(
                knowledge(
                    plan, [*earlier, *drawn], withdrawn=withdrawn, facts=facts, from_the_start=from_the_start
                ),
                seconds=seconds,
            )
        except (Infeasible, GaveUp) as error:
            raise Refused(str(error)) from error
        if certificate is not None:
            return Drawn(tuple(drawn), certificate, number)
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


def draw(
    plan: Plan, quarter: int, count: Counter, earlier: Sequence[Publication], stream: Stream
) -> list[Publication]:
    """The values of all that is due after a quarter, shortest periods first. Raises Infeasible, GaveUp."""
    drawn: list[Publication] = []
    for linked, period in plan.due(quarter):
        counts = count(linked.layout, linked.date, period)
        least, most = _bounds(plan, linked, period, counts, count, [*earlier, *drawn], stream)
        values = round_counts(linked.layout, counts, stream, least=least, most=most)
        drawn.append(Publication(linked.layout, values, linked.date, period.names))
    return drawn


def _bounds(
    plan: Plan,
    linked: Linked,
    period: Period,
    counts: Ints,
    count: Counter,
    told: Sequence[Publication],
    stream: Stream,
) -> tuple[Ints, Ints]:
    """The least and the most that each cell may become, given what was published before."""
    least, most = around(counts)
    total = linked.layout.index[TOTAL]
    if period.quarters == _shortest(plan, linked.date):
        totals = _totals(plan, linked.date, told)
        run = _run(plan, linked.date, period, totals)
        before = [(int(count(TOTAL_ONLY, linked.date, each)[0]), totals[each]) for each in run]
        if before:
            least[total] = most[total] = next_total(before, int(counts[total]), stream)
        return least, most
    for at, cell in enumerate(linked.layout.cells):
        parts, whole = _parts(linked, period, cell, told)
        if at == total and whole:
            least[at] = most[at] = sum(parts)
        elif parts:
            fit = [value for value in {int(least[at]), int(most[at])} if leaves_safe(value, parts, whole)]
            if not fit:
                raise Infeasible("Earlier publications leave no value for a cell.")
            least[at], most[at] = min(fit), max(fit)
    return least, most


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


def _parts(linked: Linked, period: Period, cell: Cell, told: Sequence[Publication]) -> tuple[list[int], bool]:
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
    return [int(each.values[each.layout.index[cell]]) for each in parts], whole


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
