"""The figures as tables for docs/disclosure.md, and whether each is what is asked of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .figures import SHARES
from .mutations import MUTATIONS

BEGIN, END = "<!-- figures: written by manage.py disclosure_report -->", "<!-- end of figures -->"
ENOUGH_SEEDS, ENOUGH_DRAWS, ENOUGH_PERIODS = 20, 1000, 10_000
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Goal:
    """A figure and its limit. `sampled`: only a large sample is sure to reach it."""

    what: str
    limit: str
    found: str
    reached: bool
    sampled: bool = False


def goals(figures: Figures) -> list[Goal]:
    """Everything that is asked of the method."""
    return [*_of_attacks(figures), *_of_audits(figures), *_of_rounding(figures), *_of_times(figures)]


def _most(figures: Figures, of: str, name: str) -> float:
    return max(float(each[name]) for each in figures[of].values() if name in each)


def _sum(figures: Figures, of: str, name: str) -> int:
    return sum(int(each[name]) for each in figures[of].values() if name in each)


def _of_attacks(figures: Figures) -> Iterator[Goal]:
    for way, least in (("with margins and totals", 0.34), ("with the year to date too", 0.94)):
        share = figures["naive"][way]
        yield Goal(
            f"Hidden cells of the usual rule that the attacker recovers exactly, {way}",
            f"at least {least:.0%}",
            f"{share:.1%}",
            share >= least,
            sampled=True,
        )
    cells = _sum(figures, "plans", "cells")
    for name, what in (
        ("exact", "that the attacker recovers exactly"),
        ("small", "that are certain to be 1 to 4"),
        ("narrow", "that are known to less than 4"),
    ):
        found = _sum(figures, "plans", name)
        yield Goal(f"Of our cells, those {what}", "0", f"{found} of {cells:,}", found == 0)


def _of_audits(figures: Figures) -> Iterator[Goal]:
    refused, made = _sum(figures, "plans", "refused"), _sum(figures, "plans", "releases")
    yield Goal(
        "Releases that are certified", "all", f"{made:,} of {made + refused:,}", refused == 0 and made > 0
    )
    most = int(_most(figures, "plans", "most draws"))
    yield Goal("The most draws that a release took", "at most 20", str(most), most <= 20)
    found = [each["refused"] for each in figures["mutations"].values()]
    yield Goal(
        "Ways to do it wrong that are refused each time",
        "all",
        f"{sum(share == 1 for share in found)} of {len(found)}",
        all(share == 1 for share in found),
    )


def _of_rounding(figures: Figures) -> Iterator[Goal]:
    error = int(_most(figures, "plans", "greatest error"))
    yield Goal("The greatest error of a cell", "at most 4", str(error), error <= 4)
    broken = _sum(figures, "plans", "sums that do not hold")
    yield Goal("Sums in tables that do not hold", "0", str(broken), broken == 0)
    ratio = _most(figures, "plans", "error ratio")
    yield Goal(
        "Mean error, in parts of that of cells rounded each on its own",
        "at most 1.1",
        f"{ratio:.2f}",
        ratio <= 1.1,
        sampled=True,
    )
    for name, limit in (("greatest of totals and one-ways", 0.3), ("root mean square", 0.2)):
        found = _most(figures, "bias", name)
        yield Goal(
            f"Bias over {figures['draws']:,} draws, {name}",
            f"at most {limit}",
            f"{found:.2f}",
            found <= limit,
            sampled=True,
        )
    support = figures["support"]
    wrong = support["never drawn"] + support["drawn and impossible"]
    yield Goal(
        f"Of {support['roundings']} possible roundings of a small ring of tables, those never drawn in "
        f"{support['draws']:,}, and others that were",
        "0",
        str(wrong),
        wrong == 0,
        sampled=True,
    )
    periods = min(each["periods"] for each in figures["roundings"].values())
    none = _sum(figures, "roundings", "infeasible")
    yield Goal(f"Periods without a rounding, of {periods:,} or more for each plan", "0", str(none), none == 0)


def _of_times(figures: Figures) -> Iterator[Goal]:
    cubes = figures["cube"]
    for what, limit, found in (
        ("Seconds to round a quarter", 0.5, _most(figures, "plans", "seconds to round")),
        ("Seconds to round a sparse cube of 50 x 50 x 10", 5, max(each["seconds"] for each in cubes)),
        ("Seconds for a release, audit and all", 60, _most(figures, "plans", "seconds a release")),
    ):
        yield Goal(what, f"under {limit}", f"{found:.2f}", found < limit)


def large_enough(figures: Figures) -> bool:
    """Whether the sample is what docs/disclosure.md speaks of."""
    periods = min(each["periods"] for each in figures["roundings"].values())
    return bool(
        figures["seeds"] >= ENOUGH_SEEDS
        and figures["draws"] >= ENOUGH_DRAWS
        and periods >= ENOUGH_PERIODS
        and figures["support"]["draws"] >= 100 * ENOUGH_DRAWS
    )


def block(figures: Figures) -> str:
    """The marked part of docs/disclosure.md."""
    parts = [
        _table(
            ("Figure", "Asked", "Found"), [(each.what, each.limit, each.found) for each in goals(figures)]
        ),
        f"Means and sums over {figures['seeds']} generated years (for plans with longer periods, blocks of "
        "three years) of each shipped plan and of the benchmark. Times are of one processor.",
        "### What each plan does",
        _plans(figures),
        "### What insiders learn of the cases they do not know",
        _insiders(figures),
        "### What readers see",
        _usefulness(figures),
        "### Ways to do it wrong",
        _mutations(figures),
        "### What a published figure makes likely",
        _beliefs(figures),
    ]
    return "\n\n".join([BEGIN, *parts, END])


def with_block(page: str, figures: Figures) -> str:
    """A page with its marked part written anew. Raises ValueError if it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page needs the lines {BEGIN} and {END}.")
    return before + block(figures) + after


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plans(figures: Figures) -> str:
    head = ["Plan", "Releases", "Certified at the first draw", "Most draws", "Cells attacked", "Error ratio"]
    head += ["Bias, one-ways", "Bias, all", "Seconds to round", "Seconds a release"]
    return _table(
        head,
        [
            (
                key,
                str(each["releases"]) if "releases" in each else "drawn only",
                f"{each['at the first draw']:.0%}" if "releases" in each else "-",
                str(each.get("most draws", "-")),
                f"{each['cells']:,}",
                f"{each['error ratio']:.2f}",
                f"{figures['bias'][key]['greatest of totals and one-ways']:.2f}",
                f"{figures['bias'][key]['root mean square']:.2f}",
                f"{each['seconds to round']:.2f}",
                f"{each['seconds a release']:.1f}" if "releases" in each else "-",
            )
            for key, each in figures["plans"].items()
        ],
    )


