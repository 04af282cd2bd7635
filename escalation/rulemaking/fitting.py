"""Whether this log can work by a policy: who sees a challenge at which stage, and what its rules go by.

Policy files are checked for sense (escalation/policy/checking.py). What stands here is about the log: each
fault says what it cannot do, and what to do instead.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from escalation.challenges.models import PARTNER_FROM, SENIOR_FROM
from escalation.disclosure.plan import PlanDimension
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy import Policy
from escalation.policy.changes import vocabulary_words
from escalation.policy.stages import Milestone, Seniority, Stage, StageKind, UnitPart
from escalation.rulefiles import Fault

MOST_STAGES = 6
"""The tracker of a challenge's page has room for so many."""
LEADS_FROM = 2
FROM: Mapping[Seniority, int] = {
    Seniority.PRACTITIONER: 1,
    Seniority.LEAD: LEADS_FROM,
    Seniority.SENIOR_LEAD: SENIOR_FROM,
    Seniority.PARTNER: PARTNER_FROM,
}
"""From which stage on each seat sees a challenge and reads it (docs/permissions.md)."""
WHO: Mapping[Seniority, str] = {
    Seniority.PRACTITIONER: "workers",
    Seniority.LEAD: "leads",
    Seniority.SENIOR_LEAD: "heads of service",
    Seniority.PARTNER: "lead safeguarding partners",
}
EARLY = (Seniority.PRACTITIONER, Seniority.LEAD)
CONFIRMING = ("raiser_confirm", "lead_confirm")
"""The times after which what was settled closes by itself."""
RECOMMENDED = "answer_recommendation"
"""The time whose end counts as "not accepted"."""
MOST_DAYS, MOST_HOURS = 100, 1000
"""A time may be so long: the calendar is looked at for a year ahead."""

FIXED: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"acted", "differs"}),
    "hold_reason": frozenset({"police_request", "renewal"}),
    "outcome": frozenset(
        {
            *("decision_changed", "partly_changed", "decision_stays", "new_information"),
            *("recommendation_accepted", "recommendation_in_part", "agreed_difference"),
            *("withdrawn", "transferred", "void"),
        }
    ),
    "recommendation_answer": frozenset({"accepted", "in_part", "not_accepted"}),
    "scope": frozenset({"one_child", "siblings", "thematic"}),
    "setting_group": frozenset(
        {"social_care", "education", "police", "health", "probation", "voluntary", "housing"}
    ),
}
"""Lists of words whose meaning the log's own rules know: each can be worded anew, none added or taken out."""
KEPT: Mapping[str, frozenset[str]] = {
    "about": frozenset({"something_else"}),
    "child_status": frozenset({"unknown"}),
    "door": frozenset({"decision", "adult"}),
    "impact": frozenset({"unknown"}),
    "issue": frozenset({"other"}),
    "issue_group": frozenset({"something_else"}),
    "method": frozenset({"call", "meeting"}),
    "sent_to": frozenset({"none"}),
    "skip_reason": frozenset({"child_cannot_wait", "same_person"}),
    "void_reason": frozenset({"duplicate"}),
    "withdrawal_reason": frozenset({"duplicate", "under_pressure"}),
}
"""Words of other lists that the log's rules, or what comes from an earlier log, go by."""


def unfit(policy: Policy) -> list[Fault]:
    """Everything that this log cannot do."""
    return [*_stages(policy), *_times(policy), *_closing(policy), *_words(policy)]


def follows(policy: Policy) -> list[str]:
    """What follows from it elsewhere, in words: nothing is wrong, and whoever approves should know."""
    return [*_figures_by_stage(policy), *_figures_by_words(policy)]


# Stages


def _stages(policy: Policy) -> Iterator[Fault]:
    if len(policy.stages) > MOST_STAGES:
        reason = f"There is room for {MOST_STAGES} stages. Take one out, or put two into one."
        yield Fault(("stages", MOST_STAGES, "name"), reason)
    for index, stage in enumerate(policy.stages):
        yield from (Fault(("stages", index, name), reason) for name, reason in _stage(stage))


def _stage(stage: Stage) -> Iterator[tuple[str, str]]:
    number, least = stage.number, FROM[stage.seniority]
    if number < least:
        yield "seniority", f"In this log {WHO[stage.seniority]} can act from stage {least} on. {CHOOSE}"
    elif stage.seniority in EARLY and number >= SENIOR_FROM:
        said = f"From stage {SENIOR_FROM} on this log works with heads of service, or with partners."
        yield "seniority", f"{said} {CHOOSE}"
    if stage.kind is StageKind.DECISION and number < PARTNER_FROM:
        yield "kind", f"In this log the partners can decide from stage {PARTNER_FROM} on. {CHOOSE_KIND}"
    if stage.kind is StageKind.PANEL and number < SENIOR_FROM:
        yield "kind", f"In this log a panel can meet from stage {SENIOR_FROM} on. {CHOOSE_KIND}"
    if number >= SENIOR_FROM:
        return
    if stage.formal:
        yield "formal", f"In this log a stage can be formal from stage {SENIOR_FROM} on. Take the tick out."
    if stage.unit in (UnitPart.CHECKS_FORM, UnitPart.OWNS):
        yield "unit", f"The business unit reads the words from stage {SENIOR_FROM} on. Choose less here."


