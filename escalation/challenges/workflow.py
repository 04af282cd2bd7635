"""The step table of a professional challenge: every rule of who may do what, when, in one place.

From these rows come the state machine, the buttons, the step pages, the permissions, the API's
offers and docs/workflow.md. tests/steps.csv holds the same rules written by hand, as a check.
"""

from dataclasses import replace
from enum import StrEnum

from django.db.models import TextChoices

from core.machine import Step
from escalation.challenges import guards as g
from escalation.challenges.asks import ASKS, TOLD_BY, Kind
from escalation.challenges.facts import Facts


class Status(TextChoices):
    """Where a challenge stands, whatever its stage."""

    AWAITING_RESPONSE = "awaiting_response", "Waiting for an answer"
    RESPONDED = "responded", "Answered"
    RECOMMENDED = "recommended", "The panel has made a recommendation"
    ANSWERED = "answered", "The recommendation is answered"
    SETTLED = "settled", "Settled, waiting for the raiser to say"
    ON_HOLD = "on_hold", "On hold"
    CLOSED = "closed", "Closed"
    CLOSED_ACTIONS_OPEN = "closed_actions_open", "Closed, actions open"
    WITHDRAWN = "withdrawn", "Withdrawn"
    TRANSFERRED = "transferred", "Transferred"
    VOID = "void", "Void"


class Who(StrEnum):
    """What a person is to a challenge at its present stage, for the purpose of acting on it."""

    RAISER = "raiser"
    RAISING_EARLY = "raising_early"  # the raiser, or their lead, while the challenge is at stage 1 or 2
    RAISING = "raising"  # the raising side's seat at this stage
    RESPONDING = "responding"  # a responding side's seat at this stage
    RAISING_LEAD = "raising_lead"
    RESPONDING_LEAD = "responding_lead"
    MEMBER = "member"  # anyone of the raising or a responding side who may read the words
    UNIT = "unit"
    UNIT_READER = "unit_reader"  # the business unit, once it may read the words
    PARTNER = "partner"
    THIRD = "third"  # a raising lead or the unit: neither who raised it, nor who asked to show the name
    PANEL = "panel"  # who was let in to chair the panel or to sit on it
    SYSTEM = "system"


WHO_WORDS: dict[str, str] = {
    Who.RAISER: "the person who raised it",
    Who.RAISING_EARLY: "the person who raised it or their lead, at stages 1 and 2",
    Who.RAISING: "the raising side's seat at the stage",
    Who.RESPONDING: "a responding side's seat at the stage",
    Who.RAISING_LEAD: "the raising setting's lead",
    Who.RESPONDING_LEAD: "a responding setting's lead",
    Who.MEMBER: "anyone of the two sides who may read the words",
    Who.UNIT: "the business unit",
    Who.UNIT_READER: "the business unit, from stage 3",
    Who.PARTNER: "a lead safeguarding partner, at the last stage",
    Who.THIRD: "a raising setting's lead or the business unit, but not who asked",
    Who.PANEL: "the panel",
    Who.SYSTEM: "the log itself",
}


S = Status
OPEN = (S.AWAITING_RESPONSE, S.RESPONDED, S.RECOMMENDED, S.ANSWERED, S.SETTLED, S.ON_HOLD)
ENDED = (S.CLOSED, S.CLOSED_ACTIONS_OPEN, S.WITHDRAWN, S.TRANSFERRED, S.VOID)
EVERY = OPEN + ENDED
BEFORE_RECOMMENDATION = (S.AWAITING_RESPONSE, S.RESPONDED, S.ON_HOLD)
TALKING = (S.AWAITING_RESPONSE, S.RESPONDED)

RAISER, RAISING_EARLY, RAISING, RESPONDING = Who.RAISER, Who.RAISING_EARLY, Who.RAISING, Who.RESPONDING


def _who(*who: Who) -> frozenset[str]:
    return frozenset(who)


EITHER = _who(RAISING, RESPONDING)


