"""What in a finding could tell of which challenges it speaks: numbers are refused, doubts need a reason.

The finding leaves the partnership's own screens, in packs and to scrutineers; the challenges do not.
"""

from collections.abc import Sequence

from escalation.accounts.models import Organisation, Setting, User
from escalation.retelling.linter import NUMBER, Found, lint
from escalation.retelling.narrative import strange_numbers

from .models import DipSample


def numbers_in(sample: DipSample, text: str) -> list[str]:
    """Each number as it was written, but in the names of the standard and the quarter."""
    period = sample.period
    named = (
        f"standard {sample.standard}",
        sample.framework,
        sample.quarter,
        period.label,
        f"quarter {period.number}",
        "section 11",
    )
    return strange_numbers(text, published=(), named=named)


def doubts_in(sample: DipSample, text: str) -> Sequence[Found]:
    """What the linter asks about, numbers aside: those are refused."""
    return [each for each in lint(text, known=_names()) if each.kind != NUMBER]


def _names() -> list[str]:
    """Every name that the log itself has: of people, services and organisations."""
    rows = (
        User.objects.values_list("full_name", flat=True),
        Setting.objects.values_list("name", flat=True),
        Organisation.objects.values_list("name", flat=True),
    )
    return [name for names in rows for name in names]
