"""What a finding of a dip sample may say, on both sides of the wall: no numbers, and doubts with a reason.

It leaves the partnership's own screens, in packs and to scrutineers; what it speaks of does not.
"""

from collections.abc import Iterable, Sequence

from core.machine import Refused
from escalation.accounts.models import Organisation, Setting, User
from escalation.policy.words import join

from .linter import NUMBER, Found, lint
from .narrative import strange_numbers

SAY_WHY = "Change what the log asks about, or say why it may stay: the second reader reads your reason."


def known_names() -> list[str]:
    """Every name that the log itself has: of people, services and organisations."""
    rows = (
        User.objects.values_list("full_name", flat=True),
        Setting.objects.values_list("name", flat=True),
        Organisation.objects.values_list("name", flat=True),
    )
    return [name for names in rows for name in names]


def doubts_in(finding: str, *, known: Sequence[str]) -> list[Found]:
    """What the linter asks about, by these names; numbers aside, since those are refused."""
    return [each for each in lint(finding, known=known) if each.kind != NUMBER]


def check_finding(
    finding: str, despite: str, *, named: Iterable[str], known: Sequence[str], without_numbers: str
) -> None:
    """Raises Refused, at the box, for a number that is in none of `named`, or a doubt without a reason.

    `without_numbers`: what is said of a number.
    """
    numbers = strange_numbers(finding, published=(), named=named)
    if numbers:
        quoted = join([f"“{each}”" for each in numbers])
        raise Refused(f"{quoted}: {without_numbers}", field="finding")
    if doubts_in(finding, known=known) and not despite.strip():
        raise Refused(SAY_WHY, field="despite")
