"""The turn card: whose turn, by when, who can see this, for every status, kind of stage and reader."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.web.components import Act, Clock, Day, State, TurnCard
from core.web.dates import clock_time, london_day, long_day, nearby_day, short_date
from escalation.challenges.models import SENIOR_FROM, Deadline, PartyRole
from escalation.challenges.queries import CaseView, EntryView, PartyView, Reader
from escalation.challenges.reference import spoken
from escalation.challenges.wording.names import (
    acting,
    due_words,
    full_day,
    number,
    owing,
    possessive,
    said_at,
    since,
    whose_turn,
)
from escalation.challenges.workflow import STEP, Status
from escalation.policy.clock import DayCell, Reckoning, Unit
from escalation.policy.stages import Owner, Seniority
from escalation.policy.words import capital, join

NO_TIME = "There is no published time for this stage."
NO_REASON = "You don't need a reason."
AGREE_FIRST = "First agree by phone which child this is, and note it here. Then your answer counts."
LINKS = ("allocate", "withdraw", "end_hold", "reopen", "send_form_back", "add_note")
COVER_AT = {
    Seniority.PRACTITIONER: "practitioner",
    Seniority.LEAD: "lead",
    Seniority.SENIOR_LEAD: "senior_lead",
    Seniority.PARTNER: "partner",
}


def turn_card(view: CaseView, readers: Sequence[Reader]) -> TurnCard:
    """The card for this reader at this moment."""
    card = _proposal(view) or _mine(view, readers) or _nobodys(view) or _theirs(view, readers)
    return replace(card, sees=sees(view, readers), clock=clock(view))


def act(view: CaseView, name: str, words: str = "") -> Act:
    """A step as a button or a link."""
    return Act(words or STEP[name].label, step_url(view, name))


def step_url(view: CaseView, name: str) -> str:
    """The address of a step's page."""
    return f"{view.url}{name}/"


def title(view: CaseView) -> str:
    """The page's title: whose turn, and no word of the case."""
    side = "Your challenge" if view.my_side == PartyRole.RAISING else "Challenge"
    if view.status == Status.ON_HOLD or not owing(view):
        return f"{side}: {Status(view.status).label.lower()}"
    mine = _proposal(view) or _mine(view, ())
    names = owing(view)
    whose = (
        "your turn"
        if mine
        else f"{possessive(names[0])} turn"
        if len(names) == 1
        else f"{number(len(names))} services' turn"
    )
    return f"{side}: {whose}{', overdue' if view.is_overdue else ''}"


# Mine


def _mine(view: CaseView, readers: Sequence[Reader]) -> TurnCard | None:
    """The card of somebody whose turn it is: there is a step that they can take, and it is waited for."""
    makers = {
        Status.AWAITING_RESPONSE: (_question_for_me, _to_answer, _form_of_mine, _for_unit, _for_partner),
        Status.RESPONDED: (_is_it_safe, _form_of_mine, _for_unit),
        Status.ANSWERED: (_is_it_safe,),
        Status.SETTLED: (_confirm,),
        Status.RECOMMENDED: (_recommendation,),
        Status.CLOSED_ACTIONS_OPEN: (_actions_of_mine,),
        Status.WITHDRAWN: (_withdrawal_for_unit,),
    }
    for make in makers.get(Status(view.status), ()):
        card = make(view)
        if card is not None:
            return replace(card, after=" ".join(s for s in (card.after, _lead_is_next(view, readers)) if s))
    return None


def _lead_is_next(view: CaseView, readers: Sequence[Reader]) -> str:
    """What follows if the raiser does not say: "If you don't say, we ask your lead, Maryam Siddiqui." """
    deadline = view.turn_deadline
    asked_first = deadline is not None and deadline.owed_by == Owner.RAISER and "raiser" in view.parts
    if not asked_first or view.status not in (Status.RESPONDED, Status.ANSWERED, Status.SETTLED):
        return ""
    leads = [
        r.name for r in readers if r.party == view.raising.id and r.seat == "lead" and r.name and not r.away
    ]
    return f"If you don't say, we ask your lead{f', {leads[0]}' if len(leads) == 1 else ''}."


