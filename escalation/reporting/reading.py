"""A published release as its readers meet it: sentences, charts and tables, from its document alone.

Whatever is computed here is computed from published figures: a sentence, a percentage, which one is largest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.web.charts import Chart, Estimate, chart
from escalation.disclosure.shown import CLEAR, MEANINGS, Change, Symbol
from escalation.policy.quarters import Quarter
from escalation.policy.words import capital, join
from escalation.reporting.models import Subject
from escalation.reporting.tabular import follows

ALL = "All"
ROUNDED = ("Rounded", "True figure")
RUNNING = (("year_to_date", "Year to date"), ("last_four", "Last four quarters"))
COUNTED = {
    (Subject.CHALLENGES, "logged"): "challenges",
    (Subject.CHALLENGES, "closed"): "challenges",
    (Subject.LADO, "logged"): "contacts with the LADO",
    (Subject.LADO, "closed"): "contacts with the LADO",
    (Subject.FORUMS, "logged"): "people",
    (Subject.FORUMS, "closed"): "answers",
    (Subject.LEARNING, "logged"): "learning points",
    (Subject.LEARNING, "closed"): "actions from learning",
    (Subject.SURVEY, "closed"): "people",
}
HAPPENED = {
    (Subject.CHALLENGES, "logged"): "were raised",
    (Subject.CHALLENGES, "closed"): "came to an end",
    (Subject.LADO, "logged"): "were made",
    (Subject.LADO, "closed"): "came to an end",
    (Subject.FORUMS, "logged"): "came",
    (Subject.FORUMS, "closed"): "were given",
    (Subject.LEARNING, "logged"): "were approved",
    (Subject.LEARNING, "closed"): "ended",
    (Subject.SURVEY, "closed"): "answered",
}
SPANS = {"quarter": "quarter", "half_year": "half-year", "year": "year", "three_years": "three years"}
BEFORE = {
    "quarter": "the quarter before",
    "half_year": "the half-year before",
    "year": "the year before",
    "three_years": "the three years before",
}
WORRIES = (["issue_group"], ["nature_group"])
"""What a table is by if it says what people worried about."""
Labels = Mapping[str, Mapping[str, str]]
"""What each category of each dimension is called."""
Figure = Mapping[str, Any]
"""A published figure as the document has it: value, low, high, symbol."""


@dataclass(frozen=True)
class Cell:
    """A figure or a symbol, with where the true one lies under it; or that range alone."""

    words: str
    quiet: str = ""
    is_range: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table; `is_sum` where it adds up the others."""

    name: str
    cells: tuple[Cell, ...]
    is_sum: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; a wide one moves sideways within its frame on a phone."""

    caption: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        return len(self.heads) > len(ROUNDED)


@dataclass(frozen=True)
class View:
    """A table with its chart, if anything of it is shown; a long one stands one click away."""

    grid: Grid
    chart: Chart | None
    one_click_away: bool = False


@dataclass(frozen=True)
class Published:
    """One published table; `words` follow from it as a whole, `change` from the period before."""

    code: str
    title: str
    about: str
    views: tuple[View, ...]
    words: tuple[str, ...]
    change: str


@dataclass(frozen=True)
class Reading:
    """A release, as one reads it from its top."""

    headlines: tuple[str, ...]
    tables: tuple[Published, ...]
    changes: tuple[tuple[str, str], ...]
    definitions: tuple[str, ...]
    symbols: tuple[tuple[str, str], ...]
    in_words: str
    not_known: str
    evidence: tuple[str, ...]
    withdrawn: str


def reading_of(told: Mapping[str, Any]) -> Reading:
    """What readers are shown of a release's document."""
    labels = {
        each["code"]: {c["code"]: c["label"] for c in each["categories"]} for each in told["dimensions"]
    }
    names = {each["code"]: each["label"] for each in told["dimensions"]}
    tables = tuple(_published(table, told, labels, names) for table in told["tables"])
    return Reading(
        headlines=tuple(_headlines(told, labels)),
        tables=tables,
        changes=tuple((each.title, each.change) for each in tables if each.change),
        definitions=tuple(told["definitions"].values()),
        symbols=tuple(
            (symbol, meaning) for symbol, meaning in told["symbols"].items() if symbol != Symbol.CONFIDENTIAL
        ),
        in_words=told["in_words"],
        not_known=told["not_known"],
        evidence=tuple(each["words"] for each in told["evidence"]),
        withdrawn=told["withdrawn"],
    )


