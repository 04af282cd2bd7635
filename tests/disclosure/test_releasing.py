"""A year of releases on a small plan: what is drawn, what binds it, what is refused."""

from collections.abc import Sequence
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import pytest

from escalation.assessing.generating import Case, counter, generate
from escalation.attacker import Findings, attack
from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import parse
from escalation.disclosure.randomness import Stream
from escalation.disclosure.releasing import (
    DRAWS,
    Drawn,
    Refused,
    chance_up,
    draws,
    knowledge,
    leaves_safe,
    next_total,
    release,
)
from escalation.disclosure.rounding import BASE
from escalation.disclosure.statements import WINDOW, box, exact
from escalation.disclosure.tables import TOTAL
from escalation.disclosure.verifier import verify

PLAN = parse((Path(__file__).parent / "small.toml").read_text(encoding="utf-8"), source="small.toml")
FIRST = PLAN.since
BITS = bytes(range(32))


def case(outcome: str = "changed", stage: str = "first", *, logged: int = 0, closed: int = 0) -> Case:
    return Case({"outcome": outcome, "stage": stage}, FIRST + logged, FIRST + closed)


def year(cases: Sequence[Case], quarters: int = 4, seed: int = 0) -> list[Publication]:
    """All that is published of some quarters."""
    told: list[Publication] = []
    for number in range(quarters):
        bits = bytes([seed, number] * 16)
        told += release(PLAN, FIRST + number, counter(cases), bits=bits, earlier=told).publications
    return told


def total(publication: Publication) -> int:
    return int(publication.values[publication.layout.index[TOTAL]])


def of(told: Sequence[Publication], date: Date, quarters: int) -> list[Publication]:
    return [each for each in told if each.date == date and len(each.quarters) == quarters]


@pytest.mark.parametrize("seed", range(4))
def test_a_year_adds_up_and_is_near_the_truth_everywhere(seed: int) -> None:
    cases = generate(PLAN, 60, 1, np.random.default_rng(seed))
    told = year(cases, seed=seed)
    count = counter(cases)
    for each in told:
        truth = count(each.layout, Date(each.date), each.period)
        assert (np.abs(each.values - truth) < BASE).all()
        assert not each.layout.sums.times(each.values).any()
    (whole,) = of(told, Date.CLOSED, 4)
    assert total(whole) == sum(total(each) for each in of(told, Date.CLOSED, 1))


def test_totals_since_april_are_never_more_than_4_from_the_truth() -> None:
    """Each quarter one case, so that quarters rounded apart would be off by up to 16."""
    cases = [case(logged=number, closed=number) for number in range(4)]
    for seed in range(10):
        quarters = of(year(cases, seed=seed), Date.CLOSED, 1)
        for number in range(1, 5):
            assert abs(sum(total(each) for each in quarters[:number]) - number) < BASE


RUNS = {"two of 2": (2, 2), "1 to 4": (1, 2, 3, 4), "often none": (0, 1, 0, 4), "with a 5": (7, 5, 3, 14)}


@pytest.mark.parametrize("counts", RUNS.values(), ids=RUNS)
def test_totals_one_after_another_are_near_in_any_sum_and_right_on_average(counts: tuple[int, ...]) -> None:
    drawn = []
    for number in range(2000):
        stream, before = Stream(number.to_bytes(32, "big")), list[tuple[int, int]]()
        for count in counts:
            before.append((count, next_total(before, count, stream)))
        drawn.append([published for _, published in before])
        for first in range(len(counts)):
            for end in range(first + 1, len(counts) + 1):
                assert abs(sum(counts[first:end]) - sum(drawn[-1][first:end])) <= WINDOW
    error = np.array([(count % BASE) * (BASE - count % BASE) for count in counts]) / len(drawn)
    assert (np.abs(np.mean(drawn, axis=0) - counts) <= 5 * np.sqrt(error)).all()


