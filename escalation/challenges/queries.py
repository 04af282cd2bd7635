"""Reads. `find` and `listed` give only what a person may know of; `project` only what they may read.

Pages, the API and exports all show a `CaseView`, and nothing else of a challenge.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from core.machine import Step
from escalation.access.fields import FieldGroup
from escalation.access.standing import Cover, Standing
from escalation.accounts.models import Seat, User
from escalation.challenges.case import (
    Case,
    facts_for,
    fields_for,
    is_raiser,
    own_entries,
    parts_of,
    party_of,
    read_case,
)
from escalation.challenges.facts import Facts
from escalation.challenges.models import (
    PARTNER_FROM,
    SENIOR_FROM,
    UNIT,
    Action,
    Audience,
    Challenge,
    Deadline,
    Entry,
    Hold,
    KeptWords,
    Party,
    PartyRole,
)
from escalation.challenges.workflow import STEPS, Status
from escalation.policy.clock import LONDON
from escalation.policy.document import Policy
from escalation.policy.stages import Owner, Seniority

LEADS_FROM = 2
"""From this stage on the leads of those who were asked read the words."""

STAGE_SEAT = {
    Seniority.PRACTITIONER: "lead",
    Seniority.LEAD: "lead",
    Seniority.SENIOR_LEAD: "senior_lead",
    Seniority.PARTNER: "partner",
}


@dataclass(frozen=True)
class PersonView:
    """A person as others see them: by name, job and number. Only where F2 or a seat's work allows it."""

    name: str
    job: str
    phone: str
    best_times: str


@dataclass(frozen=True)
class PartyView:
    """A setting's place. `person` is the counterpart at stage 1; words are None without F1."""

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


def find(uuid: UUID, standing: Standing) -> Challenge:
    """One challenge that this person may know of; raises Challenge.DoesNotExist for all others."""
    return (
        Challenge.objects.visible_to(standing)
        .select_related(
            "policy_version", "raising__organisation", "raised_by", "duplicate_of", "recurrence_of"
        )
        .get(uuid=uuid)
    )


def listed(standing: Standing) -> QuerySet[Challenge]:
    """Those a person may know of, with what a row of a list shows; two statements whatever their number."""
    return (
        Challenge.objects.visible_to(standing)
        .select_related("policy_version", "raising")
        .prefetch_related(Prefetch("parties", Party.objects.select_related("setting")))
    )


def view_case(challenge: Challenge, standing: Standing, *, now: datetime) -> CaseView:
    """Read and project one challenge: the case's rows and its entries, six statements."""
    return project(read_case(challenge), _entries(challenge), standing, now=now)


def _entries(challenge: Challenge) -> list[Entry]:
    return list(challenge.entries.select_related("actor", "setting"))


