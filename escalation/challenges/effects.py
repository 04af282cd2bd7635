"""What each step changes in the rows of a case, beside its status. One short function a step.

A function changes rows in memory only; services.take_step saves what changed. Steps that only add
an entry have none.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.machine import Refused
from escalation.accounts.models import User
from escalation.challenges.case import Case
from escalation.challenges.clocks import Clock, hold_limit
from escalation.challenges.models import Action, Hold, Party, PartyRole
from escalation.policy.clock import opening
from escalation.policy.stages import StageKind
from escalation.policy.words import london_date

Answers = dict[str, Any]


@dataclass
class Doing:
    """A step being taken: who, for which party, when, with which answers.

    `about` is the party that the step is about, where that is not the actor's own: one side may note
    that both agree which child it is.
    """

    case: Case
    by: User | None
    party: Party | None
    now: datetime
    answers: Answers
    clock: Clock
    about: Party | None = None
    entry_codes: dict[str, object] = field(default_factory=dict)
    stage_starts: bool = False

    def text(self, name: str) -> str:
        return str(self.answers.get(name) or "")


Effect = Callable[[Doing], None]
EFFECTS: dict[str, Effect] = {}


def _effect(step: str) -> Callable[[Effect], Effect]:
    def keep(effect: Effect) -> Effect:
        EFFECTS[step] = effect
        return effect

    return keep


def _chosen_party(doing: Doing) -> Party:
    """The responding party a step is about: the actor's own, else the one chosen, else the only one left."""
    if doing.party and doing.party.role == PartyRole.RESPONDING:
        return doing.party
    unmatched = [p for p in doing.case.responding if p.matched_at is None]
    chosen = doing.answers.get("party")
    if chosen is not None:
        unmatched = [p for p in doing.case.responding if p.pk == int(chosen)]
    if len(unmatched) != 1:
        raise Refused("Choose the service you spoke to.", field="party")
    return unmatched[0]


@_effect("match")
def match(doing: Doing) -> None:
    party = _chosen_party(doing)
    if party.matched_at is not None:
        raise Refused("You have already agreed which child this is with that service.", field="party")
    party.their_pointer = doing.text("their_pointer")
    party.matched_at = doing.now
    doing.about = party
    doing.entry_codes["party"] = party.pk


@_effect("reply")
def reply(doing: Doing) -> None:
    party = _own(doing)
    if doing.answers["answer"] == "acted" and not doing.answers.get("acted_on"):
        raise Refused("Say when you acted.", field="acted_on")
    party.answer = doing.answers["answer"]
    party.answered_at = doing.now
    party.question_open = False
    if doing.case.challenge.pending in ("hold", "return") and _all_agreed(doing.case):
        # The one whose agreement was missing has answered instead: nobody is left to agree.
        end_proposal(doing)


@_effect("ask_question")
def ask_question(doing: Doing) -> None:
    party = _own(doing)
    party.question_open = party.question_used = True


@_effect("answer_question")
def answer_question(doing: Doing) -> None:
    for party in doing.case.asked:
        party.question_open = False


@_effect("escalate")
def escalate(doing: Doing) -> None:
    """Rules 5 and 6: who still has to answer is asked afresh, at the next stage unless a reason is given."""
    case, challenge = doing.case, doing.case.challenge
    chosen = {int(pk) for pk in doing.answers["still_asking"]}
    asking = [p for p in case.responding if p.pk in chosen]
    if not asking:
        raise Refused("Choose at least one service that still needs to answer.", field="still_asking")
    later = [s for s in case.policy.stages if s.number > challenge.stage]
    target = int(doing.answers.get("to_stage") or later[0].number)
    stage = next((s for s in later if s.number == target), None)
    if stage is None:
        raise Refused("Choose one of the stages still to come.", field="to_stage")
    if stage.only_after_not_accepted and stage is not later[0]:
        raise Refused(
            "That stage can look only after a panel's recommendation was not accepted.", field="to_stage"
        )
    if stage is not later[0] and not doing.answers.get("skip_reason"):
        raise Refused("Say why a stage is skipped.", field="skip_reason")
    if stage is not later[0] and doing.answers["skip_reason"] == "child_cannot_wait":
        challenge.child_cannot_wait = True
    if stage.formal and challenge.form_completed_at is None and not challenge.child_cannot_wait:
        raise Refused(
            "That stage is formal. Your lead needs to complete the full form first.", field="to_stage"
        )
    if stage is not later[0]:
        challenge.skip_reason = doing.answers["skip_reason"]
    _move_to_stage(doing, stage.number, asking)


