"""Every figure that is claimed of the method and of the shipped plans, measured. See docs/disclosure.md.

Each function gives plain values. Times are those of one processor, so that a busy machine changes little.
"""

import itertools
from collections import Counter as Tally
from collections.abc import Callable, Collection, Mapping, Sequence
from statistics import mean
from time import process_time
from typing import Any

import numpy as np

from escalation.attacker import Findings, attack, uncover
from escalation.disclosure.certificate import find_certificate
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Plan
from escalation.disclosure.plan_files import shipped_plans
from escalation.disclosure.randomness import Stream
from escalation.disclosure.releasing import draw, knowledge
from escalation.disclosure.rounding import BASE, Infeasible, round_counts
from escalation.disclosure.tables import Dimension, Ints, Layout

from . import benchmark
from .assessment import insiders, posterior, usefulness
from .generating import counter
from .mutations import MUTATIONS
from .naive import naive_document
from .small import ISSUE, all_roundings, cases, stream
from .years import Releases, drawn, generated, released

Figures = dict[str, Any]
SHARES = (0.5, 0.8, 0.95)
PART_FOR_INSIDERS = 4
"""Insiders look at the first of so many parts of the years: each takes a programme for each cell."""
VALUES, MEANS = (0, 5, 10), (0.5, 1, 2, 5)
BIAS_SEED = 7
CUBE, CUBE_CASES = (50, 50, 10), (500, 2000, 5000)


PARTS = ("naive", "mutations", "plans", "bias", "support", "posterior", "cube", "roundings")
"""What can be measured on its own."""


def measure(
    *,
    seeds: int,
    draws: int,
    periods: int,
    support_draws: int,
    only: Collection[str] = PARTS,
    told: Callable[[str], None] = lambda _: None,
) -> Figures:
    """Some parts of the figures, or all. `told` is called with the name of each as it begins."""

    def named(name: str, found: Callable[..., Any], *given: Any) -> Any:
        told(name)
        return found(*given)

    shipped = shipped_plans()
    plans = [*shipped, benchmark.plan()]
    tried = range(seeds)
    parts: dict[str, Callable[[], Any]] = {
        "naive": lambda: named("the usual rule", naive, tried),
        "mutations": lambda: named("mutations", mutations, range(10 * seeds)),
        "plans": lambda: {each.key: named(each.key, of_plan, each, tried) for each in plans},
        "bias": lambda: {each.key: named(f"{each.key}, bias", bias, each, draws) for each in plans},
        "support": lambda: named("full support", support, support_draws),
        "posterior": beliefs,
        "cube": lambda: named("a sparse cube", cube),
        "roundings": lambda: {
            each.key: named(f"{each.key}, roundings", roundings, each, periods) for each in shipped
        },
    }
    return {"seeds": seeds, "draws": draws} | {name: parts[name]() for name in PARTS if name in only}


def naive(seeds: Sequence[int]) -> Figures:
    """The mean share of the hidden cells of the usual rule that the attacker recovers exactly."""
    ways = {
        "inner cells only": {"margins": False},
        "with margins and totals": {},
        "with the year to date too": {"year_to_date": True},
    }
    return {name: mean(_uncovered(seed, way) for seed in seeds) for name, way in ways.items()}


def _uncovered(seed: int, way: Mapping[str, bool]) -> float:
    plan = benchmark.plan()
    count = counter(benchmark.generate(4, np.random.default_rng(seed)))
    quarters = range(plan.since, plan.since + 4)
    return Findings.of(uncover([naive_document(plan, quarters, count, **way)])).share


def mutations(seeds: Sequence[int]) -> Figures:
    """For each way to do it wrong: the share of seeds in which its rule refuses it, and in which it has no
    certificate either."""
    return {
        name: {
            "refused": mean(mutation.is_refused(seed) for seed in seeds),
            "no certificate": mean(find_certificate(mutation.known(seed)) is None for seed in seeds),
        }
        for name, mutation in MUTATIONS.items()
    }


