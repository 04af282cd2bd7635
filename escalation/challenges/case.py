"""A challenge with all that belongs to it, read once, and what a person is to it.

`Case` holds rows; `facts_for` turns them into the plain values that the step table's guards read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from escalation.access.exceptions import Exceptions
from escalation.access.fields import FieldGroup
from escalation.access.models import PANEL_GRANTS, GrantKind
from escalation.access.standing import Standing
from escalation.challenges.facts import ActionFacts, Facts, PartyFacts
from escalation.challenges.models import (
    AUDITOR,
    PARTNER_FROM,
    SENIOR_FROM,
    UNIT,
    Action,
    Challenge,
    Deadline,
    Entry,
    Hold,
    Party,
    PartyRole,
)
from escalation.challenges.workflow import Status, Who
from escalation.policy.clock import LONDON
from escalation.policy.document import Policy
from escalation.policy.stages import Seniority, StageKind

EARLY_STAGES = (1, 2)
PARTY_FACTS = (
    "role",
    "stage",
    "answer",
    "question_open",
    "question_used",
    "agreed_to_pending",
    "must_answer_recommendation",
    "recommendation_answer",
)


@dataclass
class Case:
    """The rows of one challenge.

    `withdrawn_with` holds what was coded on withdrawing, and `said` who said what of what is said once a
    person, where it has ended.
    """

    challenge: Challenge
    parties: list[Party]
    deadlines: list[Deadline]
    actions: list[Action]
    holds: list[Hold]
    withdrawn_with: dict[str, bool] = field(default_factory=dict)
    said: frozenset[tuple[str, int | None]] = frozenset()

    @property
    def policy(self) -> Policy:
        return self.challenge.policy

    @property
    def exceptions(self) -> Exceptions:
        return self.challenge.exceptions

    @property
    def raising(self) -> Party:
        return next(p for p in self.parties if p.role == PartyRole.RAISING)

    @property
    def responding(self) -> list[Party]:
        return [p for p in self.parties if p.role == PartyRole.RESPONDING]

    @property
    def asked(self) -> list[Party]:
        return [p for p in self.responding if p.stage == self.challenge.stage]

    @property
    def hold(self) -> Hold | None:
        return next((h for h in self.holds if h.ended is None), None)

    def open_deadlines(self) -> list[Deadline]:
        return [d for d in self.deadlines if d.decided_at is None]

    def running_deadlines(self, now: datetime) -> list[Deadline]:
        """Open and started: what follows from a missed milestone starts only when that is missed."""
        return [d for d in self.open_deadlines() if d.started <= now]


def read_case(challenge: Challenge, entries: Sequence[Entry] | None = None) -> Case:
    """All rows of a challenge but its entries, in four statements; once ended, five without `entries`."""
    case = Case(
        challenge=challenge,
        parties=list(challenge.parties.select_related("setting__organisation", "counterpart")),
        deadlines=list(challenge.deadlines.all()),
        actions=list(challenge.actions.select_related("setting")),
        holds=list(challenge.holds.all()),
    )
    for deadline in case.deadlines:
        deadline.challenge = challenge
    if challenge.status in ASKED_AFTER:
        said = _said_after(challenge, entries)
        case.said = frozenset((e.step, e.actor_id) for e in said)
        if challenge.status == Status.WITHDRAWN:
            case.withdrawn_with = _withdrawn_with(said)
    return case


ASKED_AFTER = (Status.CLOSED, Status.CLOSED_ACTIONS_OPEN, Status.WITHDRAWN)
SAID_AFTER = ("withdraw", "offer_call", "acknowledge_withdrawal", "thank", "give_pulse")


def _said_after(challenge: Challenge, entries: Sequence[Entry] | None) -> list[Entry]:
    if entries is None:
        return list(challenge.entries.filter(episode=challenge.episode, step__in=SAID_AFTER))
    return [e for e in entries if e.episode == challenge.episode and e.step in SAID_AFTER]


def _withdrawn_with(said: Sequence[Entry]) -> dict[str, bool]:
    return {
        "under_pressure": any(e.codes.get("withdrawal_reason") == "under_pressure" for e in said),
        "call_offered": any(e.step == "offer_call" for e in said),
        "acknowledged": any(e.step == "acknowledge_withdrawal" for e in said),
    }


def holds_seat(party: Party, case: Case, standing: Standing) -> bool:
    """Is this the seat that acts for this setting at the case's present stage?

    The stage's seniority says which: the raiser and the counterpart, leads, senior leads, partners.
    Where nobody is named as counterpart, the setting's lead is the one asked; where nobody is known as
    the raiser, which only a case of an earlier log has, the lead is the one who asked.
    """
    seniority = case.policy.stage(case.challenge.stage).seniority
    if seniority is Seniority.PRACTITIONER:
        here = party.setting_id in standing.settings
        if party.role == PartyRole.RAISING and case.challenge.raised_by_id in standing.acts_for:
            return here
        if party.counterpart_id is None:
            known = party.role == PartyRole.RAISING and case.challenge.raised_by_id is not None
            supports = party.role == PartyRole.SUPPORTING
            return not known and not supports and party.setting_id in standing.lead_settings
        return here and party.counterpart_id in standing.acts_for
    if seniority is Seniority.LEAD:
        return party.setting_id in standing.lead_settings
    senior = party.setting_id in standing.senior_settings
    if seniority is Seniority.PARTNER:
        return senior or party.setting.organisation_id in standing.partner_organisations
    return senior


def is_raiser(case: Case, standing: Standing) -> bool:
    return case.challenge.raised_by_id == standing.user_id and case.raising.setting_id in standing.settings


def fields_for(case: Case, standing: Standing, *, acted: bool = False) -> frozenset[FieldGroup]:
    """Which field groups a person may read of a challenge that is visible to them.

    F0 for all who see the row; F1 words; F2 who raised it; F3 outcome and learning; F5 the read log.
    `acted`: the person wrote an entry while they held a seat here; sight stays for those who acted.
    """
    groups = {FieldGroup.F0}
    reached = case.challenge.stage_reached
    if standing.roles & {UNIT}:
        groups |= {FieldGroup.F3} | ({FieldGroup.F1} if reached >= SENIOR_FROM else set())
        groups |= {FieldGroup.F2} if case.challenge.name_released else set()
    if standing.roles & {AUDITOR}:
        groups |= {FieldGroup.F5}
    if _reads_words_as_party(case, standing) or acted:
        groups |= {FieldGroup.F1, FieldGroup.F2, FieldGroup.F3}
    elif _is_partner(case, standing) or standing.granted & LET_READ:
        groups |= {FieldGroup.F1, FieldGroup.F3}
    elif any(p.setting_id in standing.lead_settings for p in case.responding):
        groups |= {FieldGroup.F2, FieldGroup.F3}
    if case.challenge.name_withheld and not _on_raising_side(case, standing):
        groups -= {FieldGroup.F2}
    return frozenset(groups)


LET_READ = frozenset({*PANEL_GRANTS, GrantKind.BREAK_GLASS, GrantKind.SAMPLE})
"""Grants that let somebody read the words, without a seat on either side."""


def _on_raising_side(case: Case, standing: Standing) -> bool:
    return case.raising.setting_id in standing.settings


def _is_partner(case: Case, standing: Standing) -> bool:
    if case.challenge.stage_reached < PARTNER_FROM:
        return False
    parties = [case.raising, *case.responding]
    return any(p.setting.organisation_id in standing.partner_organisations for p in parties)


def _reads_words_as_party(case: Case, standing: Standing) -> bool:
    if is_raiser(case, standing) or case.raising.setting_id in standing.lead_settings:
        return True
    reached = case.challenge.stage_reached
    return any(_party_reads_words(party, reached, standing) for party in [case.raising, *case.responding])


def _party_reads_words(party: Party, reached: int, standing: Standing) -> bool:
    if party.counterpart_id in standing.acts_for and party.setting_id in standing.settings:
        return True
    if reached >= SENIOR_FROM and party.setting_id in standing.senior_settings:
        return True
    if party.setting_id not in standing.lead_settings:
        return False
    asked_in_person = party.role == PartyRole.RESPONDING and party.counterpart_id is None
    return reached >= 2 or asked_in_person


def party_of(case: Case, standing: Standing) -> Party | None:
    """The party a person acts for at this stage; where several, the one that owes something first.

    Nobody acts for both sides: whoever holds the seat on both acts for the side that asked only if
    they raised it, else for neither, and an independent lead is needed.
    """
    raising = holds_seat(case.raising, case, standing)
    responding = [p for p in case.responding if holds_seat(p, case, standing)]
    if raising and responding:
        return case.raising if is_raiser(case, standing) else None
    if raising:
        return case.raising
    if responding:
        return next((p for p in responding if p.owes), responding[0])
    return _party_as_member(case, standing)


def _party_as_member(case: Case, standing: Standing) -> Party | None:
    if is_raiser(case, standing) or case.raising.setting_id in standing.lead_settings:
        return case.raising
    reached = case.challenge.stage_reached
    parties = [case.raising, *case.responding]
    mine = [p for p in parties if _party_reads_words(p, reached, standing)]
    # A lead who cannot read the words yet can still give the challenge to somebody in their team.
    mine += [p for p in case.responding if p.setting_id in standing.lead_settings]
    return mine[0] if mine else None


def parts_of(case: Case, standing: Standing) -> frozenset[str]:
    """What a person is to this challenge now: the step table's `who`."""
    parts = _own_parts(case, standing)
    early = case.challenge.stage in EARLY_STAGES and parts & {Who.RAISER, Who.RAISING_LEAD}
    return frozenset(parts | ({Who.RAISING_EARLY} if early else set()) | _partnership_parts(case, standing))