@_effect("settle")
def settle(doing: Doing) -> None:
    challenge = doing.case.challenge
    challenge.outcome, challenge.impact = doing.answers["outcome"], doing.answers["impact"]
    challenge.settled_at, challenge.confirmed = doing.now, None
    party = doing.party or doing.case.raising
    party.on_record = doing.answers.get("on_record")
    for action in doing.answers.get("actions") or []:
        if not action.get("what") or not action.get("due"):
            raise Refused("Say what each action is, and give it a date.", field="actions")
        _add_action(doing, what=action["what"], party_id=int(action.get("party") or 0), due=action["due"])
    if challenge.outcome == "agreed_difference":
        if not doing.answers.get("review_on"):
            raise Refused("An agreed difference needs a date on which it is reviewed.", field="review_on")
        _add_action(
            doing,
            what="Review the agreed difference and the safety plan",
            party_id=party.pk,
            due=doing.answers["review_on"],
            review=True,
        )


def _add_action(doing: Doing, *, what: str, party_id: int, due: date, review: bool = False) -> None:
    owner = next((p for p in doing.case.parties if p.pk == party_id and p.role != PartyRole.SUPPORTING), None)
    if owner is None:
        raise Refused("Choose which service owns each action.", field="actions")
    doing.case.actions.append(
        Action(
            challenge=doing.case.challenge,
            setting=owner.setting,
            episode=doing.case.challenge.episode,
            what=what,
            due=due,
            is_review=review,
        )
    )


@_effect("confirm_settled")
def confirm_settled(doing: Doing) -> None:
    doing.case.challenge.confirmed = True
    _close(doing)


@_effect("close_unconfirmed")
def close_unconfirmed(doing: Doing) -> None:
    doing.case.challenge.confirmed = False
    _close(doing)


def _close(doing: Doing) -> None:
    """It has ended; where the policy says when, whoever raised it is asked how they were treated since."""
    challenge = doing.case.challenge
    challenge.closed_at = doing.now
    days = doing.case.policy.limits.get("treated_after_days")
    if days is not None and challenge.raised_by_id is not None:
        challenge.ask_treated_from = opening(london_date(doing.now) + timedelta(days=days))
        challenge.treated_told_at = None


@_effect("not_settled")
def not_settled(doing: Doing) -> None:
    doing.case.challenge.settled_at = None
    doing.case.challenge.outcome = doing.case.challenge.impact = ""


@_effect("complete_action")
def complete_action(doing: Doing) -> None:
    mine = doing.party.setting_id if doing.party else None
    action = next((a for a in doing.case.actions if a.pk == int(doing.answers["action"])), None)
    if action is None or action.setting_id != mine or action.done_on is not None:
        raise Refused("Choose an open action of your own service.", field="action")
    action.done_on = doing.answers["done_on"]
    doing.entry_codes["action"] = action.pk


@_effect("propose_hold")
def propose_hold(doing: Doing) -> None:
    challenge = doing.case.challenge
    challenge.pending = "hold"
    challenge.pending_until = _limit(doing)
    _own(doing).agreed_to_pending = True


def _limit(doing: Doing) -> datetime:
    """When the hold will end; refused where it would be over at once, or past the policy's limit."""
    until = doing.answers["hold_until"]
    longest = hold_limit(doing.case, doing.now, date.max)
    if until > longest.date():
        days = doing.case.policy.limits["hold_working_days"]
        raise Refused(
            f"The clock can stop for at most {days} working days: until {longest:%d %B %Y}.",
            field="hold_until",
        )
    limit = hold_limit(doing.case, doing.now, until)
    if limit <= doing.now:
        raise Refused("Choose a day that is still to come.", field="hold_until")
    return limit


@_effect("agree_hold")
def agree_hold(doing: Doing) -> None:
    challenge = doing.case.challenge
    _own(doing).agreed_to_pending = True
    if _all_agreed(doing.case):
        limit = challenge.pending_until
        if limit is None or limit <= doing.now:
            raise Refused("The pause that was proposed is already over. Propose a new one.")
        _hold(doing, limit=limit, reason="agreed", by_unit=False)
        _clear_pending(doing.case)