def _to_answer(view: CaseView) -> TurnCard | None:
    mine = _my_party(view)
    if mine is None or mine.role != PartyRole.RESPONDING or not mine.owes:
        return None
    if view.offers("reply"):
        button = act(view, "reply")
    elif view.offers("match"):
        button = act(view, "match")
    else:
        return None
    card = _own(
        view,
        "It is your turn to answer",
        mine.due,
        overdue_before="The answer was due by",
        before="Please answer by",
    )
    ready = view.offers("reply")
    after = [_still_answer(view) if card.tone == "late" else _what_if_not(view, ready)]
    if not ready:
        after.insert(0, AGREE_FIRST)
    return replace(
        card,
        after=" ".join(after),
        button=button,
        links=_links(view, "allocate"),
        services=_services(view, mine),
    )


def _still_answer(view: CaseView) -> str:
    if view.facts.next_stage is None:
        return "You can still answer."
    they = view.raising.short
    until = f"Until you do, {they} can ask the next level to look, and they don't need a reason."
    return f"You can still answer. {until}"


def _what_if_not(view: CaseView, ready: bool) -> str:
    question = "You can ask one question first." if ready and view.offers("ask_question") else ""
    if view.facts.next_stage is None:
        return question
    they = view.raising.short
    return f"{question} If you don't answer in time, {they} can ask the next level to look.".strip()


def _question_for_me(view: CaseView) -> TurnCard | None:
    if not view.offers("answer_question") or view.my_side != PartyRole.RAISING:
        return None
    asking = [p.short for p in view.asked_now if p.question_open]
    entry = _latest(view, "ask_question")
    question = f"“{entry.words['what']}” " if entry and entry.words.get("what") else ""
    card = _own(
        view,
        "They have one question for you",
        None,
        before=f"{capital(join(asking))} asked you something first.",
    )
    after = (
        f"{question}They still need to answer you by {short_date(view.next_due, now=view.now)}."
        if view.next_due
        else question.strip()
    )
    return replace(
        card,
        after=after,
        button=act(view, "answer_question"),
        links=_links(view, "withdraw"),
        services=_services(view),
    )


def _form_of_mine(view: CaseView) -> TurnCard | None:
    owed = _deadline(view, "complete_form")
    if owed is None or not view.offers("complete_form"):
        return None
    card = _own(
        view,
        "It is your turn to complete the full form",
        owed,
        before="This is a formal stage. Please complete it by",
    )
    return replace(
        card, button=act(view, "complete_form"), links=_links(view, "add_note"), services=_services(view)
    )


def _for_unit(view: CaseView) -> TurnCard | None:
    if "unit" not in view.parts:
        return None
    if view.offers("convene"):
        card = _own(
            view, "It is your turn to arrange the panel", view.turn_deadline, before="Please arrange it by"
        )
        return replace(card, button=act(view, "convene"), links=_links(view, "recommend"))
    if view.offers("recommend"):
        card = _own(
            view, "The panel's recommendation is next", view.turn_deadline, before="Please record it by"
        )
        return replace(card, button=act(view, "recommend"))
    owed = _deadline(view, "check_form")
    if owed is None or not view.offers("check_form"):
        return None
    card = _own(view, "It is your turn to check the full form", owed, before="Please check it by")
    after = "Sending it back says what is missing. It does not stop the clock."
    return replace(card, after=after, button=act(view, "check_form"), links=_links(view, "send_form_back"))


def _for_partner(view: CaseView) -> TurnCard | None:
    if not view.offers("decide"):
        return None
    card = _own(view, "It is your turn to decide", view.turn_deadline, before="Please decide by")
    return replace(card, button=act(view, "decide"))