def project(case: Case, entries: list[Entry], standing: Standing, *, now: datetime) -> CaseView:
    """The one place where fields are withheld: what a person without the field group gets is not there."""
    challenge = case.challenge
    acted = own_entries(entries, standing)
    groups = fields_for(case, standing, acted=acted)
    parts = parts_of(case, standing)
    party = party_of(case, standing)
    facts = facts_for(case, now=now, party=party, parts=parts)
    words, outcomes = FieldGroup.F1 in groups, FieldGroup.F3 in groups
    views = {p.pk: _party_view(case, p, party, groups, now) for p in case.parties}
    running = [d for d in case.running_deadlines(now) if _may_see(d.audience, case, standing, None)]
    first = next((e for e in reversed(entries) if e.step == "raise"), None)
    # Rule 10: what the unit owes after a withdrawal would give its reason away.
    told = challenge.status != Status.WITHDRAWN or UNIT in standing.roles or is_raiser(case, standing)
    return CaseView(
        uuid=challenge.uuid,
        url=challenge.get_absolute_url(),
        reference=challenge.reference,
        version=challenge.version,
        policy=case.policy,
        now=now,
        status=challenge.status,
        stage=challenge.stage,
        stage_reached=challenge.stage_reached,
        episode=challenge.episode,
        fast=challenge.fast,
        pending=challenge.pending,
        pending_until=challenge.pending_until,
        pending_stage=challenge.pending_stage,
        about=challenge.about,
        issue=challenge.issue,
        age_band=challenge.age_band,
        child_status=challenge.child_status,
        scope=challenge.scope,
        no_single_child=challenge.no_single_child,
        opened_at=challenge.opened_at,
        needed_by=challenge.needed_by,
        closed_at=challenge.closed_at,
        confirmed=challenge.confirmed,
        form_completed_at=challenge.form_completed_at,
        form_checked_at=challenge.form_checked_at,
        duplicate_of=challenge.duplicate_of.reference if challenge.duplicate_of else None,
        recurrence_of=challenge.recurrence_of.reference if challenge.recurrence_of else None,
        void_reason=challenge.void_reason,
        groups=groups,
        parts=parts,
        raising=views[case.raising.pk],
        responding=tuple(views[p.pk] for p in case.responding),
        supporting=tuple(views[p.pk] for p in case.parties if p.role == PartyRole.SUPPORTING),
        my_side=party.role if party else "",
        unit_owes=challenge.unit_owes and told,
        partners_owe=challenge.partners_owe,
        next_due=challenge.next_due if told else None,
        overdue_from=challenge.overdue_from if told else None,
        turn_deadline=_turn_deadline(running, challenge),
        deadlines=tuple(running),
        passed=tuple(
            d for d in case.deadlines if _went_by(d, now) and _may_see(d.audience, case, standing, None)
        ),
        hold=case.hold,
        raiser=_person(challenge.raised_by) if FieldGroup.F2 in groups else None,
        label=challenge.label if words else None,
        our_pointer=challenge.our_pointer if words else None,
        words=dict(first.words) if first and words else None,
        outcome=challenge.outcome if outcomes else "",
        impact=challenge.impact if outcomes else "",
        actions=tuple(_action_view(a, now) for a in case.actions) if words else (),
        entries=tuple(_entry_views(entries, case, standing, groups)),
        steps=tuple(
            s for s in STEPS if s.who & parts and facts.status in s.source and s.refusal(facts) is None
        ),
        facts=facts,
        covers=standing.covering.get(party.setting_id) if party else None,
    )


def _went_by(deadline: Deadline, now: datetime) -> bool:
    """Missed, or late at this moment; what ended undecided before its time did not go by."""
    late = deadline.decided_at is None and deadline.overdue_from < now
    return late or deadline.met is False


def _party_view(
    case: Case, party: Party, mine: Party | None, groups: frozenset[FieldGroup], now: datetime
) -> PartyView:
    words = FieldGroup.F1 in groups
    withheld = party.role == PartyRole.RAISING and FieldGroup.F2 not in groups
    due = [
        d
        for d in case.running_deadlines(now)
        if d.party_id == party.pk and d.name not in ("match", "written_outcome")
    ]
    return PartyView(
        id=party.pk,
        setting=party.setting.name,
        short=party.setting.short_name,
        phone=party.setting.phone,
        group=party.setting.group,
        role=party.role,
        is_mine=mine is not None and party.pk == mine.pk,
        owes=party.owes,
        answer=party.answer,
        answered_at=party.answered_at,
        matched_at=party.matched_at,
        question_open=party.question_open,
        recommendation_answer=party.recommendation_answer,
        agreed_earlier=party.role == PartyRole.RESPONDING and party.stage != case.challenge.stage,
        on_record=party.on_record,
        pointer=party.their_pointer if words else None,
        person=None if withheld or party.counterpart is None else _person(party.counterpart),
        due=min(due, key=lambda d: d.due, default=None),
    )


def _person(user: User) -> PersonView:
    return PersonView(name=user.full_name, job=user.job_title, phone=user.phone, best_times=user.best_times)


def _action_view(action: Action, now: datetime) -> ActionView:
    return ActionView(
        id=action.pk,
        what=action.what,
        owner=action.setting.name,
        due=action.due,
        done_on=action.done_on,
        late=action.done_on is None and action.due < now.date(),
        is_review=action.is_review,
    )


def _turn_deadline(running: list[Deadline], challenge: Challenge) -> Deadline | None:
    """The row whose due time the case shows, the one lists sort by; of two, the one that one side owes."""
    now_due = [d for d in running if d.due == challenge.next_due and d.name != "match"]
    return min(now_due, key=lambda d: d.owed_by == Owner.BOTH, default=None)


