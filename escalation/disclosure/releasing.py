"""What a quarter's release holds: drawn, bound by what was published before, and certified; or nothing.

The totals of a longer period are the sums of the published totals in it, and never more than 4 from the
truth: a quarter's total is drawn among the values that keep all sums since the start of each longer period
so, and there always is one. Other cells of a longer period are drawn afresh, among the values that leave
every cell of the periods in it safe.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .audit import Publication, gather
from .certificate import find_certificate
from .periods import Period
from .plan import Date, Linked, Plan
from .programme import SECONDS, GaveUp
from .randomness import Stream
from .rounding import Infeasible, around, round_counts
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
    """What a quarter adds to what is published, and the certificate for all of it together."""

    publications: tuple[Publication, ...]
    certificate: Certificate


def release(
    plan: Plan,
    quarter: int,
    count: Counter,
    *,
    bits: bytes,
    earlier: Sequence[Publication] = (),
    facts: Sequence[Statement] = (),
    from_the_start: bool = False,
    seconds: float = SECONDS,
    told: Callable[[Phase], None] = lambda phase: None,
) -> Drawn:
    """Draw and certify what is due after a quarter, by its number (see periods.py).

    `earlier`: all that was published before and stands. `bits`: 32 secret random bytes, of which the
    result is a function; store them before, destroy them at publication. `told` is called as each phase
    begins. Raises Refused.

    A draw that has no certificate is as if it had never been. That tells nothing of the true counts:
    whether there is one depends on published values alone, and every true count that is consistent with
    what is published could have led to it.
    """
    stream = Stream(bits)
    for _ in range(DRAWS):
        try:
            told(Phase.ROUNDING)
            drawn = draw(plan, quarter, count, earlier, stream)
            told(Phase.AUDIT)
            certificate = find_certificate(
                knowledge(plan, [*earlier, *drawn], facts=facts, from_the_start=from_the_start),
                seconds=seconds,
            )
        except (Infeasible, GaveUp) as error:
            raise Refused(str(error)) from error
        if certificate is not None:
            return Drawn(tuple(drawn), certificate)
    raise Refused("No draw had a certificate.")


def knowledge(
    plan: Plan,
    publications: Sequence[Publication],
    *,
    facts: Sequence[Statement] = (),
    from_the_start: bool = False,
) -> Knowledge:
    """What publications say together; that sums of totals are near the truth is said too."""
    running = [each for date in Date for each in _running_totals(plan, date, publications)]
    return gather(
        [*publications, *running],
        facts=facts,
        in_order=(Date.LOGGED, Date.CLOSED),
        from_the_start=from_the_start,
    )


def _running_totals(plan: Plan, date: Date, publications: Sequence[Publication]) -> Iterator[Publication]:
    """The sums of totals from the start of each longer period on, as long as none is missing."""
    totals = _totals(plan, date, publications)
    for period in sorted(totals):
        for start in _starts(plan, date, period):
            parts = [each for each in totals if start <= each.first <= period.first]
            if sum(each.quarters for each in parts) == period.last + 1 - start:
                value = sum(totals[each] for each in parts)
                quarters = tuple(name for each in sorted(parts) for name in each.names)
                yield Publication(TOTAL_ONLY, np.array([value]), date, quarters)


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


def _starts(plan: Plan, date: Date, period: Period) -> list[int]:
    """The first quarters of the longer periods that a shortest period lies in, if they began before it."""
    found = set()
    for linked in plan.linked:
        whole = linked.period_around(period, since=plan.since)
        if linked.date == date and whole.first < period.first:
            found.add(whole.first)
    return sorted(found)


def draw(
    plan: Plan, quarter: int, count: Counter, earlier: Sequence[Publication], stream: Stream
) -> list[Publication]:
    """The values of all that is due after a quarter, shortest periods first. Raises Infeasible, GaveUp."""
    drawn: list[Publication] = []
    for linked, period in plan.due(quarter):
        counts = count(linked.layout, linked.date, period)
        least, most = _bounds(plan, linked, period, counts, count, [*earlier, *drawn])
        values = round_counts(linked.layout, counts, stream, least=least, most=most)
        drawn.append(Publication(linked.layout, values, linked.date, period.names))
    return drawn


def _bounds(
    plan: Plan, linked: Linked, period: Period, counts: Ints, count: Counter, told: Sequence[Publication]
) -> tuple[Ints, Ints]:
    """The least and the most that each cell may become, given what was published before."""
    least, most = around(counts)
    total = linked.layout.index[TOTAL]
    if period.quarters == _shortest(plan, linked.date):
        least[total], most[total] = _total_bounds(plan, linked.date, period, count, told)
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


def _total_bounds(
    plan: Plan, date: Date, period: Period, count: Counter, told: Sequence[Publication]
) -> tuple[int, int]:
    """The values of a total that keep every sum since a longer period's start within 4 of the truth."""
    low, high = around(count(TOTAL_ONLY, date, period))
    least, most = int(low[0]), int(high[0])
    totals = _totals(plan, date, told)
    for start in _starts(plan, date, period):
        parts = [each for each in totals if start <= each.first < period.first]
        if sum(each.quarters for each in parts) == period.first - start:
            before = sum(totals[each] for each in parts)
            since = Period(start, period.last + 1 - start)
            low, high = around(count(TOTAL_ONLY, date, since))
            least, most = max(least, int(low[0]) - before), min(most, int(high[0]) - before)
    return least, most


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
