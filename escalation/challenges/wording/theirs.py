"""Cards of a turn that is somebody else's, or nobody's."""

from collections.abc import Sequence

from core.web.components import Act, State, TurnCard
from core.web.dates import london_day
from escalation.challenges.models import PartyRole
from escalation.challenges.queries import CaseView, PartyView, Reader
from escalation.challenges.reference import spoken
from escalation.challenges.wording.clock import (
    NO_TIME,
    awaited_deadline,
    clock,
    deadline_of,
    is_at_once,
    latest,
    overdue,
    short,
)
from escalation.challenges.wording.names import acting, due_words, full_day, number, owing, whose_turn
from escalation.challenges.wording.offers import act, links, step_url
from escalation.challenges.wording.services import question_overtaken, recommendation_services, services
from escalation.challenges.workflow import Status
from escalation.policy.stages import Owner, Seniority
from escalation.policy.words import capital, join

NO_REASON = "You don't need a reason."


def nobodys(view: CaseView) -> TurnCard | None:
    offered = links(
        view, "end_hold", "thank", "give_pulse", "say_learning", "suggest_learning", "reopen", "add_note"
    )
    if view.status == Status.ON_HOLD and view.hold:
        entry = latest(view, "set_hold") or latest(view, "agree_hold") or latest(view, "propose_hold")
        source = latest(view, "propose_hold") if entry and entry.step == "agree_hold" else entry
        safe = source.words.get("safe_meanwhile", "") if source else ""
        return TurnCard(
            state=State("hold", "On hold"),
            heading="The clock has stopped",
            before="It starts again by itself on",
            when=due_words(view.hold.limit),
            after=f"How the child is safe meanwhile: {safe}" if safe else "",
            links=offered,
        )
    if view.status == Status.CLOSED_ACTIONS_OPEN:
        return _closed_with_actions(view, offered)
    ended = _ended(view)
    if ended is None:
        return None
    heading, after = ended
    reopening = _reopening(view)
    return TurnCard(
        state=State("done", Status(view.status).label),
        heading=heading,
        after=" ".join(s for s in (after, reopening) if s),
        links=offered,
    )


def _ended(view: CaseView) -> tuple[str, str] | None:
    if view.status == Status.CLOSED:
        if view.confirmed is False:
            return "It is closed", "Nobody confirmed that this keeps the child safe."
        if view.confirmed is None:
            return "It is closed", "It ended before it was brought in from the earlier log."
        return "It is settled and closed", "The side that raised it said that this keeps the child safe."
    if view.status == Status.WITHDRAWN:
        call = deadline_of(view, "offer_call")
        offered = f"The business unit should offer you a call by {short(view, call.due)}." if call else ""
        return "It was withdrawn", offered or "There is nothing more to do."
    if view.status == Status.TRANSFERRED:
        return "Another area has taken it over", "They accepted it. What happens next is theirs."
    if view.status == Status.VOID:
        first = (
            f"It points to {spoken(view.duplicate_of)}, which came first."
            if view.duplicate_of
            else "It does not stand. Nothing is deleted."
        )
        return "It is a duplicate" if view.duplicate_of else "It is void", first
    return None


def _closed_with_actions(view: CaseView, offered: Sequence[Act]) -> TurnCard:
    names = owing(view)
    late = view.is_overdue
    return TurnCard(
        state=State("late", "Closed, an action is overdue")
        if late
        else State("wait", "Closed, actions open"),
        heading=f"{whose_turn(names)} to finish the actions" if names else "It is closed, with actions open",
        before="The next action is due by" if view.next_due else "",
        when=due_words(view.next_due) if view.next_due else "",
        after=" ".join(s for s in ("It ends when the last action is done.", _reopening(view)) if s),
        links=offered,
    )


def _reopening(view: CaseView) -> str:
    if not view.offers("reopen") or view.facts.reopen_until is None:
        return ""
    return f"You can reopen it until {full_day(london_day(view.facts.reopen_until), view.now)}."


def theirs(view: CaseView, readers: Sequence[Reader]) -> TurnCard:
    names, deadline = owing(view), awaited_deadline(view)
    late = deadline is not None and deadline.overdue_from < view.now
    waiting = [p for p in view.owing if p.role == PartyRole.RESPONDING]
    before, when = _their_time(view, readers, names)
    button = _their_button(view)
    # Right after sending the next thing is a call: the way to end it is not beside it, but with the rest.
    calling_first = button is not None and button.url == step_url(view, "match")
    beside = "" if calling_first else "withdraw" if view.my_side == PartyRole.RAISING else "allocate"
    return TurnCard(
        state=_their_state(view, names, late),
        heading=whose_turn(names) if names else Status(view.status).label,
        before=before,
        when=when,
        clock=clock(view, deadline),
        after=_what_i_can_do(view, waiting),
        button=button,
        links=links(view, beside),
        services=recommendation_services(view) if view.status == Status.RECOMMENDED else services(view),
    )


