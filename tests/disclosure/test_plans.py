"""Release plans: those that come with the log, what is refused and why, and the periods they speak of."""

from pathlib import Path

import pytest

from escalation.disclosure.periods import Period, Span, period_ending, quarter_name
from escalation.disclosure.plan import Plan, ring
from escalation.disclosure.plan_files import parse, shipped_plans
from escalation.policy import shipped_policies
from escalation.policy.lado import shipped_lado_policies
from escalation.rulefiles import RuleFileErrors

SMALL = (Path(__file__).parent / "small.toml").read_text(encoding="utf-8")
PLANS = {plan.key: plan for plan in shipped_plans()}
CHALLENGES = [plan for plan in PLANS.values() if plan.key.startswith("challenges")]


def test_challenges_have_four_plans_that_leave_no_volume_out() -> None:
    assert [plan.key for plan in CHALLENGES] == [
        "challenges_very_small",
        "challenges_small",
        "challenges_middle",
        "challenges_large",
    ]
    assert [(plan.least, plan.most) for plan in CHALLENGES] == [(0, 19), (20, 59), (60, 160), (161, None)]


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_word_of_the_log_comes_under_one_category(plan: Plan) -> None:
    policy = shipped_lado_policies()[0] if plan.key.startswith("lado") else shipped_policies()[0]
    for dimension in plan.dimensions:
        if dimension.vocabulary:
            words = {term.code for term in policy.vocabularies[dimension.vocabulary]}
            held = [word for each in dimension.categories for word in each.holds]
            assert words <= {*held, *({dimension.rest} if dimension.rest not in held else ())}
            strange = set(held) - words - {each.code for each in dimension.categories}
            assert strange == set(), f"{dimension.code} holds words that the log does not have"


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_nothing_shipped_goes_round_in_a_ring(plan: Plan) -> None:
    assert not any(ring(table.by for table in linked.tables) for linked in plan.linked)


def test_transferred_and_police_alone_are_never_published() -> None:
    """The one would show that a case went to the LADO; the other would be 0 to 4."""
    for plan in CHALLENGES:
        assert plan.dimension("outcome").category("transferred") == "other"
    assert PLANS["lado_middle"].dimension("sector_group").category("police") == "other"


def test_a_word_that_no_category_holds_counts_under_rest() -> None:
    plan = parse(SMALL, source="small.toml")
    assert plan.case({"stage": "1", "outcome": "nobody knows"}) == {"stage": "first", "outcome": "other"}
    assert plan.case({}) == {"stage": "later", "outcome": "other"}