def _own_parts(case: Case, standing: Standing) -> set[Who]:
    """What a person is by a seat in one of the settings."""
    party = party_of(case, standing)
    seated = party is not None and holds_seat(party, case, standing)
    parts = {
        Who.RAISER: is_raiser(case, standing),
        Who.RAISING: seated and party == case.raising,
        Who.RESPONDING: seated and party in case.responding,
        Who.RAISING_LEAD: case.raising.setting_id in standing.lead_settings,
        Who.RESPONDING_LEAD: any(p.setting_id in standing.lead_settings for p in case.responding),
        Who.MEMBER: _reads_words_as_party(case, standing),
    }
    return {who for who, is_so in parts.items() if is_so}


def _partnership_parts(case: Case, standing: Standing) -> set[Who]:
    """What a person is by a seat of the partnership."""
    unit = UNIT in standing.roles
    at_decision = case.policy.stage(case.challenge.stage).kind is StageKind.DECISION
    lead = case.raising.setting_id in standing.lead_settings
    challenge = case.challenge
    parts = {
        Who.THIRD: (unit or lead)
        and standing.user_id not in (challenge.raised_by_id, challenge.disclosure_asked_by_id),
        Who.UNIT: unit,
        Who.UNIT_READER: unit and case.challenge.stage_reached >= SENIOR_FROM,
        Who.PARTNER: at_decision and _is_partner(case, standing),
        Who.PANEL: bool(standing.granted.intersection(PANEL_GRANTS)),
    }
    return {who for who, is_so in parts.items() if is_so}


