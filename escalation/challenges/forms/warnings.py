"""What looks like a name or another detail: today's patterns tell, and never block.

One thing needs a tick before it goes out: a number whose check digit makes it an NHS number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from core.web.forms import Form
from escalation.policy import Policy
from escalation.policy.words import join

READ_FOR_WARNINGS = 10_000
NHS_NUMBER = "nhs_number"
"""The code of the pattern whose finds are checked by their last digit."""
TICK = "not_nhs"
"""The box that says that it is no NHS number."""
WATCHED = {
    "who": ("told_by", "decision", "label", "best_times"),
    "worry": ("worry", "heard", "voice", "want"),
    "child": ("our_pointer", "not_spoken", "needed_why"),
}
"""The boxes of the raise form that are looked at, by page."""

Words = Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """Something in a box that should perhaps not be there."""

    page: str
    box: str
    title: str
    advice: str


def warnings(words: Words, policy: Policy) -> list[Seen]:
    """What today's patterns find in a draft, each thing once."""
    found: dict[str, Seen] = {}
    for page, boxes in WATCHED.items():
        for box in boxes:
            for pattern in policy.patterns:
                for hit in pattern.found_in(words.get(box, "")[:READ_FOR_WARNINGS]):
                    found.setdefault(
                        hit, Seen(page, box, f"“{hit}” looks like {pattern.label}.", pattern.advice)
                    )
    return list(found.values())


def patterns_for_page(policy: Policy) -> list[dict[str, Any]]:
    """The same patterns as data for static/js/warnings.js."""
    return [
        {
            "name": pattern.code,
            "pattern": pattern.pattern,
            "flags": "iu" if pattern.ignore_case else "u",
            "title": f"“{{found}}” looks like {pattern.label}.",
            "body": pattern.advice,
            "change_to": pattern.instead,
            "dismiss": f"It’s not {pattern.label}",
            "allow": sorted(pattern.allowed),
        }
        for pattern in policy.patterns
    ]


def tick_for(texts: Iterable[str], policy: Policy) -> forms.BooleanField | None:
    """The tick that these texts need before they go out; None where they hold no NHS number."""
    numbers = nhs_numbers(texts, policy)
    if not numbers:
        return None
    those = join([f"“{number}”" for number in numbers])
    one = len(numbers) == 1
    label = f"{those} is not an NHS number" if one else f"{those} are not NHS numbers"
    looks = "looks just like an NHS number" if one else "look just like NHS numbers"
    way_on = "Take it out, or tick that it is something else." if one else "Take them out, or tick the box."
    return forms.BooleanField(label=label, error_messages={"required": f"{those} {looks}. {way_on}"})


class TickForm(Form):
    """The tick alone, where the words stand on other pages."""

    def __init__(self, tick: forms.BooleanField, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields[TICK] = tick


def nhs_numbers(texts: Iterable[str], policy: Policy) -> list[str]:
    """Each NHS number in the texts, as it was written, once."""
    patterns = [pattern for pattern in policy.patterns if pattern.code == NHS_NUMBER]
    found = (hit for text in texts for pattern in patterns for hit in pattern.found_in(text))
    return list(dict.fromkeys(hit for hit in found if has_check_digit(hit)))


def has_check_digit(number: str) -> bool:
    """Whether the tenth digit is the check digit of the nine before it (NHS data dictionary: modulus 11)."""
    digits = [int(sign) for sign in number if sign.isdecimal()]
    if len(digits) != 10:
        return False
    weighed = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return -weighed % 11 == digits[9]