BROKEN = {
    "a unit of which a case can have several": (
        'unit = "case"',
        'unit = "allegation"',
        "line 5: “unit” is “allegation”. Use “case”",
    ),
    "a year that begins in January": ("2026-04-01", "2026-01-01", "line 4: “start” needs to be 1 April"),
    "a dimension that is not there": (
        'by = ["outcome"]',
        'by = ["colour"]',
        "no dimension “colour”",
    ),
    "a rest that is no category": ('rest = "other"', 'rest = "else"', "“rest” is “else”, which is none"),
    "a word under two categories": (
        '{ code = "later", label = "Later" }',
        '{ code = "later", label = "Later", holds = ["1"] }',
        "“1” is held by two categories. A case counts once",
    ),
    "counts that lie in one another": (
        'code = "outcome"\nlabel = "Outcome"',
        'code = "met"\nlabel = "Met"\nvocabulary = "level"\nrest = "no"\n'
        'categories = [{ code = "no", label = "No" }, { code = "yes", label = "Yes" }]\n\n[[dimensions]]\n'
        'code = "outcome"\nlabel = "Outcome"\nvocabulary = "level"',
        "Two dimensions tell cases apart by “level”. Their counts would lie in one another",
    ),
    "a code used twice": ('code = "year"', 'code = "closed"', "The code “closed” is used twice"),
    "a span that nobody knows": (
        'span = "year"',
        'span = "month"',
        "Use one of: quarter, half_year",
    ),
    "a percentage of what is not there": (
        'of = ["changed"]',
        'of = ["mended"]',
        "There is no category “mended” in this table",
    ),
    "a percentage of all": (
        'of = ["changed"]',
        'of = ["changed", "stays"]',
        "needs all of “of”, and more",
    ),
    "a median of two dimensions": (
        'by = ["stage", "outcome"]',
        'by = ["stage", "outcome"]\nbanded = true',
        "Only a table by one dimension can be banded",
    ),
    "no tables": (SMALL[SMALL.index("[[tables]]") :], "", "The plan has no [[tables]]"),
    "a misspelt key": ('date = "logged"', 'dat = "logged"', "unknown key “dat”. Did you mean “date”?"),
    "a zero of an unknown category": (
        "[[tables]]",
        '[[zeros]]\nstage = "first"\noutcome = "mended"\n\n[[tables]]',
        "Dimension “outcome” has no category “mended”",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plan_is_refused_with_its_reason(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(RuleFileErrors) as caught:
        parse(SMALL.replace(old, new, 1), source="small.toml")
    assert said in str(caught.value)


def test_tables_in_a_ring_are_refused_with_a_way_out() -> None:
    third = '\n[[dimensions]]\ncode = "fast"\nlabel = "Fast"\nrest = "no"\ncategories = [\n' + (
        '  { code = "no", label = "No" },\n  { code = "yes", label = "Yes" },\n]\n'
    )
    tables = "".join(
        f'\n[[tables]]\ncode = "{one}_{other}"\ntitle = "T"\nby = ["{one}", "{other}"]\n'
        'date = "closed"\nspan = "year"\n'
        for one, other in [("fast", "stage"), ("fast", "outcome")]
    )
    with pytest.raises(RuleFileErrors, match=r"go round in a ring \(fast, outcome, stage\).*Leave out one"):
        parse(SMALL + third + tables, source="small.toml")


RINGS = {
    "one table": (["ab"], ""),
    "a star": (["as", "bs", "cs"], ""),
    "a chain": (["ab", "bc", "cd"], ""),
    "apart": (["ab", "cd"], ""),
    "a table within another": (["ab", "abc", "bc"], ""),
    "the same table twice": (["ab", "ab"], ""),
    "a triangle": (["ab", "bc", "ac"], "abc"),
    "a triangle inside one table": (["ab", "bc", "ac", "abc"], ""),
    "a square with a tail": (["ab", "bc", "cd", "da", "de"], "abcd"),
}


@pytest.mark.parametrize(("tables", "found"), RINGS.values(), ids=RINGS)
def test_rings_are_found(tables: list[str], found: str) -> None:
    assert ring(tables) == set(found)


Q1 = Period.quarter(2026, 1).first
ENDINGS = [
    (Span.QUARTER, 0, (0, 1)),
    (Span.HALF_YEAR, 0, None),
    (Span.HALF_YEAR, 1, (0, 2)),
    (Span.YEAR, 2, None),
    (Span.YEAR, 3, (0, 4)),
    (Span.YEAR, 7, (4, 4)),
    (Span.THREE_YEARS, 7, None),
    (Span.THREE_YEARS, 11, (0, 12)),
    (Span.THREE_YEARS, 23, (12, 12)),
    (Span.QUARTER, -1, None),
]


@pytest.mark.parametrize(("span", "quarter", "period"), ENDINGS)
def test_periods_follow_each_other_without_overlap(
    span: Span, quarter: int, period: tuple[int, int] | None
) -> None:
    expected = None if period is None else Period(Q1 + period[0], period[1])
    assert period_ending(span, Q1 + quarter, since=Q1) == expected


def test_quarters_are_named_as_people_write_them() -> None:
    assert quarter_name(Q1) == "2026-27-Q1"
    assert Period(Q1 + 3, 2).names == ("2026-27-Q4", "2027-28-Q1")
    assert Period.named(("2026-27-Q4", "2027-28-Q1")) == Period(Q1 + 3, 2)
    assert quarter_name(Period.quarter(2099, 4).first) == "2099-00-Q4"