SYSTEM_PARTS = frozenset({str(Who.SYSTEM)})


def facts_for(
    case: Case,
    *,
    now: datetime,
    party: Party | None,
    parts: frozenset[str],
    actor: int | None = None,
) -> Facts:
    """The case as its guards see it, for one actor at one moment; `actor` is their number."""
    challenge = case.challenge
    parties = tuple(
        PartyFacts(
            id=p.pk,
            setting_id=p.setting_id,
            matched=p.matched_at is not None,
            **{name: getattr(p, name) for name in PARTY_FACTS},
        )
        for p in case.parties
    )
    late = [d for d in case.open_deadlines() if d.overdue_from < now]
    answers = {m.name for m in case.policy.stage(challenge.stage).answer_clocks}
    return Facts(
        policy=case.policy,
        status=challenge.status,
        stage_number=challenge.stage,
        now=now,
        version=challenge.version,
        parties=parties,
        actions=tuple(ActionFacts(a.pk, a.setting_id, a.done_on is not None) for a in case.actions),
        overdue=frozenset(d.name for d in late),
        overdue_parties=_overdue_parties(
            case, [d for d in late if d.name in answers and d.stage == challenge.stage]
        ),
        fast=challenge.fast,
        pending=challenge.pending,
        returned_once=challenge.returned_once,
        recommended=challenge.recommended_at is not None,
        convened=challenge.convened_at is not None,
        form_complete=challenge.form_completed_at is not None,
        form_checked=challenge.form_checked_at is not None,
        child_cannot_wait=challenge.child_cannot_wait,
        no_single_child=challenge.no_single_child,
        name_withheld=challenge.name_withheld,
        disclosure_asked=challenge.disclosure_asked_by_id is not None,
        hold_over=case.hold is not None and case.hold.limit <= now,
        held_by_unit=case.hold is not None and case.hold.by_unit,
        resumes_to=case.holds[-1].resumes_to if case.holds else "",
        reopen_until=reopen_until(case),
        ask_treated_from=challenge.ask_treated_from,
        said_by_actor=frozenset(step for step, who in case.said if who is not None and who == actor),
        for_outside=party is not None and party.setting.outside,
        party=next((p for p in parties if party and p.id == party.pk), None),
        parts=parts,
        **case.withdrawn_with,
    )


def _overdue_parties(case: Case, late: list[Deadline]) -> frozenset[int]:
    """Who has not answered, or not agreed, by the due time; what all owe is owed by who did not agree."""
    unanswered = {p.pk for p in case.asked if not p.answer}
    overdue = unanswered & {d.party_id for d in late}
    if any(d.party_id is None for d in late):
        overdue |= {p.pk for p in case.asked if p.answer != "acted"}
    return frozenset(overdue)


def reopen_until(case: Case) -> datetime | None:
    """The end of the last day on which it can be reopened (rule 13)."""
    if case.challenge.closed_at is None:
        return None
    last = max([case.challenge.closed_at.astimezone(LONDON).date(), *(a.due for a in case.actions)])
    day = last + timedelta(days=case.policy.limits["reopen_days"])
    return datetime.combine(day, time.max, tzinfo=LONDON)


def own_entries(entries: list[Entry], standing: Standing) -> bool:
    """Did this person write here, for a setting where they still hold a seat?"""
    return any(e.actor_id == standing.user_id and e.setting_id in standing.settings for e in entries)
