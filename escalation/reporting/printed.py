"""A release laid out for print: plain words and tables for a template, from the release's document alone.

A table by one dimension has a row for each category, and columns for what is said of it. One by several is
crossed, with the shortest dimension across: once for the published figures, and once more for each thing that
is said of them over time. The charts are those of the page.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from typing import Any

from django.template.loader import render_to_string

from escalation.policy.quarters import Quarter
from escalation.policy.words import long_date
from escalation.reporting.reading import Published, reading_of
from escalation.reporting.tabular import NOT_SHOWN, follows

Told = Mapping[str, Any]
"""A release's document, or a part of it."""
Lines = tuple[str, ...]
"""What a cell says: a figure, and under it where the true one lies."""
Say = Callable[[Told], Lines]
Place = frozenset[tuple[str, str]]
"""The category of each dimension that a figure is of; of none, for the total."""

CLEAR = ("up", "down")
CHART_WIDTH = 720
"""Pixels, over the width of a page: its type is then as large as the tables'."""
CHANGE = "Since the period before"
YEAR, FOUR = "year_to_date", "last_four"


@dataclass(frozen=True)
class Line:
    """One row: what it is of, and a cell for each column. `whole`: it adds up the others."""

    label: str
    cells: tuple[Lines, ...]
    whole: bool


@dataclass(frozen=True)
class Grid:
    """One table as it is printed: its caption, the heads of its columns, its rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Line, ...]


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, and in words for whoever does not see it."""

    svg: str
    words: str


