"""The one door for every change to a challenge; nothing else writes.

Both the pages and the API call `raise_challenge`, `take_step` and the sweep. Each runs in one
transaction: lock, permission, guard, effect, machine, milestones, entry, event, notices.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from core.machine import Step, method_name
from escalation.access.standing import Standing
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges import events, notifications
from escalation.challenges.asks import ASKS, CODED, WORDS
from escalation.challenges.case import SYSTEM_PARTS, Case, facts_for, parts_of, party_of, read_case
from escalation.challenges.clocks import Clock, keep_turn
from escalation.challenges.effects import EFFECTS, Answers, Doing, end_proposal
from escalation.challenges.errors import Moved, NotPermitted, Refused
from escalation.challenges.facts import Facts
from escalation.challenges.models import (
    Action,
    Audience,
    Challenge,
    Deadline,
    Draft,
    Entry,
    Hold,
    KeptWords,
    Party,
    PartyRole,
)
from escalation.challenges.queries import may_read_entry
from escalation.challenges.reference import normalised
from escalation.challenges.workflow import STEP, WHO_WORDS, Status, Who
from escalation.policy.document import Policy
from escalation.policy.stages import StageKind
from escalation.rulebook.models import PolicyVersion

logger = logging.getLogger(__name__)
MOST_ASKED = 5
KEPT_DAYS = 30


@dataclass(frozen=True)
class NewChallenge:
    """What a person sends. Words by name: worry, heard, voice, want, decision, spoken, ...

    `asked`: settings, at most five, each with the counterpart (or None: its lead). `call`: who was
    called and when, which the fast track needs. `start_stage` above the first needs a skip reason.
    """

    raising: Setting
    asked: Mapping[Setting, User | None]
    about: str
    age_band: str
    words: Mapping[str, str]
    supporting: tuple[Setting, ...] = ()
    label: str = ""
    our_pointer: str = ""
    no_single_child: bool = False
    needed_by: datetime | None = None
    concern_arose: datetime | None = None
    decision_on: date | None = None
    start_stage: int | None = None
    skip_reason: str = ""
    fast: bool = False
    call: Mapping[str, str] = field(default_factory=dict)
    recurrence_of: Challenge | None = None


def raise_challenge(
    new: NewChallenge,
    *,
    by: User,
    standing: Standing,
    key: UUID,
    policy: PolicyVersion,
    now: datetime,
    draft: Draft | None = None,
    seats: list[Seat] | None = None,
    request_id: str = "",
) -> Challenge:
    """Send a challenge. The same `key` again gives the same challenge: a second click is no error.

    Raises NotPermitted where `by` has no seat in the raising setting, Refused for what the rules
    do not allow.
    """
    _may_raise(new, standing, policy)
    _check_leads(new)
    try:
        with transaction.atomic():
            return _raise(
                new, by=by, key=key, policy=policy, now=now, draft=draft, seats=seats, request_id=request_id
            )
    except IntegrityError:
        sent = Challenge.objects.filter(key=key, raised_by=by).first()
        if sent is None:
            raise
        return sent


def _may_raise(new: NewChallenge, standing: Standing, policy: PolicyVersion) -> None:
    """Who may be asked, from where, at which stage; raises NotPermitted or Refused."""
    if new.raising.pk not in standing.settings:
        raise NotPermitted("You can raise a challenge only for a service you work in.")
    _check_asked(new)
    _check_start(new, policy.policy)
    if new.fast and not (new.call.get("who") and new.call.get("when")):
        raise Refused(NO_CALL, field="call")


NO_CALL = "The fast track needs a phone call: say who you called, and when. Nobody reads this log at night."


def _check_asked(new: NewChallenge) -> None:
    if not 1 <= len(new.asked) <= MOST_ASKED:
        raise Refused("Ask at least one service, and at most five.", field="asked")
    if new.raising in new.asked or new.raising in new.supporting:
        sentence = "You can't ask your own service. Choose the service whose decision it is."
        raise Refused(sentence, field="asked")
    if set(new.asked) & set(new.supporting):
        raise Refused("A service can't both be asked and support you.", field="supporting")


def _check_leads(new: NewChallenge) -> None:
    """Rule 5: where both services have the same lead, an independent one is named first.

    A child who cannot wait does not wait for that (rule 1). Two services that have different
    organisations have different leads, and cost no statement.
    """
    asked = [s for s in new.asked if s.organisation_id == new.raising.organisation_id]
    if not asked or new.fast or new.skip_reason == "child_cannot_wait":
        return
    seats = Seat.objects.filter(setting__in=[new.raising, *asked], kind="lead", user__is_active=True)
    leads: dict[int | None, set[int]] = {}
    for setting, user in seats.values_list("setting", "user"):
        leads.setdefault(setting, set()).add(user)
    ours = leads.get(new.raising.pk, set())
    for theirs in (leads.get(setting.pk, set()) for setting in asked):
        if ours & theirs and not (ours - theirs and theirs - ours):
            raise Refused(SAME_LEAD, field="asked")


SAME_LEAD = (
    "Both services have the same lead, so nobody independent could look at it. Ask the business unit to "
    "name an independent lead first. If the child cannot wait, say so: then it goes at once."
)


def _check_start(new: NewChallenge, policy: Policy) -> None:
    first = policy.first.number
    stage = next((s for s in policy.stages if s.number == (new.start_stage or first)), None)
    if stage is None or stage.kind is not StageKind.DIALOGUE:
        sentence = "A challenge starts at a stage where the two sides talk to each other."
        raise Refused(sentence, field="start_stage")
    if stage.number != first and not new.skip_reason:
        raise Refused("Say why a stage is skipped.", field="skip_reason")
    if stage.formal and new.skip_reason != "child_cannot_wait":
        sentence = "A formal stage needs the full form first, unless the child cannot wait."
        raise Refused(sentence, field="start_stage")


def _raise(
    new: NewChallenge,
    *,
    by: User,
    key: UUID,
    policy: PolicyVersion,
    now: datetime,
    draft: Draft | None,
    seats: list[Seat] | None,
    request_id: str,
) -> Challenge:
    stage = new.start_stage or policy.policy.stages[0].number
    challenge = Challenge(
        key=key,
        policy_version=policy,
        raising=new.raising,
        raised_by=by,
        opened_at=now,
        stage=stage,
        stage_reached=stage,
        fast=new.fast,
        about=new.about,
        label=new.label,
        age_band=new.age_band,
        no_single_child=new.no_single_child,
        our_pointer=new.our_pointer,
        voice_given=bool(new.words.get("voice")),
        needed_by=new.needed_by,
        concern_arose=new.concern_arose,
        child_cannot_wait=new.skip_reason == "child_cannot_wait",
        skip_reason=new.skip_reason,
        recurrence_of=new.recurrence_of,
    )
    case = Case(
        challenge=challenge,
        parties=_new_parties(challenge, new, stage, by),
        deadlines=[],
        actions=[],
        holds=[],
    )
    clock = Clock(case, now)
    clock.start("concern_arose", "raise")
    clock.start("stage_start", "raise")
    keep_turn(case, now)
    challenge.save(force_insert=True)
    Party.objects.bulk_create(case.parties)
    Deadline.objects.bulk_create(case.deadlines)
    entry = _entry(case, step="raise", by=by, seat="raiser", party=case.raising, now=now, occurred_at=now)
    entry.words = {name: text for name, text in {**new.words, **_call_words(new)}.items() if text}
    entry.codes = {"about": new.about, "fast": new.fast, "decision_on": _plain(new.decision_on)}
    entry.save(force_insert=True)
    events.record(
        case,
        [entry],
        by=by,
        seat="raiser",
        act="raise",
        at=now,
        changed=events.snapshot(case),
        request_id=request_id,
    )
    events.record_opening(challenge, by=by, seat="raiser", at=now)
    notifications.notify(case, by=by, now=now, seats=seats, raised=True)
    if draft is not None:
        Draft.objects.filter(pk=draft.pk).delete()
    return challenge


def _call_words(new: NewChallenge) -> dict[str, str]:
    return {f"call_{name}": text for name, text in new.call.items()}


def _new_parties(challenge: Challenge, new: NewChallenge, stage: int, by: User) -> list[Party]:
    raising = Party(challenge=challenge, setting=new.raising, role=PartyRole.RAISING, stage=stage)
    asked = [
        Party(
            challenge=challenge, setting=setting, role=PartyRole.RESPONDING, counterpart=person, stage=stage
        )
        for setting, person in new.asked.items()
    ]
    supporting = [
        Party(challenge=challenge, setting=s, role=PartyRole.SUPPORTING, stage=stage) for s in new.supporting
    ]
    return [raising, *asked, *supporting]


def take_step(
    challenge: Challenge,
    step: Step[Facts],
    *,
    by: User | None,
    standing: Standing,
    expected: int,
    now: datetime,
    answers: Answers | None = None,
    request_id: str = "",
) -> Challenge:
    """Move a challenge along one row of the step table, or refuse and change nothing.

    `by` None is the system (the sweep). `expected` is the version the person saw. Raises
    NotPermitted, Refused (with a sentence), or Moved where somebody else was first; one's own
    second click with the same words is no error: the challenge as it is comes back.
    """
    answers = answers or {}
    with transaction.atomic():
        locked = (
            Challenge.objects.select_for_update(of=("self",))
            .select_related("policy_version", "raising", "raised_by")
            .get(pk=challenge.pk)
        )
        if locked.version != expected:
            if _is_own_second_click(locked, step, by, expected, answers):
                return locked
            raise Moved
        case = read_case(locked)
        party = None if by is None else party_of(case, standing)
        parts = SYSTEM_PARTS if by is None else parts_of(case, standing)
        facts = facts_for(case, now=now, party=party, parts=parts)
        check(step, facts)
        _check_answers(step, answers)
        answers = _resolved(answers, locked, party, standing)
        before, read = events.snapshot(case), _as_read(case)
        doing = Doing(case=case, by=by, party=party, now=now, answers=answers, clock=Clock(case, now))
        _change(step, doing, parts)
        _save(case, before, read)
        entries = _write_entries(step, doing, parts)
        changed = events.changes(before, events.snapshot(case))
        events.record(
            case,
            entries,
            by=by,
            seat=_seat(parts),
            act=step.name,
            at=now,
            changed=changed,
            request_id=request_id,
        )
        notifications.notify(case, by=by, now=now)
        return locked


def check(step: Step[Facts], facts: Facts) -> None:
    """Whether this person may take this step now; raises NotPermitted or Refused."""
    if not step.who & facts.parts:
        raise NotPermitted(_whose(step))
    if facts.status not in step.source:
        raise Refused(f"This challenge is “{Status(facts.status).label.lower()}”, so this can't be done now.")
    sentence = step.refusal(facts)
    if sentence is not None:
        raise Refused(sentence)


def _whose(step: Step[Facts]) -> str:
    if step.who == {Who.SYSTEM}:
        return f"“{step.label}” happens by itself, at its time. Nobody takes this step."
    people = "; ".join(words for who, words in WHO_WORDS.items() if who in step.who)
    return f"“{step.label}” is not yours to do at this stage. It is for {people}."


def _check_answers(step: Step[Facts], answers: Answers) -> None:
    for name in step.needs:
        if answers.get(name) in (None, "", []):
            raise Refused(f"{ASKS[name].missing}.", field=name)
    unknown = set(answers) - set(step.asks)
    if unknown:
        raise Refused(f"This step does not ask for {', '.join(sorted(unknown))}.")


def _resolved(answers: Answers, challenge: Challenge, party: Party | None, standing: Standing) -> Answers:
    """Answers that name a person, an entry or another challenge, found among what this person may choose."""
    found = dict(answers)
    if "person" in found:
        seats = Seat.objects.filter(
            user=_pk(found["person"]), user__is_active=True, setting=party.setting_id if party else None
        )
        if not seats.exists():
            raise Refused("Choose somebody who works in your service.", field="person")
    if "corrects" in found:
        entry = challenge.entries.filter(pk=_pk(found["corrects"])).select_related("challenge").first()
        if entry is None or not may_read_entry(entry, standing):
            raise Refused("Choose an entry of this challenge.", field="corrects")
        found["corrects"] = entry
    if isinstance(found.get("first_reference"), str):
        reference = normalised(found["first_reference"])
        first = Challenge.objects.visible_to(standing).filter(reference=reference).first()
        if first is None:
            raise Refused(
                "You have no challenge with this reference. Check it on the first one's page.",
                field="first_reference",
            )
        found["first_reference"] = first
    return found


def _pk(value: Any) -> int:
    """A row's number from an answer; 0, which no row has, from anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _change(step: Step[Facts], doing: Doing, parts: frozenset[str]) -> None:
    """Effect, clock and machine, in that order; the machine's target may depend on the effect."""
    case, clock, now = doing.case, doing.clock, doing.now
    if step.ends_clocks:
        clock.meet(step.name, doing.party)
        clock.end_open()
    effect = EFFECTS.get(step.name)
    if effect:
        effect(doing)
    if not step.ends_clocks:
        clock.meet(step.name, doing.about or doing.party)
    after = facts_for(case, now=now, party=doing.party, parts=parts)
    if step.target is not None:
        getattr(case.challenge, method_name(step))(after)
    if case.challenge.pending and case.challenge.status not in AGREED_IN[case.challenge.pending]:
        end_proposal(doing)
    if doing.stage_starts:
        clock.start("stage_start", step.name)
    clock.start(f"step:{step.name}", step.name)
    clock.follow(step.name, doing.about or doing.party)
    case.challenge.version += 1
    keep_turn(case, now)