def _is_it_safe(view: CaseView) -> TurnCard | None:
    """Never nudge somebody to settle: both answers weigh the same."""
    if view.my_side != PartyRole.RAISING or not view.raising.owes:
        return None
    further = next((name for name in ("escalate", "ask_own_lead", "add_note") if view.offers(name)), "")
    if not view.offers("settle") and not view.offers("escalate"):
        return None
    card = _own(
        view, "Does this keep the child safe?", view.turn_deadline, before=f"{_what_came(view)} Please say by"
    )
    even = [act(view, "settle", "Yes, it's settled")] if view.offers("settle") else []
    even += [act(view, further, "Not settled yet")] if further else []
    after = "" if view.offers("settle") else "If it does, your lead can record that it is settled."
    return replace(card, after=after, even=even, services=_services(view))


def _what_came(view: CaseView) -> str:
    """What there is to weigh: the last answer, the recommendation, or the partners' decision."""
    if view.status == Status.ANSWERED:
        decided = _latest(view, "decide")
        return (
            f"The lead safeguarding partners decided {said_at(decided.occurred_at, view.now)}."
            if decided
            else "The recommendation is answered."
        )
    entry = _latest(view, "not_settled")
    answered = [p for p in view.responding if p.answered_at]
    if not answered:
        return ""
    last = max(answered, key=lambda p: p.answered_at or view.opened_at)
    if last.answered_at is None or (entry and entry.recorded_at > last.answered_at):
        return "It is not settled yet."
    return f"{capital(last.short)} answered {said_at(last.answered_at, view.now)}."


def _confirm(view: CaseView) -> TurnCard | None:
    if not view.offers("confirm_settled"):
        return None
    entry = _latest(view, "settle")
    who = next((p.short for p in (view.raising, *view.responding) if entry and p.id == entry.party), "")
    came = (
        f"{capital(who)} recorded it as settled {said_at(entry.occurred_at, view.now)}. "
        if entry and who
        else ""
    )
    card = _own(view, "Does this keep the child safe?", view.turn_deadline, before=f"{came}Please say by")
    even = [act(view, "confirm_settled"), act(view, "not_settled")]
    return replace(card, even=even)


def _recommendation(view: CaseView) -> TurnCard | None:
    if not view.offers("answer_recommendation"):
        return None
    deadline = view.turn_deadline
    card = _own(
        view,
        "It is your turn to answer the recommendation",
        deadline,
        before="Please answer by",
        overdue_before="The answer was due by",
    )
    return replace(card, button=act(view, "answer_recommendation"), services=_recommendation_services(view))


def _actions_of_mine(view: CaseView) -> TurnCard | None:
    if not view.offers("complete_action"):
        return None
    mine = [a for a in view.actions if a.done_on is None and a.owner == _my_name(view)]
    count = f"{number(len(mine))} action{'' if len(mine) == 1 else 's'}"
    due = min((a.due for a in mine), default=None)
    late = any(a.late for a in mine)
    return TurnCard(
        state=State("late", "Overdue") if late else State("turn", "Your turn"),
        heading=f"You have {count} still to do",
        before="It is closed, and ends when the last action is done. Yours is due by" if due else "",
        when=long_day(due) if due else "",
        tone="late" if late else "mine",
        button=act(view, "complete_action"),
        links=_links(view, "reopen", "add_note"),
    )


def _withdrawal_for_unit(view: CaseView) -> TurnCard | None:
    name = next(
        (n for n in ("offer_call", "acknowledge_withdrawal") if "unit" in view.parts and view.offers(n)), ""
    )
    if not name:
        return None
    heading = (
        "It is your turn to offer a call"
        if name == "offer_call"
        else "It is your turn to acknowledge the withdrawal"
    )
    card = _own(view, heading, _deadline(view, name), before="It was withdrawn. Please do this by")
    return replace(
        card,
        button=act(view, name),
        links=_links(view, "acknowledge_withdrawal") if name == "offer_call" else (),
    )


def _own(
    view: CaseView,
    heading: str,
    deadline: Deadline | None,
    *,
    before: str,
    overdue_before: str = "It was due by",
) -> TurnCard:
    """A card of somebody's own turn, with its state and time."""
    cover = _cover(view)
    if deadline is None:
        words = NO_TIME if before.endswith(" by") else before
        return TurnCard(
            state=State("turn", "Your turn"), heading=heading, before=f"{cover}{words}", tone="mine"
        )
    late = deadline.overdue_from < view.now
    when = due_words(deadline.due, at_once=_at_once(deadline))
    lead_in = overdue_before if late else before
    return TurnCard(
        state=_own_state(view, deadline, late),
        heading=heading,
        before=f"{cover}{lead_in}",
        when=when,
        tone="late" if late else "mine",
    )


