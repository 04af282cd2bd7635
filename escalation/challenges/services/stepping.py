"""One step along one row of the step table: lock, permission, guard, effect, machine, clocks."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.audit.channel import Channel
from core.audit.state import changes
from core.machine import Moved, NotPermitted, Refused, Step, method_name
from escalation.access.standing import Standing
from escalation.accounts.models import Seat, User
from escalation.challenges import events, notifications
from escalation.challenges.asks import ASKS
from escalation.challenges.case import SYSTEM_PARTS, Case, facts_for, parts_of, party_of, read_case
from escalation.challenges.clocks import Clock, keep_turn
from escalation.challenges.effects import EFFECTS, Answers, Doing, end_proposal
from escalation.challenges.facts import Facts
from escalation.challenges.models import Challenge, Entry, Party
from escalation.challenges.queries import may_read_entry
from escalation.challenges.reference import normalised
from escalation.challenges.services.entries import acting_seat, codes_of, words_of, write_entries
from escalation.challenges.services.saving import as_read, save
from escalation.challenges.workflow import STEP, WHO_WORDS, Status, Who, as_asked
from escalation.policy.steps import CODES_OF


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
    channel: Channel = Channel.PAGE,
    acting_for: int | None = None,
) -> Challenge:
    """Move a challenge along one row of the step table, or refuse and change nothing.

    `by` None is the system (the sweep), `acting_for` then the setting whose part it does, if any.
    `expected` is the version the person saw, `channel` the way it
    came in by. Raises NotPermitted, Refused (with a sentence), or Moved where somebody else was first;
    one's own second click with the same words is no error: the challenge as it is comes back.
    """
    answers = answers or {}
    with transaction.atomic():
        locked = (
            Challenge.objects.with_exceptions(now)
            .select_for_update(of=("self",))
            .select_related("policy_version", "raising", "raised_by")
            .get(pk=challenge.pk)
        )
        if locked.version != expected:
            if _is_own_second_click(locked, step, by, expected, answers):
                return locked
            raise Moved
        case = read_case(locked)
        standing = standing.within(case.exceptions)
        party = _party_of_setting(case, acting_for) if by is None else party_of(case, standing)
        parts = SYSTEM_PARTS if by is None else parts_of(case, standing)
        facts = facts_for(case, now=now, party=party, parts=parts, actor=by.pk if by else None)
        check(step, facts)
        _check_answers(as_asked(step, facts), answers)
        answers = _resolved(answers, locked, party, standing)
        before, read = events.snapshot(case), as_read(case)
        doing = Doing(case=case, by=by, party=party, now=now, answers=answers, clock=Clock(case, now))
        _change(step, doing, parts)
        save(case, before, read)
        entries = write_entries(step, doing, parts)
        changed = changes(before, events.snapshot(case))
        events.record(
            case,
            entries,
            by=by,
            seat=acting_seat(parts),
            act=step.name,
            at=now,
            changed=changed,
            request_id=request_id,
            channel=channel,
        )
        _tell(step, doing)
        return locked


def _party_of_setting(case: Case, setting: int | None) -> Party | None:
    return next((party for party in case.parties if party.setting_id == setting), None)


def _tell(step: Step[Facts], doing: Doing) -> None:
    """Whose turn it is, and the raiser; of what is quiet nobody, but the unit where somebody came to harm."""
    if not step.quiet:
        notifications.notify(doing.case, by=doing.by, now=doing.now)
    elif doing.answers.get("treated_worse") and doing.by:
        notifications.tell_unit(doing.case, by=doing.by, now=doing.now)


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
        if not seats.exclude(user__in=challenge.exceptions.conflicted).exists():
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
    code = str(doing.answers.get(CODES_OF.get(step.name, ""), ""))
    if step.ends_clocks:
        clock.meet(step.name, doing.party, code)
        clock.end_open()
    effect = EFFECTS.get(step.name)
    if effect:
        effect(doing)
    if not step.ends_clocks:
        clock.meet(step.name, doing.about or doing.party, code)
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


def _is_own_second_click(
    challenge: Challenge, step: Step[Facts], by: User | None, expected: int, answers: Answers
) -> bool:
    """The same person, step, words and choices, from the same page: success shown again."""
    if by is None:
        return False
    words, codes = words_of(answers), codes_of(answers)
    mine = Entry.objects.filter(challenge=challenge, version=expected + 1, step=step.name, actor=by)
    told = [e for e in mine if e.words == words and codes.items() <= e.codes.items()]
    return bool(told) and _same_pointer(challenge, answers)


def _same_pointer(challenge: Challenge, answers: Answers) -> bool:
    """The child's number is no word of the entry: it is kept with the service that was asked."""
    pointer = answers.get("their_pointer")
    return not pointer or any(party.their_pointer == pointer for party in challenge.parties.all())