def _shipped(figures: Figures) -> dict[str, Any]:
    return {key: each for key, each in figures["plans"].items() if "releases" in each}


def _insiders(figures: Figures) -> str:
    head = ("Plan", "Cells", *(f"{share:.0%} known: exactly, none left" for share in SHARES))
    return _table(
        head,
        [
            (
                key,
                f"{each['insiders'][0]['cells']:,}",
                *(f"{found['exact']}, {found['none']}" for found in each["insiders"]),
            )
            for key, each in _shipped(figures).items()
        ],
    )


def _usefulness(figures: Figures) -> str:
    kinds = ("0", "5", "10", "more", "[x]")
    head = ["Plan", "Figures", *(f"shown as {kind}" if kind != "more" else "more" for kind in kinds)]
    head += ["Percentages: nearest 5", "as a range", "[x]", "mean error in points"]
    rows = []
    for key, plan in _shipped(figures).items():
        each = plan["usefulness"]
        error = "-" if each["error"] is None else f"{each['error']:.1f}"
        shown = [f"{each['shown'][kind]:.0%}" for kind in kinds]
        percentages = [f"{share:.0%}" for share in each["percentages"].values()]
        rows.append((key, f"{each['figures']:,}", *shown, *percentages, error))
    return _table(head, rows)


def _mutations(figures: Figures) -> str:
    return _table(
        ("Way", "Refused by", "How often", "Without a certificate too"),
        [
            (name, MUTATIONS[name].by, f"{each['refused']:.0%}", f"{each['no certificate']:.0%}")
            for name, each in figures["mutations"].items()
        ],
    )


def _beliefs(figures: Figures) -> str:
    return _table(
        ("Published", "Mean of counts like it", "None", "1 to 4", "5 and more"),
        [
            (str(each["published"]), str(each["mean"]), *(f"{chance:.2f}" for chance in each["chances"]))
            for each in figures["posterior"]
        ],
    )
