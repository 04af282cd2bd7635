"""A policy in plain words, for the people who decide about it: what it says, and how two of them differ."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from .calendar import bank_holidays
from .clock import UNIT_WORDS, reckon
from .document import Policy
from .stages import CONCERN_AROSE, STAGE_START, Milestone, Owner, Seniority, Stage, StageKind, UnitPart, When
from .steps import CODES_OF, RAISE
from .words import LONDON, capital, count, long, long_date

OWNER_WORDS: dict[str, str] = {
    Owner.RESPONDING: "each service that was asked",
    Owner.RAISER: "the person who raised it",
    Owner.RAISING_LEAD: "the raising setting's lead",
    Owner.RAISING: "the raising side",
    Owner.UNIT: "the business unit",
    Owner.PARTNERS: "the lead safeguarding partners",
    Owner.BOTH: "both sides",
}
WHEN_WORDS: dict[str, str] = {
    When.ALWAYS: "",
    When.AGREED: "if everybody who was asked has acted",
    When.NOT_AGREED: "if somebody who was asked has not acted",
    When.WITHOUT_FORM: "if the stage is formal and the full form is not complete",
    When.WITH_FORM: "if the stage is formal and the full form is complete",
    When.UNDER_PRESSURE: "if the reason was pressure",
    When.UNMATCHED: "if they have not yet agreed which child it is",
}
UNIT_PART_WORDS: dict[str, str] = {
    UnitPart.COUNTED: "counts it",
    UnitPart.TOLD: "is told",
    UnitPart.CHECKS_FORM: "is told, and checks the full form",
    UnitPart.OWNS: "leads it",
}
SEAT_WORDS: dict[str, str] = {
    Seniority.PRACTITIONER: "practitioner",
    Seniority.LEAD: "lead",
    Seniority.SENIOR_LEAD: "senior lead",
    Seniority.PARTNER: "safeguarding partner",
}
KIND_WORDS: dict[str, str] = {
    StageKind.DIALOGUE: "the two sides talk",
    StageKind.PANEL: "a panel recommends",
    StageKind.DECISION: "the partners decide",
}
NOT_PUBLISHED = "no time is published, so no clock runs"
EXAMPLES = (
    datetime(2026, 6, 5, 15, 0, tzinfo=LONDON),
    datetime(2026, 12, 23, 10, 20, tzinfo=LONDON),
)
"""A Friday afternoon, and the Wednesday before Christmas."""

StepLabels = Mapping[str, str]
"""What each step is called on screen, by its name."""


def time_words(milestone: Milestone) -> str:
    """ "2 working days", "at once", or that no time is published."""
    if milestone.quantity is None:
        return NOT_PUBLISHED
    return "at once" if milestone.quantity == 0 else count(milestone.quantity, UNIT_WORDS[milestone.unit])


def fast_words(milestone: Milestone) -> str:
    """The time on the fast track."""
    return "the same" if milestone.fast_track is None else count(milestone.fast_track, "hour")


def counted_from(policy: Policy, stage: Stage | None, milestone: Milestone, labels: StepLabels) -> str:
    """What starts a clock, and under which condition."""
    event = _event(policy, stage, milestone.after, labels)
    return ", ".join(words for words in (event, WHEN_WORDS[milestone.when]) if words)


def met_by(policy: Policy, milestone: Milestone, labels: StepLabels) -> str:
    """The steps that meet it, by what they are called on screen."""
    return ", ".join(_meets(policy, meets, labels) for meets in milestone.met_by) or "nothing"


def explain(policy: Policy, labels: StepLabels) -> Iterator[str]:
    """The policy, line by line: its stages, who acts, every clock with two worked examples, what is open."""
    yield policy.title
    yield f"Key {policy.key}, version {policy.version}, in force from {long_date(policy.start)}."
    yield f"The examples begin on {' and on '.join(long(start) for start in EXAMPLES)}."
    for stage in policy.stages:
        yield ""
        yield f"Stage {stage.number}: {stage.long_name}"
        yield f"  {stage.who}. On each side the {SEAT_WORDS[stage.seniority]} acts: {KIND_WORDS[stage.kind]}."
        yield f"  The business unit {UNIT_PART_WORDS[stage.unit]}." + (
            " It needs the full form." if stage.formal else ""
        )
        if stage.only_after_not_accepted:
            yield "  It opens only when the panel's recommendation was not accepted."
        yield from _clocks(policy, stage, stage.milestones, labels)
    yield ""
    yield "At any stage"
    yield from _clocks(policy, None, policy.milestones, labels)
    yield ""
    yield "Limits: " + "; ".join(f"{_spaced(name)} {number}" for name, number in policy.limits.items()) + "."
    yield (
        "Words to choose from: "
        + ", ".join(f"{_spaced(name)} ({len(terms)})" for name, terms in policy.vocabularies.items())
        + "."
    )
    if policy.to_be_confirmed:
        yield ""
        yield "To be confirmed by the partnership"
        yield from (f"  - {each}" for each in policy.to_be_confirmed)


def compare(ours: Policy, theirs: Policy, labels: StepLabels) -> Iterator[str]:
    """What `theirs` says differently, line by line; nothing where the two say the same."""
    mine, other = _facts(ours, labels), _facts(theirs, labels)
    for place in [*mine, *(place for place in other if place not in mine)]:
        before, after = mine.get(place), other.get(place)
        if before is None or after is None:
            where, said = (ours.key, before) if after is None else (theirs.key, after)
            yield f"{place}: only in {where} ({'; '.join((said or {}).values())})"
            continue
        for part in before:
            if before[part] != after[part]:
                yield f"{place}{part}: {before[part]} -> {after[part]}"


def _clocks(
    policy: Policy, stage: Stage | None, milestones: Iterable[Milestone], labels: StepLabels
) -> Iterator[str]:
    none = True
    for milestone in milestones:
        none = False
        yield f"  {milestone.label}: {OWNER_WORDS[milestone.owed_by]}"
        fast = "" if milestone.fast_track is None else f"; on the fast track {fast_words(milestone)}"
        yield f"      {capital(time_words(milestone))}{fast}."
        yield f"      Counted from {counted_from(policy, stage, milestone, labels)}."
        yield f"      Met by {met_by(policy, milestone, labels)}."
        if milestone.quantity:
            yield "      Examples: " + "; ".join(_example(milestone, start) for start in EXAMPLES) + "."
    if none:
        yield f"  {capital(NOT_PUBLISHED)}."


def _example(milestone: Milestone, start: datetime) -> str:
    closed = bank_holidays(start.year, start.year + 1)
    due = [
        reckon(start, *counted, closed=closed).due
        for fast in ((False, True) if milestone.fast_track else (False,))
        if (counted := milestone.clock(fast=fast)) is not None
    ]
    return ", fast track ".join(long(each) for each in due)


Facts = dict[str, dict[str, str]]
"""By its place in words, what a policy says there; a thing of several parts says each by its name."""


def _facts(policy: Policy, labels: StepLabels) -> Facts:
    """Everything that two policies can differ in."""
    facts = _plain({"Title": policy.title, "In force from": long_date(policy.start)})
    for stage in policy.stages:
        facts[f"Stage {stage.number}"] = {
            ", name": stage.long_name,
            ", who": stage.who,
            ", seat": SEAT_WORDS[stage.seniority],
            ", what happens": KIND_WORDS[stage.kind],
            ", full form": "needed" if stage.formal else "not needed",
            ", business unit": UNIT_PART_WORDS[stage.unit],
            ", opens": "after “not accepted” only" if stage.only_after_not_accepted else "always",
        }
        facts |= _clock_facts(policy, stage, stage.milestones, labels)
    facts |= _clock_facts(policy, None, policy.milestones, labels)
    facts |= _plain({f"Limit, {_spaced(name)}": str(number) for name, number in policy.limits.items()})
    for name, terms in policy.vocabularies.items():
        facts |= _plain({f"Word, {_spaced(name)} “{term.code}”": term.label for term in terms})
    facts |= _plain({f"Number, {n.label}": f"{n.number} {n.hours}".strip() for n in policy.numbers})
    facts |= _plain({f"Warning, {each.code}": each.pattern for each in policy.patterns})
    facts |= _plain({f"Note, {each.title}": each.text for each in policy.notes})
    return facts | _plain({f"To be confirmed, {each}": "open" for each in policy.to_be_confirmed})


def _plain(texts: Mapping[str, str]) -> Facts:
    return {place: {"": text} for place, text in texts.items()}


def _clock_facts(
    policy: Policy, stage: Stage | None, milestones: Iterable[Milestone], labels: StepLabels
) -> Facts:
    where = f"Stage {stage.number}" if stage else "At any stage"
    return {
        f"{where}, “{m.name}”": {
            ", called": m.label,
            ", owed by": OWNER_WORDS[m.owed_by],
            ", time": time_words(m),
            ", fast track": fast_words(m),
            ", counted from": counted_from(policy, stage, m, labels),
            ", met by": met_by(policy, m, labels),
        }
        for m in milestones
    }


def _event(policy: Policy, stage: Stage | None, after: str, labels: StepLabels) -> str:
    """What starts a clock, in words: "stage_start", "met:reply", "missed:reply" or "step:settle"."""
    kind, _, name = after.partition(":")
    if kind == "step":
        return f"the step “{labels.get(name, name)}”"
    if kind in ("met", "missed"):
        happened = "is done" if kind == "met" else "is late"
        return f"“{_label(policy, stage, name)}” {happened}"
    return {STAGE_START: "the start of the stage", CONCERN_AROSE: "the day the worry arose"}[after]


def _meets(policy: Policy, meets: str, labels: StepLabels) -> str:
    step, _, code = meets.partition(":")
    if step == RAISE:
        return "raising it"
    named = f"“{labels.get(step, step)}”"
    if not code:
        return named
    # While a policy is written, an answer may have been taken out that a clock still names.
    answers = {term.code: term.label for term in policy.vocabularies.get(CODES_OF.get(step, ""), ())}
    return f"{named} with “{answers.get(code, code)}”"


def _label(policy: Policy, stage: Stage | None, name: str) -> str:
    known = [*(stage.milestones if stage else ()), *policy.milestones]
    known += [m for other in policy.stages for m in other.milestones]
    return next((m.label for m in known if m.name == name), capital(_spaced(name)))


def _spaced(name: str) -> str:
    return name.replace("_", " ")