def test_the_certificate_covers_all_that_was_ever_published() -> None:
    cases = generate(PLAN, 60, 1, np.random.default_rng(3))
    told = year(cases, 3)
    drawn = release(PLAN, FIRST + 3, counter(cases), bits=BITS, earlier=told)
    everything = knowledge(PLAN, [*told, *drawn.publications])
    assert verify(everything, drawn.certificate) == []
    assert len(everything.cells) > sum(len(each.layout) for each in told)


def test_the_same_bits_give_the_same_release() -> None:
    cases = generate(PLAN, 60, 1, np.random.default_rng(1))

    def draw(bits: bytes) -> Drawn:
        return release(PLAN, FIRST, counter(cases), bits=bits)

    def values(drawn: Drawn) -> list[list[int]]:
        return [each.values.tolist() for each in drawn.publications]

    first, again, other = draw(BITS), draw(BITS), draw(bytes(32))
    assert all(
        (a.values == b.values).all() for a, b in zip(first.publications, again.publications, strict=True)
    )
    assert any(
        (a.values != b.values).any() for a, b in zip(first.publications, other.publications, strict=True)
    )


UNKNOWN = PLAN.case({"outcome": "a word of next year"})
EDGES = {
    "an empty year": [],
    "one case": [case()],
    "one category only": [case()] * 23,
    "a total of 5": [case()] * 4 + [case("stays")],
    "a total of 6": [case()] * 4 + [case("stays")] * 2,
    "categories that nobody knew": [Case(UNKNOWN, FIRST, FIRST)] * 7,
    "reopened: logged once, closed the first time only": [case(closed=0), case(closed=1)] * 3,
    "closed long after it was logged": [case(closed=3)] * 6,
    "never closed in the year": [case(closed=4)] * 6,
    "a service that joins in mid-year": [
        case(outcome, logged=quarter, closed=quarter)
        for quarter in range(4)
        for outcome in ("changed", *["stays"] * (quarter >= 2))
        for _ in range(6)
    ],
    "a service that leaves in mid-year": [
        case(outcome, logged=quarter, closed=quarter)
        for quarter in range(4)
        for outcome in ("changed", *["stays"] * (quarter < 2))
        for _ in range(6)
    ],
}


@pytest.mark.parametrize("cases", EDGES.values(), ids=EDGES)
def test_every_edge_is_released_and_tells_nothing(cases: list[Case]) -> None:
    told = year(cases)
    assert len(told) == 9
    documents = [document(PLAN, FIRST + number, _until(told, FIRST + number)) for number in range(4)]
    assert documents[3]["quarter"] == "2026-27-Q4"
    found = Findings.of(attack(documents))
    assert (found.exact, found.small, found.narrow) == (0, 0, 0)


def _until(told: Sequence[Publication], quarter: int) -> list[Publication]:
    return [each for each in told if each.period.last <= quarter]


def test_what_nobody_knew_counts_as_other() -> None:
    assert UNKNOWN == {"stage": "later", "outcome": "other"}


def test_what_cannot_be_certified_is_not_released() -> None:
    """A report elsewhere gives one outcome exactly, and the total: the rest would be 0 to 4 known exactly."""
    facts = [
        exact(box(closed="2026-27-Q1"), 12),
        exact(box(closed="2026-27-Q1", outcome="changed"), 10),
        exact(box(closed="2026-27-Q1", outcome="stays"), 1),
    ]
    cases = [case()] * 10 + [case("stays"), case("other")]
    with pytest.raises(Refused, match="No draw had a certificate"):
        release(PLAN, FIRST, counter(cases), bits=BITS, facts=facts)


def test_a_published_quarter_that_is_counted_otherwise_now_stops_the_next() -> None:
    """Ten were counted and published; two of them are left. The quarter has to be withdrawn first."""
    told = release(PLAN, FIRST, counter([case()] * 10), bits=BITS).publications
    now = counter([case()] * 2 + [case(logged=1, closed=1)] * 3)
    assert list(draws(PLAN, FIRST + 1, now, told, Stream(BITS))) == [None] * DRAWS
    with pytest.raises(Refused, match="No draw had a certificate"):
        release(PLAN, FIRST + 1, now, bits=BITS, earlier=told)
    assert release(PLAN, FIRST + 1, now, bits=BITS, withdrawn=told).publications


