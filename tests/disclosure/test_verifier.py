"""The verifier: what it lets through, what it refuses, and the harm that it finds in ways to do it wrong."""

from dataclasses import replace

import numpy as np
import pytest

from escalation.assessing.mutations import HARMLESS_AT_TIMES, MUTATIONS, QUARTERS, STAR, as_it_is, released
from escalation.assessing.small import ISSUE
from escalation.disclosure import verifier
from escalation.disclosure.audit import Publication, gather
from escalation.disclosure.certificate import find_certificate
from escalation.disclosure.statements import Kind, Knowledge, Statement, at_least, box, exact, published
from escalation.disclosure.tables import Ints, Layout
from escalation.disclosure.verifier import Certificate, Move, Refusal, verify

ISSUES = Layout([ISSUE], [("issue",)])


def values(layout: Layout, **of: int) -> Ints:
    """Published values of a one-way table, by category; the total is their sum."""
    found = np.zeros(len(layout), dtype=np.int64)
    for cell, number in layout.index.items():
        found[number] = of[cell[0][1]] if cell else sum(of.values())
    return found


def reasons(refusals: list[Refusal]) -> set[str]:
    return {each.reason for each in refusals}


# By hand: five challenges about help, none about plans, were published.
BY_HAND = gather([Publication(ISSUES, values(ISSUES, help=5, plan=0))])
FIVE: dict[Kind, int] = {("help",): 5}
FOUR_MORE_OR_FEWER = tuple(
    Move(0, (issue,), times) for issue, times in [("help", 4), ("help", -4), ("plan", 4)]
)


def certificate(cases: dict[Kind, int]) -> Certificate:
    return Certificate((cases,), ())


def test_one_list_and_moves_of_four_are_enough() -> None:
    assert verify(BY_HAND, Certificate((FIVE,), FOUR_MORE_OR_FEWER)) == []


WRONG = {
    "no list": (Certificate((), ()), verifier.NO_LIST),
    "a list that is not as published": (certificate({("plan",): 5}), verifier.UNTRUE),
    "a move too far": (Certificate((FIVE,), (*FOUR_MORE_OR_FEWER, Move(0, ("help",), 5))), verifier.UNTRUE),
    "more taken away than there are": (Certificate((FIVE,), (Move(0, ("plan",), -1),)), verifier.NEGATIVE),
    "fewer than none": (certificate({("help",): 5, ("plan",): -1}), verifier.NEGATIVE),
    "a category that nobody has": (certificate({("colour",): 5}), verifier.UNKNOWN),
    "a kind of the wrong length": (certificate({("help", "x"): 5}), verifier.UNKNOWN),
    "moves forgotten": (Certificate((FIVE,), FOUR_MORE_OR_FEWER[:2]), verifier.NARROW),
}


@pytest.mark.parametrize(("shown", "reason"), WRONG.values(), ids=WRONG)
def test_a_certificate_that_shows_nothing_is_refused(shown: Certificate, reason: str) -> None:
    assert reason in reasons(verify(BY_HAND, shown))


def test_a_case_where_there_can_be_none_is_refused() -> None:
    never = replace(BY_HAND, impossible=(box(issue="plan"),))
    assert reasons(verify(never, Certificate((FIVE,), FOUR_MORE_OR_FEWER))) == {verifier.IMPOSSIBLE}


def test_a_row_that_can_be_in_one_category_only_is_refused() -> None:
    known = gather([Publication(ISSUES, values(ISSUES, help=5, plan=0))], facts=[exact(box(issue="plan"), 0)])
    found = verify(known, Certificate((FIVE,), FOUR_MORE_OR_FEWER[:2]))
    assert reasons(found) == {verifier.ONE_CATEGORY}


@pytest.mark.parametrize("number", [0, 1, 4, 5, 6, 20, 60])
def test_what_is_released_is_certified(number: int) -> None:
    for seed in range(3):
        knowledge = gather([Publication(STAR, released(number, seed)[1])])
        found = find_certificate(knowledge)
        assert found is not None
        assert verify(knowledge, found) == []
        assert len(found.lists) == 1


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_way_to_do_it_wrong_has_no_certificate_where_it_does_harm(name: str) -> None:
    """At once, or where it does harm only now and then, within fifty releases; see test_form.py."""
    seeds = range(50 if name in HARMLESS_AT_TIMES else 3)
    refused = [find_certificate(MUTATIONS[name].known(seed)) is None for seed in seeds]
    assert any(refused)
    assert name in HARMLESS_AT_TIMES or all(refused)


def test_what_is_released_without_a_mutation_is_certified() -> None:
    assert all(find_certificate(as_it_is(seed)) is not None for seed in range(3))


# And once by hand, those that do harm now and then.


def quarterly(*shown: int) -> list[Publication]:
    """Published totals of the first quarters."""
    layout = Layout([], [()])
    return [
        Publication(layout, np.array([value]), "logged", (quarter,))
        for value, quarter in zip(shown, QUARTERS, strict=False)
    ]


def test_a_year_rounded_apart_at_two_a_quarter_is_refused() -> None:
    """One case each quarter, 5 each time; then the year as 0: four cases are certain."""
    year = Publication(Layout([], [()]), np.array([0]), "logged", QUARTERS)
    assert find_certificate(gather([*quarterly(5, 5, 5, 5), year])) is None


def test_nested_totals_rounded_apart_are_refused() -> None:
    """Five contacts published, of which ten met the threshold: one to four did not, or none."""
    contacts, met = box(), box(level=["met", "meeting"])
    knowledge = Knowledge(
        dimensions={"level": ("advice", "met", "meeting")},
        statements=(published(contacts, 5), published(met, 10)),
        cells=(contacts, met),
    )
    assert find_certificate(knowledge) is None


def test_a_case_counted_twice_in_a_cell_is_refused() -> None:
    """Five published replies of cases that had two each: one or two cases."""
    cell = box(issue="help")
    knowledge = Knowledge(
        dimensions={"issue": ISSUE.categories},
        statements=(Statement(((2, cell),), 1, 9, 5),),
        cells=(cell,),
    )
    assert find_certificate(knowledge) is None


def test_a_told_case_leaves_a_large_cell_safe_and_makes_a_small_one_certain() -> None:
    told = [at_least(box(issue="help"), 1)]
    large = gather([Publication(ISSUES, values(ISSUES, help=10, plan=5))], facts=told)
    small = gather([Publication(ISSUES, values(ISSUES, help=0, plan=5))], facts=told)
    assert find_certificate(large) is not None
    assert find_certificate(small) is None


def test_an_exact_fact_is_no_secret_itself_and_the_rest_is_judged_given_it() -> None:
    fact = [exact(box(issue="help"), 7)]
    knowledge = gather([Publication(ISSUES, values(ISSUES, help=5, plan=5))], facts=fact)
    assert find_certificate(knowledge) is not None
    both = gather([Publication(ISSUES, values(ISSUES, help=5, plan=5))], facts=[*fact, exact(box(), 9)])
    assert find_certificate(both) is None