def _own_state(view: CaseView, deadline: Deadline, late: bool) -> State:
    if late:
        return State("late", f"Overdue since {since(deadline.overdue_from, view.now)}")
    if nearby_day(deadline.due, now=view.now) == "today" and not _at_once(deadline):
        return State("due", f"Your turn, due today by {clock_time(deadline.due)}")
    return State("turn", "Your turn")


def _cover(view: CaseView) -> str:
    """ "You are covering for Tom Whitfield, who is on leave until Sunday 3 January. " or ""."""
    cover, mine = view.covers, _my_party(view)
    if cover is None or mine is None or cover.kind != COVER_AT[view.facts.stage.seniority]:
        return ""
    if (
        cover.kind == "practitioner"
        and mine.role == PartyRole.RESPONDING
        and (mine.person is None or mine.person.name != cover.holder)
    ):
        return ""
    until = f" until {full_day(cover.until, view.now)}" if cover.until else ""
    return f"You are covering for {cover.holder}, who is {cover.reason or 'away'}{until}. "


# A proposal that waits for a yes


def _proposal(view: CaseView) -> TurnCard | None:
    name = next((n for n in ("agree_hold", "agree_return") if view.offers(n)), "")
    if not name:
        return None
    hold = name == "agree_hold"
    proposed = _latest(view, "propose_hold" if hold else "propose_return")
    words = proposed.words if proposed else {}
    why = f"“{words['what']}” " if words.get("what") else ""
    safe = (
        f"How the child is safe meanwhile: {words['safe_meanwhile']} " if words.get("safe_meanwhile") else ""
    )
    until = f" until {short_date(view.pending_until, now=view.now)}" if view.pending_until else ""
    stage = next((s.long_name for s in view.policy.stages if s.number == view.pending_stage), "")
    heading = (
        f"A pause{until} is proposed. Do you agree?"
        if hold
        else f"It could go back to stage {view.pending_stage}. Do you agree?"
    )
    running = (
        f"The clock runs until everybody agrees. The answer is due by {_short(view, view.next_due)}."
        if view.next_due
        else ""
    )
    late = view.is_overdue
    return TurnCard(
        state=State("late", f"Overdue since {since(view.overdue_from, view.now)}")
        if late and view.overdue_from
        else State("turn", "Your turn"),
        heading=heading,
        before=f"{_cover(view)}{why}{safe}{'' if hold else stage}".strip(),
        after=running,
        tone="late" if late and _owes_reply(view) else "mine",
        even=[act(view, name, "Yes, we agree"), act(view, "decline_proposal", "No, not now")],
        links=_links(view, "reply", "match"),
        services=_services(view),
    )


def _owes_reply(view: CaseView) -> bool:
    mine = _my_party(view)
    return mine is not None and mine.role == PartyRole.RESPONDING and mine.owes


# Nobody's


def _nobodys(view: CaseView) -> TurnCard | None:
    links = _links(view, "end_hold", "reopen", "add_note")
    if view.status == Status.ON_HOLD and view.hold:
        entry = _latest(view, "set_hold") or _latest(view, "agree_hold") or _latest(view, "propose_hold")
        source = _latest(view, "propose_hold") if entry and entry.step == "agree_hold" else entry
        safe = source.words.get("safe_meanwhile", "") if source else ""
        return TurnCard(
            state=State("hold", "On hold"),
            heading="The clock has stopped",
            before="It starts again by itself on",
            when=due_words(view.hold.limit),
            after=f"How the child is safe meanwhile: {safe}" if safe else "",
            links=links,
        )
    if view.status == Status.CLOSED_ACTIONS_OPEN:
        return _closed_with_actions(view, links)
    ended = _ended(view)
    if ended is None:
        return None
    heading, after = ended
    reopening = _reopening(view)
    return TurnCard(
        state=State("done", Status(view.status).label),
        heading=heading,
        after=" ".join(s for s in (after, reopening) if s),
        links=links,
    )