def when_all_replied(facts: Facts) -> str:
    """The last reply moves the case; the effect of this reply is already in the facts."""
    return S.AWAITING_RESPONSE if facts.unanswered else S.RESPONDED


def when_all_answered(facts: Facts) -> str:
    waiting = any(p.must_answer_recommendation and not p.recommendation_answer for p in facts.parties)
    return S.RECOMMENDED if waiting else S.ANSWERED


def when_all_agreed(facts: Facts) -> str:
    """The last agreement ends the proposal, so nothing is pending any more."""
    return S.AWAITING_RESPONSE if facts.pending else S.ON_HOLD


def by_open_actions(facts: Facts) -> str:
    return S.CLOSED_ACTIONS_OPEN if any(not a.done for a in facts.actions) else S.CLOSED


def after_an_action(facts: Facts) -> str:
    return by_open_actions(facts) if facts.status == S.CLOSED_ACTIONS_OPEN else facts.status


def as_before_the_hold(facts: Facts) -> str:
    return facts.resumes_to


CLOSING = (S.CLOSED, S.CLOSED_ACTIONS_OPEN)
LEARNT_FROM = (S.SETTLED, *CLOSING)

# Lines of the chronology that are no steps: nobody takes them.
ENDED_BEFORE, STARTED_AFRESH, EARLIER_NOTES = "ended_before", "started_afresh", "earlier_notes"
NOT_STEPS = {
    "raise": "Raised",
    ENDED_BEFORE: "Ended",
    STARTED_AFRESH: "Brought in from the earlier log, still open. This stage starts again",
    EARLIER_NOTES: "The earlier log also says",
}
"""What each is called. All but the first are of challenges that were brought in from an earlier log."""
EARLIER_LOG = "earlier_log"
"""The seat of every line that an earlier log tells."""
HOLDABLE = (S.AWAITING_RESPONSE, S.RESPONDED, S.RECOMMENDED, S.ANSWERED)

