"""An attacker: what can be known of each cell, from published JSON alone, by linear programmes.

It shares no code with what it attacks. Unknown is the true count of each cell in each stretch of quarters
that is published; known are windows, ranges of percentages and exact figures, what adds up to what, and that
no count is negative. Every release that is given is used at once, so an earlier version is too.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil, floor, inf, isinf
from typing import Any

import highspy
import numpy as np

Where = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]
"""A date, some quarters, and categories: one unknown count."""
FIGURE = {"value", "low", "high", "symbol", "change", "year_to_date", "last_four"}
RANGE = re.compile(r"between (\d+)% and (\d+)%")
NEAR = 1e-6


class Contradiction(ValueError):
    """There are no counts that all of what is published is true of."""


@dataclass
class Known:
    """Everything that can be written down about the unknown counts.

    `sums`: a whole and its parts. `orders`: one that is no more than another. `shares`: some counts, those
    they are among, and between how many percent. `published`: the counts that a figure was given for;
    `hidden`: those shown as [c].
    """

    low: dict[Where, float] = field(default_factory=dict)
    high: dict[Where, float] = field(default_factory=dict)
    sums: set[tuple[Where, tuple[Where, ...]]] = field(default_factory=set)
    orders: list[tuple[Where, Where]] = field(default_factory=list)
    shares: list[tuple[tuple[Where, ...], tuple[Where, ...], int, int]] = field(default_factory=list)
    hidden: set[Where] = field(default_factory=set)
    published: set[Where] = field(default_factory=set)

    def between(self, where: Where, low: float, high: float) -> None:
        """Learn a range; what is known already only gets narrower."""
        self.low[where] = max(self.low.get(where, 0), low)
        self.high[where] = min(self.high.get(where, inf), high)
        if self.low[where] > self.high[where]:
            raise Contradiction(f"Nothing agrees with all that is published of {in_words(where)}.")


def read(documents: Iterable[Mapping[str, Any]], *, from_the_start: bool = False) -> Known:
    """All that some releases say. A figure without a range is exact; [c] is a count of 1 to 4.

    `from_the_start`: the log began with the first quarter, so that no more were closed than logged since.
    """
    known = Known()
    for document in documents:
        for table in document["tables"]:
            for part in table["parts"]:
                for cell in part["cells"]:
                    _read_cell(known, table, cell)
            _read_percentage(known, table)
    _add_margins(known)
    if from_the_start:
        _add_order(known)
    _add_periods(known)
    _narrow(known)
    return known


def _read_cell(known: Known, table: Mapping[str, Any], cell: Mapping[str, Any]) -> None:
    categories = tuple(sorted((code, name) for code, name in cell.items() if code not in FIGURE))
    quarters = tuple(table["quarters"])
    where = (table["date"], quarters, categories)
    if cell["symbol"] == "[z]":
        known.between(where, 0, 0)
    elif cell["symbol"] == "[c]":
        known.between(where, 1, 4)
        known.hidden.add(where)
    elif cell["value"] is not None:
        known.between(where, cell.get("low", cell["value"]), cell.get("high", cell["value"]))
        known.published.add(where)
    for code in ("year_to_date", "last_four"):
        if code in cell and cell[code]["value"] is not None:
            length = round((cell[code]["high"] - cell[code]["value"]) / 4)
            stretch = _before(quarters[-1], length)
            known.between((table["date"], stretch, categories), cell[code]["low"], cell[code]["high"])


def _read_percentage(known: Known, table: Mapping[str, Any]) -> None:
    told = table.get("percentage")
    if told and (found := RANGE.fullmatch(told["words"])):
        (code,) = next(part["by"] for part in table["parts"] if len(part["by"]) == 1)
        of, among = (
            tuple((table["date"], tuple(table["quarters"]), ((code, name),)) for name in told[key])
            for key in ("of", "among")
        )
        known.shares.append((of, among, int(found[1]), int(found[2])))


def _before(quarter: str, length: int) -> tuple[str, ...]:
    """Some quarters up to one."""
    last = _number(quarter)
    return tuple(f"{n // 4}-{(n // 4 + 1) % 100:02}-Q{n % 4 + 1}" for n in range(last + 1 - length, last + 1))


def _number(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1


def _add_margins(known: Known) -> None:
    """In the same quarters, the cells that differ in one dimension add up to the cell without it.

    Margins that are not published are unknown counts like others: two tables may share one.
    """
    for date, quarters, categories in list(known.low):
        for margin in (each for size in range(len(categories)) for each in combinations(categories, size)):
            known.between((date, quarters, margin), 0, inf)
    names: dict[str, set[str]] = defaultdict(set)
    families = defaultdict(list)
    for date, quarters, categories in known.low:
        for code, name in categories:
            names[code].add(name)
            rest = tuple(each for each in categories if each[0] != code)
            families[(date, quarters, rest), code].append((date, quarters, categories))
    for (whole, code), parts in families.items():
        if len(parts) == len(names[code]):
            known.sums.add((whole, tuple(parts)))


def _add_order(known: Known) -> None:
    """From the first quarter to any other, no more cases of a kind are closed than were logged."""
    first = min(quarters[0] for _, quarters, _ in known.low)
    until = defaultdict(set)
    for date, quarters, categories in known.low:
        stretch = _before(quarters[-1], _number(quarters[-1]) - _number(first) + 1)
        until[categories, stretch].add(date)
    for (categories, stretch), dates in until.items():
        if {"logged", "closed"} <= dates:
            logged, closed = (("logged", stretch, categories), ("closed", stretch, categories))
            known.between(logged, 0, inf)
            known.between(closed, 0, inf)
            known.orders.append((closed, logged))


def _add_periods(known: Known) -> None:
    """The same cell of several stretches: the shorter add up to the longer, where they fill it."""
    stretches = defaultdict(list)
    for date, quarters, categories in known.low:
        stretches[date, categories].append(quarters)
    for (date, categories), listed in stretches.items():
        for longer in listed:
            for length in {len(each) for each in listed if len(each) < len(longer)}:
                parts = [each for each in listed if len(each) == length and set(each) <= set(longer)]
                chosen = _tiling(longer, parts)
                if chosen:
                    wheres = tuple((date, each, categories) for each in chosen)
                    known.sums.add(((date, longer, categories), wheres))
            for shorter in listed:
                rest = tuple(each for each in longer if each not in shorter)
                if rest in listed and set(shorter) < set(longer):
                    pair = ((date, shorter, categories), (date, rest, categories))
                    known.sums.add(((date, longer, categories), pair))


def _tiling(longer: tuple[str, ...], parts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Stretches that fill a longer one, if they do without overlap."""
    filled = [quarter for part in sorted(parts) for quarter in part]
    return sorted(parts) if filled == sorted(longer) else []