@dataclass(frozen=True)
class PrintedTable:
    """One table of the release, with all that has to be known to read it."""

    title: str
    period: str
    counts: str
    charts: tuple[Drawing, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    symbols: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PrintedRelease:
    """Everything that is printed, in words."""

    title: str
    period: str
    quarter: str
    partnership: str
    edition: str
    published: str
    counted: str
    withdrawn: str
    in_words: str
    not_known: str
    evidence: tuple[str, ...]
    totals: tuple[tuple[str, str], ...]
    tables: tuple[PrintedTable, ...]
    definitions: tuple[tuple[str, str], ...]
    symbols: tuple[tuple[str, str], ...]

    def as_values(self) -> dict[str, Any]:
        """As plain values, for a template that knows no Python."""
        return asdict(self)


def printed(told: Told) -> PrintedRelease:
    """`told` is the release's document."""
    return PrintedRelease(
        title=told["title"],
        period=told["period"],
        quarter=told["quarter"],
        partnership=told["partnership"],
        edition=str(told["edition"]),
        published=_day(told["published"]),
        counted=_day(told["counted"]),
        withdrawn=told["withdrawn"],
        in_words=told["in_words"],
        not_known=told["not_known"],
        evidence=tuple(each["words"] for each in told["evidence"]),
        totals=tuple(_totals(told["tables"])),
        tables=tuple(
            _table(table, told, tuple(_drawings(read)))
            for table, read in zip(told["tables"], reading_of(told).tables, strict=True)
        ),
        definitions=tuple((code.capitalize(), words) for code, words in told["definitions"].items()),
        symbols=tuple(told["symbols"].items()),
    )


def _day(iso: str | None) -> str:
    return long_date(date.fromisoformat(iso)) if iso else ""


def _totals(tables: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """How many in all: of the tables that say nothing else, or of the first where there is none."""
    plain = [table for table in tables if not table["parts"][-1]["by"]]
    for table in plain or tables[:1]:
        total = next(part["cells"][0] for part in table["parts"] if not part["by"])
        yield table["title"], ", that is ".join(_figure(total))


def _drawings(read: Published) -> Iterator[Drawing]:
    """Those beside a table on its page. One with a bar for each cell is a click away there, and not here."""
    for view in read.views:
        if view.chart and not view.one_click_away:
            svg = render_to_string("print/chart.svg", {"chart": view.chart, "width": CHART_WIDTH})
            yield Drawing(svg, view.chart.title)


def _table(table: Told, told: Told, charts: tuple[Drawing, ...]) -> PrintedTable:
    cells = [cell for part in table["parts"] for cell in part["cells"]]
    by = table["parts"][-1]["by"]
    places = {frozenset((code, cell[code]) for code in by if code in cell): cell for cell in cells}
    axes = [_Axis.of(code, told["dimensions"]) for code in by]
    grids = tuple(_crossed(axes, places) if len(axes) > 1 else [_listed(axes, places)])
    notes = (*_said_once(cells), *(": ".join(each) for each in follows(table, told["dimensions"])))
    said = [*notes, *(words for grid in grids for row in grid.rows for lines in row.cells for words in lines)]
    return PrintedTable(
        title=table["title"],
        period=_period(table["quarters"]),
        counts=told["definitions"][table["date"]],
        charts=charts,
        grids=grids,
        notes=notes,
        symbols=tuple(each for each in told["symbols"].items() if any(each[0] in words for words in said)),
    )


def _period(quarters: Sequence[str]) -> str:
    """ "April to September 2026", "October 2026 to March 2027"."""
    first, last = Quarter.parse(quarters[0]).start, Quarter.parse(quarters[-1]).end
    begins = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{begins} to {last:%B %Y}"


@dataclass(frozen=True)
class _Axis:
    """A dimension, as the rows or the columns of a printed table."""

    code: str
    label: str
    categories: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, code: str, dimensions: Sequence[Told]) -> "_Axis":
        found = next(each for each in dimensions if each["code"] == code)
        return cls(code, found["label"], tuple((each["code"], each["label"]) for each in found["categories"]))

    @property
    def places(self) -> list[tuple[Place, str]]:
        """Each category, and at the end all of them."""
        named = [(frozenset({(self.code, code)}), label) for code, label in self.categories]
        return [*named, (frozenset(), "All")]


def _listed(axes: Sequence[_Axis], cells: Mapping[Place, Told]) -> Grid:
    """A row for each category of the one dimension, or the one row of all."""
    columns: dict[str, Say] = {
        "Published figure": _value,
        "True figure": _window,
        **_over_time(cells.values()),
    }
    rows = axes[0].places if axes else [(Place(), "All")]
    return Grid(
        caption="",
        heads=(axes[0].label if axes else "What is counted", *columns),
        rows=tuple(
            Line(label, tuple(say(cells[place]) for say in columns.values()), whole=not place)
            for place, label in rows
        ),
    )


def _crossed(axes: Sequence[_Axis], cells: Mapping[Place, Told]) -> Iterator[Grid]:
    """The shortest dimension goes across, the others down."""
    across = min(axes, key=lambda axis: len(axis.categories))
    down = [axis for axis in axes if axis is not across]
    said: dict[str, Say] = {
        "Published figure, and where the true one lies": _figure,
        **_over_time(cells.values()),
    }
    for caption, say in said.items():
        yield Grid(
            caption=f"{caption}. Across: {across.label.lower()}",
            heads=(", ".join(axis.label for axis in down), *(label for _, label in across.places)),
            rows=tuple(
                Line(
                    ", ".join(dict.fromkeys(label for _, label in row)),
                    tuple(say(cells[place.union(*(each for each, _ in row))]) for place, _ in across.places),
                    whole=not any(each for each, _ in row),
                )
                for row in product(*(axis.places for axis in down))
            ),
        )


def _value(cell: Told) -> Lines:
    return _figure(cell)[:1]


def _window(cell: Told) -> Lines:
    return _figure(cell)[-1:]


def _figure(cell: Told) -> Lines:
    """A figure and the range of the true one; or the symbol in their place."""
    if cell["value"] is None:
        return (cell["symbol"] or NOT_SHOWN,)
    value = f"{cell['value']} {cell['symbol']}" if cell["symbol"] else str(cell["value"])
    return value, f"{cell['low']} to {cell['high']}"


def _change(cell: Told) -> Lines:
    if "change" in cell:
        return (cell["change"],)
    return _figure(cell) if cell["value"] is None else (NOT_SHOWN,)


def _over_time(cells: Collection[Told]) -> dict[str, Say]:
    """What is said of each figure over time, where it is not the same for all (`_said_once`)."""
    found: dict[str, Say] = {}
    if any(cell.get("change") in CLEAR for cell in cells):
        found[CHANGE] = _change
    if _any_shown(cells, YEAR) and not _year_begins(cells):
        found["Year to date"] = lambda cell: _figure(cell.get(YEAR) or cell)
    if _any_shown(cells, FOUR) and not _year_is_over(cells):
        found["Last four quarters"] = lambda cell: _figure(cell.get(FOUR) or cell)
    return found


def _any_shown(cells: Collection[Told], name: str) -> bool:
    return any(name in cell and cell[name]["value"] is not None for cell in cells)


def _year_begins(cells: Collection[Told]) -> bool:
    """After a first quarter the year to date is the quarter itself."""
    return all(_figure(cell.get(YEAR) or cell) == _figure(cell) for cell in cells)


def _year_is_over(cells: Collection[Told]) -> bool:
    """After a fourth quarter the year to date is the last four quarters."""
    return all(cell.get(YEAR) == cell.get(FOUR) for cell in cells)


def _said_once(cells: Sequence[Told]) -> Iterator[str]:
    """The same where it is the same for all: a column of it would say no more."""
    changes = {cell["change"] for cell in cells if "change" in cell}
    if changes and not changes & set(CLEAR):
        yield f"{CHANGE}: no clear change in any figure"
    added = any(YEAR in cell for cell in cells)
    if added and not _any_shown(cells, YEAR):
        yield f"Year to date: {NOT_SHOWN}"
    elif added and _year_begins(cells):
        yield "Year to date: the quarter itself"
    if added and not _any_shown(cells, FOUR):
        yield f"Last four quarters: {NOT_SHOWN}"
    elif added and _year_is_over(cells):
        yield "Last four quarters: the year to date"
