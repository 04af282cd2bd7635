"""What a policy is made of: stages, the people at them, and named milestones with their clocks.

Every value here is data from a policy file (policies/*.toml); nothing is a constant of one policy.
"""

from dataclasses import dataclass
from enum import StrEnum

from .clock import Unit


class StageKind(StrEnum):
    """What happens at a stage: the two sides talk, a panel recommends, or the partners decide."""

    DIALOGUE = "dialogue"
    PANEL = "panel"
    DECISION = "decision"


class Seniority(StrEnum):
    """Which seat of a setting acts at a stage, on both sides alike."""

    PRACTITIONER = "practitioner"
    LEAD = "lead"
    SENIOR_LEAD = "senior_lead"
    PARTNER = "partner"


class UnitPart(StrEnum):
    """What the partnership's business unit does at a stage."""

    COUNTED = "counted"  # it sees the case in its counts only
    TOLD = "told"  # it is told at the start
    CHECKS_FORM = "checks_form"  # it is told, and checks the full form
    OWNS = "owns"  # it leads the stage


class Owner(StrEnum):
    """Who owes a milestone. RESPONDING means one row, with its own clock, for each responding setting."""

    RESPONDING = "responding"
    RAISER = "raiser"
    RAISING_LEAD = "raising_lead"
    RAISING = "raising"
    UNIT = "unit"
    PARTNERS = "partners"
    BOTH = "both"


class When(StrEnum):
    """The condition under which a milestone starts at its event."""

    ALWAYS = "always"
    AGREED = "agreed"  # every setting that was asked has acted
    NOT_AGREED = "not_agreed"
    WITHOUT_FORM = "without_form"  # a formal stage, opened without the full form
    WITH_FORM = "with_form"  # a formal stage, opened with the full form
    UNDER_PRESSURE = "under_pressure"  # withdrawn because somebody felt under pressure
    UNMATCHED = "unmatched"  # the two sides have not yet agreed which child it is; the case knows


class Audience(StrEnum):
    """Who may see a milestone, or an entry."""

    ALL_PARTIES = "all_parties"
    OWN_SETTING_AND_UNIT = "own_setting_and_unit"
    RAISER_AND_UNIT = "raiser_and_unit"
    WRITER_AND_UNIT = "writer_and_unit"
    UNIT_ONLY = "unit_only"


STAGE_START = "stage_start"
CONCERN_AROSE = "concern_arose"


@dataclass(frozen=True)
class Milestone:
    """One named clock.

    quantity: how many of `unit`; 0 is "at once"; None where the policy publishes no time (no clock
    runs, and the page says so). after: "stage_start", "concern_arose", "met:NAME", "missed:NAME" or
    "step:STEP". fast_track: elapsed hours that replace quantity and unit on the fast track; None
    means that the fast track changes nothing. met_by: the steps that meet it, or a step with the
    answer that was chosen in it: "reply:acted", "add_note:meeting".
    """

    name: str
    label: str
    owed_by: Owner
    quantity: int | None
    unit: Unit
    after: str
    when: When = When.ALWAYS
    fast_track: int | None = None
    met_by: tuple[str, ...] = ()
    audience: str = Audience.ALL_PARTIES

    def is_met_by(self, step: str, code: str = "") -> bool:
        """Whether this step meets it; `code` is the answer chosen in it, where it asks for one."""
        return step in self.met_by or f"{step}:{code}" in self.met_by

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps that can meet it, whatever is chosen in them."""
        return tuple(meets.partition(":")[0] for meets in self.met_by)

    @property
    def has_time(self) -> bool:
        """False where the policy publishes no time."""
        return self.quantity is not None

    def clock(self, *, fast: bool) -> tuple[int, Unit] | None:
        """Quantity and unit that count, on the fast track or not; None where no time is published."""
        if fast and self.fast_track is not None:
            return self.fast_track, Unit.ELAPSED_HOURS
        return None if self.quantity is None else (self.quantity, self.unit)


@dataclass(frozen=True)
class Stage:
    """One step of the ladder. `name` and `who` are the tracker's words; `formal` needs the full form."""

    number: int
    name: str
    long_name: str
    who: str
    kind: StageKind
    seniority: Seniority
    formal: bool
    unit: UnitPart
    only_after_not_accepted: bool
    milestones: tuple[Milestone, ...]

    @property
    def answer_clocks(self) -> tuple[Milestone, ...]:
        """Within which the other side answers, or both agree: only answering or settling meets them."""
        return tuple(
            m for m in self.milestones if m.after == STAGE_START and {*m.steps} <= {"reply", "settle"}
        )