def _narrow(known: Known) -> None:
    """What single sums say, again and again, until nothing new is learnt: cheaper than a programme."""
    learnt = True
    while learnt:
        before = sum(known.high.values()) - sum(known.low.values()), sum(map(isinf, known.high.values()))
        for whole, parts in known.sums:
            lows, highs = sum(known.low[each] for each in parts), sum(known.high[each] for each in parts)
            known.between(whole, lows, highs)
            for each in parts:
                others = highs - known.high[each] if highs < inf else inf
                most = known.high[whole] - lows + known.low[each]
                known.between(each, known.low[whole] - others, most)
        after = sum(known.high.values()) - sum(known.low.values()), sum(map(isinf, known.high.values()))
        learnt = before != after


class _Quiet(highspy.Highs):
    """The solver without its callbacks: setting them up prints a banner that no option stops."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


class Attack:
    """Least and greatest value of each unknown count, as far as it matters.

    Every solution is a way things may be, so it is looked at for all counts at once: one that was seen to
    differ by `enough`, and not to stay within 1 to 4, needs no programme of its own.
    """

    def __init__(self, known: Known, enough: int) -> None:
        self.known, self.enough = known, enough
        self.number = {where: at for at, where in enumerate(known.low)}
        self.solver = _Quiet()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        for where in self.number:
            self.solver.addVar(known.low[where], min(known.high[where], highspy.kHighsInf))
        for whole, parts in sorted(known.sums):
            self._add_row(0, 0, {whole: -1.0} | dict.fromkeys(parts, 1.0))
        for fewer, more in known.orders:
            self._add_row(0.0, highspy.kHighsInf, {more: 1.0, fewer: -1.0})
        for of, among, low, high in known.shares:
            for limit, least, most in ((low, 0.0, highspy.kHighsInf), (high, -highspy.kHighsInf, 0.0)):
                self._add_row(least, most, {each: 100.0 * (each in of) - limit for each in among})
        size = len(self.number)
        self.least, self.most = np.full(size, inf), np.full(size, -inf)
        for sign in (1.0, -1.0):
            for step in range(1, 4):
                self._solve(dict.fromkeys(range(0, size, step), sign))

    def _add_row(self, least: float, most: float, weights: Mapping[Where, float]) -> None:
        columns = [self.number[where] for where in weights]
        self.solver.addRow(least, most, len(columns), columns, list(weights.values()))

    def _solve(self, cost: Mapping[int, float]) -> float:
        for column, each in cost.items():
            self.solver.changeColCost(column, each)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Contradiction("Nothing agrees with all that is published.")
        for column in cost:
            self.solver.changeColCost(column, 0.0)
        solution = np.array(self.solver.getSolution().col_value)
        self.least, self.most = np.minimum(self.least, solution), np.maximum(self.most, solution)
        return float(self.solver.getObjectiveValue())

    def range(self, where: Where) -> tuple[int, int]:
        """Whole numbers that the count can be between; the widest there is, or wide enough."""
        column = self.number[where]
        for sign in (1.0, -1.0):
            low, high = ceil(self.least[column] - NEAR), floor(self.most[column] + NEAR)
            if self.known.low[where] == self.known.high[where] or (
                high - low >= self.enough and (self.enough < 4 or low < 1 or high > 4)
            ):
                break
            self._solve({column: sign})
        return ceil(self.least[column] - NEAR), floor(self.most[column] + NEAR)


@dataclass(frozen=True)
class Learnt:
    """What is known of a count: it is between two numbers."""

    where: Where
    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether the count itself is known."""
        return self.low == self.high

    @property
    def small(self) -> bool:
        """Whether it is certain to be 1 to 4."""
        return self.low >= 1 and self.high <= 4

    @property
    def narrow(self) -> bool:
        """Whether its least and greatest value differ by less than 4."""
        return self.high - self.low < 4


