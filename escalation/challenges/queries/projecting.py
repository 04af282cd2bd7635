"""From a case to what one person may read of it: the one place where fields are withheld."""

from datetime import datetime
from typing import Any

from escalation.access.fields import FieldGroup
from escalation.access.standing import Standing
from escalation.accounts.models import User
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
from escalation.challenges.models import UNIT, Action, Audience, Challenge, Deadline, Entry, Party, PartyRole
from escalation.challenges.queries.audiences import may_see, may_see_entry
from escalation.challenges.queries.shapes import ActionView, CaseView, EntryView, PartyView, PersonView
from escalation.challenges.workflow import EARLIER_LOG, STEPS, Status
from escalation.policy.stages import Owner


def view_case(challenge: Challenge, standing: Standing, *, now: datetime) -> CaseView:
    """Read and project one challenge: the case's rows and its entries, five statements."""
    entries = entries_of(challenge)
    return project(read_case(challenge, entries), entries, standing, now=now)


def fields_of(challenge: Challenge, standing: Standing) -> frozenset[FieldGroup]:
    """The field groups alone, for what is no part of a `CaseView`; four or five statements."""
    case = read_case(challenge)
    return fields_for(case, standing.within(case.exceptions))


def entries_of(challenge: Challenge) -> list[Entry]:
    return list(challenge.entries.select_related("actor", "setting"))


def project(case: Case, entries: list[Entry], standing: Standing, *, now: datetime) -> CaseView:
    """The one place where fields are withheld: what a person without the field group gets is not there."""
    challenge, standing = case.challenge, standing.within(case.exceptions)
    acted = own_entries(entries, standing)
    groups = fields_for(case, standing, acted=acted)
    parts = parts_of(case, standing)
    party = party_of(case, standing)
    facts = facts_for(case, now=now, party=party, parts=parts, actor=standing.user_id)
    words, outcomes = FieldGroup.F1 in groups, FieldGroup.F3 in groups
    views = {p.pk: _party_view(case, p, party, groups, now) for p in case.parties}
    running = [d for d in case.running_deadlines(now) if may_see(d.audience, case, standing, None)]
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
        imported_at=challenge.imported_at,
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
            d for d in case.deadlines if _went_by(d, now) and may_see(d.audience, case, standing, None)
        ),
        hold=case.hold,
        raiser=_person(challenge.raised_by) if challenge.raised_by and FieldGroup.F2 in groups else None,
        label=challenge.label if words else None,
        our_pointer=challenge.our_pointer if words else None,
        words=_words(first, groups) if first and words else None,
        name_withheld=challenge.name_withheld,
        let_in=standing.granted,
        outcome=challenge.outcome if outcomes else "",
        impact=challenge.impact if outcomes else "",
        actions=tuple(_action_view(a, now) for a in case.actions) if words else (),
        entries=tuple(_entry_views(entries, case, standing, groups)),
        steps=tuple(step for step in STEPS if step.is_offered(facts)),
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
    due = [d for d in case.running_deadlines(now) if d.party_id == party.pk and d.name != "match"]
    answers = {m.name for m in case.policy.stage(case.challenge.stage).answer_clocks}
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
        due=min(due, key=lambda d: (d.name not in answers, d.due), default=None),
        outside=party.setting.outside,
    )


CALL_BACK = ("callback", "best_times")
"""A number of one's own says who one is."""


def _words(entry: Entry, groups: frozenset[FieldGroup]) -> dict[str, str]:
    """An entry's words; of those it was raised with, the way to call the raiser is for who may know them."""
    hidden = () if FieldGroup.F2 in groups else CALL_BACK
    return {name: text for name, text in entry.words.items() if name not in hidden}


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


def _entry_views(
    entries: list[Entry], case: Case, standing: Standing, groups: frozenset[FieldGroup]
) -> list[EntryView]:
    words = FieldGroup.F1 in groups
    narrow_for_unit = UNIT in standing.roles and not words
    parties = {p.setting_id: p.pk for p in case.parties}
    views = []
    for entry in entries:
        narrower = entry.audience != Audience.ALL_PARTIES
        if not may_see_entry(entry, case, standing):
            continue
        if not words and narrower and not narrow_for_unit:
            continue
        readable = words or (narrow_for_unit and narrower)
        party = parties.get(entry.setting_id) if entry.setting_id else None
        views.append(_entry_view(entry, case, groups, readable, party))
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


CODES_OF_F3 = ("learning_themes", "sent_to")


def _codes(entry: Entry, groups: frozenset[FieldGroup], words: bool) -> dict[str, Any]:
    """Without the words, what tells of them is left out; what can be learnt goes with the outcome."""
    if words:
        return dict(entry.codes)
    shown = CODES_OF_F0 + (CODES_OF_F3 if FieldGroup.F3 in groups else ())
    return {name: code for name, code in entry.codes.items() if name in shown}


def _entry_view(
    entry: Entry, case: Case, groups: frozenset[FieldGroup], words: bool, party: int | None
) -> EntryView:
    """Without the words an entry is a date and a step: no text, no outcome, no name."""
    actor = entry.actor
    could_be_the_raiser = (
        entry.seat in ("raiser", "raising", "raising_lead") or entry.actor_id == case.challenge.raised_by_id
    )
    # Who brought an earlier log in did not do what it tells.
    did_it = actor is not None and entry.seat != EARLIER_LOG
    shown = did_it and words and (FieldGroup.F2 in groups or not could_be_the_raiser)
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
        narrower=entry.audience != Audience.ALL_PARTIES,
        codes=_codes(entry, groups, words),
        words=_words(entry, groups) if words else {},
        corrects=entry.corrects_id,
        party=party,
        outside=entry.setting is not None and entry.setting.outside,
    )
