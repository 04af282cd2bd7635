"""Which clocks start at an event."""

from .document import Policy
from .stages import Milestone, Stage, When


def starting(
    policy: Policy,
    stage: int,
    event: str,
    *,
    formal_without_form: bool,
    agreed: bool,
    pressure: bool,
) -> tuple[Milestone, ...]:
    """The milestones of a stage, then the case-wide ones, that start at `event`.

    event: "stage_start", "concern_arose", "met:NAME", "missed:NAME" or "step:STEP". A case-wide
    "met:reply" is for the caller to raise once every responding setting has replied. A "missed:NAME"
    event is known in advance: ask for it when NAME starts, and start what it gives at NAME's due time.
    formal_without_form: the full form is not complete; it matters at formal stages only. agreed:
    every setting that was asked has acted. pressure: withdrawn because of pressure. Milestones for
    an unmatched child are always given: who is unmatched is for the caller to know.
    Raises LookupError for a stage the policy does not have.
    """
    here = policy.stage(stage)
    facts = {
        When.ALWAYS: True,
        When.UNMATCHED: True,
        When.AGREED: agreed,
        When.NOT_AGREED: not agreed,
        When.UNDER_PRESSURE: pressure,
        **_form_facts(here, formal_without_form),
    }
    return tuple(m for m in policy.milestones_of(stage) if m.after == event and facts[m.when])


def _form_facts(stage: Stage, formal_without_form: bool) -> dict[When, bool]:
    return {
        When.WITHOUT_FORM: stage.formal and formal_without_form,
        When.WITH_FORM: stage.formal and not formal_without_form,
    }
