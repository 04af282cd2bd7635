"""A release as plain values, ready for JSON: all that readers, pages and other systems are given.

It is made from published values alone. Whoever writes about a release takes the numbers from here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .audit import Publication
from .periods import QUARTERS_A_YEAR, Period, Span, quarter_name
from .plan import Linked, Percentage, Plan, PlanDimension, PlanTable
from .shown import (
    IN_WORDS,
    MEANINGS,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Figure,
    added,
    change,
    figure,
    is_shown,
    median_bands,
    percent,
)
from .tables import TOTAL, Cell


def document(plan: Plan, quarter: int, publications: Sequence[Publication]) -> dict[str, Any]:
    """What is released after a quarter, by its number. `publications` are all that stand, earlier ones too.

    What is due and not among them is not available, in the same words whatever the reason.
    """
    history = _History(publications)
    due = {
        table.code: (linked, table, period) for linked, period in plan.due(quarter) for table in linked.tables
    }
    return {
        "plan": plan.key,
        "plan_version": plan.version,
        "quarter": quarter_name(quarter),
        "in_words": IN_WORDS,
        "symbols": {str(symbol): meaning for symbol, meaning in MEANINGS.items()},
        "dimensions": [_labels(each) for each in plan.dimensions],
        "tables": [_table(history, *due[table.code]) for table in plan.tables if table.code in due],
    }


def _labels(dimension: PlanDimension) -> dict[str, Any]:
    """What a dimension and its categories are called; tables name them by code."""
    categories = [{"code": each.code, "label": each.label} for each in dimension.categories]
    return {"code": dimension.code, "label": dimension.label, "categories": categories}


class _History:
    """Published values as readers find them: shown or not, by date, period and cell."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        self.found = {(each.date, each.period): each for each in publications}

    def publication(self, linked: Linked, period: Period) -> Publication | None:
        """The tables of a period, if they were published as this plan has them."""
        each = self.found.get((linked.date, period))
        return each if each is not None and each.layout.cells == linked.layout.cells else None

    def value(self, linked: Linked, period: Period, cell: Cell) -> int | None:
        """The value of a cell, if it is shown."""
        each = self.publication(linked, period)
        if each is None:
            return None
        total = int(each.values[each.layout.index[TOTAL]])
        if not is_shown(each.layout, tuple(code for code, _ in cell), total):
            return None
        return int(each.values[each.layout.index[cell]])


def _table(history: _History, linked: Linked, table: PlanTable, period: Period) -> dict[str, Any]:
    faces = [face for face in linked.layout.faces if set(face) <= set(table.by)]
    found: dict[str, Any] = {
        "code": table.code,
        "title": table.title,
        "counts": "case",
        "date": table.date.value,
        "span": table.span.value,
        "quarters": list(period.names),
        "parts": [{"by": list(face), "cells": list(_cells(history, linked, period, face))} for face in faces],
    }
    values = _one_way(history, linked, table, period)
    if table.percentage:
        found["percentage"] = _percentage(table.percentage, values)
    if table.banded:
        found["median"] = _median(values)
    return found


def _cells(
    history: _History, linked: Linked, period: Period, face: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Each cell of a part with its figure, and what follows from it over time."""
    for cell in linked.layout.places(face):
        told: dict[str, Any] = dict(cell)
        if cell not in linked.layout.index:
            yield told | _figure(NOT_APPLICABLE)
            continue
        value = history.value(linked, period, cell)
        told |= _figure(NOT_AVAILABLE if value is None else figure(value))
        before = history.value(linked, Period(period.first - period.quarters, period.quarters), cell)
        if value is not None and before is not None:
            told["change"] = change(before, value).value
        if linked.span is Span.QUARTER:
            told["year_to_date"] = _figure(_year_to_date(history, linked, period, cell))
            told["last_four"] = _figure(_sum(history, linked, period, cell, QUARTERS_A_YEAR))
        yield told


def _figure(shown: Figure) -> dict[str, Any]:
    symbol = None if shown.symbol is None else shown.symbol.value
    return {"value": shown.value, "low": shown.low, "high": shown.high, "symbol": symbol}


def _year_to_date(history: _History, linked: Linked, period: Period, cell: Cell) -> Figure:
    return _sum(history, linked, period, cell, period.first % QUARTERS_A_YEAR + 1)


def _sum(history: _History, linked: Linked, period: Period, cell: Cell, quarters: int) -> Figure:
    """A cell added over some quarters up to one."""
    firsts = range(period.first - quarters + 1, period.first + 1)
    return added([history.value(linked, Period(first, 1), cell) for first in firsts], quarters)


def _one_way(history: _History, linked: Linked, table: PlanTable, period: Period) -> dict[str, int | None]:
    """The value of each category of a table by one dimension."""
    if len(table.by) != 1:
        return {}
    (code,) = table.by
    names = linked.layout.dimensions[code].categories
    return {name: history.value(linked, period, ((code, name),)) for name in names}


def _percentage(wanted: Percentage, values: Mapping[str, int | None]) -> dict[str, Any]:
    of, among = wanted.of, wanted.among
    shown = {name: value for name, value in values.items() if value is not None}
    words = str(NOT_AVAILABLE.symbol)
    if set(among) <= set(shown):
        part = sum(shown[name] for name in of)
        words = percent(part, sum(shown[name] for name in among) - part, len(of), len(among) - len(of))
    return {"of": list(of), "among": list(among), "words": words}


def _median(values: Mapping[str, int | None]) -> list[str] | None:
    """The band or the two bands that hold the median; None if not shown."""
    shown = [value for value in values.values() if value is not None]
    bands = median_bands(shown) if len(shown) == len(values) else None
    return None if bands is None else [list(values)[at] for at in dict.fromkeys(bands)]
