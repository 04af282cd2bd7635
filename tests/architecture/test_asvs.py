"""docs/asvs.csv has a line for each requirement of OWASP ASVS 5.0 at levels 1 and 2, and its proofs exist.

Which requirements there are, and at which level, is fact: here they are by number alone, section by section.
"""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERDICTS = ("yes", "partly", "no", "n/a")
# Section: the numbers at level 1; those at level 2. What is missing is at level 3.
SECTIONS: dict[str, tuple[str, str]] = {
    "1.1": ("", "1-2"),
    "1.2": ("1-5", "6-9"),
    "1.3": ("1-2", "3-11"),
    "1.4": ("", "1-3"),
    "1.5": ("1", "2"),
    "2.1": ("1", "2-3"),
    "2.2": ("1-2", "3"),
    "2.3": ("1", "2-4"),
    "2.4": ("", "1"),
    "3.2": ("1-2", ""),
    "3.3": ("1", "2-4"),
    "3.4": ("1-2", "3-6"),
    "3.5": ("1-3", "4-5"),
    "3.7": ("", "1-2"),
    "4.1": ("1", "2-3"),
    "4.2": ("", "1"),
    "4.3": ("", "1-2"),
    "4.4": ("1", "2-4"),
    "5.1": ("", "1"),
    "5.2": ("1-2", "3"),
    "5.3": ("1-2", ""),
    "5.4": ("", "1-3"),
    "6.1": ("1", "2-3"),
    "6.2": ("1-8", "9-12"),
    "6.3": ("1-2", "3-4"),
    "6.4": ("1-2", "3-4"),
    "6.5": ("", "1-5"),
    "6.6": ("", "1-3"),
    "6.8": ("", "1-4"),
    "7.1": ("", "1-3"),
    "7.2": ("1-4", ""),
    "7.3": ("", "1-2"),
    "7.4": ("1-2", "3-5"),
    "7.5": ("", "1-2"),
    "7.6": ("", "1-2"),
    "8.1": ("1", "2"),
    "8.2": ("1-2", "3"),
    "8.3": ("1", ""),
    "8.4": ("", "1"),
    "9.1": ("1-3", ""),
    "9.2": ("1", "2-4"),
    "10.1": ("", "1-2"),
    "10.2": ("", "1-2"),
    "10.3": ("", "1-4"),
    "10.4": ("1-5", "6-11"),
    "10.5": ("", "1-5"),
    "10.6": ("", "1-2"),
    "10.7": ("", "1-3"),
    "11.1": ("", "1-2"),
    "11.2": ("", "1-3"),
    "11.3": ("1-2", "3"),
    "11.4": ("1", "2-4"),
    "11.5": ("", "1"),
    "11.6": ("", "1"),
    "12.1": ("1", "2-3"),
    "12.2": ("1-2", ""),
    "12.3": ("", "1-4"),
    "13.1": ("", "1"),
    "13.2": ("", "1-5"),
    "13.3": ("", "1-2"),
    "13.4": ("1", "2-5"),
    "14.1": ("", "1-2"),
    "14.2": ("1", "2-4"),
    "14.3": ("1", "2-3"),
    "15.1": ("1", "2-3"),
    "15.2": ("1", "2-3"),
    "15.3": ("1", "2-7"),
    "16.1": ("", "1"),
    "16.2": ("", "1-5"),
    "16.3": ("", "1-4"),
    "16.4": ("", "1-3"),
    "16.5": ("", "1-3"),
    "17.1": ("", "1"),
    "17.2": ("", "1-4"),
    "17.3": ("", "1-2"),
}


def numbers(span: str) -> range:
    """ "2-4" is 2, 3, 4; "1" is 1; "" is nothing."""
    first, _, last = span.partition("-")
    return range(int(first), int(last or first) + 1) if span else range(0)


REQUIREMENTS = {
    f"{section}.{number}": level
    for section, spans in SECTIONS.items()
    for level, span in zip("12", spans, strict=True)
    for number in numbers(span)
}
LINES = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines()))


@cache
def defined_in(file: str) -> set[str]:
    """The tests that a file really defines; a name in a comment is none."""
    path = ROOT / file
    tree = (
        ast.parse(path.read_text(encoding="utf-8"))
        if path.is_file()
        else ast.Module(body=[], type_ignores=[])
    )
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def exists(proof: str) -> bool:
    """Whether there is such a test, as tests/file.py::test_name, or such a document."""
    file, _, name = proof.partition("::")
    return name in defined_in(file) if name else (ROOT / file).is_file()


def test_the_standard_has_253_requirements_at_these_levels() -> None:
    assert len(REQUIREMENTS) == 253


def test_each_has_one_line_in_its_order() -> None:
    assert {each["requirement"]: each["level"] for each in LINES} == REQUIREMENTS
    assert [each["requirement"] for each in LINES] == list(REQUIREMENTS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line["requirement"]))
def test_a_line_says_what_we_think_and_why(line: dict[str, str]) -> None:
    assert line["verdict"] in VERDICTS
    assert line["about"]
    if line["verdict"] in ("yes", "partly"):
        assert exists(line["proof"]), line["proof"]
    else:
        assert not line["proof"]
    assert line["reason"] or line["verdict"] == "yes"


def test_every_proof_of_the_threat_model_is_a_test() -> None:
    page = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    files = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]
    found = {name for file in files for name in defined_in(file)}
    assert len(named) > 20
    assert named - found == set()


@pytest.mark.parametrize(
    "proof", ["tests/nowhere.py::test_it", "tests/architecture/test_asvs.py::test_no_such", "docs/none.md"]
)
def test_a_proof_that_does_not_exist_is_found(proof: str) -> None:
    assert not exists(proof)
