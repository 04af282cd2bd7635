"""Dip samples in words: how far one is, whose turn it is, and what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.web.components import State
from core.web.dates import long_day
from escalation.challenges.reference import spoken
from escalation.policy.words import count, join

from .acting import Acting
from .models import DipSample, SampleState
from .queries import Sight

KINDS = {
    SampleState.READING: "wait",
    SampleState.PROPOSED: "due",
    SampleState.GIVEN: "done",
    SampleState.ENDED: "hold",
}


@dataclass(frozen=True)
class SampleRow:
    """A sample in the list, and who reads it."""

    sample: DipSample
    readers: str
    state: State


@dataclass(frozen=True)
class ReadingRow:
    """A challenge that the reader may see: its number, where it is, and whether they have answered."""

    number: int
    reference: str
    url: str
    state: State


def sample_rows(samples: Iterable[DipSample]) -> list[SampleRow]:
    return [SampleRow(each, readers_of(each), state_of(each)) for each in samples]


def readers_of(sample: DipSample) -> str:
    """The two organisations; whoever it is stands in no list."""
    return join([each.organisation.name for each in sample.readers.all()])


def state_of(sample: DipSample) -> State:
    state = SampleState(sample.state)
    return State(KINDS[state], state.label)


def reading_rows(sample: DipSample, sight: Sight) -> Sequence[ReadingRow]:
    return [
        ReadingRow(
            each.case.number,
            spoken(each.case.challenge.reference),
            each.case.challenge.get_absolute_url(),
            State("done", "Answered") if each.answers else State("turn", "To read"),
        )
        for each in sight.readings
    ]


def turn_of_sample(sample: DipSample, sight: Sight, by: Acting, *, is_reader: bool) -> str:
    """Whose turn it is, in a sentence."""
    if sample.ended_at is not None:
        day = long_day(sample.ended_at)
        given = sample.state == SampleState.GIVEN
        return f"The finding was given on {day}." if given else f"It was ended without a finding on {day}."
    if not is_reader:
        return f"{readers_of(sample)} are reading it. You see the finding once both stand for it."
    if sample.state == SampleState.PROPOSED:
        if sample.written_by_id == by.user.pk:
            return "The other reader has to agree."
        return "It is your turn: read the finding, and agree or send it back."
    left = len(sight.readings) - sight.answered
    if left:
        return f"It is your turn: {count(left, 'challenge')} to read."
    return "You have read all. One of you writes the finding, and the other agrees."
