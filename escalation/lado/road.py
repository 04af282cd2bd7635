"""The way to a step that can't be taken yet: what stands in its way, and which steps mend that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.machine import Step
from escalation.lado import guards as g
from escalation.lado.facts import Facts
from escalation.lado.workflow import ENDED, STEP, STEPS, STRANDS, Status

MENDED_BY: Mapping[Callable[[Facts], str | None], tuple[str, ...]] = {
    g.not_about_us: ("hand_over", "transfer"),
    g.a_neighbour: ("transfer",),
    g.a_limb: ("record_threshold",),
    g.a_strand: ("add_strand",),
    g.someone_leads: ("set_lead_employer",),
    g.several_employers: ("add_employer",),
    g.an_allegation: ("add_allegation",),
    g.every_allegation_has_an_outcome: ("record_outcome",),
    g.a_strand_is_left: ("add_employer",),
    g.strands_have_ended: ("move_strand",),
    g.dbs_answered: ("answer_dbs",),
    g.regulator_answered: ("answer_regulator",),
    g.lateness_explained: ("record_times",),
    g.no_open_disagreement: ("head_answered",),
    g.head_not_asked: ("head_answered",),
    g.head_asked: ("ask_head",),
    g.somebody_else: ("transfer",),
}
"""The steps of which any one makes a guard say no no more. A guard without any is nobody's to mend."""


@dataclass(frozen=True)
class Hindrance:
    """One thing that stands in a step's way, in a sentence, and the steps of which any one mends it."""

    sentence: str
    mended_by: tuple[str, ...] = ()


def hindrances(step: Step[Facts], facts: Facts) -> list[Hindrance]:
    """All that stands in a step's way, whoever would take it; none where it can be taken."""
    if facts.status not in step.source:
        return [_elsewhere(step, facts.status)]
    return [Hindrance(sentence, MENDED_BY.get(guard, ())) for guard, sentence in step.refusals(facts).items()]


def _elsewhere(step: Step[Facts], status: str) -> Hindrance:
    """Possible from another status: which steps come first, or that it is too late."""
    here = f"This is “{Status(status).label.lower()}”"
    first = comes_first(step, status)
    if first:
        labels = " or ".join(f"“{STEP[name].label}”" for name in first)
        return Hindrance(f"{here}. {labels} comes first.", first)
    if set(step.source) <= set(ENDED):
        return Hindrance(f"{here}. It has not ended, so this can't be done now.")
    return Hindrance(f"{here}. It is too late for this step.")


def comes_first(step: Step[Facts], status: str) -> tuple[str, ...]:
    """The steps from here on a road to where `step` can be taken; no road leads through an end."""
    if status in ENDED:
        return ("reopen",)
    roads = {each.name: _goes_to(each, status) for each in STEPS if status in each.source}
    found = [name for name, ends in roads.items() if _reached(ends) & set(step.source)]
    straight = tuple(name for name in found if isinstance(STEP[name].target, str))
    return straight or tuple(found)


def _goes_to(step: Step[Facts], status: str) -> set[str]:
    """Where a step that moves a referral can bring it from here, ends aside."""
    if callable(step.target):  # it moves only among the strands
        return {str(s) for s in STRANDS if status in STRANDS} - {status}
    return set(step.leads_to) - {status} - set(ENDED)


def _reached(statuses: Iterable[str]) -> set[str]:
    """These and all that follow on them."""
    found, waiting = set(statuses), list(statuses)
    while waiting:
        status = waiting.pop()
        fresh = {s for each in STEPS if status in each.source for s in _goes_to(each, status)} - found
        found |= fresh
        waiting += fresh
    return found
