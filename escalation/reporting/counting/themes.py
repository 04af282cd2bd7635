"""What closed challenges show, exactly: themes by kind of issue and by who was asked. For the internal view.

What a side said last of a challenge counts. One with several themes, or several services, stands in several
lines: so these are no table of a plan, and no release is made of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from escalation.challenges.models import Entry, Party, PartyRole
from escalation.reporting.counting.challenges import closed_first, issue_groups

SAID = "say_learning"


@dataclass(frozen=True)
class Themes:
    """Of so many that `closed`, what was `said` of so many; counts by the codes of the policy."""

    closed: int
    said: int
    by_issue: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_group: Counter[tuple[str, str]] = field(default_factory=Counter)
    sent_to: Counter[str] = field(default_factory=Counter)


def themes_of(begins: datetime, ends: datetime) -> Themes:
    """Of challenges that closed for the first time in [begins, ends): four statements."""
    closed = {
        pk: (issue, about)
        for pk, issue, about in closed_first(begins, ends).values_list(
            "challenge", "challenge__issue", "challenge__about"
        )
    }
    last = _said_last(closed)
    found = Themes(len(closed), len(last))
    groups, kinds = _asked(last), issue_groups()
    for pk, sides in last.items():
        themes = {theme for codes in sides.values() for theme in codes.get("learning_themes", ())}
        found.sent_to.update({str(codes.get("sent_to", "")) for codes in sides.values()})
        issue, about = closed[pk]
        found.by_issue.update((theme, kinds.get(issue, about)) for theme in themes)
        found.by_group.update(product(themes, groups[pk]))
    return found


def _said_last(closed: Iterable[int]) -> Mapping[int, Mapping[int | None, Mapping[str, list[str]]]]:
    """By challenge and side, the codes of what it said last."""
    last: dict[int, dict[int | None, Mapping[str, list[str]]]] = defaultdict(dict)
    said = Entry.objects.filter(challenge__in=list(closed), step=SAID).order_by("version", "pk")
    for challenge, setting, codes in said.values_list("challenge", "setting", "codes"):
        last[challenge][setting] = codes
    return last


def _asked(challenges: Iterable[int]) -> Mapping[int, set[str]]:
    """The groups of the services that each asked."""
    groups: dict[int, set[str]] = defaultdict(set)
    asked = Party.objects.filter(challenge__in=list(challenges), role=PartyRole.RESPONDING).order_by()
    for challenge, group in asked.values_list("challenge", "setting__group"):
        groups[challenge].add(group)
    return groups
