"""The conditions of the step table, one sentence each: None means yes, a sentence says why not.

The sentences are read by people on both sides of a challenge: they say what can be done instead.
Rule numbers are those of docs/rules.md.
"""

from escalation.challenges.facts import Facts
from escalation.policy.stages import Seniority, StageKind

LEADS = frozenset(("raising_lead", "responding_lead"))


def at_dialogue(facts: Facts) -> str | None:
    if facts.is_dialogue:
        return None
    return "At this stage the two sides do not answer each other. The partnership takes it from here."


def at_panel(facts: Facts) -> str | None:
    return (
        None
        if facts.stage.kind is StageKind.PANEL
        else "Only a resolution panel does this, and this challenge is not with a panel."
    )


def at_decision(facts: Facts) -> str | None:
    return (
        None
        if facts.stage.kind is StageKind.DECISION
        else "Only the lead safeguarding partners decide, and this challenge is not with them."
    )


def asked_here(facts: Facts) -> str | None:
    """Rule 5: a setting that agreed earlier stays agreed; an answer is given once at a stage."""
    if facts.party in facts.unanswered:
        return None
    return "Your service has already answered at this stage. You can add a note instead."


def child_matched(facts: Facts) -> str | None:
    """Rule 4: a reply counts once both sides agree which child it is."""
    if facts.no_single_child or (facts.party and facts.party.matched):
        return None
    return "First agree by phone which child this is, and note it here. Then your answer counts."


def single_child(facts: Facts) -> str | None:
    return (
        "This challenge is not about one child, so there is nobody to match."
        if facts.no_single_child
        else None
    )


def some_unmatched(facts: Facts) -> str | None:
    mine = [p for p in facts.responding if p == facts.party] or facts.responding
    return None if any(not p.matched for p in mine) else "Both sides have already agreed which child this is."


def question_unused(facts: Facts) -> str | None:
    """Rule 8: one question back, which does not use up the reply."""
    used = facts.party is not None and facts.party.question_used
    return "You have asked your one question at this stage. Please answer, or call them." if used else None


def question_open(facts: Facts) -> str | None:
    return None if any(p.question_open for p in facts.asked) else "There is no open question to answer."


def not_last_stage(facts: Facts) -> str | None:
    return (
        None
        if facts.next_stage
        else "This is the last stage. What is left is a decision, or an agreed difference with a safety plan."
    )


def ground_to_move_up(facts: Facts) -> str | None:
    """Rules 5 and 7: silence, or no agreement, is itself a ground; the raiser need not explain."""
    if facts.status == "responded":
        return None
    if facts.status == "awaiting_response":
        if (
            facts.overdue_parties
            or any(p.answer == "differs" for p in facts.asked)
            or _no_time_to_answer(facts)
        ):
            return None
        return "They still have time to answer. You can ask the next level to look when the time is up, or when they see it differently."
    return not_accepted(facts)


def _no_time_to_answer(facts: Facts) -> bool:
    """Where a policy publishes no time for an answer, nothing could ever be late: the raiser decides when."""
    return not any(m.has_time for m in facts.stage.answer_clocks)


def not_accepted(facts: Facts) -> str | None:
    """Rule 12: the partners come in only after "not accepted"; silence past the date counts as that."""
    refused = any(p.recommendation_answer == "not_accepted" for p in facts.parties)
    if refused or (facts.status == "recommended" and "answer_recommendation" in facts.overdue):
        return None
    return "The next level can look only when a service did not accept the panel's recommendation."


def next_stage_open(facts: Facts) -> str | None:
    nxt = facts.next_stage
    return not_accepted(facts) if nxt and nxt.only_after_not_accepted else None


def form_ready(facts: Facts) -> str | None:
    """Rules 1 and 6: a formal stage needs the full form, unless the child cannot wait."""
    nxt = facts.next_stage
    if nxt is None or not nxt.formal or facts.form_complete or facts.child_cannot_wait:
        return None
    return "The next stage is formal. Your lead needs to complete the full form first, unless the child cannot wait."


def not_fast(facts: Facts) -> str | None:
    return "This is on the fast track, so the clock cannot be stopped." if facts.fast else None


def a_leads_no(facts: Facts) -> str | None:
    """Rule 7: only a lead says no. At the first stage the raising seat is the raiser's, who has no lead's no."""
    if "raising_lead" in facts.parts or facts.stage.seniority is not Seniority.PRACTITIONER:
        return None
    return (
        "Only your lead can say why your service would not take it further. You can withdraw it, or leave it."
    )


def nothing_pending(facts: Facts) -> str | None:
    return (
        "Somebody has already proposed something. It has to be agreed or ended first."
        if facts.pending
        else None
    )


def not_answered_yet(facts: Facts) -> str | None:
    """Rule 9: a hold is between the raising seat and the settings that have not yet answered."""
    if facts.party and (facts.party.role == "raising" or facts.party in facts.unanswered):
        return None
    return "Only the service that asked, or one that has not yet answered, can do this."


def pending_hold(facts: Facts) -> str | None:
    return None if facts.pending == "hold" else "No pause is proposed."


def pending_return(facts: Facts) -> str | None:
    return None if facts.pending == "return" else "No return to an earlier stage is proposed."


def pending_hold_or_return(facts: Facts) -> str | None:
    return None if facts.pending in ("hold", "return") else "Nothing is proposed."


def pending_transfer(facts: Facts) -> str | None:
    return None if facts.pending == "transfer" else "No transfer has been offered."


