"""The file of a Section 11 framework: what ships, which holds when, and how faults are told."""

from datetime import date

import pytest

from escalation.disclosure.plan_files import shipped_plans
from escalation.policy.section11 import (
    FOLDER,
    framework_on,
    parse_framework,
    shipped_frameworks,
    standard_words,
)
from escalation.rulefiles import RuleFileErrors

TEXT = (FOLDER / "mscp_2021.toml").read_text(encoding="utf-8")


def test_the_partnership_s_framework_has_the_standards_of_its_audit() -> None:
    (framework,) = shipped_frameworks()
    assert [each.number for each in framework.standards] == [3, 4, 6, 7]
    assert {each.number: each.subjects for each in framework.standards} == {
        3: (),
        4: ("challenges", "forums", "survey", "learning"),
        6: ("forums", "learning"),
        7: ("lado", "survey"),
    }
    police = framework.clauses("lado_policy")
    assert (police.standard, len(police.clauses)) == (7, 7)
    assert all(each.measures for each in framework.standards)
    assert [(each.code, each.standard) for each in framework.samples] == [("challenges", 4), ("lado", 7)]


def test_every_question_of_the_staff_survey_has_a_published_table() -> None:
    """A plan with other codes would publish that everybody would rather not say."""
    (framework,) = shipped_frameworks()
    (survey,) = framework.surveys
    plan = next(each for each in shipped_plans() if each.key == "survey_middle")
    dimensions = {each.code: {word for c in each.categories for word in c.holds} for each in plan.dimensions}
    del dimensions["setting_group"]
    answers = {each.code for each in survey.answers}
    assert dimensions == {each.code: answers for each in survey.questions}


def test_a_framework_holds_from_its_start() -> None:
    assert framework_on(date(2021, 3, 31)) is None
    found = framework_on(date(2026, 12, 1))
    assert found is not None
    assert found.name == "MSCP Section 11 2021-22"


def test_number_title_and_framework_are_never_apart() -> None:
    assert (
        standard_words(6, "training", "MSCP 2021", "to be confirmed")
        == "Standard 6, training (MSCP 2021; to be confirmed)"
    )
    assert standard_words(6, "training", "MSCP 2021", "") == "Standard 6, training (MSCP 2021)"


WRONG = {
    "a standard that is not there": ("standard = 6", "standard = 9", "There is no standard 9"),
    "two lists of one code": ('code = "training"', 'code = "lado_policy"', "two lists “lado_policy”"),
    "two clauses of one code": ('code = "impact"', 'code = "attendance"', "two clauses “attendance”"),
    "two standards of one number": ("number = 3", "number = 4", "two standards 4"),
    "a source of evidence that is none": (
        'from = "figures"',
        'from = "stars"',
        "Use one of: figures, answers, people",
    ),
    "a survey about a standard that is not there": (
        "standard = 7, says",
        "standard = 9, says",
        "no standard 9",
    ),
    "a sample about a standard that is not there": (
        'code = "lado"\nstandard = 7',
        'code = "lado"\nstandard = 9',
        "There is no standard 9",
    ),
    "two questions of one code": ('code = "know_policy"', 'code = "know_how"', "two questions “know_how”"),
    "two samples of one code": ('code = "lado"\n', 'code = "challenges"\n', "two samples “challenges”"),
    "a key that nobody knows": ("version = 1", "versoin = 1", "Did you mean “version”"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_fault_is_told_with_its_line(what: str) -> None:
    right, wrong, sentence = WRONG[what]
    with pytest.raises(RuleFileErrors) as refused:
        parse_framework(TEXT.replace(right, wrong, 1), "mine.toml")
    assert sentence in str(refused.value)
    assert "mine.toml, line " in str(refused.value)


def test_a_framework_needs_its_clauses() -> None:
    with pytest.raises(RuleFileErrors, match="at least one clause"):
        parse_framework(
            'name="x"\nversion=1\nstart=2021-04-01\n[[standards]]\nnumber=1\ntitle="t"\n[[lists]]\ncode="a"\nstandard=1\ntitle="t"\nquestion="q"\n'
        )