def _may_see(audience: str, case: Case, standing: Standing, setting_id: int | None) -> bool:
    """Rule 14: both sides; one setting and the unit; the raiser and the unit; the unit only."""
    if audience == Audience.RAISER_AND_UNIT:
        return UNIT in standing.roles or case.challenge.raised_by_id == standing.user_id
    return _in_audience(audience, standing, setting_id)


def _in_audience(audience: str, standing: Standing, setting_id: int | None) -> bool:
    if audience == Audience.ALL_PARTIES or UNIT in standing.roles:
        return True
    return audience == Audience.OWN_SETTING and setting_id in standing.settings


def may_read_entry(entry: Entry, standing: Standing) -> bool:
    """Whether an entry's audience includes this person, who may read the words of its challenge."""
    if entry.audience == Audience.RAISER_AND_UNIT:
        return UNIT in standing.roles or entry.challenge.raised_by_id == standing.user_id
    return _in_audience(entry.audience, standing, entry.setting_id)


def _entry_views(
    entries: list[Entry], case: Case, standing: Standing, groups: frozenset[FieldGroup]
) -> list[EntryView]:
    words = FieldGroup.F1 in groups
    narrow_for_unit = UNIT in standing.roles and not words
    parties = {p.setting_id: p.pk for p in case.parties}
    views = []
    for entry in entries:
        narrower = entry.audience != Audience.ALL_PARTIES
        if not _may_see(entry.audience, case, standing, entry.setting_id):
            continue
        if not words and narrower and not narrow_for_unit:
            continue
        readable = words or (narrow_for_unit and narrower)
        party = parties.get(entry.setting_id) if entry.setting_id else None
        views.append(_entry_view(entry, readable, narrower, FieldGroup.F2 in groups, party))
    return views


CODES_OF_F0 = (
    "about",
    "fast",
    "answer",
    "recommendation_answer",
    "method",
    "hold_reason",
    "skip_reason",
    "party",
)


def _entry_view(entry: Entry, words: bool, narrower: bool, names: bool, party: int | None) -> EntryView:
    """Without the words an entry is a date and a step: no text, no outcome, no name."""
    actor = entry.actor
    on_raising_side = entry.seat in ("raiser", "raising", "raising_lead")
    shown = actor is not None and words and (names or not on_raising_side)
    return EntryView(
        id=entry.pk,
        version=entry.version,
        stage=entry.stage,
        step=entry.step,
        seat=entry.seat,
        setting=entry.setting.name if entry.setting else "",
        who=(actor.job_title or actor.full_name) if actor is not None and shown else "",
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        audience=entry.audience,
        narrower=narrower,
        codes=dict(entry.codes) if words else {k: v for k, v in entry.codes.items() if k in CODES_OF_F0},
        words=dict(entry.words) if words else {},
        corrects=entry.corrects_id,
        party=party,
    )


@dataclass(frozen=True)
class Reader:
    """Somebody who can read a challenge's words now, and by which seat.

    `seat`: raiser, counterpart, lead, senior_lead, partner, or wrote ("wrote here, and still works
    there"). `covers` names whom they stand in for today; `away`: their own seat is covered today.
    `name` and `job` are "" where the one who asks may not know who it is.
    """

    name: str
    job: str
    party: int
    setting: str
    short: str
    side: str
    seat: str
    covers: str = ""
    away: bool = False
    phone: str = ""
    best_times: str = ""


def open_case(
    challenge: Challenge, standing: Standing, *, now: datetime
) -> tuple[CaseView, tuple[Reader, ...]]:
    """What the case page shows: the view, and who can read it; seven statements, eight once withdrawn."""
    case, entries = read_case(challenge), _entries(challenge)
    view = project(case, entries, standing, now=now)
    return view, _readers(case, entries, view, now.astimezone(LONDON).date())