def _all_agreed(case: Case) -> bool:
    return all(p.agreed_to_pending for p in [case.raising, *(p for p in case.asked if not p.answer)])


def _hold(doing: Doing, *, limit: datetime, reason: str, by_unit: bool) -> None:
    challenge = doing.case.challenge
    doing.case.holds.append(
        Hold(
            challenge=challenge,
            started=doing.now,
            limit=limit,
            resumes_to=challenge.status,
            reason=reason,
            by_unit=by_unit,
        )
    )


@_effect("decline_proposal")
@_effect("cancel_transfer")
def end_proposal(doing: Doing) -> None:
    doing.entry_codes["pending"] = doing.case.challenge.pending
    _clear_pending(doing.case)


@_effect("set_hold")
def set_hold(doing: Doing) -> None:
    reason = doing.answers["hold_reason"]
    if reason == "renewal" and not doing.case.holds:
        raise Refused("There is no earlier pause to renew.", field="hold_reason")
    _hold(doing, limit=_limit(doing), reason=reason, by_unit=True)


@_effect("end_hold")
@_effect("resume")
def end_hold(doing: Doing) -> None:
    hold = doing.case.hold
    if hold is None:
        raise Refused("The clock is not stopped.")
    hold.ended = min(doing.now, hold.limit)
    doing.clock.resume(hold)


@_effect("propose_return")
def propose_return(doing: Doing) -> None:
    challenge = doing.case.challenge
    earlier = int(doing.answers["to_earlier_stage"])
    if earlier not in [s.number for s in doing.case.policy.stages if s.number < challenge.stage]:
        raise Refused("Choose one of the earlier stages.", field="to_earlier_stage")
    challenge.pending, challenge.pending_stage = "return", earlier
    _own(doing).agreed_to_pending = True


@_effect("agree_return")
def agree_return(doing: Doing) -> None:
    challenge = doing.case.challenge
    _own(doing).agreed_to_pending = True
    if _all_agreed(doing.case) and challenge.pending_stage is not None:
        stage = challenge.pending_stage
        asking = list(doing.case.asked)
        challenge.returned_once = True
        _clear_pending(doing.case)
        doing.clock.end_open()
        _move_to_stage(doing, stage, asking)


@_effect("withdraw")
def withdraw(doing: Doing) -> None:
    _close(doing)
    doing.clock.under_pressure = doing.answers["withdrawal_reason"] == "under_pressure"
    _end_hold_quietly(doing)
    _clear_pending(doing.case)


def _end_hold_quietly(doing: Doing) -> None:
    hold = doing.case.hold
    if hold:
        hold.ended = min(doing.now, hold.limit)


@_effect("convene")
def convene(doing: Doing) -> None:
    doing.case.challenge.convened_at = doing.now


@_effect("recommend")
def recommend(doing: Doing) -> None:
    """Rule 12: each responding setting answers, those too that agreed at an earlier stage."""
    doing.case.challenge.recommended_at = doing.now
    for party in doing.case.responding:
        party.must_answer_recommendation = True
    doing.case.raising.must_answer_recommendation = bool(doing.answers.get("raising_answers_too"))


@_effect("answer_recommendation")
def answer_recommendation(doing: Doing) -> None:
    _own(doing).recommendation_answer = doing.answers["recommendation_answer"]


@_effect("complete_form")
def complete_form(doing: Doing) -> None:
    challenge, answers = doing.case.challenge, doing.answers
    if answers["scope"] == "siblings" and not answers.get("sibling_count"):
        raise Refused("Say how many children.", field="sibling_count")
    for name in ("issue", "scope", "child_status", "interpreter_considered", "supervisor_consulted"):
        setattr(challenge, name, answers[name])
    challenge.sibling_count = answers.get("sibling_count")
    challenge.other_issues = list(answers.get("other_issues") or [])
    challenge.form_completed_at, challenge.form_checked_at = doing.now, None


@_effect("check_form")
def check_form(doing: Doing) -> None:
    doing.case.challenge.form_checked_at = doing.now


@_effect("send_form_back")
def send_form_back(doing: Doing) -> None:
    doing.case.challenge.form_checked_at = doing.now


@_effect("code_issue")
def code_issue(doing: Doing) -> None:
    doing.case.challenge.issue = doing.answers["issue"]
    doing.case.challenge.other_issues = list(doing.answers.get("other_issues") or [])


@_effect("put_on_record")
def put_on_record(doing: Doing) -> None:
    _own(doing).on_record = doing.answers["on_record"]


