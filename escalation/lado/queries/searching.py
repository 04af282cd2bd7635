"""Names alike, inside the wall: "Jon" finds John, "Tarrant" finds Tarrant-Bligh.

Names are read and compared in memory, so the database never searches by them, and both databases find the
same. One statement reads the names, and a second the records that are shown, however many there are.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Value
from rapidfuzz import fuzz

from core.text.reference import normalised
from escalation.access.standing import Standing
from escalation.lado.models import Child, Employer, Referral
from escalation.lado.numbers import spoken

PREFIX, SHORTEST = 95.0, 3
SHOWN = 50
"""Records of one search; who has more types more of the name."""
KIND_WORDS = {"adult": "the adult", "child": "a child", "employer": "an employer", "reference": "its number"}
NAMES = ("adult", "child", "employer")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Match:
    """A record with a name like the one asked for: how alike (0 to 100), whose name, and the name."""

    referral: Referral
    score: float
    kind: str
    name: str

    @property
    def whose(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def number(self) -> str:
        return spoken(self.referral.reference)


@dataclass(frozen=True)
class Found:
    """The most alike, the likest first, each record once; `total` counts those that are not shown too."""

    matches: tuple[Match, ...] = ()
    total: int = 0


def search(
    typed: str,
    standing: Standing,
    *,
    at_least: float,
    kinds: Iterable[str] = KIND_WORDS,
    but: Referral | None = None,
) -> Found:
    """Records with a name, or a number, like what was typed; `but` is the one already on the screen."""
    wanted, tokens = frozenset(kinds), _tokens(typed)
    best: dict[int, tuple[float, str, str]] = {}
    for pk, kind, name in _names(standing, wanted):
        score = alike(tokens, _tokens(name))
        if score >= at_least and (pk not in best or best[pk][0] < score):
            best[pk] = score, kind, name
    if but is not None:
        best.pop(but.pk, None)
    shown = sorted(best, key=lambda pk: (-best[pk][0], pk))[:SHOWN]
    number = normalised(typed) if "reference" in wanted else ""
    records = _records(standing, shown, number)
    matches = [Match(each, *best.get(each.pk, (100.0, "reference", ""))) for each in records]
    matches.sort(key=lambda m: (-m.score, m.referral.reference))
    return Found(tuple(matches), len(best.keys() | {each.pk for each in records}))


def _records(standing: Standing, shown: list[int], number: str) -> list[Referral]:
    by_number = Q(reference__startswith=number) if len(number) > SHORTEST else Q()
    if not shown and not by_number:
        return []
    rows = Referral.objects.visible_to(standing).select_related("policy_version")
    return list(rows.filter(Q(pk__in=shown) | by_number))


def _names(standing: Standing, wanted: frozenset[str]) -> Iterable[tuple[int, str, str]]:
    """(record, kind, name) of every name of these kinds; one statement."""
    records = Referral.objects.visible_to(standing)
    children, employers = (model._default_manager.filter(referral__in=records) for model in (Child, Employer))
    read = {
        "adult": _named(records, "adult", "pk", "adult_name"),
        "child": _named(children, "child", "referral", "name"),
        "employer": _named(employers, "employer", "referral", "name"),
    }
    first, *others = (read[kind] for kind in NAMES if kind in wanted)
    return first.union(*others, all=True) if others else first


def _named(rows: "QuerySet[Any]", kind: str, record: str, name: str) -> "QuerySet[Any, tuple[int, str, str]]":
    return rows.order_by().values_list(record, Value(kind), name)


def alike(one: list[str], other: list[str]) -> float:
    """How alike two names are, 0 to 100: each word of the shorter with its likest in the longer."""
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0
    return sum(max(_words_alike(a, b) for b in long) for a in short) / len(short)


def _words_alike(a: str, b: str) -> float:
    short, long = sorted((a, b), key=len)
    if len(short) >= SHORTEST and long.startswith(short):
        return 100.0 if a == b else PREFIX
    return float(fuzz.ratio(a, b))


def _tokens(name: str) -> list[str]:
    """The words of a name, small, without accents, hyphens and apostrophes."""
    plain = name.casefold().replace("'", "").replace("’", "")
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in letters if not unicodedata.combining(c))
    return WORD.findall(plain)