def period_words(quarters: Sequence[str]) -> str:
    """ "July to September 2026", "October 2026 to March 2027"."""
    first, last = Quarter.parse(quarters[0]).start, Quarter.parse(quarters[-1]).end
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%B}{year} to {last:%B %Y}"


# Sentences


def _headlines(told: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    """How many there were, and what there was most of, where one stands out clearly."""
    subject, seen = told["subject"], set()
    for table in told["tables"]:
        total = table["parts"][0]["cells"][0]
        if table["date"] not in seen and total["value"] is not None:
            seen.add(table["date"])
            this = subject, table["date"]
            yield _how_many(total, f"{COUNTED[this]} {HAPPENED[this]}", table)
    for table in told["tables"]:
        largest = _largest(table, labels)
        if largest:
            yield f"From {period_words(table['quarters'])}, the most common worry was “{largest}”."


def _how_many(total: Figure, happened: str, table: Mapping[str, Any]) -> str:
    when = "" if table["span"] == "quarter" else f" in {period_words(table['quarters'])}"
    if total["value"] == 0:
        return f"Few {happened}{when}: {total['low']} to {total['high']}."
    return f"About {total['value']} {happened}{when}."


def _largest(table: Mapping[str, Any], labels: Labels) -> str:
    """The kind of worry that leads all others by more than the rounding can have done; else ""."""
    by, cells = table["parts"][-1]["by"], table["parts"][-1]["cells"]
    values = sorted((each["value"] for each in cells if each["value"] is not None), reverse=True)
    if by not in WORRIES or len(values) < 2 or values[0] - values[1] < CLEAR:
        return ""
    (code,) = by
    return next(labels[code][each[code]] for each in cells if each["value"] == values[0])


def _change(table: Mapping[str, Any], labels: Labels) -> str:
    """What is clearly up or down since the period before; "" where there is nothing to compare with."""
    before = f"compared with {BEFORE[table['span']]}"
    found: dict[str, list[str]] = {}
    for part in table["parts"]:
        for cell in part["cells"]:
            if "change" in cell:
                name = ", ".join(labels[code][cell[code]] for code in part["by"]) or "all together"
                found.setdefault(cell["change"], []).append(name)
    clear = [f"{way}: {join(found[way])}" for way in (Change.UP, Change.DOWN) if way in found]
    if clear and sum(map(len, found.values())) > 1:
        rest = [f"{Change.NO_CLEAR} in the others"] if Change.NO_CLEAR in found else []
        return f"{before}, {'; '.join([*clear, *rest])}."
    return f"{next(iter(found))} {before}." if found else ""


def _derived(table: Mapping[str, Any], dimensions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A percentage with its bounds, and the band that holds the median, as sentences."""
    for label, words in follows(table, dimensions):
        yield f"{label}: {words}." if words != Symbol.NOT_AVAILABLE else f"{label}: {_not_available()}"


def _not_available() -> str:
    return f"{Symbol.NOT_AVAILABLE}. {MEANINGS[Symbol.NOT_AVAILABLE]}"


# Tables and charts


def _published(
    table: Mapping[str, Any], told: Mapping[str, Any], labels: Labels, names: Mapping[str, str]
) -> Published:
    total = table["parts"][0]["cells"][0]
    about = f"{capital(SPANS[table['span']])}, {period_words(table['quarters'])}."
    if total["value"]:
        about += f" {total['value']} {COUNTED[Subject(told['subject']), table['date']]}, rounded to 5."
    return Published(
        code=table["code"],
        title=table["title"],
        about=about,
        views=tuple(_views(table, labels, names)),
        words=tuple(_derived(table, told["dimensions"])),
        change=_change(table, labels),
    )


def _views(table: Mapping[str, Any], labels: Labels, names: Mapping[str, str]) -> Iterator[View]:
    """The table itself; of one by two things that is not shown, each of them alone where that is."""
    by, name = table["parts"][-1]["by"], f"chart-{table['code']}"
    if not by:
        yield _over_time(table, name)
    elif len(by) == 1 or _is_shown(table["parts"][-1]):
        yield (_by_one if len(by) == 1 else _by_two)(table, table["parts"][-1], labels, names, name)
    else:
        shown = [part for part in table["parts"][1:-1] if _is_shown(part)]
        yield from (_by_one(table, part, labels, names, f"{name}-{part['by'][0]}") for part in shown)
        if not shown:
            yield View(Grid(table["title"], "Of", ROUNDED, (_sum_row(table),)), None)


def _is_shown(part: Mapping[str, Any]) -> bool:
    return any(each["value"] is not None for each in part["cells"])


def _over_time(table: Mapping[str, Any], name: str) -> View:
    """A total by itself, and added up over longer times."""
    total = table["parts"][0]["cells"][0]
    figures = [(period_words(table["quarters"]), total)]
    figures += [(words, total[key]) for key, words in RUNNING if key in total and total[key] != _plain(total)]
    rows = tuple(Row(words, _rounded(each)) for words, each in figures)
    return _view(Grid(_caption(table), "Period", ROUNDED, rows), name, figures)


def _by_one(
    table: Mapping[str, Any], part: Mapping[str, Any], labels: Labels, names: Mapping[str, str], name: str
) -> View:
    (code,) = part["by"]
    running = [(key, words) for key, words in RUNNING if key in part["cells"][0]]
    figures = [(labels[code][each[code]], each) for each in part["cells"]]
    rows = [
        Row(label, (*_rounded(each), *(_cell(each[key]) for key, _ in running))) for label, each in figures
    ]
    total = table["parts"][0]["cells"][0]
    rows.append(Row(ALL, (*_rounded(total), *(_cell(total[key]) for key, _ in running)), is_sum=True))
    heads = (*ROUNDED, *(words for _, words in running))
    return _view(Grid(_caption(table), names[code], heads, tuple(rows)), name, figures)


def _by_two(
    table: Mapping[str, Any], part: Mapping[str, Any], labels: Labels, names: Mapping[str, str], name: str
) -> View:
    """Columns are the thing with fewer categories, rows the other; sums stand at the ends."""
    across = min(part["by"], key=lambda code: len(labels[code]))
    down = next(code for code in part["by"] if code != across)
    found = {(each.get(down), each.get(across)): each for other in table["parts"] for each in other["cells"]}
    columns, lines = [*labels[across], None], [*labels[down], None]
    rows = tuple(
        Row(
            labels[down][line] if line else ALL,
            tuple(_cell(found[line, column]) for column in columns),
            is_sum=line is None,
        )
        for line in lines
    )
    heads = (*labels[across].values(), ALL)
    figures = [
        (f"{labels[down][each[down]]}: {labels[across][each[across]]}", each) for each in part["cells"]
    ]
    grid = Grid(_caption(table), f"{names[down]} / {names[across]}", heads, rows)
    view = _view(grid, name, figures)
    return View(view.grid, view.chart, one_click_away=True)


def _sum_row(table: Mapping[str, Any]) -> Row:
    return Row(ALL, _rounded(table["parts"][0]["cells"][0]), is_sum=True)


def _view(grid: Grid, name: str, figures: Iterable[tuple[str, Figure]]) -> View:
    drawn = [(label, each) for label, each in figures if each["symbol"] != Symbol.NOT_AVAILABLE]
    if not drawn:
        return View(grid, None)
    estimates = [
        Estimate(label, _value(each), each["low"] or 0, each["value"], each["high"] or 0)
        for label, each in drawn
    ]
    return View(grid, chart(name, f"Bar chart of {grid.caption}", estimates))


def _caption(table: Mapping[str, Any]) -> str:
    return f"{table['title']}, {period_words(table['quarters'])}"


def _plain(cell: Figure) -> Figure:
    """A cell's own figure: in a year's first quarter it is that of the year to date."""
    return {name: cell[name] for name in ("value", "low", "high", "symbol")}


def _rounded(figure: Figure) -> tuple[Cell, Cell]:
    return Cell(_signed(figure)), Cell(_between(figure), is_range=True)


def _cell(figure: Figure) -> Cell:
    return Cell(_signed(figure), _between(figure))


def _signed(figure: Figure) -> str:
    """ "20", "[x]"; a 0 has its sign beside it, since it does not mean none."""
    return " ".join(str(each) for each in (figure["value"], figure["symbol"]) if each is not None)


def _value(figure: Figure) -> str:
    return str(figure["symbol"] if figure["value"] is None else figure["value"])


def _between(figure: Figure) -> str:
    return "" if figure["value"] is None else f"{figure['low']} to {figure['high']}"
