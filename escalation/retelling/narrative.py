"""What a pack's writer may not write: a number that is not published, and words that promise too much.

Every number is a published one of the quarter, or names the standard or the period (disclosure.md, 6).
Plain text in, sentences out: it asks nobody anything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from escalation.policy.words import NUMBERS

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
OTHERS = {"dozen": 12, "once": 1, "twice": 2, "hundred": 100, "half": 50, "third": 33, "quarters": 4}
SPOKEN = {**{word: at for at, word in enumerate(NUMBERS)}, **TENS, **OTHERS}
FLAGGED = frozenset(
    {"only", "one", "once", "first", "single", "none", "nobody", "slightly", "rise", "rose", "fall", "fell"}
)
"""They are no numbers to look up, but each can say more than a rounded figure knows."""
WORD = re.compile(r"[a-z]+")


def published_numbers(told: Mapping[str, Any] | None) -> set[str]:
    """Every figure of a release's document, and the ends of the range of each, as digits."""
    return {str(each) for each in _figures(told)} if told else set()


def _figures(told: object) -> Iterator[int]:
    """At any depth: the values of a cell, and what percentages and medians are said to be."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            if name in ("value", "low", "high") and type(value) is int:
                yield value
            else:
                yield from _figures(value)
    elif isinstance(told, list):
        for each in told:
            yield from _figures(each)


def strange_numbers(text: str, *, published: Iterable[str], named: Iterable[str]) -> list[str]:
    """The numbers of a text that nobody published, as they were written, each once.

    `named`: what may be called by its name, such as "Standard 4" or "April to June 2026".
    """
    plain = text.lower()
    for name in sorted(named, key=len, reverse=True):
        plain = plain.replace(name.lower(), " ")
    known = set(published)
    digits = [each.rstrip(".,") for each in NUMBER.findall(plain)]
    found = [each for each in digits if each.replace(",", "") not in known]
    words = [each for each in WORD.findall(plain) if each in SPOKEN and each not in FLAGGED]
    found += [each for each in words if str(SPOKEN[each]) not in known]
    return list(dict.fromkeys(found))


def flagged_words(text: str) -> list[str]:
    """Words that a second person looks at twice, each once."""
    return list(dict.fromkeys(each for each in WORD.findall(text.lower()) if each in FLAGGED))
