"""The Section 11 frameworks: standards with number and title, what shows them, and what can be asked.

Files in frameworks/, one for each framework, read with the line of every fault (domain.md, section 4).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from escalation.rulefiles import Fault, Table, read, refuse

from .document import Term

FOLDER = Path(__file__).with_name("frameworks")


class Shows(StrEnum):
    """Where the evidence for a measure comes from."""

    FIGURES = "figures"
    ANSWERS = "answers"
    PEOPLE = "people"


@dataclass(frozen=True)
class Measure:
    """One thing that shows how far a standard is met."""

    title: str
    shows: Shows


@dataclass(frozen=True)
class Standard:
    """`subjects`: whose published figures are evidence for it; none where it rests on what people show."""

    number: int
    title: str
    subjects: tuple[str, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Clause:
    """One clause of local policy, beside which an organisation puts its own."""

    code: str
    title: str
    says: str


@dataclass(frozen=True)
class ClauseList:
    """What an organisation is asked to show for one standard, clause by clause."""

    code: str
    standard: int
    title: str
    question: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class SurveyQuestion:
    """One sentence that staff agree with or do not, and the standard of which it tells."""

    code: str
    standard: int
    says: str


@dataclass(frozen=True)
class SurveyKind:
    """What staff are asked by nobody's name. Every question has the same answers."""

    code: str
    title: str
    answers: tuple[Term, ...]
    questions: tuple[SurveyQuestion, ...]


@dataclass(frozen=True)
class SampleKind:
    """What is asked of each record of a dip sample. Every question has the same answers."""

    code: str
    standard: int
    title: str
    answers: tuple[Term, ...]
    questions: tuple[Term, ...]


@dataclass(frozen=True)
class Framework:
    """A version of the framework, from the day it starts until another does."""

    name: str
    version: int
    start: date
    note: str
    standards: tuple[Standard, ...]
    lists: tuple[ClauseList, ...]
    ratings: tuple[Term, ...]
    surveys: tuple[SurveyKind, ...] = ()
    samples: tuple[SampleKind, ...] = ()

    def standard(self, number: int) -> Standard:
        """Raises LookupError for a number that this framework does not have."""
        for each in self.standards:
            if each.number == number:
                return each
        raise LookupError(f"{self.name} has no standard {number}.")

    def clauses(self, code: str) -> ClauseList:
        """Raises LookupError for a list that this framework does not have."""
        for each in self.lists:
            if each.code == code:
                return each
        raise LookupError(f"{self.name} has no list {code!r}.")

    def sample(self, code: str) -> SampleKind:
        """Raises LookupError for a dip sample that this framework does not have."""
        for each in self.samples:
            if each.code == code:
                return each
        raise LookupError(f"{self.name} has no dip sample {code!r}.")


def standard_words(number: int, title: str, framework: str, note: str) -> str:
    """ "Standard 7, safer recruitment (MSCP Section 11 2021-22; title to be confirmed by MSCP)": never apart,
    since numbers differ between partnerships."""
    return f"Standard {number}, {title} ({'; '.join(filter(None, (framework, note)))})"


def framework_on(day: date) -> Framework | None:
    """The framework that held on a day; None before the first."""
    held = [each for each in shipped_frameworks() if each.start <= day]
    return max(held, key=lambda each: (each.start, each.version), default=None)