AGREED_IN = {
    "hold": STEP["agree_hold"].source,
    "return": STEP["agree_return"].source,
    "transfer": STEP["accept_transfer"].source,
}
"""A proposal lives while it can be agreed: elsewhere it would stand in the way of what comes next."""


PARTY_FIELDS = [
    "counterpart",
    "stage",
    "their_pointer",
    "matched_at",
    "answer",
    "answered_at",
    "question_open",
    "question_used",
    "agreed_to_pending",
    "must_answer_recommendation",
    "recommendation_answer",
    "on_record",
    "owes",
]
UPDATED: dict[type[models.Model], list[str]] = {
    Party: PARTY_FIELDS,
    Action: ["done_on"],
    Deadline: ["started", "due", "overdue_from", "basis", "decided_at", "met"],
}
AsRead = dict[tuple[type[models.Model], int], dict[str, Any]]


def _as_read(case: Case) -> AsRead:
    """What the rows that a step may change hold before it, so that only what changed is written."""
    rows: tuple[models.Model, ...] = (*case.parties, *case.actions, *case.deadlines)
    return {(type(row), row.pk): _values(row) for row in rows}


def _values(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.name: getattr(row, field.attname) for field in fields if field.name in UPDATED[type(row)]}


def _save(case: Case, before: Mapping[str, Any], read: AsRead) -> None:
    case.challenge.save()
    _save_changed(Party, case.parties, read)
    Hold.objects.bulk_create([h for h in case.holds if h._state.adding])
    for hold in case.holds:
        if f"hold.{hold.pk}.ended" in before and hold.ended is not None:
            hold.save(update_fields=["ended"])
    _save_changed(Action, case.actions, read)
    Action.objects.bulk_create([a for a in case.actions if a._state.adding])
    _save_changed(Deadline, case.deadlines, read)
    Deadline.objects.bulk_create([d for d in case.deadlines if d._state.adding])


