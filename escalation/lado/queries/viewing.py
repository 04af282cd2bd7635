"""What somebody of the LADO team gets of a referral. Words that they may not read are not there."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from core.machine import Step
from escalation.access.standing import Standing
from escalation.lado.case import Case, facts_for, parts_of, read_case, reads_words
from escalation.lado.facts import Facts
from escalation.lado.models import Entry, Referral
from escalation.lado.workflow import STEPS
from escalation.policy.words import london_date


@dataclass(frozen=True)
class EntryView:
    """A line of the chronology; `words` is empty for who may not read them."""

    id: int
    version: int
    status: str
    step: str
    seat: str
    who: str
    occurred_at: datetime
    recorded_at: datetime
    codes: dict[str, object]
    words: dict[str, str]
    corrects: int | None


@dataclass(frozen=True)
class View:
    """One referral as one person of the team may read it now; `case` has words only if `reads_words`."""

    case: Case
    facts: Facts
    reads_words: bool
    user_id: int | None
    steps: tuple[Step[Facts], ...]
    now: datetime

    @cached_property
    def entries(self) -> tuple[EntryView, ...]:
        """The chronology, the newest first; one's own words can always be read."""
        entries = self.referral.entries.select_related("actor")
        return tuple(_entry(each, self.reads_words or each.actor_id == self.user_id) for each in entries)

    @property
    def referral(self) -> Referral:
        return self.case.referral

    @property
    def url(self) -> str:
        return self.referral.get_absolute_url()

    def offers(self, name: str) -> bool:
        return any(step.name == name for step in self.steps)


def view_referral(referral: Referral, standing: Standing, *, now: datetime) -> View:
    """Read one referral whole: one statement, and one more once its entries are asked for."""
    case = read_case(referral, today=london_date(now))
    here = standing.within(case.exceptions)
    facts = facts_for(case, parts=parts_of(here), user_id=standing.user_id)
    words = reads_words(case, standing)
    return View(
        case=case,
        facts=facts,
        reads_words=words,
        user_id=standing.user_id,
        steps=tuple(step for step in STEPS if step.is_offered(facts)),
        now=now,
    )


def _entry(entry: Entry, readable: bool) -> EntryView:
    return EntryView(
        id=entry.pk,
        version=entry.version,
        status=entry.status,
        step=entry.step,
        seat=entry.seat,
        who=entry.actor.full_name if entry.actor else "",
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        codes=dict(entry.codes),
        words=dict(entry.words) if readable else {},
        corrects=entry.corrects_id,
    )
