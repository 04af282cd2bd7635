"""A published table as rows: one figure a row, and where the true one lies; and what its columns mean.

Codes and labels come from the plan, so no cell can be a formula.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from escalation.disclosure.shown import Symbol, percent_range
from escalation.policy.words import join

Row = dict[str, str | int | None]
ALL = "total"
NOT_SHOWN = Symbol.NOT_AVAILABLE.value
FIGURE = {
    "value": ("Published figure", "integer"),
    "low": ("At least", "integer"),
    "high": ("At most", "integer"),
    "symbol": ("Symbol", "string"),
    "change": ("Since the period before", "string"),
    "year_to_date": ("Year to date", "integer"),
    "year_to_date_symbol": ("Year to date, symbol", "string"),
    "last_four": ("Last four quarters", "integer"),
    "last_four_symbol": ("Last four quarters, symbol", "string"),
}
"""The title and the data type of each column of figures, by name."""
OF_A_CELL = ("value", "low", "high", "symbol")
SUMS = ("year_to_date", "last_four")
"""What stands beside a figure of a quarter; as the span of a table: what its figures are."""


def rows_of(table: Mapping[str, Any], dimensions: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """A row for each figure of a table and of its margins, in which a dimension says "Total"."""
    labels = {each["code"]: {c["code"]: c["label"] for c in each["categories"]} for each in dimensions}
    by = table["parts"][-1]["by"]
    columns = OF_A_CELL if table["span"] in SUMS else tuple(FIGURE)
    for part in table["parts"]:
        for cell in part["cells"]:
            row: Row = {"period_begins": table["quarters"][0], "period_ends": table["quarters"][-1]}
            for code in by:
                name = cell.get(code, ALL)
                row |= {code: name, f"{code}_label": labels[code].get(name, "Total")}
            figures = _figures(cell)
            yield row | {name: figures[name] for name in columns}


def _figures(cell: Mapping[str, Any]) -> Row:
    row: Row = {name: cell[name] for name in OF_A_CELL}
    row["change"] = cell.get("change")
    for name in SUMS:
        added = cell.get(name) or {}
        row |= {name: added.get("value"), f"{name}_symbol": added.get("symbol")}
    return row


def follows(table: Mapping[str, Any], dimensions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What follows from a table as a whole, in words: a label and what is said, for each."""
    by = table["parts"][-1]["by"]
    names = next(
        ({c["code"]: c["label"] for c in d["categories"]} for d in dimensions if [d["code"]] == by), {}
    )
    if "percentage" in table:
        share = table["percentage"]
        of, among = (join([f"“{names[code]}”" for code in share[part]]) for part in ("of", "among"))
        yield f"{of} of {'all' if set(share['among']) == set(names) else among}", _share(table)
    if "median" in table:
        bands = table["median"] or []
        yield "Half of them are in or under", " and ".join(names[code] for code in bands) or NOT_SHOWN


def _share(table: Mapping[str, Any]) -> str:
    """ "25 of 35, that is between 60% and 83%"; the bounds stand beside a rounded percentage too."""
    share, part = table["percentage"], table["parts"][-1]
    if share["words"] == NOT_SHOWN:
        return NOT_SHOWN
    values = {cell[part["by"][0]]: cell["value"] for cell in part["cells"]}
    of, among = (sum(values[code] for code in share[name]) for name in ("of", "among"))
    low, high = percent_range(of, among - of, len(share["of"]), len(share["among"]) - len(share["of"]))
    bounds = f"between {low}% and {high}%"
    about = "" if share["words"] == bounds else f"about {share['words']}, "
    return f"{of} of {among}, that is {about}{bounds}"


def as_csv(rows: Sequence[Row]) -> bytes:
    """UTF-8, with a line of names; what there is not is empty."""
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def described(told: Mapping[str, Any], table: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """What the columns of a table's CSV mean, as CSV on the Web asks (W3C, Metadata Vocabulary)."""
    names = {each["code"]: each["label"] for each in told["dimensions"]}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table['code']}.csv",
        "dc:title": table["title"],
        "dc:description": f"{told['definitions'][table['date']]} {told['in_words']}",
        "dc:publisher": told["partnership"],
        "dc:issued": {"@value": told["published"], "@type": "date"},
        "tableSchema": {"columns": [_column(name, names) for name in rows[0]]},
    }


def _column(name: str, names: Mapping[str, str]) -> dict[str, Any]:
    dimension = name.removesuffix("_label")
    if name in FIGURE:
        title, kind = FIGURE[name]
    elif dimension in names:
        title, kind = names[dimension] + ("" if name != dimension else ", code"), "string"
    else:
        title, kind = name.replace("_", " ").capitalize(), "string"
    return {"name": name, "titles": title, "datatype": kind}