def _save_changed(model: type[models.Model], rows: Sequence[models.Model], read: AsRead) -> None:
    """One statement at most, of the rows and fields that changed: a bulk update costs by both."""
    differing = {
        row.pk: [name for name, value in _values(row).items() if read[model, row.pk][name] != value]
        for row in rows
        if (model, row.pk) in read
    }
    changed = [row for row in rows if differing.get(row.pk)]
    if changed:
        fields = sorted({name for row in changed for name in differing[row.pk]})
        model._default_manager.bulk_update(changed, fields)


def _write_entries(step: Step[Facts], doing: Doing, parts: frozenset[str]) -> list[Entry]:
    """The step's line in the chronology; a withdrawal's reason is a line of its own (rule 10)."""
    answers = doing.answers
    entry = _entry(
        doing.case,
        step=step.name,
        by=doing.by,
        seat=_seat(parts),
        party=doing.party,
        now=doing.now,
        occurred_at=_when(answers, doing.now),
    )
    entry.audience = answers.get("audience") or step.audience
    if "corrects" in answers:
        # A correction is read by those who read what it corrects, and by nobody else.
        entry.corrects = answers["corrects"]
        entry.audience = entry.corrects.audience
    entry.words = _words(answers)
    entry.codes = _codes(answers) | doing.entry_codes
    entries = [entry]
    if step.name == "withdraw":
        reason = _entry(
            doing.case,
            step=step.name,
            by=doing.by,
            seat=entry.seat,
            party=doing.party,
            now=doing.now,
            occurred_at=doing.now,
        )
        reason.audience = Audience.RAISER_AND_UNIT
        reason.codes, reason.words = entry.codes, entry.words
        entry.codes, entry.words = {}, {}
        entries.append(reason)
    for each in entries:
        each.save(force_insert=True)
    return entries


