"""The linter of vignettes: each rule finds what it is for, and lets plain words pass."""

import csv
from pathlib import Path

import pytest

from escalation.retelling.linter import AGE, COPIED, DATE, NAME, NUMBER, PLACE, RARE, lint

TOLD: list[tuple[str, str, str]] = [
    (NAME, "The teacher rang Aisha at home.", "Aisha"),
    (NAME, "Aisha told her teacher.", "Aisha"),
    (NAME, "Then aisha told her teacher.", "aisha"),
    (NAME, "Marlow told her teacher.", "Marlow"),
    (NAME, "A worker asked Mrs Okonkwo-Bell to wait.", "Mrs Okonkwo-Bell"),
    (NAME, "The family of Child K was told.", "Child K"),
    (NAME, "It was J.S. who called.", "J.S."),
    (NAME, "The boy, known as Spud, ran away.", "known as Spud"),
    (NAME, "Staff at Oakfield rang twice.", "Oakfield"),
    (NAME, "Oakfield rang twice.", "Oakfield"),
    (PLACE, "They live in SM4 5QT now.", "SM4 5QT"),
    (DATE, "It closed on 12 March.", "12 March"),
    (DATE, "It closed in september.", "september"),
    (DATE, "Nobody rang back on Tuesday.", "Tuesday"),
    (DATE, "It was Christmas Eve.", "Christmas Eve"),
    (DATE, "They met at 4pm.", "4pm"),
    (AGE, "The girl, aged 7, was alone.", "aged 7"),
    (AGE, "A fourteen-year-old was missing.", "fourteen-year-old"),
    (AGE, "It was her ninth birthday.", "ninth birthday"),
    (AGE, "He is in Year 9.", "in Year 9"),
    (NUMBER, "The number was 88213-C.", "88213-C"),
    (NUMBER, "Call 020 7946 0148.", "020 7946 0148"),
    (NUMBER, "Write to joan@example.org.", "joan@example.org"),
    (NUMBER, "The fine was £1,250.", "£1"),
    (RARE, "The twins were seen.", "twins"),
    (RARE, "She has six children.", "six children"),
    (RARE, "He is the only boy in his class.", "the only boy in"),
    (RARE, "A Somali family asked.", "Somali"),
    (RARE, "The boy is deaf.", "deaf"),
    (RARE, "Her father is a police officer.", "father is a police officer"),
    (RARE, "The mother, a well-known solicitor, rang.", "mother, a well-known solicitor"),
    (RARE, "A councillor asked after it.", "councillor"),
    (RARE, "It was in the news.", "in the news"),
]
PLAIN = [
    "A school asked social care to look again at a plan that had not moved for two months.",
    "Nobody called back for 5 working days. The DSL asked the next level to look, at stage 2.",
    "The health visitor was worried about a baby’s weight. Social care saw it differently.",
    "After a strategy discussion under section 47, the police and the GP did not agree.",
    "Who should have called whom? What would you have said on the phone?",
    "Mum said that she was tired. The teenager felt that nobody had listened.",
    "It was late on a Friday, and the team had gone home. They rang 999.",
    "Housing had closed the case. Early Help was offered, and I thought it was enough.",
    "The MASH sent it back with no reason. Two services read Working Together differently.",
    "An officer told the school that there was “nothing to see”. The head asked again.",
    "The young person may move. Will the plan move with them?",
]


@pytest.mark.parametrize(("kind", "text", "words"), TOLD, ids=[each[1] for each in TOLD])
def test_it_finds(kind: str, text: str, words: str) -> None:
    found = [(each.kind, each.words) for each in lint(text, known=["Oakfield Primary School"])]
    assert (kind, words) in found
    assert all(text[each.start : each.end] == each.words for each in lint(text))


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_pass(text: str) -> None:
    assert lint(text, known=["Oakfield Primary School", "Ruth Ames", "Family Safeguarding Team 2"]) == []


def test_words_that_were_copied_are_found() -> None:
    source = "On that day I saw the child asleep in a car seat, and nobody had come to the door."
    copied = "A worker saw the child asleep in a car seat, and nobody had come."
    assert [each.kind for each in lint(copied, source=source)] == [COPIED]
    assert lint("A child slept in a car.", source=source) == []


def test_an_empty_text_has_nothing_in_it() -> None:
    assert lint("") == []


def _judged(name: str) -> tuple[list[str], list[str]]:
    """Planted words that nothing found touches, and clean texts in which something is found."""
    with Path(__file__).with_name(name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    missed = [row["planted"] for row in rows if row["planted"] and not _touched(row["text"], row["planted"])]
    stopped = [row["text"] for row in rows if not row["planted"] and lint(row["text"])]
    return missed, stopped


def _touched(text: str, planted: str) -> bool:
    start = text.index(planted)
    return any(each.start < start + len(planted) and start < each.end for each in lint(text))


def test_of_fifty_planted_and_fifty_clean_by_a_stranger_it_gets_most_right() -> None:
    """By somebody who had not seen the linter, and nothing in it is changed for them: leave it so."""
    missed, stopped = _judged("vignettes.csv")
    assert missed == ["his mother reached the final of a television talent show", "falconer"]
    assert len(stopped) == 5, stopped


def test_what_it_learnt_from_three_hundred_others_it_keeps() -> None:
    """Of 150 planted, it missed 13 before it learnt from them, and stopped 12 of 150 clean ones."""
    missed, stopped = _judged("vignettes-learnt-from.csv")
    assert missed == ["lighthouse keeper"]
    assert stopped == []
