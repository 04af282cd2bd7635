"""What the step table may know of a case: plain values, read once, passed to every guard."""

from dataclasses import dataclass, field
from datetime import datetime

from escalation.policy.document import Policy
from escalation.policy.stages import Stage, StageKind


@dataclass(frozen=True)
class PartyFacts:
    """One setting's place in a challenge. `stage` is the stage it was last asked at."""

    id: int
    setting_id: int
    role: str
    stage: int
    answer: str = ""
    matched: bool = False
    question_open: bool = False
    question_used: bool = False
    agreed_to_pending: bool = False
    must_answer_recommendation: bool = False
    recommendation_answer: str = ""


@dataclass(frozen=True)
class ActionFacts:
    """One agreed action: who owns it, and whether it is done."""

    id: int
    setting_id: int
    done: bool


@dataclass(frozen=True)
class Facts:
    """A challenge as its guards see it, at one moment, for one actor.

    `party` is the actor's own setting's place (None for the business unit, partners and the
    system); `parts` are what the actor is to this challenge now (workflow.Who values);
    `overdue` names the milestones past due and undecided; `said_by_actor` what is said once a person;
    `for_outside`: their setting is outside the log, and they write down what it says.
    """

    policy: Policy
    status: str
    stage_number: int
    now: datetime
    version: int
    parties: tuple[PartyFacts, ...]
    actions: tuple[ActionFacts, ...] = ()
    overdue: frozenset[str] = frozenset()
    overdue_parties: frozenset[int] = frozenset()
    fast: bool = False
    pending: str = ""
    returned_once: bool = False
    recommended: bool = False
    convened: bool = False
    form_complete: bool = False
    form_checked: bool = False
    child_cannot_wait: bool = False
    no_single_child: bool = False
    name_withheld: bool = False
    disclosure_asked: bool = False
    hold_over: bool = False
    held_by_unit: bool = False
    resumes_to: str = ""
    reopen_until: datetime | None = None
    under_pressure: bool = False
    call_offered: bool = False
    acknowledged: bool = False
    ask_treated_from: datetime | None = None
    said_by_actor: frozenset[str] = frozenset()
    for_outside: bool = False
    party: PartyFacts | None = None
    parts: frozenset[str] = field(default=frozenset())

    @property
    def stage(self) -> Stage:
        return self.policy.stage(self.stage_number)

    @property
    def next_stage(self) -> Stage | None:
        later = [s for s in self.policy.stages if s.number > self.stage_number]
        return later[0] if later else None

    @property
    def responding(self) -> tuple[PartyFacts, ...]:
        return tuple(p for p in self.parties if p.role == "responding")

    @property
    def raising(self) -> PartyFacts:
        return next(p for p in self.parties if p.role == "raising")

    @property
    def asked(self) -> tuple[PartyFacts, ...]:
        """The responding settings that are asked at this stage; those that agreed earlier are not."""
        return tuple(p for p in self.responding if p.stage == self.stage_number)

    @property
    def unanswered(self) -> tuple[PartyFacts, ...]:
        return tuple(p for p in self.asked if not p.answer)

    @property
    def is_dialogue(self) -> bool:
        return self.stage.kind is StageKind.DIALOGUE
