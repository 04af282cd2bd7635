"""Which standard of the Section 11 audit a figure is evidence for, and when."""

from datetime import date

import pytest

from escalation.policy.standards import evidence_for, parse, shipped
from escalation.rulefiles import RuleFileErrors

NEXT = """
[[frameworks]]
name = "Section 11 audit 2028-29"
start = 2028-04-01
confirmed = true

[[frameworks.standards]]
number = 12
title = "Challenge"
figures = "challenges"
"""


@pytest.mark.parametrize(("figures", "number"), [("challenges", 4), ("lado", 7)])
def test_each_kind_of_figure_serves_its_standard(figures: str, number: int) -> None:
    [found] = evidence_for(figures, on=date(2026, 6, 30))
    assert found.number == number
    assert found.title in found.words
    assert found.framework in found.words
    assert "to be confirmed by the partnership" in found.words


def test_a_framework_holds_until_the_next_begins() -> None:
    both = (*parse(NEXT, source="next.toml"), *shipped())
    [before] = evidence_for("challenges", on=date(2028, 3, 31), among=both)
    [after] = evidence_for("challenges", on=date(2028, 4, 1), among=both)
    assert (before.number, after.number) == (4, 12)
    assert after.words == "Standard 12, Challenge (Section 11 audit 2028-29)"
    assert evidence_for("lado", on=date(2028, 4, 1), among=both) == []
    assert evidence_for("challenges", on=date(2021, 3, 31), among=both) == []


def test_a_fault_is_told_with_its_line() -> None:
    with pytest.raises(RuleFileErrors) as told:
        parse(NEXT.replace("number = 12", 'number = "twelve"').replace("title", "titel"), source="next.toml")
    words = str(told.value)
    assert "next.toml" in words
    assert "“number” needs a whole number" in words
    assert "Did you mean “title”?" in words