def my_agreement_missing(facts: Facts) -> str | None:
    """A proposal is never agreed by the side that made it: nobody holds or returns alone."""
    if facts.party is None or facts.party.agreed_to_pending:
        return "Your service has already agreed. The others have to say yes too."
    return not_answered_yet(facts)


def own_hold(facts: Facts) -> str | None:
    """What the unit stopped, at police request, only the unit starts again before its end."""
    if not facts.held_by_unit or "unit" in facts.parts:
        return None
    return "The business unit stopped this clock, so only the unit can start it before its end. Please call them."


def hold_is_over(facts: Facts) -> str | None:
    return None if facts.hold_over else "The pause has not reached its end."


def above_first_stage(facts: Facts) -> str | None:
    if facts.stage_number > facts.policy.first.number:
        return None
    return "This is the first stage, so there is no earlier one."


def not_returned(facts: Facts) -> str | None:
    return (
        "This has been returned to an earlier stage once. It can't be returned again."
        if facts.returned_once
        else None
    )


def no_recommendation(facts: Facts) -> str | None:
    """Rule 10: before a recommendation. The last stage always comes after one, reopened or not."""
    if facts.recommended or facts.stage.only_after_not_accepted:
        return "The panel has made its recommendation, so this can't be withdrawn. It can still be settled."
    return None


def own_to_end(facts: Facts) -> str | None:
    """Rules 7 and 10: at stages 1 and 2 a lead's no never stops the raiser, so nobody else ends it there."""
    if "raiser" in facts.parts or facts.stage.seniority not in (Seniority.PRACTITIONER, Seniority.LEAD):
        return None
    return "Only the person who raised it can end it at this stage. You can talk to them, or add a note."


def not_convened(facts: Facts) -> str | None:
    return "The panel is already arranged." if facts.convened else None


def my_answer_missing(facts: Facts) -> str | None:
    if facts.party and facts.party.must_answer_recommendation and not facts.party.recommendation_answer:
        return None
    return "Your service has already answered the recommendation, or is not asked to."


def form_to_check(facts: Facts) -> str | None:
    """Stage 3: the unit checks the form; that changes neither status nor clock."""
    if not facts.form_complete:
        return "There is no full form to check yet."
    return "The form has been checked." if facts.form_checked else None


def raiser_or_leads_turn(facts: Facts) -> str | None:
    """Rule 11: the raiser has five working days to say; then their lead is asked."""
    if facts.parts & {"raiser", "system"} or "raiser_confirm" in facts.overdue:
        return None
    return "The person who raised this is asked first. If they don't say, you are asked."


def nobody_confirmed(facts: Facts) -> str | None:
    return (
        None
        if "lead_confirm" in facts.overdue
        else "There is still time to say whether this keeps the child safe."
    )


def open_action_of_mine(facts: Facts) -> str | None:
    mine = facts.party.setting_id if facts.party else None
    if any(not a.done and a.setting_id == mine for a in facts.actions):
        return None
    return "Your service has no open action here."


def within_reopening(facts: Facts) -> str | None:
    """Rule 13: 60 days from closure or from the last action's due date, whichever is later."""
    if facts.reopen_until and facts.now <= facts.reopen_until:
        return None
    days = facts.policy.limits["reopen_days"]
    return f"It can be reopened for {days} days after it closed, or after its last action was due. Raise a new challenge and say that it comes back to this one."


def was_under_pressure(facts: Facts) -> str | None:
    if not facts.under_pressure:
        return "A call is offered when somebody felt under pressure to withdraw."
    return "A call has already been offered." if facts.call_offered else None


def to_acknowledge(facts: Facts) -> str | None:
    """Rule 10: from the first formal stage the unit acknowledges a withdrawal."""
    first_formal = next((s.number for s in facts.policy.stages if s.formal), facts.policy.stages[-1].number)
    if facts.stage_number < first_formal:
        return "A withdrawal is acknowledged from the formal stages on."
    return "This withdrawal is already acknowledged." if facts.acknowledged else None


def anothers(facts: Facts) -> str | None:
    return "Others can thank you for it; this one you raised yourself." if "raiser" in facts.parts else None


def not_thanked(facts: Facts) -> str | None:
    return "You have thanked them already." if "thank" in facts.said_by_actor else None


def no_pulse_yet(facts: Facts) -> str | None:
    if "give_pulse" in facts.said_by_actor:
        return "You have said how it went. You can add a note instead."
    return None


def time_to_ask_how_treated(facts: Facts) -> str | None:
    """Rule 11: once, three months after it ended."""
    if facts.ask_treated_from is None:
        return "You have answered this, or it is not asked here. You can add a note instead."
    if facts.now < facts.ask_treated_from:
        return "This is asked three months after it ended. If something is wrong now, call the business unit."
    return None


def a_leads_choice(facts: Facts) -> str | None:
    """What can be learnt is chosen by leads; from the formal stages on by the seats there, too."""
    if facts.parts & LEADS or facts.stage.seniority is not Seniority.PRACTITIONER:
        return None
    return "Leads choose what can be learnt. You can add a note, or talk to your lead."


def leaves_it_to_leads(facts: Facts) -> str | None:
    return "As a lead you choose it yourself." if facts.parts & LEADS else None


def name_is_withheld(facts: Facts) -> str | None:
    return None if facts.name_withheld else "The name of the person who raised this is shown already."


def disclosure_not_asked(facts: Facts) -> str | None:
    if not facts.disclosure_asked:
        return None
    return "Somebody has asked already. A third person says yes or no."


def disclosure_asked(facts: Facts) -> str | None:
    return None if facts.disclosure_asked else "Nobody has asked to show the name."