def _ended(view: CaseView) -> tuple[str, str] | None:
    if view.status == Status.CLOSED:
        if view.confirmed is False:
            return "It is closed", "Nobody confirmed that this keeps the child safe."
        return "It is settled and closed", "The side that raised it said that this keeps the child safe."
    if view.status == Status.WITHDRAWN:
        return "It was withdrawn", "There is nothing more to do."
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


def _closed_with_actions(view: CaseView, links: Sequence[Act]) -> TurnCard:
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
        links=links,
    )


def _reopening(view: CaseView) -> str:
    if not view.offers("reopen") or view.facts.reopen_until is None:
        return ""
    return f"You can reopen it until {full_day(london_day(view.facts.reopen_until), view.now)}."


# Theirs


def _theirs(view: CaseView, readers: Sequence[Reader]) -> TurnCard:
    names = owing(view)
    late = view.is_overdue
    waiting = [p for p in view.owing if p.role == PartyRole.RESPONDING]
    before, when = _their_time(view, readers, names)
    return TurnCard(
        state=_their_state(view, names, late),
        heading=whose_turn(names) if names else Status(view.status).label,
        before=before,
        when=when,
        after=_what_i_can_do(view, waiting),
        button=_their_button(view),
        links=_links(view, "withdraw" if view.my_side == PartyRole.RAISING else "allocate"),
        services=_recommendation_services(view) if view.status == Status.RECOMMENDED else _services(view),
    )


def _their_state(view: CaseView, names: Sequence[str], late: bool) -> State:
    if late and view.overdue_from:
        return State("late", f"Overdue since {since(view.overdue_from, view.now)}")
    asked = view.asked_now
    if len(asked) > 1 and view.status == Status.AWAITING_RESPONSE and view.facts.is_dialogue:
        waiting = sum(not p.answer for p in asked)
        return State("wait", f"Waiting for {number(waiting)} of {number(len(asked))}")
    return State("wait", f"Waiting for {join(names)}" if names else Status(view.status).label)


def _their_time(view: CaseView, readers: Sequence[Reader], names: Sequence[str]) -> tuple[str, str]:
    if view.next_due is None:
        return NO_TIME, ""
    who = _who_should(view, readers, names)
    verb = _verb(view)
    if view.is_overdue:
        return f"{who} should have {verb[1]} by", due_words(view.next_due)
    at_once = view.turn_deadline is not None and _at_once(view.turn_deadline)
    return f"{who} should {verb[0]} by", due_words(view.next_due, at_once=at_once)


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
        sentences.append(_raisers_way_on(view, waiting))
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
    if "raiser_early" not in view.parts and "raising" not in view.parts:
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


# What stands on every card


def _services(view: CaseView, mine: PartyView | None = None) -> list[State]:
    """One state each where several were asked; and the child not yet agreed, red for both leads."""
    states = []
    if view.status == Status.AWAITING_RESPONSE and len(view.responding) > 1 and view.facts.is_dialogue:
        waiting_first = sorted(view.responding, key=lambda p: bool(p.answer) or p.agreed_earlier)
        states = [_service(view, p, mine) for p in waiting_first]
    return states + _unmatched(view)


def _service(view: CaseView, party: PartyView, mine: PartyView | None) -> State:
    if party.agreed_earlier:
        return State("done", f"{capital(party.short)} agreed at an earlier stage")
    if party.answer and party.answered_at:
        when = short_date(party.answered_at, now=view.now)
        return State("done", f"{capital(party.short)} answered on {when}")
    late = party.due is not None and party.due.overdue_from < view.now
    if late and party.due:
        return State("late", f"{party.setting}: overdue since {since(party.due.overdue_from, view.now)}")
    return State("turn" if mine and mine.id == party.id else "wait", party.setting)


