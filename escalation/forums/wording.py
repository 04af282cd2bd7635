"""Forums in words: when, how many places are left, and how many of each organisation come or came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.web.components import State as Label
from core.web.dates import clock_time, long_day, nearby_day, short_date
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.policy.words import count
from escalation.retelling.promising import may_say, organisations_led
from escalation.retelling.wording import promise_label, text_label

from .models import LEVELS, Pledge, Pulse, Sitting, State, Vignette
from .queries import Guest


@dataclass(frozen=True)
class Row:
    """A sitting in the list."""

    sitting: Sitting
    when: str
    numbers: str
    label: Label | None
    is_ahead: bool


@dataclass(frozen=True)
class GuestRow:
    """An organisation of a sitting, in words."""

    name: str
    words: str


@dataclass(frozen=True)
class Shown:
    """A sitting's page: `left` is how many places are, "" once it has ended."""

    when: str
    label: Label | None
    left: str
    is_full: bool
    has_begun: bool
    guests: Sequence[GuestRow]
    total: str


def rows_of(sittings: Iterable[Sitting], now: datetime) -> list[Row]:
    return [
        Row(each, when(each), _numbers(each), label_of(each, now), each.is_planned and each.ends_at > now)
        for each in sittings
    ]


def when(sitting: Sitting) -> str:
    """ "Tuesday 8 December 2026, 2pm to 4pm"."""
    return f"{long_day(sitting.starts_at)}, {clock_time(sitting.starts_at)} to {clock_time(sitting.ends_at)}"


def label_of(sitting: Sitting, now: datetime) -> Label | None:
    """None where its day is still to come: then the day says enough."""
    if sitting.state == State.CLOSED:
        return Label("done", "Over")
    if sitting.state == State.CANCELLED:
        return Label("hold", "Called off")
    if sitting.ends_at <= now:
        return Label("due", "To be closed")
    near = nearby_day(sitting.starts_at, now=now)
    return Label("turn", near.capitalize()) if near else None


def _numbers(sitting: Sitting) -> str:
    if sitting.state == State.CANCELLED:
        return ""
    if sitting.state == State.CLOSED:
        return f"{_people(sitting.came)} of {count(sitting.organisations_there, 'organisation')} came"
    return (
        f"{count(sitting.invited, 'organisation')} invited. {sitting.coming} of "
        f"{count(sitting.places, 'place')} taken"
    )


def shown(sitting: Sitting, guests: Sequence[Guest], now: datetime) -> Shown:
    taken = sum(each.coming for each in guests)
    left = sitting.places - taken
    came = sum(each.invitation.came for each in guests)
    return Shown(
        when=when(sitting),
        label=label_of(sitting, now),
        left=_left(left) if sitting.is_planned else "",
        is_full=left <= 0,
        has_begun=sitting.has_begun(now),
        guests=[GuestRow(each.invitation.organisation.name, guest_words(sitting, each)) for each in guests],
        total=f"{_people(came)} came." if sitting.state == State.CLOSED else "",
    )


def guest_words(sitting: Sitting, guest: Guest) -> str:
    """How many sign up while it is to come, or came: never who."""
    row = guest.invitation
    if sitting.state == State.CANCELLED:
        return ""
    if sitting.state == State.CLOSED or row.came:
        came = f"{_people(row.came)} came" if row.came else "Nobody came"
        signed = row.signed_up if sitting.state == State.CLOSED else guest.coming
        return came if row.at_the_door else f"{came}, {signed or 0} had signed up"
    return f"{_people(guest.coming)} signed up" if guest.coming else "Nobody has signed up yet"


def _left(left: int) -> str:
    return f"{count(left, 'place')} left" if left > 0 else "Every place is taken"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


@dataclass(frozen=True)
class TopicRow:
    """A topic in the list; `label` says what waits, and for whom."""

    topic: Vignette
    label: Label


def topic_rows(topics: Iterable[Vignette], *, reader: User) -> list[TopicRow]:
    """Those that wait for this reader's word first."""
    rows = [TopicRow(each, text_label(each, reader)) for each in topics]
    return sorted(rows, key=lambda row: row.label.kind != "turn")


@dataclass(frozen=True)
class PledgeRow:
    """On the board. `label` says if it is late or near; `may_say`: its reader says what came of it."""

    pledge: Pledge
    label: Label | None
    may_say: bool


@dataclass(frozen=True)
class Board:
    open: Sequence[PledgeRow]
    done: Sequence[PledgeRow]


def pledge_rows(pledges: Iterable[Pledge], today: date, *, standing: Standing) -> Board:
    """What is open, the next due first; what has ended, the newest first. At most one statement."""
    led = organisations_led(standing)
    rows = [PledgeRow(each, promise_label(each, today), may_say(led, each)) for each in pledges]
    ended = [row for row in rows if row.pledge.ended_at]
    ended.sort(key=lambda row: row.pledge.ended_at or row.pledge.made_at, reverse=True)
    return Board([row for row in rows if not row.pledge.ended_at], ended)


@dataclass(frozen=True)
class PulseRow:
    """One time at which a forum asks, for the unit: how many chose each answer."""

    label: str
    when: str
    counts: Sequence[int]
    total: int


def pulse_rows(pulses: Iterable[Pulse], now: datetime) -> list[PulseRow]:
    return [
        PulseRow(
            each.get_wave_display(),
            _pulse_when(each, now),
            [each.counts[level] for level in LEVELS],
            sum(each.counts.values()),
        )
        for each in pulses
    ]


def _pulse_when(pulse: Pulse, now: datetime) -> str:
    if pulse.is_open(now):
        return f"open until {short_date(pulse.closes, now=now)}"
    return "closed" if pulse.closes <= now else f"opens {short_date(pulse.opens, now=now)}"


def pulse_to_answer(pulses: Iterable[Pulse], now: datetime) -> Pulse | None:
    """The one that is open now, for whoever looks at the sitting's page."""
    return next((each for each in pulses if each.is_open(now)), None)