def test_a_solver_without_time_means_no_release() -> None:
    cases = generate(PLAN, 60, 1, np.random.default_rng(1))
    with pytest.raises(Refused, match="The solver stopped"):
        release(PLAN, FIRST, counter(cases), bits=BITS, seconds=0.0)


def test_at_the_start_of_the_log_closed_cannot_be_more_than_logged() -> None:
    """Three logged and two of them closed: 0 and 5 would say that one to four were closed."""
    cases = [case(closed=number) for number in (0, 0, 1)]
    for seed in range(12):
        drawn = release(PLAN, FIRST, counter(cases), bits=bytes([seed] * 32), from_the_start=True)
        opened, closed = (of(drawn.publications, date, 1)[0] for date in (Date.LOGGED, Date.CLOSED))
        assert (total(opened), total(closed)) != (0, 5)


PARTS = {"8 of 6 and 2": (6, 2), "1 and 1": (1, 1), "1 four times": (1, 1, 1, 1), "7 of 3 and 4": (3, 4)}


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS)
def test_over_all_roundings_of_its_parts_a_cell_is_right_on_average(parts: tuple[int, ...]) -> None:
    count = sum(parts)
    lower, chance = count - count % BASE, chance_up(count, parts, True)
    mean = 0.0
    for rounded in product((0, 1), repeat=len(parts)):
        shown = [part - part % BASE + BASE * up for part, up in zip(parts, rounded, strict=True)]
        likely = prod(
            [
                part % BASE / BASE if up else 1 - part % BASE / BASE
                for part, up in zip(parts, rounded, strict=True)
            ]
        )
        safe = [leaves_safe(value, shown, True) for value in (lower, lower + BASE)]
        mean += likely * (lower + BASE * (chance if all(safe) else safe[1]))
    assert 0 < chance < 1
    assert mean == pytest.approx(count)


def certain(value: int, parts: Sequence[int], whole: bool) -> bool:
    """P1 and P2 for a sum and its parts, by trying all that there can be."""
    ways = [
        (sum(way) + more, *way)
        for way in product(*(range(max(0, part - WINDOW), part + WINDOW + 1) for part in parts))
        for more in ([0] if whole else range(value + WINDOW + 1))
        if abs(sum(way) + more - value) <= WINDOW
    ]
    if not ways:
        return False
    ranges = [(min(each), max(each)) for each in zip(*ways, strict=True)]
    return all(high - low >= 4 and not (low >= 1 and high <= 4) for low, high in ranges)


@pytest.mark.parametrize("whole", [True, False])
def test_what_leaves_cells_safe_is_what_trying_everything_says(whole: bool) -> None:
    for parts in product(range(0, 20, 5), repeat=2):
        for value in range(0, 45, 5):
            assert leaves_safe(value, parts, whole) == certain(value, parts, whole), (value, parts)


def test_a_quarter_that_was_not_released_is_not_available_and_nothing_is_added_over_it() -> None:
    cases = generate(PLAN, 100, 1, np.random.default_rng(5))
    told = [each for each in year(cases, 3) if "2026-27-Q2" not in each.quarters]
    opened, closed = document(PLAN, FIRST + 2, told)["tables"]
    assert [opened["code"], closed["code"]] == ["opened", "closed"]
    figure = opened["parts"][0]["cells"][0]
    assert figure["value"] is not None
    assert figure["year_to_date"] == {"value": None, "low": None, "high": None, "symbol": "[x]"}
    assert "change" not in figure
    missing = document(PLAN, FIRST + 1, told)["tables"]
    cells = [cell for table in missing for part in table["parts"] for cell in part["cells"]]
    assert {cell["symbol"] for cell in cells} == {"[x]"}