CHOOSE = "Choose somebody else, or put a stage before this one."
CHOOSE_KIND = "Choose something else, or put a stage before this one."

# Times


def _times(policy: Policy) -> Iterator[Fault]:
    for index, stage in enumerate(policy.stages):
        for place, each in enumerate(stage.milestones):
            yield from _long(("stages", index, "milestones", place), each)
    for place, each in enumerate(policy.milestones):
        yield from _long(("milestones", place), each)


def _long(path: tuple[str | int, ...], milestone: Milestone) -> Iterator[Fault]:
    hours = milestone.unit.value.endswith("hours")
    most = MOST_HOURS if hours else MOST_DAYS
    if (milestone.quantity or 0) > most:
        yield Fault((*path, "quantity"), f"Use {most:,} {'hours' if hours else 'days'} or fewer.")
    if (milestone.fast_track or 0) > MOST_HOURS:
        yield Fault((*path, "fast_track"), f"Use {MOST_HOURS:,} hours or fewer.")


def _closing(policy: Policy) -> Iterator[Fault]:
    there = {each.name: (place, each) for place, each in enumerate(policy.milestones)}
    for name in CONFIRMING:
        if name not in there:
            missing = f"A time with the short name “{name}” is missing at “any stage”."
            yield Fault(("milestones",), f"{missing} Add it: by it the log closes what was settled.")
        elif there[name][1].quantity is None:
            reason = "Give a time here: by it the log closes what was settled."
            yield Fault(("milestones", there[name][0], "quantity"), reason)
    yield from _recommending(policy)


def _recommending(policy: Policy) -> Iterator[Fault]:
    if not any(stage.only_after_not_accepted for stage in policy.stages):
        return
    for index, stage in enumerate(policy.stages):
        timed = [each.name for each in stage.milestones if each.quantity is not None]
        if stage.kind is StageKind.PANEL and RECOMMENDED not in timed:
            add = f"Add a time with the short name “{RECOMMENDED}” to stage {stage.number}:"
            reason = f"{add} when it is over, no word counts as “not accepted”."
            yield Fault(("stages", index, "milestones"), reason)


# Words


def _words(policy: Policy) -> Iterator[Fault]:
    for name, codes in {**FIXED, **KEPT}.items():
        there = {term.code for term in policy.vocabularies.get(name, ())}
        lost = codes - there if policy.vocabularies.get(name) else frozenset()
        more = there - codes if name in FIXED else frozenset()
        for code in sorted(lost):
            reason = f"“{code}” cannot be taken out of “{vocabulary_words(name)}”: the log's rules go by it."
            yield Fault(("vocabularies", name), reason)
        for code in sorted(more):
            reason = (
                f"“{code}” cannot be added to “{vocabulary_words(name)}”: the log's rules would not know it."
            )
            yield Fault(("vocabularies", name), reason)


# What follows elsewhere


def _figures_by_stage(policy: Policy) -> Iterator[str]:
    dimension = _told_apart_by("stage")
    held = [category.holds for category in dimension.categories] if dimension else []
    alone = {words[0] for words in held if len(words) == 1}
    together = [stage for stage in policy.stages if str(stage.number) not in alone]
    said = [f"“Stage {s.number}” is {s.name}" for s in policy.stages if str(s.number) in alone]
    if said:
        yield f"Published figures count by the number of a stage: {', '.join(said)}."
    if together:
        names = ", ".join(stage.name for stage in together)
        yield f"In them these count together, as the last category: {names}."


def _figures_by_words(policy: Policy) -> Iterator[str]:
    for name in ("issue_group", "learning_theme"):
        dimension = _told_apart_by(name)
        known = {word for category in dimension.categories for word in category.holds} if dimension else set()
        new = [term.label for term in policy.vocabularies.get(name, ()) if term.code not in known]
        if dimension and new:
            rest = next(each.label for each in dimension.categories if each.code == dimension.rest)
            yield f"In published figures these count as “{rest}”: {', '.join(new)}."


@cache
def _told_apart_by(name: str) -> PlanDimension | None:
    """What published figures tell apart by the stage, or by the words of a list; by the log's own plans."""
    plans = [plan for plan in shipped_plans() if plan.key.startswith(("challenges", "learning"))]
    found = [d for plan in plans for d in plan.dimensions]
    return next((d for d in found if name in (d.code, d.vocabulary)), None)