def _unmatched(view: CaseView) -> list[State]:
    if view.facts.no_single_child or not view.parts & {"member", "raising_lead", "responding_lead"}:
        return []
    lead = bool(view.parts & {"raising_lead", "responding_lead"})
    owed = _deadline(view, "match")
    missing = [p.short for p in view.responding if not p.matched_at]
    if owed is None or not missing or owed.overdue_from >= view.now:
        return []
    words = f"Not agreed yet which child this is: {view.raising.short} with {join(missing)}"
    return [State("late" if lead else "wait", f"{words}. It was due by {short_date(owed.due, now=view.now)}")]


def _recommendation_services(view: CaseView) -> list[State]:
    states = []
    for party in (view.raising, *view.responding):
        if party.recommendation_answer:
            states.append(State("done", f"{capital(party.short)} answered"))
        elif party.owes:
            states.append(State("wait", party.setting))
    return states if len(states) > 1 else []


def _links(view: CaseView, *names: str) -> list[Act]:
    return [act(view, name) for name in names if view.offers(name)]


def sees(view: CaseView, readers: Sequence[Reader]) -> str:
    """ "4 people: two in health visiting, two in social care. The business unit sees dates only." """
    sides = Counter(r.party for r in readers)
    shorts = {r.party: r.short for r in readers}
    people = f"{len(readers)} {'person' if len(readers) == 1 else 'people'}"
    if len(sides) > 2:
        who = f"{people} in {number(len(sides))} services."
    else:
        who = f"{people}: {', '.join(f'{number(n)} in {shorts[p]}' for p, n in sides.items())}."
    unit = (
        "The business unit can read it too."
        if view.stage_reached >= SENIOR_FROM
        else "The business unit sees dates only."
    )
    return f"{who} {unit}"


def clock(view: CaseView) -> Clock | None:
    """How the time is counted; none where nothing runs or the clock has stopped."""
    deadline = view.turn_deadline
    if deadline is None or view.status == Status.ON_HOLD:
        return None
    reckoning = Reckoning.from_basis(deadline.basis)
    if reckoning.at_once:
        return Clock("At once", "It counts as overdue only after 5pm on that working day.")
    if reckoning.unit is not Unit.WORKING_DAYS:
        heading = "Fast track" if view.fast else reckoning.quantity_words()
        return Clock(
            heading, f"{capital(reckoning.words(view.now, who=_who(view), what=_needed_for(view)))}."
        )
    sent = "sent" if deadline.name == "reply" and deadline.stage == view.policy.first.number else "start"
    days = tuple(_day(cell) for cell in reckoning.days(view.now, sent=sent))
    who = _who(view)
    words = [
        reckoning.needed_by_sentence(who=who, what=_needed_for(view)) or reckoning.strip_sentence(view.now),
        reckoning.hold_sentence(view.now),
    ]
    return Clock(reckoning.heading(), " ".join(w for w in words if w), days)


def _short(view: CaseView, moment: datetime) -> str:
    return short_date(moment, now=view.now)


def _who(view: CaseView) -> str:
    return "You" if view.my_side == PartyRole.RAISING else "They"


def _needed_for(view: CaseView) -> str:
    return (view.words or {}).get("needed_why", "")


KINDS = {"off": ("off",), "due": ("due",)}


def _day(cell: DayCell) -> Day:
    kinds = ("missed",) if cell.missed else KINDS.get(cell.kind, ())
    return Day(
        cell.weekday, str(cell.date.day), cell.word, (*kinds, "now") if cell.is_today else kinds, cell.hidden
    )


def _at_once(deadline: Deadline) -> bool:
    return Reckoning.from_basis(deadline.basis).at_once


def _deadline(view: CaseView, step: str) -> Deadline | None:
    """The running clock that a step would meet, whatever this policy calls it."""
    return next((d for d in view.deadlines if step in view.policy.milestone(d.stage, d.name).met_by), None)


def _latest(view: CaseView, step: str) -> EntryView | None:
    return next((e for e in view.entries if e.step == step), None)


def _my_party(view: CaseView) -> PartyView | None:
    return next((p for p in (view.raising, *view.responding) if p.is_mine), None)


def _my_name(view: CaseView) -> str:
    mine = _my_party(view)
    return mine.setting if mine else ""