def _their_state(view: CaseView, names: Sequence[str], late: bool) -> State:
    deadline = awaited_deadline(view)
    if late and deadline:
        return overdue(view, deadline)
    asked = view.asked_now
    if len(asked) > 1 and view.status == Status.AWAITING_RESPONSE and view.facts.is_dialogue:
        waiting = sum(not p.answer for p in asked)
        return State("wait", f"Waiting for {number(waiting)} of {number(len(asked))}")
    return State("wait", f"Waiting for {join(names)}" if names else Status(view.status).label)


def _their_time(view: CaseView, readers: Sequence[Reader], names: Sequence[str]) -> tuple[str, str]:
    deadline = awaited_deadline(view)
    if deadline is None:
        return NO_TIME, ""
    who = _who_should(view, readers, names)
    verb = _verb(view)
    when = due_words(deadline.due, at_once=is_at_once(deadline))
    if deadline.overdue_from < view.now:
        return f"{who} should have {verb[1]} by", when
    return f"{who} should {verb[0]} by", when


def _who_should(view: CaseView, readers: Sequence[Reader], names: Sequence[str]) -> str:
    if len(names) != 1:
        return "They"
    party = next((p for p in view.owing if p.short == names[0]), None)
    if party is None:
        return capital(names[0])
    if party.role == PartyRole.RAISING and view.facts.stage.seniority is Seniority.PRACTITIONER:
        return (
            f"{view.raiser.name}, {view.raiser.job},"
            if view.raiser and view.raiser.job
            else capital(party.short)
        )
    return acting(party, view, readers)


VERBS = {
    Status.AWAITING_RESPONSE: ("answer", "answered"),
    Status.RESPONDED: ("say if it is settled", "said if it is settled"),
    Status.ANSWERED: ("say if it is settled", "said if it is settled"),
    Status.SETTLED: ("say if this keeps the child safe", "said if this keeps the child safe"),
    Status.RECOMMENDED: ("answer the recommendation", "answered the recommendation"),
}


def _verb(view: CaseView) -> tuple[str, str]:
    """What is waited for, to come and past; "answer you" for the side that raised it."""
    owner = view.turn_deadline.owed_by if view.turn_deadline else ""
    if (
        owner == Owner.UNIT
        and view.facts.stage.kind != "dialogue"
        and view.status == Status.AWAITING_RESPONSE
    ):
        convened = view.facts.convened
        return (
            ("give the panel's recommendation", "given the panel's recommendation")
            if convened
            else ("arrange the panel", "arranged the panel")
        )
    if owner == Owner.PARTNERS:
        return "decide", "decided"
    verb = VERBS.get(Status(view.status), ("act", "acted"))
    if view.status == Status.AWAITING_RESPONSE and view.my_side == PartyRole.RAISING:
        return f"{verb[0]} you", f"{verb[1]} you"
    return verb


def _what_i_can_do(view: CaseView, waiting: Sequence[PartyView]) -> str:
    sentences = []
    if (
        view.my_side == PartyRole.RAISING
        and view.status == Status.AWAITING_RESPONSE
        and view.facts.is_dialogue
    ):
        sentences += [_raisers_way_on(view, waiting), question_overtaken(view)]
    elif view.reads_words and view.my_side:
        sentences.append("You have nothing to do today.")
    elif not view.reads_words:
        sentences.append("You see the dates and the stage, not the words.")
    sentences.append(_pending_words(view))
    return " ".join(s for s in sentences if s)


def _raisers_way_on(view: CaseView, waiting: Sequence[PartyView]) -> str:
    if any(not p.matched_at for p in waiting) and view.offers("match") and not view.is_overdue:
        return "You agree by phone which child it is. Their answer counts once you have done this."
    nothing = "You have nothing to do today. "
    if view.offers("escalate"):
        differs = next((p.short for p in view.asked_now if p.answer == "differs"), "")
        still = (
            "They can still answer."
            if view.is_overdue or not differs
            else f"{capital(differs)} sees it differently."
        )
        return f"{still} You can ask the next level to look. {NO_REASON}"
    if view.facts.next_stage is None:
        return nothing.strip()
    if "raising_early" not in view.parts and "raising" not in view.parts:
        return f"{nothing}If they don't answer, your lead can ask the next level to look."
    if len(waiting) > 1:
        return f"{nothing}If one of them does not answer, you can ask the next level to look. {NO_REASON}"
    return f"{nothing}If they don't answer, you can ask the next level to look. {NO_REASON}"


def _pending_words(view: CaseView) -> str:
    if view.pending == "transfer":
        return "A transfer to another area is offered. It stays here until they accept it."
    if view.pending in ("hold", "return"):
        missing = [
            v.short
            for v in (view.raising, *view.asked_now)
            for f in view.facts.parties
            if f.id == v.id and not f.agreed_to_pending and not f.answer
        ]
        what = "A pause" if view.pending == "hold" else "A return to an earlier stage"
        return f"{what} is proposed. It waits for {join(missing)}. The clock runs until everybody agrees."
    return ""


def _their_button(view: CaseView) -> Act | None:
    """Never filled: it is not this reader's turn."""
    if (
        view.my_side == PartyRole.RAISING
        and view.offers("escalate")
        and view.status == Status.AWAITING_RESPONSE
    ):
        return act(view, "escalate")
    if view.offers("match") and view.reads_words:
        return act(view, "match")
    return act(view, "add_note") if view.offers("add_note") else None