def of_plan(plan: Plan, seeds: Sequence[int]) -> Figures:
    """What happens in generated years of a plan, all that was published attacked and audited together."""
    certified = plan.key != "benchmark"
    years = [released(plan, seed) if certified else drawn(plan, seed) for seed in seeds]
    found = _attacked(years, certified) | _errors(years)
    found["seconds to round"] = max(_seconds_to_round(each) for each in years)
    if certified:
        draws = Tally(number for each in years for number in each.draws)
        found |= {
            "releases": draws.total(),
            "refused": sum(each.refused for each in years),
            "at the first draw": draws[1] / draws.total(),
            "most draws": max(draws),
            "seconds a release": max(second for each in years for second in each.seconds),
            "insiders": [
                _insiders(years[: max(1, len(years) // PART_FOR_INSIDERS)], share) for share in SHARES
            ],
            "usefulness": vars(usefulness((each.documents, each.cases) for each in years)),
        }
    return found


def _attacked(years: Sequence[Releases], from_the_start: bool) -> Figures:
    """Both what readers were given, quarter by quarter, and all that was drawn as if it were shown."""
    tally = Tally[str]()
    for each in years:
        for documents in (each.documents, [each.everything]):
            tally.update(vars(Findings.of(attack(documents, from_the_start=from_the_start))))
    return dict(tally)


def _errors(years: Sequence[Releases]) -> Figures:
    differences, remainders, broken = [], [], 0
    for each in years:
        count = counter(each.cases)
        for publication in each.publications:
            counts = count(publication.layout, Date(publication.date), publication.period)
            differences.append(np.abs(publication.values - counts))
            remainders.append(counts % BASE)
            broken += int(np.count_nonzero(publication.layout.sums.times(publication.values)))
    difference, remainder = np.concatenate(differences), np.concatenate(remainders)
    moved = remainder > 0
    expected = 2 * remainder * (BASE - remainder) / BASE
    return {
        "greatest error": int(difference.max()),
        "sums that do not hold": broken,
        "error ratio": float(difference[moved].mean() / expected[moved].mean()),
    }


def _seconds_to_round(year: Releases) -> float:
    """The longest that the figures of one quarter took to draw, the counting left out."""
    count, bits, longest = _remembered(counter(year.cases)), Stream(bytes(32)), 0.0
    told: list[Any] = []
    for quarter in year.quarters:
        draw(year.plan, quarter, count, told, Stream(bytes(32)))  # so that all is counted
        start = process_time()
        told += draw(year.plan, quarter, count, told, bits)
        longest = max(longest, process_time() - start)
    return longest


def _remembered(count: Callable[..., Ints]) -> Callable[[Layout, Date, Period], Ints]:
    """A counter that counts each thing once."""
    known: dict[tuple[int, Date, Period], Ints] = {}

    def remembered(layout: Layout, date: Date, period: Period) -> Ints:
        key = (len(layout), date, period)
        if key not in known:
            known[key] = count(layout, date, period)
        return known[key]

    return remembered


def _insiders(years: Sequence[Releases], share: float) -> Figures:
    """What those who know a share of the cases learn of the others."""
    tally = Tally[str]()
    for number, each in enumerate(years):
        told = knowledge(each.plan, each.publications)
        tally.update(vars(insiders(told, each.cases, share, np.random.default_rng(number))))
    return {"share": share, **tally}


def bias(plan: Plan, draws: int) -> Figures:
    """How far the mean of many draws is from the truth, of a whole generated stretch drawn anew each time."""
    year = generated(plan, BIAS_SEED)
    count = _remembered(counter(year.cases))
    sums: dict[tuple[str, Period], Any] = {}
    layouts: dict[tuple[str, Period], Layout] = {}
    for number in range(draws):
        bits, told = stream(number), list[Any]()
        for quarter in year.quarters:
            told += draw(plan, quarter, count, told, bits)
        for each in told:
            key = each.date, each.period
            layouts[key], sums[key] = each.layout, sums.get(key, 0) + each.values
    off = {key: sums[key] / draws - count(layouts[key], Date(key[0]), key[1]) for key in sums}
    narrow = [abs(off[key][at]) for key in off for at, cell in enumerate(layouts[key].cells) if len(cell) < 2]
    every = np.concatenate(list(off.values()))
    return {
        "greatest of totals and one-ways": float(max(narrow)),
        "root mean square": float(np.sqrt((every**2).mean())),
        "cells": len(every),
    }


def support(draws: int) -> Figures:
    """Whether all roundings of a tiny ring of tables, and no others, are drawn."""
    yes_no = ("yes", "no")
    layout = Layout(
        [ISSUE, Dimension("met", yes_no), Dimension("fast", yes_no)],
        [("issue", "met"), ("met", "fast"), ("issue", "fast")],
    )
    counts = layout.count(cases(list(layout.dimensions.values()), 17, 6))
    found = Tally(tuple(map(int, round_counts(layout, counts, stream(number)))) for number in range(draws))
    possible = set(all_roundings(layout, counts))
    return {
        "draws": draws,
        "roundings": len(possible),
        "never drawn": len(possible - set(found)),
        "drawn and impossible": len(set(found) - possible),
        "chance of the rarest": min(found.values()) / draws,
    }


def beliefs() -> list[Figures]:
    """How likely it is that a published figure stands for none, one to four, or five and more cases."""
    return [
        {"mean": mean, "published": value, "chances": posterior(mean, value)}
        for value in VALUES
        for mean in MEANS
    ]


def cube() -> list[Figures]:
    """Seconds to round a sparse cube of three dimensions, by how many cases are in it."""
    sides = [
        Dimension(code, tuple(f"{code}{at}" for at in range(size)))
        for code, size in zip("abc", CUBE, strict=True)
    ]
    layout = Layout(sides, [tuple("abc")])
    found = []
    for number in CUBE_CASES:
        generator = np.random.default_rng(number)
        zipf = [1 / np.arange(1, size + 1) ** 0.7 for size in CUBE]
        drawn_sides = [
            generator.choice(side.categories, size=number, p=each / each.sum())
            for side, each in zip(sides, zipf, strict=True)
        ]
        counts = layout.count(
            dict(zip("abc", map(str, each), strict=True)) for each in zip(*drawn_sides, strict=True)
        )
        start = process_time()
        values = round_counts(layout, counts, stream(number))
        seconds = process_time() - start
        found.append(
            {
                "cells": len(layout),
                "cases": number,
                "seconds": seconds,
                "greatest error": int(np.abs(values - counts).max()),
                "sums that do not hold": int(np.count_nonzero(layout.sums.times(values))),
            }
        )
    return found


def roundings(plan: Plan, periods: int) -> Figures:
    """How many of many generated periods had no rounding, each given what was published before it."""
    found, seeds = Tally[str](), itertools.count(1_000_000)
    while found["periods"] < periods:
        seed = next(seeds)
        year = generated(plan, seed)
        count, bits, told = counter(year.cases), stream(seed), list[Any]()
        for quarter in year.quarters:
            found["periods"] += len(list(plan.due(quarter)))
            try:
                told += draw(plan, quarter, count, told, bits)
            except Infeasible:
                found["infeasible"] += 1
    return {"periods": found["periods"], "infeasible": found["infeasible"]}
