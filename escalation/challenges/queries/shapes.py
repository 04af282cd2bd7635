"""What a reader gets of a challenge. Fields that they may not read are not there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.machine import Step
from escalation.access.fields import FieldGroup
from escalation.access.standing import Cover
from escalation.challenges.facts import Facts
from escalation.challenges.models import SENIOR_FROM, Deadline, Hold
from escalation.policy.document import Policy


@dataclass(frozen=True)
class PersonView:
    """A person as others see them: by name, job and number. Only where F2 or a seat's work allows it."""

    name: str
    job: str
    phone: str
    best_times: str


@dataclass(frozen=True)
class PartyView:
    """A setting's place. `person` is the counterpart at stage 1; words are None without F1.

    `outside`: it does not use the log, and the business unit acts for it.
    """

    id: int
    setting: str
    short: str
    phone: str
    group: str
    role: str
    is_mine: bool
    owes: bool
    answer: str
    answered_at: datetime | None
    matched_at: datetime | None
    question_open: bool
    recommendation_answer: str
    agreed_earlier: bool
    on_record: date | None
    pointer: str | None
    person: PersonView | None
    due: Deadline | None
    outside: bool = False


@dataclass(frozen=True)
class EntryView:
    """A line of the chronology, as this reader may see it."""

    id: int
    version: int
    stage: int
    step: str
    seat: str
    setting: str
    who: str
    occurred_at: datetime
    recorded_at: datetime
    audience: str
    narrower: bool
    codes: dict[str, object]
    words: dict[str, str]
    corrects: int | None
    party: int | None = None
    outside: bool = False


@dataclass(frozen=True)
class ActionView:
    id: int
    what: str
    owner: str
    due: date
    done_on: date | None
    late: bool
    is_review: bool


@dataclass(frozen=True)
class CaseView:
    """One challenge as one person may read it, at one moment.

    `words` are the raiser's own (worry, heard, voice, want, ...); None without F1, like the label
    and the pointers. `raiser` is None without F2, `outcome` and `impact` are "" without F3.
    `steps` are those this person can take now. `owing` are the parties whose turn it is. `deadlines`
    are those that run, `passed` those whose time went by without what was due. `covers` says for whom
    this person stands in, on the side they act for.
    """

    uuid: UUID
    url: str
    reference: str
    version: int
    policy: Policy
    now: datetime
    status: str
    stage: int
    stage_reached: int
    episode: int
    fast: bool
    pending: str
    pending_until: datetime | None
    pending_stage: int | None
    about: str
    issue: str
    age_band: str
    child_status: str
    scope: str
    no_single_child: bool
    opened_at: datetime
    imported_at: datetime | None
    needed_by: datetime | None
    closed_at: datetime | None
    confirmed: bool | None
    form_completed_at: datetime | None
    form_checked_at: datetime | None
    duplicate_of: str | None
    recurrence_of: str | None
    void_reason: str
    groups: frozenset[FieldGroup]
    parts: frozenset[str]
    raising: PartyView
    responding: tuple[PartyView, ...]
    supporting: tuple[PartyView, ...]
    my_side: str
    unit_owes: bool
    partners_owe: bool
    next_due: datetime | None
    overdue_from: datetime | None
    turn_deadline: Deadline | None
    deadlines: tuple[Deadline, ...]
    passed: tuple[Deadline, ...]
    hold: Hold | None
    raiser: PersonView | None
    name_withheld: bool
    let_in: frozenset[str]
    label: str | None
    our_pointer: str | None
    words: dict[str, str] | None
    outcome: str
    impact: str
    actions: tuple[ActionView, ...]
    entries: tuple[EntryView, ...]
    steps: tuple[Step[Facts], ...]
    facts: Facts
    covers: Cover | None

    @property
    def reads_words(self) -> bool:
        return FieldGroup.F1 in self.groups

    @property
    def unit_reads(self) -> bool:
        """From the formal stages on, and at once where it acts for a service outside the log."""
        outside = any(party.outside for party in (self.raising, *self.responding))
        return outside or self.stage_reached >= SENIOR_FROM

    @property
    def owing(self) -> tuple[PartyView, ...]:
        return tuple(p for p in (self.raising, *self.responding) if p.owes)

    @property
    def is_overdue(self) -> bool:
        return self.overdue_from is not None and self.overdue_from < self.now

    @property
    def is_my_turn(self) -> bool:
        """It is the turn of the side this person acts for, and there is a step they can take for it."""
        if any(p.is_mine for p in self.owing):
            return True
        return (self.unit_owes and "unit" in self.parts) or (self.partners_owe and "partner" in self.parts)

    @property
    def asked_now(self) -> tuple[PartyView, ...]:
        return tuple(p for p in self.responding if not p.agreed_earlier)

    def offers(self, name: str) -> bool:
        return any(step.name == name for step in self.steps)