@dataclass(frozen=True)
class Findings:
    """Of some cells, how many are known exactly, known to be 1 to 4, and known to less than 4."""

    cells: int
    exact: int
    small: int
    narrow: int

    @classmethod
    def of(cls, learnt: Sequence[Learnt]) -> "Findings":
        """Counted."""
        counts = (sum(getattr(each, name) for each in learnt) for name in ("exact", "small", "narrow"))
        return cls(len(learnt), *counts)

    @property
    def share(self) -> float:
        """The part of the attacked cells that is known exactly."""
        return self.exact / self.cells if self.cells else 0.0


def attack(documents: Iterable[Mapping[str, Any]], *, from_the_start: bool = False) -> list[Learnt]:
    """Attack every cell that is published with a range; what is not narrow or small may be wider still."""
    known = read(documents, from_the_start=from_the_start)
    attacked = Attack(known, enough=4)
    return [Learnt(where, *attacked.range(where)) for where in sorted(known.published)]


def uncover(documents: Iterable[Mapping[str, Any]]) -> list[Learnt]:
    """Attack every cell that was hidden because it is 1 to 4."""
    known = read(documents)
    attacked = Attack(known, enough=1)
    return [Learnt(where, *attacked.range(where)) for where in sorted(known.hidden)]


def in_words(where: Where) -> str:
    """ "closed, 2026-27-Q1 to 2026-27-Q2, outcome changed" """
    date, quarters, categories = where
    period = quarters[0] if len(quarters) == 1 else f"{quarters[0]} to {quarters[-1]}"
    return ", ".join([date, period, *(f"{code} {name}" for code, name in categories)])