def _words(answers: Answers) -> dict[str, str]:
    return {name: str(text) for name, text in answers.items() if name in WORDS and text}


def _codes(answers: Answers) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in answers.items()
        if name in CODED and value not in (None, "", [])
    }


def _entry(
    case: Case,
    *,
    step: str,
    by: User | None,
    seat: str,
    party: Party | None,
    now: datetime,
    occurred_at: datetime,
) -> Entry:
    challenge = case.challenge
    return Entry(
        challenge=challenge,
        version=challenge.version,
        episode=challenge.episode,
        stage=challenge.stage,
        step=step,
        actor=by,
        seat=seat,
        setting=party.setting if party else None,
        occurred_at=occurred_at,
        recorded_at=now,
    )


def _when(answers: Answers, now: datetime) -> datetime:
    moment = answers.get("called_at") or answers.get("happened_at")
    return moment if isinstance(moment, datetime) else now


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


SEATS = (
    "system",
    "partner",
    "raiser",
    "raising",
    "responding",
    "raising_lead",
    "responding_lead",
    "unit",
    "member",
)


def _seat(parts: frozenset[str]) -> str:
    """How a person acted: the first of these that they are."""
    return next((seat for seat in SEATS if seat in parts), "")


def _is_own_second_click(
    challenge: Challenge, step: Step[Facts], by: User | None, expected: int, answers: Answers
) -> bool:
    """The same person, step, words and choices, from the same page: success shown again."""
    if by is None:
        return False
    words, codes = _words(answers), _codes(answers)
    mine = Entry.objects.filter(challenge=challenge, version=expected + 1, step=step.name, actor=by)
    return any(entry.words == words and codes.items() <= entry.codes.items() for entry in mine)


