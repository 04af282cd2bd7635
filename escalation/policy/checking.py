"""Whether the parts of a policy fit each other: numbers, names, what follows what, words and patterns."""

import re
from collections.abc import Iterable, Iterator, Mapping

from escalation.rulefiles import Fault
from escalation.rulefiles.lines import Path

from .document import Policy
from .stages import CONCERN_AROSE, STAGE_START, Milestone, StageKind
from .steps import CODES_OF, RAISE, STEP_NAMES

VOCABULARIES = (
    "about",
    "age_band",
    "answer",
    "child_status",
    "door",
    "hold_reason",
    "impact",
    "issue",
    "issue_group",
    "learning_theme",
    "method",
    "outcome",
    "recommendation_answer",
    "scope",
    "sent_to",
    "setting_group",
    "skip_reason",
    "void_reason",
    "withdrawal_reason",
)
"""What the log asks for by name: a policy may add others."""


STARTS = f"{STAGE_START}, {CONCERN_AROSE}, met:NAME, missed:NAME or step:STEP"


def check(policy: Policy) -> list[Fault]:
    """Every fault of a policy whose single values are right."""
    return [
        *_stages(policy),
        *_milestones(policy),
        *_vocabularies(policy),
        *_patterns(policy),
        *_twice("phone number", ("numbers",), (each.code for each in policy.numbers)),
        *_twice("warning pattern", ("patterns",), (each.code for each in policy.patterns)),
        *_twice("note", ("notes",), (each.code for each in policy.notes)),
    ]


def _stages(policy: Policy) -> Iterator[Fault]:
    if not policy.stages:
        yield Fault((), "The policy has no stages. Add at least one [[stages]] table.")
    for index, stage in enumerate(policy.stages):
        path: Path = ("stages", index, "number")
        earlier = policy.stages[:index]
        if any(stage.number == each.number for each in earlier):
            yield Fault(path, f"Stage {stage.number} is there twice. Number the stages 1, 2, 3 and so on.")
        elif stage.number != index + 1:
            yield Fault(path, f"This is stage {index + 1}, and its number says {stage.number}.")
        if stage.only_after_not_accepted and not any(each.kind is StageKind.PANEL for each in earlier):
            reason = f"Stage {stage.number} follows a panel's advice, but no panel comes before it."
            yield Fault(("stages", index, "only_after_not_accepted"), reason)


Placed = tuple[Path, str, Milestone]
"""A milestone with the path to it and the words for where it is."""


def _milestones(policy: Policy) -> Iterator[Fault]:
    case_wide = _placed(("milestones",), "", policy.milestones)
    for index, stage in enumerate(policy.stages):
        own = _placed(("stages", index, "milestones"), f"Stage {stage.number}, ", stage.milestones)
        yield from _names_once(own, taken={each.name for each in policy.milestones})
        reachable = {each.name: each for _, _, each in (*case_wide, *own)}
        yield from _each(policy, own, reachable)
    everywhere = {each.name: each for stage in policy.stages for each in stage.milestones}
    everywhere |= {each.name: each for each in policy.milestones}
    yield from _names_once(case_wide, taken=set())
    yield from _each(policy, case_wide, everywhere)


def _placed(path: Path, where: str, milestones: Iterable[Milestone]) -> list[Placed]:
    return [((*path, n), f"{where}milestone “{each.name}”", each) for n, each in enumerate(milestones)]


def _names_once(placed: list[Placed], taken: set[str]) -> Iterator[Fault]:
    for path, where, milestone in placed:
        if milestone.name in taken:
            yield Fault((*path, "name"), f"{where} is there twice. Give it a name of its own.")
        taken.add(milestone.name)


def _each(policy: Policy, placed: list[Placed], known: Mapping[str, Milestone]) -> Iterator[Fault]:
    for path, where, milestone in placed:
        yield from _met_by(policy, path, where, milestone)
        reason = _after_fault(milestone, known)
        if reason:
            yield Fault((*path, "after"), f"{where}: {reason}")


def _met_by(policy: Policy, path: Path, where: str, milestone: Milestone) -> Iterator[Fault]:
    if not milestone.met_by:
        yield Fault((*path, "met_by"), f"{where}: “met_by” is empty. Name the steps that meet it.")
    for meets in milestone.met_by:
        reason = _meets_fault(meets, milestone, policy)
        if reason:
            yield Fault((*path, "met_by"), f"{where}: {reason}")


def _meets_fault(meets: str, milestone: Milestone, policy: Policy) -> str:
    step, colon, code = meets.partition(":")
    if meets == RAISE:
        return (
            ""
            if milestone.after == CONCERN_AROSE
            else f"“{RAISE}” meets only what starts when the concern arose."
        )
    if step not in STEP_NAMES:
        return f"unknown step “{step}” in “met_by”."
    if not colon:
        return ""
    if step not in CODES_OF:
        return f"“{step}” has no answers to choose from. Those that have: {', '.join(CODES_OF)}."
    known = [term.code for term in policy.vocabularies.get(CODES_OF[step], ())]
    return "" if code in known else f"unknown answer “{code}” to “{step}”. Use one of: {', '.join(known)}."


def _after_fault(milestone: Milestone, known: Mapping[str, Milestone]) -> str:
    after = milestone.after
    kind, colon, name = after.partition(":")
    if after in (STAGE_START, CONCERN_AROSE):
        return ""
    if kind not in ("met", "missed", "step") or not colon:
        return f"unknown start “{after}”. Use {STARTS}."
    if kind == "step":
        return "" if name in STEP_NAMES else f"unknown step “{name}” in “after”."
    if name not in known:
        return f"it starts after the milestone “{name}”, which does not exist here."
    if known[name].quantity is None and kind == "missed":
        return f"it starts when “{name}” is missed, but “{name}” has no published time to miss."
    return _circle(milestone, known)


def _circle(milestone: Milestone, known: Mapping[str, Milestone]) -> str:
    way = [milestone.name]
    here = milestone
    while here.after.startswith(("met:", "missed:")):
        name = here.after.partition(":")[2]
        if name not in known or (name in way and name != milestone.name):
            return ""
        way.append(name)
        if name == milestone.name:
            return f"it starts in a circle ({' after '.join(way)}), so it never starts."
        here = known[name]
    return ""


def _vocabularies(policy: Policy) -> Iterator[Fault]:
    for name in VOCABULARIES:
        if name not in policy.vocabularies:
            yield Fault(("vocabularies", name), f"The vocabulary “{name}” is missing. The log asks for it.")
    for name, terms in policy.vocabularies.items():
        path: Path = ("vocabularies", name)
        if not terms:
            yield Fault(path, f"The vocabulary “{name}” is empty. Give it at least one term.")
        yield from _twice(f"vocabulary “{name}”, term", path, (term.code for term in terms))
        groups = {group.code for group in policy.vocabularies.get(f"{name}_group", ())}
        for index, term in enumerate(terms):
            if term.group and term.group not in groups:
                reason = f"Vocabulary “{name}”, term “{term.code}”: unknown group “{term.group}”."
                yield Fault((*path, index, "group"), reason)


def _patterns(policy: Policy) -> Iterator[Fault]:
    for index, pattern in enumerate(policy.patterns):
        try:
            re.compile(pattern.pattern)
        except re.error as error:
            reason = f"Warning pattern “{pattern.code}” is no valid regular expression: {error.msg}."
            yield Fault(("patterns", index, "pattern"), reason)


def _twice(what: str, path: Path, codes: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            reason = f"{what} “{code}” is there twice. Give each a code of its own."
            yield Fault((*path, index, "code"), reason[:1].upper() + reason[1:])
        seen.add(code)
