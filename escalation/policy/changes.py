"""What a policy says differently from the one before, as people say it: stages, times, words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .briefing import SIDES
from .describing import (
    KIND_WORDS,
    OWNER_WORDS,
    UNIT_PART_WORDS,
    StepLabels,
    counted_from,
    fast_words,
    met_by,
    time_words,
)
from .document import Policy
from .stages import Audience, Milestone, Stage
from .words import capital

T = TypeVar("T")
AUDIENCE_WORDS: Mapping[str, str] = {
    Audience.ALL_PARTIES: "both sides",
    Audience.OWN_SETTING_AND_UNIT: "the side that owes it, and the business unit",
    Audience.RAISER_AND_UNIT: "who raised it, and the business unit",
    Audience.WRITER_AND_UNIT: "who wrote it, and the business unit",
    Audience.UNIT_ONLY: "the business unit",
}
LIMIT_WORDS: Mapping[str, str] = {
    "hold_working_days": "The longest pause, in working days",
    "reopen_days": "How long it can be opened again, in days",
    "draft_reminder_days": "When we remind of a draft, in days",
    "draft_days": "How long a draft is kept, in days",
    "treated_after_days": "When we ask if the raiser was treated any worse, in days",
}
VOCABULARY_WORDS: Mapping[str, str] = {
    "about": "What it is about",
    "age_band": "Ages",
    "answer": "Answers",
    "child_status": "Where the child stands",
    "door": "Doors",
    "hold_reason": "Why the clock is stopped",
    "impact": "What it changed for the child",
    "issue": "Issues",
    "issue_group": "Groups of issues",
    "learning_theme": "Themes of learning",
    "method": "How they spoke",
    "outcome": "What came of it",
    "recommendation_answer": "Answers to a recommendation",
    "scope": "How many children",
    "sent_to": "Where learning goes",
    "setting_group": "Groups of services",
    "skip_reason": "Why a stage is skipped",
    "void_reason": "Why it is void",
    "withdrawal_reason": "Why it is withdrawn",
}


@dataclass(frozen=True)
class Part:
    """What changed in one part of a policy, a sentence each."""

    heading: str
    lines: tuple[str, ...]


def vocabulary_words(name: str) -> str:
    """What a vocabulary is called on screen."""
    return VOCABULARY_WORDS.get(name, capital(name.replace("_", " ")))


def changes(before: Policy, after: Policy, labels: StepLabels) -> list[Part]:
    """Everything but number and start; empty where both say the same."""
    pairs = _paired(before.stages, after.stages)
    parts = [
        Part("The policy", tuple(_said("Its title", before.title, after.title))),
        Part("Stages", tuple(_stages(pairs))),
        *(
            Part(f"Stage {new.number}: {new.name}", tuple(_stage(before, after, old, new, labels)))
            for old, new in pairs
            if new is not None and old is not None
        ),
        *(
            Part(f"Stage {new.number}: {new.name}", tuple(_new_stage(after, new, labels)))
            for old, new in pairs
            if new is not None and old is None
        ),
        Part("At any stage", tuple(_clocks(before, after, None, None, labels))),
        Part("How long", tuple(_limits(before, after))),
        *_words(before, after),
        Part("Legal and safety notes", tuple(_notes(before, after))),
        Part("Numbers to call", tuple(_numbers(before, after))),
        Part("Warnings while typing", tuple(_patterns(before, after))),
        Part("To be confirmed", tuple(_open(before, after))),
    ]
    return [part for part in parts if part.lines]


# Stages


Pair = tuple[Stage | None, Stage | None]


def _paired(before: Sequence[Stage], after: Sequence[Stage]) -> list[Pair]:
    """Each stage with what it was before: by its name, else by who acts there; in the new order."""
    left = list(before)
    was: dict[int, Stage] = {}
    same: tuple[Callable[[Stage], object], ...] = (
        lambda stage: stage.name,
        lambda stage: stage.long_name,
        lambda stage: (stage.kind, stage.seniority),
    )
    for key in same:
        for stage in after:
            if stage.number in was:
                continue
            old = next((each for each in left if key(each) == key(stage)), None)
            if old is not None:
                was[stage.number] = old
                left.remove(old)
    return [*((was.get(stage.number), stage) for stage in after), *((gone, None) for gone in left)]


def _stages(pairs: Iterable[Pair]) -> Iterator[str]:
    for old, new in pairs:
        if old is None and new is not None:
            yield f"Stage {new.number}, “{new.name}”, is new."
        elif new is None and old is not None:
            yield f"“{old.name}” is no stage any more. It was stage {old.number}."
        elif old is not None and new is not None and old.number != new.number:
            yield f"“{new.name}” is stage {new.number}. It was stage {old.number}."


def _stage(before: Policy, after: Policy, old: Stage, new: Stage, labels: StepLabels) -> Iterator[str]:
    yield from _said("Its name", old.name, new.name)
    yield from _said("Its long name", old.long_name, new.long_name)
    yield from _said("Who", old.who, new.who)
    yield from _said("Who acts on each side", SIDES[old.seniority], SIDES[new.seniority])
    yield from _said("What happens", KIND_WORDS[old.kind], KIND_WORDS[new.kind])
    if old.unit is not new.unit:
        yield f"The business unit {UNIT_PART_WORDS[new.unit]}. Before: it {UNIT_PART_WORDS[old.unit]}."
    yield from _said("The full form", _needed(old.formal), _needed(new.formal))
    opens = {True: "only after “not accepted”", False: "always"}
    yield from _said("It opens", opens[old.only_after_not_accepted], opens[new.only_after_not_accepted])
    yield from _clocks(before, after, old, new, labels)


def _new_stage(after: Policy, new: Stage, labels: StepLabels) -> Iterator[str]:
    yield f"{new.long_name}. On each side the {SIDES[new.seniority]}: {KIND_WORDS[new.kind]}."
    yield from (f"“{each.label}”: {time_words(each)}." for each in new.milestones)


def _needed(formal: bool) -> str:
    return "needed" if formal else "not needed"


# Times


def _clocks(
    before: Policy, after: Policy, old: Stage | None, new: Stage | None, labels: StepLabels
) -> Iterator[str]:
    was = {each.name: each for each in (old.milestones if old else before.milestones)}
    now = {each.name: each for each in (new.milestones if new else after.milestones)}
    for name, each in now.items():
        if name not in was:
            yield f"“{each.label}” is new: {OWNER_WORDS[each.owed_by]}, {time_words(each)}."
        else:
            yield from _clock(before, after, (old, was[name]), (new, each), labels)
    yield from (f"“{each.label}” is gone." for name, each in was.items() if name not in now)


Placed = tuple[Stage | None, Milestone]


def _clock(before: Policy, after: Policy, was: Placed, now: Placed, labels: StepLabels) -> Iterator[str]:
    old, new = was[1], now[1]
    label = f"“{new.label}”"
    yield from _renamed(old.label, new.label)
    yield from _said(label, time_words(old), time_words(new))
    yield from _said(f"{label}, if the child cannot wait", _fast(old), _fast(new))
    yield from _said(f"{label}, by", OWNER_WORDS[old.owed_by], OWNER_WORDS[new.owed_by])
    if (old.after, old.when) != (new.after, new.when):
        yield from _said(
            f"{label}, counted from", counted_from(before, *was, labels), counted_from(after, *now, labels)
        )
    if old.met_by != new.met_by:
        yield from _said(f"{label}, met by", met_by(before, old, labels), met_by(after, new, labels))
    yield from _said(f"{label}, seen by", AUDIENCE_WORDS[old.audience], AUDIENCE_WORDS[new.audience])


def _fast(milestone: Milestone) -> str:
    return "no other time" if milestone.fast_track is None else fast_words(milestone)


# Everything else


def _limits(before: Policy, after: Policy) -> Iterator[str]:
    for name in dict.fromkeys([*before.limits, *after.limits]):
        old, new = before.limits.get(name), after.limits.get(name)
        said = LIMIT_WORDS.get(name, name)
        yield from _said(said, str(old or "not said"), str(new or "not said"))


def _words(before: Policy, after: Policy) -> Iterator[Part]:
    for name in dict.fromkeys([*before.vocabularies, *after.vocabularies]):
        was = {term.code: term for term in before.vocabularies.get(name, ())}
        now = {term.code: term for term in after.vocabularies.get(name, ())}
        lines = list(_by_code(was, now, lambda term: term.label))
        for code in (code for code in now if code in was):
            old, new = was[code], now[code]
            yours = f"“{new.label}”"
            lines += _renamed(old.label, new.label)
            lines += _said(f"{yours}, in short", old.short or "nothing", new.short or "nothing")
            lines += _said(f"{yours}, its hint", old.hint or "nothing", new.hint or "nothing")
            lines += _said(f"{yours}, its group", old.group or "none", new.group or "none")
        if not lines and list(was) != list(now):
            lines = ["They stand in another order."]
        yield Part(f"Words to choose from: {vocabulary_words(name)}", tuple(lines))


def _notes(before: Policy, after: Policy) -> Iterator[str]:
    was, now = {n.code: n for n in before.notes}, {n.code: n for n in after.notes}
    yield from _by_code(was, now, lambda note: note.title)
    for code in (code for code in now if code in was):
        old, new = was[code], now[code]
        yield from _renamed(old.title, new.title)
        yield from _said(f"“{new.title}”", old.text, new.text)
        yield from _said(f"“{new.title}”, its source", old.source, new.source)
        yield from _said(f"“{new.title}”, checked on", str(old.as_of), str(new.as_of))


def _numbers(before: Policy, after: Policy) -> Iterator[str]:
    was, now = {n.code: n for n in before.numbers}, {n.code: n for n in after.numbers}
    yield from _by_code(was, now, lambda number: number.label)
    for code in (code for code in now if code in was):
        old, new = was[code], now[code]
        yield from _said(
            f"“{new.label}”", f"{old.number} {old.hours}".strip(), f"{new.number} {new.hours}".strip()
        )
        yield from _renamed(old.label, new.label)


def _patterns(before: Policy, after: Policy) -> Iterator[str]:
    was, now = {p.code: p for p in before.patterns}, {p.code: p for p in after.patterns}
    yield from _by_code(was, now, lambda pattern: pattern.label)
    yield from (
        f"The warning of {each.label} is another."
        for code, each in now.items()
        if code in was and was[code] != each
    )


def _open(before: Policy, after: Policy) -> Iterator[str]:
    yield from (f"New: {each}" for each in after.to_be_confirmed if each not in before.to_be_confirmed)
    yield from (
        f"Not open any more: {each}" for each in before.to_be_confirmed if each not in after.to_be_confirmed
    )


def _by_code(was: Mapping[str, T], now: Mapping[str, T], label: Callable[[T], str]) -> Iterator[str]:
    yield from (f"“{label(each)}” is new." for code, each in now.items() if code not in was)
    yield from (f"“{label(each)}” is gone." for code, each in was.items() if code not in now)


def _renamed(old: str, new: str) -> list[str]:
    return [] if old == new else [f"“{new}” was called “{old}”."]


def _said(what: str, old: str, new: str) -> list[str]:
    """ "“Answer the challenge”: 2 working days. It was 3 working days." """
    return [] if old == new else [f"{what}: {_ended(new)} It was {_ended(old)}"]


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
