"""How services, people, codes and moments are called in a sentence."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from core.web.dates import clock_time, london_day, long_date, nearby_day, short_date
from escalation.challenges.queries import CaseView, PartyView, Reader
from escalation.policy.document import Policy
from escalation.policy.stages import Seniority
from escalation.policy.words import NUMBERS, capital, day_and_month, join

COUNTED = ("no", *NUMBERS[1:13])
"""As a sentence counts; beyond them it has digits."""
UNIT, PARTNERS = "the business unit", "the lead safeguarding partners"
ACTS_AT = {
    Seniority.PRACTITIONER: ("counterpart", "lead"),
    Seniority.LEAD: ("lead",),
    Seniority.SENIOR_LEAD: ("senior_lead",),
    Seniority.PARTNER: ("partner", "senior_lead"),
}
SEATS = {
    "raiser": "The person who raised it",
    "raising": "The side that raised it",
    "responding": "The side that was asked",
    "raising_lead": "A lead of the side that raised it",
    "responding_lead": "A lead of the side that was asked",
    "unit": "The business unit",
    "partner": "A lead safeguarding partner",
    "system": "The log, by itself",
    "panel": "The panel",
    "break_glass": "In an emergency",
    "sample": "For a dip sample",
    "member": "One of the two sides",
    "earlier_log": "The earlier log",
}


def number(count: int) -> str:
    """ "two", and "13" from there on."""
    return COUNTED[count] if 0 <= count < len(COUNTED) else str(count)


def possessive(name: str) -> str:
    """ "social care's", "the partners'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def label(policy: Policy, vocabulary: str, code: str) -> str:
    """A code in the policy's words; a code that this policy does not have is shown as plain words."""
    terms = policy.vocabularies.get(vocabulary, ())
    return next((t.label for t in terms if t.code == code), capital(code.replace("_", " ")))


def about(view: CaseView) -> str:
    """What a challenge is about, in the policy's plain words: its heading everywhere."""
    return label(view.policy, "about", view.about)


def asked_line(view: CaseView) -> str:
    """ "X asked Y, on Wed 23 December 2026."; of many services only their number; and where it came from."""
    names = [p.setting for p in view.responding]
    whom = join(names) if len(names) < 3 else f"{number(len(names))} services"
    day = london_day(view.opened_at)
    asked = f"{view.raising.setting} asked {whom}, on {day:%a} {day.day} {day:%B} {day.year}."
    if view.imported_at is None:
        return asked
    brought = london_day(view.imported_at)
    return f"{asked} Brought in from an earlier log on {brought.day} {brought:%B} {brought.year}."


def owing(view: CaseView) -> list[str]:
    """Whose turn it is, as in a sentence: those asked first, then the side that asked.

    Where the two sides talk, what the unit owes (a form to check) runs beside their turn, not before it.
    """
    beside = view.facts.is_dialogue and bool(view.owing)
    names = [UNIT] if view.unit_owes and not beside else []
    names += [PARTNERS] if view.partners_owe else []
    parties = sorted(view.owing, key=lambda party: party.role == "raising")
    return names + [p.short for p in parties]


def whose_turn(names: Sequence[str]) -> str:
    """ "It is social care's turn", "It is the police's turn, and Riverway's"."""
    first, *others = [possessive(name) for name in names]
    return f"It is {first} turn" + (f", and {join(others)}" if others else "")


def who_acts(party: PartyView, view: CaseView, readers: Iterable[Reader]) -> Reader | None:
    """The one person who acts for a service today; None where several do, or none may be named."""
    theirs = [r for r in readers if r.party == party.id and r.name and not r.away]
    for seat in ACTS_AT[view.facts.stage.seniority]:
        people = [r for r in theirs if r.seat == seat]
        if people:
            return people[0] if len(people) == 1 else None
    return None


def acting(party: PartyView, view: CaseView, readers: Iterable[Reader]) -> str:
    """Who acts for a service at this stage, by name and job; the service where nobody may be named."""
    person = who_acts(party, view, readers)
    return f"{named(person)}," if person else capital(party.short)


def named(reader: Reader) -> str:
    """ "Tom Whitfield, social worker"."""
    return f"{reader.name}, {reader.job}" if reader.job else reader.name


def said_at(moment: datetime, now: datetime) -> str:
    """ "today at 11:05am", "on Wed 30 Dec, 11:05am"."""
    near = nearby_day(moment, now=now)
    return f"{near} at {clock_time(moment)}" if near else f"on {short_date(moment, now=now)}"


def since(moment: datetime, now: datetime) -> str:
    """ "yesterday, 5pm", "Tue 29 Dec, 5pm"."""
    near = nearby_day(moment, now=now)
    return f"{near}, {clock_time(moment)}" if near else short_date(moment, now=now)


def full_day(day: date, now: datetime) -> str:
    """ "Sunday 3 January"; the year only when it is not the next thing to come."""
    today = london_day(now)
    far = day.year != today.year and (day - today).days > 90
    return day_and_month(day) + (f" {day.year}" if far else "")


def due_words(moment: datetime, *, at_once: bool = False) -> str:
    """ "Tuesday 29 December 2026, 5pm"; what is due at once is shown without a time."""
    words = long_date(moment)
    return words.rsplit(",", 1)[0] if at_once else words