@_effect("allocate")
def allocate(doing: Doing) -> None:
    """The lead's own setting; services.take_step has checked that the person has a seat there."""
    party = _own(doing)
    party.counterpart_id = int(doing.answers["person"])
    doing.entry_codes["person"] = party.counterpart_id


@_effect("offer_transfer")
def offer_transfer(doing: Doing) -> None:
    doing.case.challenge.pending = "transfer"


@_effect("accept_transfer")
def accept_transfer(doing: Doing) -> None:
    doing.case.challenge.closed_at = doing.now
    _clear_pending(doing.case)


@_effect("void")
def void(doing: Doing) -> None:
    _end_hold_quietly(doing)
    _clear_pending(doing.case)
    doing.case.challenge.void_reason = doing.answers["void_reason"]
    doing.case.challenge.closed_at = doing.now


@_effect("mark_duplicate")
def mark_duplicate(doing: Doing) -> None:
    """services.take_step has found the first challenge among those this person may see."""
    first = doing.answers["first_reference"]
    if first.pk == doing.case.challenge.pk:
        raise Refused("That is this challenge. Give the reference of the first one.", field="first_reference")
    _end_hold_quietly(doing)
    _clear_pending(doing.case)
    doing.case.challenge.duplicate_of = first
    doing.case.challenge.void_reason = "duplicate"
    doing.case.challenge.closed_at = doing.now


@_effect("say_treated")
def say_treated(doing: Doing) -> None:
    """Asked once: it is no open question any more."""
    doing.case.challenge.ask_treated_from = None


@_effect("reopen")
def reopen(doing: Doing) -> None:
    """Rule 13: the same challenge, a new episode, at the stage where it closed; everybody is asked afresh."""
    challenge = doing.case.challenge
    challenge.episode += 1
    challenge.closed_at = challenge.settled_at = challenge.recommended_at = challenge.convened_at = None
    challenge.confirmed, challenge.outcome, challenge.impact = None, "", ""
    challenge.ask_treated_from = None
    _forget_answers_to_the_panel(doing.case)
    asking = [p for p in doing.case.responding if p.stage == challenge.stage] or doing.case.responding
    _move_to_stage(doing, challenge.stage, asking)


def _forget_answers_to_the_panel(case: Case) -> None:
    for party in case.parties:
        party.recommendation_answer, party.must_answer_recommendation = "", False


def _own(doing: Doing) -> Party:
    if doing.party is None:
        raise Refused("Only a service that takes part in this challenge can do this.")
    return doing.party


def _clear_pending(case: Case) -> None:
    case.challenge.pending, case.challenge.pending_until, case.challenge.pending_stage = "", None, None
    for party in case.parties:
        party.agreed_to_pending = False


def _move_to_stage(doing: Doing, stage: int, asking: list[Party]) -> None:
    """Everybody in `asking` is asked afresh at `stage`; those not in it keep the answer they gave."""
    challenge = doing.case.challenge
    challenge.stage = stage
    doing.stage_starts = True
    challenge.stage_reached = max(challenge.stage_reached, stage)
    _clear_pending(doing.case)
    if challenge.policy.stage(stage).kind is StageKind.PANEL:
        # A case that comes back to the panel gets a new one: arranged afresh, and answered afresh.
        challenge.convened_at = None
        _forget_answers_to_the_panel(doing.case)
    for party in asking:
        party.stage, party.answer, party.answered_at = stage, "", None
        party.question_open = party.question_used = False


@_effect("show_name")
def show_name(doing: Doing) -> None:
    _show_name(doing)


@_effect("ask_disclosure")
def ask_disclosure(doing: Doing) -> None:
    """It concerns the side of the person who raised it, whoever asks: the entry is theirs to read."""
    doing.party = doing.case.raising
    doing.case.challenge.disclosure_asked_by = doing.by


@_effect("agree_disclosure")
def agree_disclosure(doing: Doing) -> None:
    doing.party = doing.case.raising
    doing.case.challenge.name_released = True
    _show_name(doing)


@_effect("decline_disclosure")
def decline_disclosure(doing: Doing) -> None:
    doing.party = doing.case.raising
    doing.case.challenge.disclosure_asked_by = None


def _show_name(doing: Doing) -> None:
    doing.case.challenge.name_withheld = False
    doing.case.challenge.disclosure_asked_by = None
