"""A forum on one page, for people to take along: on screen, printed, and as a PDF."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings

from core.typeset import MARK, typeset
from core.web.context import make_site

from .models import Pledge, Sitting, Vignette, Wave
from .wording import when

NEXT = (
    "Call first. Say what you have seen, what worries you, and what you would like, by when.",
    "No answer, or you do not agree? You can ask the next level to look. You don’t need a reason.",
    "A child in danger? Call 999 first. This sheet, and the log, send no help.",
)
"""What to do tomorrow: rules 1 and 7 of the challenge log, in its own words."""


@dataclass(frozen=True)
class Part:
    heading: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """Everything on the page, in words."""

    title: str
    when: str
    partnership: str
    parts: Sequence[Part]


def sheet_of(sitting: Sitting, topics: Sequence[Vignette], pledges: Sequence[Pledge]) -> Sheet:
    """Topics as a question each; pledges with who and by when; no number of people."""
    later = next((each for each in sitting.pulses.all() if each.wave == Wave.AFTER), None)
    address = f"{settings.SITE_URL}{later.get_absolute_url()}" if later else ""
    parts = [
        Part("What you may tell", [sitting.notice]),
        Part("What we talk about", [f"{each.title}. {each.question}" for each in topics]),
        Part("You said, we will", [_pledge(each) for each in pledges]),
        Part("If you need to challenge", NEXT),
        Part("One question, one minute", [f"How confident are you to challenge? {address}"]),
    ]
    site = make_site()
    return Sheet(sitting.theme, when(sitting), site.partnership, [each for each in parts if any(each.lines)])


def _pledge(pledge: Pledge) -> str:
    return f"{pledge.said} We will: {pledge.what} ({pledge.organisation.name}, by {pledge.due:%-d %B %Y})"


def as_pdf(sheet: Sheet, moment: datetime) -> bytes:
    words = {"sheet": json.dumps(asdict(sheet)), "mark": MARK.read_text(encoding="utf-8")}
    return typeset("hand_out.typ", words, moment)
