"""Names alike, inside the wall: "Jon" finds John, "Tarrant" finds Tarrant-Bligh.

Names are read and compared in memory, so the database never searches by them, and both databases find the
same. Two statements, however many records there are.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.text.reference import normalised
from escalation.access.standing import Standing
from escalation.lado.models import Child, Employer, Referral

PREFIX, SHORTEST = 95.0, 3
KIND_WORDS = {"adult": "the adult", "child": "a child", "employer": "an employer", "reference": "its number"}


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


def search(
    typed: str, standing: Standing, *, at_least: float, kinds: Iterable[str] = KIND_WORDS
) -> list[Match]:
    """Records with a name, or a number, like what was typed; the most alike first, each record once."""
    wanted = frozenset(kinds)
    tokens = _tokens(typed)
    rows = {r.pk: r for r in Referral.objects.visible_to(standing).select_related("policy_version")}
    best: dict[int, Match] = {}
    for pk, kind, name in _names(rows, wanted):
        score = _by_number(typed, name) if kind == "reference" else alike(tokens, _tokens(name))
        if score >= at_least and (pk not in best or best[pk].score < score):
            best[pk] = Match(rows[pk], score, kind, "" if kind == "reference" else name)
    return sorted(best.values(), key=lambda m: (-m.score, m.referral.reference))


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
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’")
    return "".join(c if c.isalnum() else " " for c in letters).split()


def _by_number(typed: str, reference: str) -> float:
    return 100.0 if len(normalised(typed)) > SHORTEST and reference.startswith(normalised(typed)) else 0.0


def _names(rows: dict[int, Referral], wanted: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for referral in rows.values():
        if "adult" in wanted:
            yield referral.pk, "adult", referral.adult_name
        if "reference" in wanted:
            yield referral.pk, "reference", referral.reference
    others = (("child", Child), ("employer", Employer))
    for kind, model in others:
        if kind in wanted:
            for pk, name in model._default_manager.filter(referral__in=rows).values_list("referral", "name"):
                yield pk, kind, name
