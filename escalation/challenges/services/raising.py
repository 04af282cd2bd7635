"""A challenge is sent: what a person sends, who may send it, and the rows that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction

from core.audit.channel import Channel
from core.chance import drawn_id
from core.machine import NotPermitted, Refused
from escalation.access.standing import Standing
from escalation.accounts.models import Seat, Setting, User
from escalation.challenges import events, notifications
from escalation.challenges.case import Case
from escalation.challenges.clocks import Clock, keep_turn
from escalation.challenges.models import Challenge, Deadline, Draft, IndependentLead, Party, PartyRole
from escalation.challenges.services.entries import new_entry, plain
from escalation.challenges.services.letting_in import (
    independent_leads,
    let_independent_leads_in,
    shared_leads,
)
from escalation.policy.clock import LONDON
from escalation.policy.document import Policy
from escalation.policy.stages import StageKind
from escalation.policy.steps import RAISE
from escalation.rulebook.models import PolicyVersion


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
    name_withheld: bool = False


MOST_ASKED = 5


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
    channel: Channel = Channel.PAGE,
) -> Challenge:
    """Send a challenge. The same `key` again gives the same challenge: a second click is no error.

    `channel` is the way it came in by. Raises NotPermitted where `by` has no seat in the raising
    setting, Refused for what the rules do not allow.
    """
    _may_raise(new, standing, policy)
    independent = _independent(new)
    try:
        with transaction.atomic():
            return _raise(
                new,
                by=by,
                key=key,
                policy=policy,
                now=now,
                draft=draft,
                seats=seats,
                request_id=request_id,
                channel=channel,
                independent=independent,
            )
    except IntegrityError:
        sent = Challenge.objects.filter(key=key).first()
        if sent is None:
            raise
        if sent.raised_by_id != by.pk:
            raise Refused(KEY_TAKEN) from None
        return sent


KEY_TAKEN = "Somebody else has sent a challenge under this key. Send yours with a new one."


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


@dataclass(frozen=True)
class Independent:
    """Who acts as the asking side's lead, and instead of whom (rule 5)."""

    leads: list[IndependentLead] = field(default_factory=list)
    instead_of: set[int] = field(default_factory=set)


def _independent(new: NewChallenge) -> Independent:
    """Rule 5: where both services have the same lead, an independent one is named first.

    A child who cannot wait does not wait for that (rule 1). Two services that have different
    organisations have different leads, and cost no statement.
    """
    asked = [s for s in new.asked if s.organisation_id == new.raising.organisation_id]
    shared = shared_leads(new.raising, asked) if asked else {}
    if not shared:
        return Independent()
    named = independent_leads(new.raising, shared)
    if {lead.asked_id for lead in named} != shared.keys():
        if new.fast or new.skip_reason == "child_cannot_wait":
            return Independent()
        raise Refused(SAME_LEAD, field="asked")
    return Independent(named, set().union(*shared.values()))


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
    channel: Channel,
    independent: Independent,
) -> Challenge:
    stage = new.start_stage or policy.policy.stages[0].number
    challenge = Challenge(
        uuid=drawn_id("challenge"),
        key=key,
        policy_version=policy,
        raising=new.raising,
        raised_by=by,
        name_withheld=new.name_withheld,
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
        concern_arose=_concern_arose(new, now),
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
    clock.start("concern_arose", RAISE)
    clock.start("stage_start", RAISE)
    keep_turn(case, now)
    challenge.save(force_insert=True)
    Party.objects.bulk_create(case.parties)
    Deadline.objects.bulk_create(case.deadlines)
    entry = new_entry(case, step="raise", by=by, seat="raiser", party=case.raising, now=now, occurred_at=now)
    entry.words = {name: text for name, text in {**new.words, **_call_words(new)}.items() if text}
    entry.codes = {"about": new.about, "fast": new.fast, "decision_on": plain(new.decision_on)}
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
        channel=channel,
    )
    events.record_opening(challenge, by=by, seat="raiser", at=now)
    if not independent.leads:
        challenge.conflicted_rows, challenge.granted_rows = [], []  # nobody is, so nobody is looked for
    else:
        let_independent_leads_in(case, independent.leads, independent.instead_of, by=by, now=now)
    notifications.notify(case, by=by, now=now, seats=seats, raised=True)
    if draft is not None:
        draft.delete()
    return challenge


def _concern_arose(new: NewChallenge, now: datetime) -> datetime | None:
    """When somebody said so, or on the day of the decision or delay that it is about, if that has come."""
    if new.concern_arose or new.decision_on is None:
        return new.concern_arose
    noon = datetime.combine(new.decision_on, time(12), tzinfo=LONDON)
    return noon if noon < now else None


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