def sweep(*, now: datetime) -> int:
    """Take the two steps that the calendar takes: end holds at their limit, close what nobody confirmed.

    Returns how many steps were taken. A challenge that somebody is changing at this moment is left
    for the next sweep.
    """
    due = Challenge.objects.filter(status=Status.ON_HOLD, holds__ended__isnull=True, holds__limit__lte=now)
    taken = sum(_system_step(challenge, "resume", now) for challenge in due.distinct())
    silent = Challenge.objects.filter(
        status=Status.SETTLED,
        deadlines__name="lead_confirm",
        deadlines__decided_at__isnull=True,
        deadlines__overdue_from__lt=now,
    )
    taken += sum(_system_step(challenge, "close_unconfirmed", now) for challenge in silent.distinct())
    for challenge in Challenge.objects.filter(status=Status.SETTLED, overdue_from__lt=now):
        _refresh(challenge, now)
    KeptWords.objects.filter(saved_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return taken


def _system_step(challenge: Challenge, name: str, now: datetime) -> bool:
    try:
        take_step(challenge, STEP[name], by=None, standing=Standing(), expected=challenge.version, now=now)
    except (Moved, Refused):
        logger.info("The sweep left %s for next time", name)
        return False
    return True


@transaction.atomic
def _refresh(challenge: Challenge, now: datetime) -> None:
    """After a missed confirmation the next one runs: keep the list's due time true."""
    locked = (
        Challenge.objects.select_for_update(of=("self",))
        .select_related("policy_version")
        .get(pk=challenge.pk)
    )
    keep_turn(read_case(locked), now)
    locked.save(update_fields=["next_due", "overdue_from", "unit_owes", "partners_owe"])


def save_draft(*, owner: User, words: Mapping[str, str], now: datetime, draft: Draft | None = None) -> Draft:
    """Keep what is being written; nothing is sent."""
    draft = draft or Draft(owner=owner)
    draft.words, draft.saved_at = {**draft.words, **words}, now
    draft.save()
    return draft


def keep_words(
    challenge: Challenge, step: Step[Facts], *, by: User, words: Mapping[str, str], now: datetime
) -> None:
    """Keep what somebody wrote for a step that was not taken, for them alone; nothing is sent."""
    KeptWords.objects.update_or_create(
        owner=by, challenge=challenge, defaults={"step": step.name, "words": dict(words), "saved_at": now}
    )


def drop_kept_words(challenge: Challenge, *, by: User) -> None:
    """Once their words are in the log, or not wanted any more, they are not kept beside it."""
    KeptWords.objects.filter(owner=by, challenge=challenge).delete()