def _readers(case: Case, entries: list[Entry], view: CaseView, today: date) -> tuple[Reader, ...]:
    """Everybody whose seat lets them read the words today, the raising side first; one statement."""
    parties = {p.setting_id: p for p in [case.raising, *case.responding]}
    wrote = {(e.actor_id, e.setting_id) for e in entries if e.actor_id and e.setting_id}
    seats = list(_reading_seats(case, parties.values(), {user for user, _ in wrote}))
    found: dict[tuple[int, int], Reader] = {}
    for party in parties.values():
        for seat in seats:
            for user, reader in _readers_by(seat, party, case, wrote, today):
                if (user.pk, party.pk) not in found:
                    found[user.pk, party.pk] = _named(reader, user, view)
    return tuple(found.values())


def _reading_seats(case: Case, parties: Iterable[Party], wrote: set[int]) -> QuerySet[Seat]:
    parties = list(parties)
    reached = case.challenge.stage_reached
    settings = [p.setting_id for p in parties]
    named = {case.challenge.raised_by_id, *(p.counterpart_id for p in parties if p.counterpart_id), *wrote}
    wanted = Q(setting__in=settings) & (Q(kind="lead") | Q(user__in=named))
    if reached >= SENIOR_FROM:
        wanted |= Q(setting__in=settings, kind="senior_lead")
    if reached >= PARTNER_FROM:
        wanted |= Q(kind="partner", setting__organisation__in={p.setting.organisation_id for p in parties})
    return (
        Seat.objects.filter(wanted, user__is_active=True)
        .select_related("user", "setting", "deputy")
        .order_by("pk")
    )


def _readers_by(
    seat: Seat, party: Party, case: Case, wrote: set[tuple[int, int]], today: date
) -> Iterator[tuple[User, Reader]]:
    """The holder of a seat, and who covers it today, where this seat reads the words of this party's side."""
    why = _why_reads(seat, party, case, wrote)
    if not why:
        return
    deputy = seat.deputy if seat.away_on(today) and seat.deputy and seat.deputy.is_active else None
    reader = Reader(
        "",
        "",
        party.pk,
        party.setting.name,
        party.setting.short_name,
        party.role,
        why,
        away=deputy is not None,
    )
    yield seat.user, reader
    if deputy and why != "wrote":
        yield deputy, replace(reader, covers=seat.user.full_name, away=False)


def _why_reads(seat: Seat, party: Party, case: Case, wrote: set[tuple[int, int]]) -> str:
    challenge, reached = case.challenge, case.challenge.stage_reached
    if seat.kind == "partner":
        in_organisation = (
            seat.setting is not None and seat.setting.organisation_id == party.setting.organisation_id
        )
        return "partner" if reached >= PARTNER_FROM and in_organisation else ""
    if seat.setting_id != party.setting_id:
        return ""
    if party.role == PartyRole.RAISING and seat.user_id == challenge.raised_by_id:
        return "raiser"
    if seat.user_id == party.counterpart_id:
        return "counterpart"
    if seat.kind == "senior_lead" and reached >= SENIOR_FROM:
        return "senior_lead"
    asked_in_person = party.role == PartyRole.RAISING or party.counterpart_id is None
    if seat.kind == "lead" and (asked_in_person or reached >= LEADS_FROM):
        return "lead"
    return "wrote" if (seat.user_id, party.setting_id) in wrote else ""


def _named(reader: Reader, user: User, view: CaseView) -> Reader:
    """With the name, for those who may read the words; the raiser's only for those who may know it."""
    hidden = reader.seat == "raiser" and FieldGroup.F2 not in view.groups
    if hidden or not view.reads_words:
        return replace(reader, covers="")
    return replace(
        reader, name=user.full_name, job=user.job_title, phone=user.phone, best_times=user.best_times
    )


def people_of(party: int) -> list[tuple[int, str]]:
    """Who can be given a challenge: active people with a seat in this party's setting, by name."""
    seats = Seat.objects.filter(setting__parties=party, user__is_active=True).select_related("user")
    people = {
        s.user_id: f"{s.user.full_name}, {s.user.job_title}" if s.user.job_title else s.user.full_name
        for s in seats
    }
    return sorted(people.items(), key=lambda person: person[1])


def kept_words(challenge: Challenge, user_id: int) -> KeptWords | None:
    """What this person wrote here for a step that was not taken, if anything."""
    return KeptWords.objects.filter(challenge=challenge, owner=user_id).first()
