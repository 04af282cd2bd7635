"""A policy as its people read it: where am I, who next, by when; and when each time would end, from a day on.

Plain words and pure: the moment, the calendar and what steps are called come in as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from . import words
from .clock import Reckoning, reckon
from .describing import (
    OWNER_WORDS,
    UNIT_PART_WORDS,
    StepLabels,
    counted_from,
    fast_words,
    time_words,
)
from .document import Policy
from .stages import CONCERN_AROSE, STAGE_START, Milestone, Owner, Seniority, Stage, StageKind

Closed = Mapping[date, str]
FOLLOWS = ("met", "missed")
SIDES: Mapping[str, str] = {
    Seniority.PRACTITIONER: "worker",
    Seniority.LEAD: "lead",
    Seniority.SENIOR_LEAD: "head of service",
    Seniority.PARTNER: "lead safeguarding partner",
}
BY_THEMSELVES = (Seniority.PRACTITIONER, Seniority.LEAD)
"""At a stage of these, whoever raised it asks the next level themselves."""


@dataclass(frozen=True)
class ClockTold:
    """One time: who does what, how long that is and since when, and when it ends if the stage begins now.

    `due` and `fast_due` are "" where it starts with a step, at no known moment. `fast` is "" where the fast
    track changes nothing.
    """

    label: str
    who: str
    time: str
    length: str
    due: str
    fast: str
    fast_due: str


@dataclass(frozen=True)
class StageTold:
    """One stage: who talks, the time for an answer as a sentence, every time, and what comes next."""

    stage: Stage
    sides: str
    unit: str
    example: str
    clocks: tuple[ClockTold, ...]
    onward: tuple[str, ...]


@dataclass(frozen=True)
class Briefing:
    """The whole policy, as on one sheet."""

    policy: Policy
    stages: tuple[StageTold, ...]
    beside: tuple[ClockTold, ...]


def briefing(policy: Policy, now: datetime, *, closed: Closed, labels: StepLabels) -> Briefing:
    """What everybody reads, with examples that begin at `now`."""
    stages = tuple(_stage(policy, each, now, closed, labels) for each in policy.stages)
    beside = _clocks(policy, None, policy.milestones, now, closed, labels)
    return Briefing(policy, stages, beside)


def dues(
    policy: Policy, stage: Stage | None, start: datetime, *, closed: Closed, fast: bool = False
) -> dict[str, Reckoning]:
    """When each time of a stage would end if the stage began at `start`, by the names of its milestones.

    What follows on another is counted from the last moment of that. What starts with a step, or follows on
    what has no time, is not there.
    """
    own = stage.milestones if stage else ()
    known = {each.name: each for each in (*own, *policy.milestones)}
    found: dict[str, Reckoning] = {}
    for name in known:
        _add_due(name, known, start, closed, fast, found)
    return found


def _add_due(
    name: str,
    known: Mapping[str, Milestone],
    start: datetime,
    closed: Closed,
    fast: bool,
    found: dict[str, Reckoning],
) -> None:
    """A chain is as long as there are milestones; one that goes in a circle never starts."""
    way = [name]
    while way[-1] in known and (follows := _follows(known[way[-1]])) and follows not in (*way, *found):
        way.append(follows)
    for each in reversed(way):
        begins = _begins(known.get(each), start, found)
        counted = known[each].clock(fast=fast) if begins is not None else None
        if each not in found and begins is not None and counted is not None:
            found[each] = reckon(begins, *counted, closed=closed)


def _follows(milestone: Milestone) -> str:
    kind, _, name = milestone.after.partition(":")
    return name if kind in FOLLOWS else ""


def _begins(milestone: Milestone | None, start: datetime, found: Mapping[str, Reckoning]) -> datetime | None:
    if milestone is None:
        return None
    if milestone.after in (STAGE_START, CONCERN_AROSE):
        return start
    before = found.get(_follows(milestone))
    return before.due if before else None


def _stage(policy: Policy, stage: Stage, now: datetime, closed: Closed, labels: StepLabels) -> StageTold:
    return StageTold(
        stage=stage,
        sides=f"On each side: the {SIDES[stage.seniority]}. {stage.long_name}.",
        unit=f"The business unit {UNIT_PART_WORDS[stage.unit]}.",
        example=_example(policy, stage, now, closed),
        clocks=_clocks(policy, stage, stage.milestones, now, closed, labels),
        onward=tuple(_onward(policy, stage)),
    )


def _example(policy: Policy, stage: Stage, now: datetime, closed: Closed) -> str:
    """ "Raised today, Mon 30 Nov: their answer is due by Wed 2 Dec, 5pm." """
    answer = next((each for each in stage.answer_clocks if each.owed_by is Owner.RESPONDING), None)
    begun = "Raised" if stage is policy.first else "Asked"
    today = f"{begun} today, {words.short_date(words.london_date(now), now)}"
    if answer is None:
        return ""
    due = dues(policy, stage, now, closed=closed).get(answer.name)
    if due is None:
        return f"{today}: the policy gives no time for an answer. Agree one by phone."
    said = f"{today}: their answer is due {'at once' if due.at_once else f'by {due.due_short(now)}'}."
    fast = dues(policy, stage, now, closed=closed, fast=True)[answer.name]
    if answer.fast_track is None:
        return said
    return f"{said} If the child cannot wait: by {words.short(fast.due, now)}."


def _clocks(
    policy: Policy,
    stage: Stage | None,
    milestones: Iterable[Milestone],
    now: datetime,
    closed: Closed,
    labels: StepLabels,
) -> tuple[ClockTold, ...]:
    usual = dues(policy, stage, now, closed=closed)
    fast = dues(policy, stage, now, closed=closed, fast=True)
    return tuple(
        ClockTold(
            label=each.label,
            who=words.capital(OWNER_WORDS[each.owed_by]),
            time=words.capital(_time(policy, stage, each, labels)),
            length=time_words(each) if each.has_time else "no time",
            due=usual[each.name].due_short(now) if each.name in usual else "",
            fast="" if each.fast_track is None else fast_words(each),
            fast_due=fast[each.name].due_short(now) if each.name in fast and each.fast_track else "",
        )
        for each in milestones
    )


def _time(policy: Policy, stage: Stage | None, milestone: Milestone, labels: StepLabels) -> str:
    """ "2 working days from the start of the stage", "2 working days once “Settle it” is done"."""
    if milestone.quantity is None:
        return time_words(milestone)
    kind = milestone.after.partition(":")[0]
    since = {"step": "after", "met": "once", "missed": "once"}.get(kind, "from")
    return f"{time_words(milestone)} {since} {counted_from(policy, stage, milestone, labels)}"


def _onward(policy: Policy, stage: Stage) -> Iterable[str]:
    """What happens, and what one can do if nothing comes."""
    following = next((each for each in policy.stages if each.number == stage.number + 1), None)
    if stage.kind is StageKind.PANEL:
        yield "The panel says what should happen. It cannot force a service."
        yield "Each service accepts it, accepts it in part, or does not accept it."
    if stage.kind is StageKind.DECISION:
        yield "The partners decide."
    if following is None:
        yield "This is the last stage. It ends with a decision, or with a plan to keep the child safe."
    elif following.only_after_not_accepted:
        yield f"Not accepted, or no word by then? Then {_called(following)} can look at it."
    else:
        yield _upward(stage, following)
        if following.formal and not stage.formal:
            yield "That is formal: your lead fills in the full form, unless the child cannot wait."


def _upward(stage: Stage, following: Stage) -> str:
    timed = any(clock.has_time for clock in stage.answer_clocks)
    who = "You" if stage.seniority in BY_THEMSELVES else f"Your {SIDES[stage.seniority]}"
    ask = f"{who} can ask {_called(following)} to look. No reason is needed."
    if not stage.answer_clocks or timed:
        return f"No answer by then, or you do not agree? {ask}"
    return f"No time is set, so {who[0].lower()}{who[1:]} can ask {_called(following)} at any time."


def _called(stage: Stage) -> str:
    return f"stage {stage.number}, {stage.name},"
