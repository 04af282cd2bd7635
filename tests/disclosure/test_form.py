"""The form of what is published: the method has it, and each way to do it wrong breaks it, each time."""

import json
from dataclasses import replace

import numpy as np
import pytest

from escalation.assessing.generating import counter
from escalation.assessing.mutations import FIRST, MUTATIONS, PLAN, STAR, lawful, quarter_of
from escalation.assessing.years import drawn
from escalation.disclosure import form
from escalation.disclosure.audit import Publication
from escalation.disclosure.certificate import find_certificate
from escalation.disclosure.document import document
from escalation.disclosure.periods import Period
from escalation.disclosure.plan import Date, Plan
from escalation.disclosure.plan_files import shipped_plans
from escalation.disclosure.releasing import knowledge
from escalation.disclosure.tables import TOTAL

PLANS = {plan.key: plan for plan in shipped_plans()}
SEEDS = range(20)
YEAR = [case for at in range(4) for case in quarter_of(7, at, FIRST + at)]
LAST = FIRST + 3


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_way_to_do_it_wrong_is_refused_each_time_by_the_rule_that_it_breaks(name: str) -> None:
    assert [seed for seed in SEEDS if not MUTATIONS[name].is_refused(seed)] == []


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_what_the_method_draws_has_its_form_and_its_document_follows(plan: Plan) -> None:
    years = drawn(plan, 5)
    told: list[Publication] = []
    for quarter, added in years.by_quarter.items():
        assert form.faults(plan, quarter, added, earlier=told) == []
        told += added
        page = json.loads(json.dumps(document(plan, quarter, told)))
        assert form.departures(page, plan, quarter, told) == []


def changed(publication: Publication, **cells: int) -> Publication:
    """A publication with another total, or another figure of a stage."""
    values = publication.values.copy()
    for name, value in cells.items():
        values[publication.layout.index[TOTAL if name == "total" else (("stage", name[1:]),)]] = value
    return replace(publication, values=values)


def test_a_table_that_does_not_add_up_or_is_below_none_is_refused() -> None:
    (one,) = lawful(quarter_of(14, 1), 1, 1)
    assert form.faults(PLAN, FIRST, [changed(one, total=100)]) == [form.NO_SUM]
    assert form.NOT_ROUNDED in form.faults(PLAN, FIRST, [changed(one, _1=-5)])


def test_true_counts_can_have_a_certificate_and_are_refused_all_the_same() -> None:
    alike = 23 * quarter_of(1, 1)
    counts = counter(alike)(STAR, Date.LOGGED, Period(FIRST, 1))
    bare = Publication(STAR, counts, Date.LOGGED, Period(FIRST, 1).names)
    assert find_certificate(knowledge(PLAN, [bare])) is not None
    assert form.faults(PLAN, FIRST, [bare]) == [form.NOT_ROUNDED]


def test_a_set_of_tables_that_is_missing_or_more_than_is_due_is_refused() -> None:
    *earlier, last, year = lawful(YEAR, 4, 2)
    assert form.faults(PLAN, LAST, [last, year], earlier=earlier) == []
    assert form.faults(PLAN, LAST, [last], earlier=earlier) == [form.NOT_AS_PLANNED]
    assert form.faults(PLAN, LAST, [last, year, year], earlier=earlier) == [form.NOT_AS_PLANNED]
    assert form.faults(PLAN, LAST, [earlier[0], year], earlier=earlier[1:]) == [form.NOT_AS_PLANNED]


def test_what_was_withdrawn_is_never_drawn_again() -> None:
    drawn_once = lawful(quarter_of(14, 1), 1, 1)
    assert form.faults(PLAN, FIRST, drawn_once, withdrawn=drawn_once) == [form.AGAIN]


def test_a_year_is_the_sum_of_its_quarters_unless_one_of_them_is_withdrawn() -> None:
    *earlier, last, year = lawful(YEAR, 4, 2)
    other = replace(year, values=year.values + 5)
    assert form.faults(PLAN, LAST, [last, other], earlier=earlier) == [form.APART]
    assert form.faults(PLAN, LAST, [last, other], earlier=earlier[1:], withdrawn=earlier[:1]) == []


def test_a_document_with_any_other_figure_departs_from_what_was_published() -> None:
    (one,) = lawful(quarter_of(60, 1), 1, 1)
    page = document(PLAN, FIRST, [one])
    assert page["tables"][2]["percentage"]["words"].endswith("%")
    page["tables"][0]["parts"][0]["cells"][0]["value"] += 5
    assert form.departures(page, PLAN, FIRST, [one]) == [f"{form.NOT_OF_PUBLISHED} (tables)"]
    assert form.departures({}, PLAN, FIRST, [one]) != []


def test_cells_that_are_not_the_plans_are_refused_though_they_add_up() -> None:
    (one,) = lawful(quarter_of(14, 1), 1, 1)
    (year,) = (linked.layout for linked in PLAN.linked if linked.layout is not PLAN.linked[0].layout)
    total = Publication(year, np.array([15]), one.date, one.quarters)
    assert len(year) == 1 < len(STAR)
    assert form.faults(PLAN, FIRST, [total]) == [form.OTHER_CELLS]