STEPS: tuple[Step[Facts], ...] = (
    Step(
        name="match",
        label="Note that you agree which child this is",
        past="Both sides agreed which child it is",
        source=(S.AWAITING_RESPONSE, S.ON_HOLD),
        target=None,
        who=EITHER,
        guards=(g.single_child, g.some_unmatched),
        asks=("party", "spoke_to", "called_at", "their_pointer"),
        needs=("spoke_to", "called_at", "their_pointer"),
        banner="You both agree which child this is.",
        why="Two services hold two numbers for one child. A reply counts once they agree, by phone, that it is the same child.",
    ),
    Step(
        name="reply",
        label="Answer this challenge",
        past="Answered",
        source=(S.AWAITING_RESPONSE,),
        target=when_all_replied,
        targets=(S.AWAITING_RESPONSE, S.RESPONDED),
        who=_who(RESPONDING),
        guards=(g.at_dialogue, g.asked_here, g.child_matched),
        asks=("answer", "what", "acted_on"),
        needs=("answer", "what"),
        banner="Your answer is sent.",
        why="Each responding setting answers for itself: it has acted, or it sees it differently and says why.",
    ),
    Step(
        name="ask_question",
        label="Ask one question first",
        past="Asked a question",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=_who(RESPONDING),
        guards=(g.at_dialogue, g.asked_here, g.question_unused),
        asks=("what",),
        needs=("what",),
        banner="Your question is sent. You still need to answer by the same time.",
        why="One question back does not use up the reply, and does not stop the clock.",
    ),
    Step(
        name="answer_question",
        label="Answer their question",
        past="Answered the question",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=_who(RAISER, RAISING),
        guards=(g.at_dialogue, g.question_open),
        asks=("what",),
        needs=("what",),
        banner="Your answer to their question is sent.",
        why="The raiser answers a question; the other side still owes its reply.",
    ),
    Step(
        name="escalate",
        label="Ask the next level to look",
        past="Asked the next level to look",
        source=(S.AWAITING_RESPONSE, S.RESPONDED, S.RECOMMENDED, S.ANSWERED),
        target=S.AWAITING_RESPONSE,
        who=_who(RAISING, RAISING_EARLY),
        guards=(g.not_last_stage, g.ground_to_move_up, g.next_stage_open, g.form_ready),
        asks=("still_asking", "to_stage", "skip_reason", "what"),
        needs=("still_asking",),
        ends_clocks=True,
        banner="The next level will look at this now.",
        why="Silence, or no agreement, by the due time is itself a ground to move up. The raiser need not explain, and says who still has to answer.",
    ),
    Step(
        name="ask_own_lead",
        label="Ask our lead to take it up",
        past="Asked our lead to take it up",
        source=(S.AWAITING_RESPONSE, S.RESPONDED, S.RECOMMENDED, S.ANSWERED, S.ON_HOLD),
        target=None,
        who=_who(RAISER),
        guards=(g.not_last_stage,),
        asks=("what",),
        needs=("what",),
        audience="own_setting_and_unit",
        banner="Your lead has been asked.",
        why="Above stage 2 the raising side's own lead moves a challenge on; the raiser can always ask.",
    ),
    Step(
        name="decline_to_move_up",
        label="Say why we would not take it further",
        past="Would not take it further",
        source=(S.AWAITING_RESPONSE, S.RESPONDED, S.RECOMMENDED, S.ANSWERED),
        target=None,
        who=_who(Who.RAISING_LEAD, RAISING),
        guards=(g.a_leads_no, g.not_last_stage),
        asks=("what",),
        needs=("what",),
        audience="own_setting_and_unit",
        banner="Your reasons are recorded.",
        why="A lead's no never stops the raiser at stages 1 and 2; above, it is recorded and another lead can be asked. It is never reported.",
    ),
    Step(
        name="settle",
        label="Record that it is settled",
        past="Settled",
        source=(S.RESPONDED, S.ANSWERED),
        target=S.SETTLED,
        who=EITHER | _who(Who.PARTNER),
        asks=("outcome", "reasons", "impact", "feedback", "on_record", "actions", "review_on"),
        needs=("outcome", "reasons", "impact", "feedback", "on_record"),
        banner="It is recorded as settled. The person who raised it is asked if this keeps the child safe.",
        why="Settling needs the outcome, reasons, actions with owner and date, the impact for the child, what the raiser is told, and the date it went on the child's own record, if it is about one child.",
    ),
    Step(
        name="confirm_settled",
        label="Yes, it's settled",
        past="Said this keeps the child safe",
        source=(S.SETTLED,),
        target=by_open_actions,
        targets=CLOSING,
        who=_who(RAISER, Who.RAISING_LEAD),
        guards=(g.raiser_or_leads_turn,),
        asks=("note",),
        ends_clocks=True,
        banner="Thank you. It is closed.",
        why="The raiser answers: does this keep the child safe? If they don't say in time, their lead is asked.",
    ),
    Step(
        name="not_settled",
        label="Not settled yet",
        past="Said it is not settled yet",
        source=(S.SETTLED,),
        target=S.RESPONDED,
        who=_who(RAISER, Who.RAISING_LEAD),
        guards=(g.raiser_or_leads_turn,),
        asks=("what",),
        needs=("what",),
        ends_clocks=True,
        banner="It is not settled yet. You can settle it another way, or ask the next level to look.",
        why="The raiser may say that the child is not yet safe; the challenge goes on at the same stage.",
    ),
    Step(
        name="complete_action",
        label="Say an action is done",
        past="An action was done",
        source=(*OPEN, S.CLOSED_ACTIONS_OPEN),
        target=after_an_action,
        targets=(*OPEN, *CLOSING),
        who=_who(Who.MEMBER, Who.PARTNER),
        guards=(g.open_action_of_mine,),
        asks=("action", "what", "done_on"),
        needs=("action", "what", "done_on"),
        banner="The action is done.",
        why="Each action has an owner and a date. The last one done closes the challenge.",
    ),
    Step(
        name="propose_hold",
        label="Propose a pause",
        past="Proposed a pause",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=EITHER,
        guards=(g.at_dialogue, g.not_fast, g.nothing_pending, g.not_answered_yet),
        asks=("what", "safe_meanwhile", "hold_until"),
        needs=("what", "safe_meanwhile", "hold_until"),
        banner="The pause is proposed. The clock runs until everybody agrees.",
        why="A hold is agreed by the raising seat and every responding setting that has not yet answered; never on the fast track, at most 10 working days.",
    ),
    Step(
        name="agree_hold",
        label="Agree to the pause",
        past="Agreed to the pause",
        source=(S.AWAITING_RESPONSE,),
        target=when_all_agreed,
        targets=(S.AWAITING_RESPONSE, S.ON_HOLD),
        who=EITHER,
        guards=(g.at_dialogue, g.pending_hold, g.my_agreement_missing),
        asks=("note",),
        banner="You agreed to the pause.",
        why="The clock stops when the last of those asked has agreed. Nobody holds alone.",
    ),
    Step(
        name="decline_proposal",
        label="Say no to what is proposed",
        past="Said no to what was proposed",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=EITHER,
        guards=(g.pending_hold_or_return, g.not_answered_yet),
        asks=("what",),
        needs=("what",),
        banner="The proposal has ended. The clock never stopped.",
        why="One no ends a proposal; who proposed it can take it back in the same way.",
    ),
    Step(
        name="set_hold",
        label="Stop the clock",
        past="The business unit stopped the clock",
        source=HOLDABLE,
        target=S.ON_HOLD,
        who=_who(Who.UNIT),
        guards=(g.not_fast,),
        asks=("hold_reason", "what", "safe_meanwhile", "hold_until"),
        needs=("hold_reason", "what", "safe_meanwhile", "hold_until"),
        banner="The clock has stopped.",
        why="The business unit stops the clock at police request, or renews a hold that ended, with a reason; never on the fast track. What was proposed ends by it.",
    ),
    Step(
        name="end_hold",
        label="End the pause now",
        past="Ended the pause",
        source=(S.ON_HOLD,),
        target=as_before_the_hold,
        targets=HOLDABLE,
        who=_who(RAISING, Who.UNIT),
        guards=(g.own_hold,),
        asks=("what",),
        needs=("what",),
        banner="The clock runs again.",
        why="The side that is worried for the child can start the clock again before the pause ends.",
    ),
    Step(
        name="resume",
        label="The pause ends",
        past="The pause ended by itself",
        source=(S.ON_HOLD,),
        target=as_before_the_hold,
        targets=HOLDABLE,
        who=_who(Who.SYSTEM),
        guards=(g.hold_is_over,),
        banner="The clock runs again.",
        why="A hold ends by itself at its limit and goes to the business unit. Only the system takes this step.",
    ),
    Step(
        name="propose_return",
        label="Propose to return it to an earlier stage",
        past="Proposed to return it to an earlier stage",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=EITHER,
        guards=(g.above_first_stage, g.not_returned, g.nothing_pending, g.not_answered_yet),
        asks=("to_earlier_stage", "what"),
        needs=("to_earlier_stage", "what"),
        banner="The return is proposed. The clock runs until everybody agrees.",
        why="A challenge can return to an earlier stage once, proposed by one seat at the stage and agreed like a hold.",
    ),
    Step(
        name="agree_return",
        label="Agree to return it",
        past="Agreed to return it to an earlier stage",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=EITHER,
        guards=(g.above_first_stage, g.pending_return, g.my_agreement_missing),
        asks=("note",),
        banner="You agreed to return it.",
        why="When the last of those asked has agreed, the earlier stage starts again with a fresh clock.",
    ),
    Step(
        name="withdraw",
        label="It's settled, or not needed after all",
        past="Withdrawn",
        source=BEFORE_RECOMMENDATION,
        target=S.WITHDRAWN,
        who=_who(RAISER, RAISING),
        guards=(g.own_to_end, g.no_recommendation),
        asks=("withdrawal_reason", "note"),
        needs=("withdrawal_reason",),
        ends_clocks=True,
        banner="It is withdrawn.",
        why="Only the raising side withdraws, before a recommendation; at stages 1 and 2 only the raiser, since a lead's no never stops them there. The reason is for the raiser and the business unit only.",
    ),
    Step(
        name="acknowledge_withdrawal",
        label="Acknowledge the withdrawal",
        past="The business unit acknowledged the withdrawal",
        source=(S.WITHDRAWN,),
        target=None,
        who=_who(Who.UNIT),
        guards=(g.to_acknowledge,),
        asks=("note",),
        banner="The withdrawal is acknowledged.",
        why="From stage 3 the business unit acknowledges every withdrawal.",
    ),
    Step(
        name="offer_call",
        label="Note that you offered a call",
        past="The business unit offered a call",
        source=(S.WITHDRAWN,),
        target=None,
        who=_who(Who.UNIT),
        guards=(g.was_under_pressure,),
        asks=("spoke_to", "called_at", "note"),
        needs=("spoke_to", "called_at"),
        audience="raiser_and_unit",
        banner="The call is noted.",
        why="Whoever felt under pressure to withdraw is offered a call within 2 working days.",
    ),
    Step(
        name="convene",
        label="Note that the panel is arranged",
        past="The panel is arranged",
        source=(S.AWAITING_RESPONSE,),
        target=None,
        who=_who(Who.UNIT),
        guards=(g.at_panel, g.not_convened),
        asks=("chair", "meets_on", "note"),
        needs=("chair", "meets_on"),
        banner="Both sides can see when the panel meets.",
        why="The business unit convenes the resolution panel, with an independent chair.",
    ),
    Step(
        name="recommend",
        label="Record the panel's recommendation",
        past="The panel recommended",
        source=(S.AWAITING_RESPONSE,),
        target=S.RECOMMENDED,
        who=_who(Who.UNIT, Who.PANEL),
        guards=(g.at_panel,),
        asks=("what", "reasons", "raising_answers_too"),
        needs=("what", "reasons"),
        banner="The recommendation is recorded. Each service is asked to answer it.",
        why="The panel recommends; it cannot overrule an agency's statutory decision.",
    ),
    Step(
        name="answer_recommendation",
        label="Answer the recommendation",
        past="Answered the recommendation",
        source=(S.RECOMMENDED,),
        target=when_all_answered,
        targets=(S.RECOMMENDED, S.ANSWERED),
        who=EITHER,
        guards=(g.my_answer_missing,),
        asks=("recommendation_answer", "reasons"),
        needs=("recommendation_answer", "reasons"),
        banner="Your answer is recorded.",
        why="Each responding setting, and the raising one where an action falls to it, accepts, accepts in part, or does not accept, with reasons.",
    ),
    Step(
        name="decide",
        label="Record the partners' decision",
        past="The lead safeguarding partners decided",
        source=(S.AWAITING_RESPONSE,),
        target=S.ANSWERED,
        who=_who(Who.PARTNER),
        guards=(g.at_decision,),
        asks=("what", "reasons"),
        needs=("what", "reasons"),
        banner="The decision is recorded. It can now be settled.",
        why="Lead safeguarding partners decide what was not accepted.",
    ),
    Step(
        name="complete_form",
        label="Complete the full form",
        past="The full form was completed",
        source=BEFORE_RECOMMENDATION,
        target=None,
        who=_who(Who.RAISING_LEAD, RAISING, RAISING_EARLY),
        asks=(
            "issue",
            "other_issues",
            "scope",
            "sibling_count",
            "child_status",
            "evidence",
            "interpreter_considered",
            "supervisor_consulted",
        ),
        needs=(
            "issue",
            "scope",
            "child_status",
            "evidence",
            "interpreter_considered",
            "supervisor_consulted",
        ),
        banner="The full form is complete.",
        why="A formal stage needs the full form. The raising lead completes it; the raiser may, so that nobody's silence stops them.",
    ),
    Step(
        name="check_form",
        label="Say the form is complete",
        past="The business unit checked the form",
        source=BEFORE_RECOMMENDATION,
        target=None,
        who=_who(Who.UNIT_READER),
        guards=(g.form_to_check,),
        asks=("note",),
        banner="The form is checked.",
        why="The business unit checks the form within 2 working days of a formal stage.",
    ),
    Step(
        name="send_form_back",
        label="Send the form back",
        past="The business unit sent the form back",
        source=BEFORE_RECOMMENDATION,
        target=None,
        who=_who(Who.UNIT_READER),
        guards=(g.form_to_check,),
        asks=("what",),
        needs=("what",),
        banner="The form is sent back with what is missing.",
        why="Sending the form back says what is missing; it changes neither status nor clock.",
    ),
    Step(
        name="code_issue",
        label="Say what kind of issue it is",
        past="The issue was coded",
        source=EVERY,
        target=None,
        who=_who(Who.RAISING_LEAD),
        asks=("issue", "other_issues"),
        needs=("issue",),
        banner="The issue is noted.",
        why="The lead codes the issue, so that the partnership can learn from it.",
    ),
    Step(
        name="allocate",
        label="Give it to someone else in my team",
        past="Given to someone else in the team",
        source=OPEN,
        target=None,
        who=_who(Who.RAISING_LEAD, Who.RESPONDING_LEAD, Who.SYSTEM),
        asks=("person",),
        needs=("person",),
        banner="They have been told that it is theirs.",
        why="A lead names who in their setting is asked, so that nothing waits with one absent person. Where somebody leaves, the log gives it to their successor.",
    ),
    Step(
        name="offer_transfer",
        label="Offer it to another area",
        past="Offered to another area",
        source=TALKING,
        target=None,
        who=EITHER | _who(Who.UNIT),
        guards=(g.nothing_pending,),
        asks=("to_area", "what"),
        needs=("to_area", "what"),
        banner="The transfer is offered. It stays ours until they accept.",
        why="When a child moves away a transfer is offered; the challenge stays here until it is accepted.",
    ),
    Step(
        name="accept_transfer",
        label="Note that the transfer is accepted",
        past="The transfer was accepted",
        source=TALKING,
        target=S.TRANSFERRED,
        who=_who(RAISING, Who.UNIT),
        guards=(g.pending_transfer,),
        asks=("spoke_to", "called_at"),
        needs=("spoke_to", "called_at"),
        ends_clocks=True,
        banner="It is transferred.",
        why="A transfer is done when the other area accepts it: who, and when. The side that was asked can't end a challenge by it.",
    ),
    Step(
        name="cancel_transfer",
        label="Take the transfer back",
        past="The transfer was taken back",
        source=TALKING,
        target=None,
        who=EITHER | _who(Who.UNIT),
        guards=(g.pending_transfer,),
        asks=("what",),
        needs=("what",),
        banner="The transfer is taken back. It stays here.",
        why="An offer that is not taken up is taken back, with a reason.",
    ),
    Step(
        name="void",
        label="Mark it as void",
        past="Marked as void",
        source=BEFORE_RECOMMENDATION,
        target=S.VOID,
        who=_who(Who.RAISING_LEAD),
        guards=(g.own_to_end, g.no_recommendation),
        asks=("void_reason", "note"),
        needs=("void_reason",),
        ends_clocks=True,
        banner="It is marked as void.",
        why="The raising lead voids what should not stand, with a reason; at stages 1 and 2 only what they raised themselves, since a lead's no never stops the raiser there. Nothing is ever deleted.",
    ),
    Step(
        name="mark_duplicate",
        label="Mark it as a duplicate",
        past="Marked as a duplicate",
        source=BEFORE_RECOMMENDATION,
        target=S.VOID,
        who=_who(Who.RAISING_LEAD),
        guards=(g.own_to_end, g.no_recommendation),
        asks=("first_reference", "note"),
        needs=("first_reference",),
        ends_clocks=True,
        banner="It points to the first one now.",
        why="A duplicate points to the first. At stages 1 and 2 a lead marks only what they raised themselves; the raiser can withdraw what was raised twice.",
    ),
    Step(
        name="reopen",
        label="Reopen it",
        past="Reopened",
        source=(S.CLOSED, S.CLOSED_ACTIONS_OPEN, S.WITHDRAWN),
        target=S.AWAITING_RESPONSE,
        who=EITHER | _who(RAISER),
        guards=(g.within_reopening,),
        asks=("what",),
        needs=("what",),
        ends_clocks=True,
        banner="It is open again, at the stage where it closed.",
        why="Within 60 days of closure, or of the last action's date, it is the same challenge with a new episode; later it is a new one that points back.",
    ),
    Step(
        name="put_on_record",
        label="Say it is on the child's record",
        past="Put on the child's record",
        source=EVERY,
        target=None,
        who=_who(Who.MEMBER, Who.PARTNER),
        guards=(g.single_child,),
        asks=("on_record",),
        needs=("on_record",),
        banner="The date is noted.",
        why="This log is not the child's record: each side says when it put this on its own.",
    ),
    Step(
        name="thank",
        label="Thank them for asking",
        past="Thanked them for asking",
        source=CLOSING,
        target=None,
        who=_who(RESPONDING, Who.RESPONDING_LEAD, Who.RAISING_LEAD, Who.UNIT_READER),
        guards=(g.anothers, g.not_thanked),
        asks=("note",),
        banner="Thank you. The person who raised it is told.",
        why="A good challenge is appreciated: by the other side, the raiser's own lead, or the partnership. Once each.",
    ),
    Step(
        name="give_pulse",
        label="Say how it went for you",
        past="Said how it went for them",
        source=CLOSING,
        target=None,
        who=_who(Who.MEMBER),
        guards=(g.no_pulse_yet,),
        asks=("respected", "felt_heard", "note"),
        needs=("respected", "felt_heard"),
        quiet=True,
        audience="writer_and_unit",
        banner="Thank you. Only you and the business unit can read it.",
        why="Both sides say, from 1 to 5, if it was respectful and if they felt heard. Each answer is for its writer and the business unit, and is never reported by setting.",
    ),
    Step(
        name="say_treated",
        label="Say if you were treated any worse",
        past="Said how they were treated since",
        source=(*CLOSING, S.WITHDRAWN),
        target=None,
        who=_who(RAISER),
        guards=(g.time_to_ask_how_treated,),
        asks=("treated_worse", "note"),
        needs=("treated_worse",),
        quiet=True,
        audience="raiser_and_unit",
        banner="Thank you. Only you and the business unit can read it.",
        why="Three months after it ended the raiser is asked: were you treated any worse? The answer is for the raiser and the business unit, and is never reported by setting.",
    ),
    Step(
        name="say_learning",
        label="Say what can be learnt from it",
        past="Said what can be learnt",
        source=LEARNT_FROM,
        target=None,
        who=EITHER | _who(Who.RAISING_LEAD, Who.RESPONDING_LEAD),
        guards=(g.a_leads_choice,),
        asks=("learning_themes", "sent_to", "note"),
        needs=("learning_themes", "sent_to"),
        banner="It is noted. You can say more at any time.",
        why="At the end leads of either side choose what can be learnt, and where it is sent. Nothing waits for it. What a side said last counts; what it said before stays.",
    ),
    Step(
        name="suggest_learning",
        label="Suggest what can be learnt from it",
        past="Suggested what can be learnt",
        source=LEARNT_FROM,
        target=None,
        who=_who(RAISER),
        guards=(g.leaves_it_to_leads,),
        asks=("learning_themes", "note"),
        needs=("learning_themes",),
        banner="Your suggestion is noted. Leads choose.",
        why="Whoever raised it may suggest what can be learnt; leads of either side choose.",
    ),
    Step(
        name="add_note",
        label="Add something new",
        past="Added",
        source=EVERY,
        target=None,
        who=_who(Who.MEMBER, Who.PARTNER, Who.UNIT_READER),
        asks=("what", "method", "happened_at", "audience"),
        needs=("what", "audience"),
        banner="Your words are added.",
        why="Anyone who may read a challenge can add to it: a call, a meeting, something new.",
    ),
    Step(
        name="correct",
        label="Correct an entry",
        past="Corrected an entry",
        source=EVERY,
        target=None,
        who=_who(Who.MEMBER, Who.PARTNER, Who.UNIT_READER),
        asks=("corrects", "what"),
        needs=("corrects", "what"),
        banner="The correction stands beside the entry.",
        why="Corrections are additions; an entry is never edited.",
    ),
    Step(
        name="show_name",
        label="Show my name to the other side",
        past="Showed their name",
        source=EVERY,
        target=None,
        who=_who(RAISER),
        guards=(g.name_is_withheld,),
        asks=("note",),
        banner="The other side can see your name now.",
        why="Whoever asked that their role be shown and not their name can show it at any time.",
    ),
    Step(
        name="ask_disclosure",
        label="Ask to show who raised it",
        past="Asked to show who raised it",
        source=EVERY,
        target=None,
        who=_who(Who.RAISING_LEAD, Who.UNIT),
        guards=(g.name_is_withheld, g.disclosure_not_asked),
        asks=("what",),
        needs=("what",),
        audience="own_setting_and_unit",
        banner="You have asked. A third person has to agree.",
        why="A name that was withheld is shown only for a reason, and only when a third person agrees. The person who raised it sees the reason.",
    ),
    Step(
        name="agree_disclosure",
        label="Agree to show who raised it",
        past="Agreed to show who raised it",
        source=EVERY,
        target=None,
        who=_who(Who.THIRD),
        guards=(g.disclosure_asked,),
        asks=("what",),
        needs=("what",),
        audience="own_setting_and_unit",
        banner="The other side can see the name now. The person who raised it is told.",
        why="The third person is neither the one who raised it nor the one who asked.",
    ),
    Step(
        name="decline_disclosure",
        label="Say no to showing who raised it",
        past="Said no to showing who raised it",
        source=EVERY,
        target=None,
        who=_who(Who.THIRD),
        guards=(g.disclosure_asked,),
        asks=("what",),
        needs=("what",),
        audience="own_setting_and_unit",
        banner="The name stays withheld.",
        why="Without the third person's agreement the name stays withheld.",
    ),
    Step(
        name="close_unconfirmed",
        label="It closes without a word from the raiser",
        past="Closed; nobody confirmed",
        source=(S.SETTLED,),
        target=by_open_actions,
        targets=CLOSING,
        who=_who(Who.SYSTEM),
        guards=(g.nobody_confirmed,),
        ends_clocks=True,
        banner="It is closed.",
        why="If neither the raiser nor their lead says in time, the challenge closes, and says that nobody confirmed. Only the system takes this step.",
    ),
)

STEP: dict[str, Step[Facts]] = {step.name: step for step in STEPS}

OF_ONE_CHILD = ("on_record",)
"""What is asked only where there is one child, who has a record."""


def as_asked(step: Step[Facts], facts: Facts) -> Step[Facts]:
    """A step as this case asks it of this person: where there is no single child, there is no child's record
    to put it on; whoever writes down what a service outside the log said can say who told them."""
    if facts.no_single_child:
        step = replace(step, asks=_less(step.asks), needs=_less(step.needs))
    return replace(step, asks=(*step.asks, TOLD_BY)) if _is_told(step, facts) else step


def _is_told(step: Step[Facts], facts: Facts) -> bool:
    """Not for what the unit does as itself, nor where the step asks whom one spoke to anyway."""
    for_them = facts.for_outside and bool(step.who & (facts.parts - {Who.UNIT}))
    if not for_them or {"spoke_to", TOLD_BY} & set(step.asks):
        return False
    return any(ASKS[name].kind is Kind.TEXT for name in step.asks)


def _less(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in OF_ONE_CHILD)