@cache
def shipped_frameworks() -> tuple[Framework, ...]:
    """Those that come with the log; read once a process."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(parse_framework(each.read_text(encoding="utf-8"), each.name) for each in files)


def parse_framework(text: str, source: str = "") -> Framework:
    """From TOML. Raises RuleFileErrors with every fault, its line and file."""
    found = read(text, source, _nothing_shared, ())
    faults: list[Fault] = []
    table = Table(found.values, (), "the framework", faults)
    framework = Framework(
        name=table.text("name"),
        version=table.number("version", least=1),
        start=table.day("start"),
        note=table.text("note", ""),
        standards=tuple(_standard(each) for each in table.tables("standards", "standard")),
        lists=tuple(_list(each) for each in table.tables("lists", "list")),
        ratings=tuple(_term(each) for each in table.tables("ratings", "rating")),
        surveys=tuple(_survey(each) for each in table.tables("surveys", "survey")),
        samples=tuple(_sample(each) for each in table.tables("samples", "sample")),
    )
    table.end()
    faults += _strange(framework)
    refuse(faults, found)
    return framework


def _nothing_shared(name: str) -> str:
    raise FileNotFoundError(name)


def _standard(table: Table) -> Standard:
    standard = Standard(
        number=table.number("number", least=1),
        title=table.text("title"),
        subjects=table.texts("subjects"),
        measures=tuple(_measure(each) for each in table.tables("measures", "measure")),
    )
    table.end()
    return standard


def _measure(table: Table) -> Measure:
    measure = Measure(table.text("title"), table.choice("from", Shows))
    table.end()
    return measure


def _list(table: Table) -> ClauseList:
    found = ClauseList(
        code=table.code("code"),
        standard=table.number("standard", least=1),
        title=table.text("title"),
        question=table.text("question"),
        clauses=tuple(_clause(each) for each in table.tables("clauses", "clause")),
    )
    if not found.clauses:
        table.fault("clauses", "a list needs at least one clause.")
    table.end()
    return found


def _clause(table: Table) -> Clause:
    clause = Clause(table.code("code"), table.text("title"), table.text("says"))
    table.end()
    return clause


def _term(table: Table) -> Term:
    term = Term(table.code("code"), table.text("label"))
    table.end()
    return term


def _survey(table: Table) -> SurveyKind:
    found = SurveyKind(
        code=table.code("code"),
        title=table.text("title"),
        answers=tuple(_term(each) for each in table.tables("answers", "answer")),
        questions=tuple(_question(each) for each in table.tables("questions", "question")),
    )
    _end_of_questions(table, found)
    return found


def _question(table: Table) -> SurveyQuestion:
    question = SurveyQuestion(table.code("code"), table.number("standard", least=1), table.text("says"))
    table.end()
    return question


def _sample(table: Table) -> SampleKind:
    found = SampleKind(
        code=table.code("code"),
        standard=table.number("standard", least=1),
        title=table.text("title"),
        answers=tuple(_term(each) for each in table.tables("answers", "answer")),
        questions=tuple(_term(each) for each in table.tables("questions", "question")),
    )
    _end_of_questions(table, found)
    return found


def _end_of_questions(table: Table, found: SurveyKind | SampleKind) -> None:
    for name, given in (("answers", found.answers), ("questions", found.questions)):
        if not given:
            table.fault(name, f"it needs its {name}.")
    table.end()


def _strange(framework: Framework) -> list[Fault]:
    """What each table cannot see for itself: names given twice, and standards that are not there."""
    numbers = [each.number for each in framework.standards]
    found = [
        Fault(("standards",), f"There are two standards {number}. Give each its own number.")
        for number in _twice(numbers)
    ]
    found += [
        Fault(("lists",), f"There are two lists “{code}”. Give each its own code.")
        for code in _twice(each.code for each in framework.lists)
    ]
    for index, each in enumerate(framework.lists):
        path = ("lists", index, "clauses")
        found += [
            Fault(path, f"The list “{each.code}” has two clauses “{code}”. Give each its own code.")
            for code in _twice(clause.code for clause in each.clauses)
        ]
        if each.standard not in numbers:
            reason = f"There is no standard {each.standard}. Use one of: {', '.join(map(str, numbers))}."
            found.append(Fault(("lists", index, "standard"), reason))
    return [*found, *_strange_questions(framework, numbers)]


def _strange_questions(framework: Framework, numbers: list[int]) -> list[Fault]:
    """The same of surveys and dip samples."""
    found: list[Fault] = []
    both: tuple[tuple[str, Sequence[SurveyKind | SampleKind]], ...] = (
        ("surveys", framework.surveys),
        ("samples", framework.samples),
    )
    for name, asked in both:
        found += [
            Fault((name,), f"There are two {name} “{code}”. Give each its own code.")
            for code in _twice(each.code for each in asked)
        ]
        for index, each in enumerate(asked):
            found += [
                Fault((name, index, "questions"), f"“{each.code}” has two questions “{code}”.")
                for code in _twice(question.code for question in each.questions)
            ]
            about = [each.standard] if isinstance(each, SampleKind) else [q.standard for q in each.questions]
            found += [
                Fault(
                    (name, index),
                    f"There is no standard {number}. Use one of: {', '.join(map(str, numbers))}.",
                )
                for number in about
                if number not in numbers
            ]
    return found


def _twice(names: Iterable[int | str]) -> list[int | str]:
    return [name for name, number in Counter(names).items() if number > 1]
