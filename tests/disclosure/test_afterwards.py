"""A correction, and facts that others publish: what stands, what is withdrawn, what stops."""

from pathlib import Path

import numpy as np
import pytest

from escalation.assessing.generating import Case, counter
from escalation.disclosure.afterwards import stands, still_safe
from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date
from escalation.disclosure.plan_files import parse
from escalation.disclosure.releasing import Refused, release
from escalation.disclosure.statements import at_least, box, exact
from escalation.disclosure.tables import TOTAL, Layout
from tests.disclosure.test_verifier import ISSUES, values

PLAN = parse((Path(__file__).parent / "small.toml").read_text(encoding="utf-8"), source="small.toml")
FIRST = PLAN.since
QUARTER = Period(FIRST, 1)
COUNTS = {"help": 5, "plan": 0}
CORRECTIONS = {
    "nothing changed": ({"help": 6, "plan": 1}, True),
    "four more": ({"help": 9, "plan": 0}, True),
    "five more": ({"help": 10, "plan": 0}, False),
    "five fewer": ({"help": 0, "plan": 3}, False),
    "the cells stand and their total does not": ({"help": 8, "plan": 2}, False),
}


@pytest.mark.parametrize(("corrected", "expected"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_figure_stands_while_it_is_within_4_of_the_corrected_count(
    corrected: dict[str, int], expected: bool
) -> None:
    assert stands(Publication(ISSUES, values(ISSUES, **COUNTS)), values(ISSUES, **corrected)) is expected


def case(outcome: str = "changed", quarter: int = 0) -> Case:
    return Case({"outcome": outcome, "stage": "first"}, FIRST + quarter, FIRST + quarter)


def year(cases: list[Case], *, withdrawn_after: int | None = None) -> tuple[list[Publication], int]:
    """A year of releases; the first quarter's tables of what closed are withdrawn after a quarter."""
    told: list[Publication] = []
    withdrawn: list[Publication] = []
    for number in range(4):
        bits = bytes([number] * 32)
        told += release(
            PLAN, FIRST + number, counter(cases), bits=bits, earlier=told, withdrawn=withdrawn
        ).publications
        if number == withdrawn_after:
            over = [each.date == Date.CLOSED and each.period == QUARTER for each in told]
            withdrawn = [each for each, gone in zip(told, over, strict=True) if gone]
            told = [each for each, gone in zip(told, over, strict=True) if not gone]
    return told, len(withdrawn)


def test_what_is_withdrawn_is_not_available_nor_is_any_sum_over_it_and_the_year_follows() -> None:
    cases = [case(quarter=number % 4) for number in range(30)] + [case("stays", n % 4) for n in range(30)]
    told, withdrawn = year(cases, withdrawn_after=1)
    assert withdrawn == 1
    last = document(PLAN, FIRST + 3, told)
    closed = [table for table in last["tables"] if table["date"] == "closed"]
    quarter, whole = (
        next(each for each in closed if len(each["quarters"]) == length)["parts"][0]["cells"][0]
        for length in (1, 4)
    )
    assert quarter["value"] is not None
    assert quarter["year_to_date"]["symbol"] == "[x]"
    assert abs(whole["value"] - 60) < 5


def stays(closed: Publication) -> int:
    return int(closed.values[closed.layout.index[("outcome", "stays"),]])


def test_a_fact_that_makes_a_small_number_certain_stops_what_follows() -> None:
    """Published as 0, then somebody tells of a case: that is 1 to 4, for ever."""
    cases = [case()] * 5 + [case("stays")]
    drawn = (release(PLAN, FIRST, counter(cases), bits=bytes([number] * 32)) for number in range(20))
    told = next(each.publications for each in drawn if stays(each.publications[0]) == 0)
    known = at_least(box(closed=QUARTER.names, outcome="stays"), 1)
    assert still_safe(PLAN, told, [])
    assert not still_safe(PLAN, told, [known])
    with pytest.raises(Refused):
        release(PLAN, FIRST + 1, counter(cases), bits=bytes(32), earlier=told, facts=[known])


def test_what_a_return_says_of_a_year_leaves_the_quarters_safe() -> None:
    """Exact numbers of a year, by a dimension and by a date that nothing is published of yet."""
    total = Layout([], [()])
    told = [Publication(total, np.array([20]), "logged", QUARTER.names)]
    whole = Period(FIRST, 4)
    exactly = exact(box(logged=whole.names, outcome="stays"), 30)
    closed = exact(box(closed=whole.names), 55)
    assert still_safe(PLAN, told, [exactly, closed])
    assert told[0].values[total.index[TOTAL]] == 20


def test_without_time_to_judge_it_is_not_safe() -> None:
    told = release(PLAN, FIRST, counter([case()] * 30), bits=bytes(32)).publications
    assert not still_safe(PLAN, told, [], seconds=0.0)
