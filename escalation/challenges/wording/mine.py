"""Cards of somebody's own turn: there is a step that they can take, and it is waited for."""

from collections.abc import Sequence
from dataclasses import replace

from core.web.components import State, TurnCard
from core.web.dates import clock_time, long_day, nearby_day
from escalation.challenges.models import Deadline, PartyRole
from escalation.challenges.queries import CaseView, Reader
from escalation.challenges.wording.clock import (
    NO_TIME,
    awaited_deadline,
    clock,
    deadline_of,
    is_at_once,
    latest,
    my_party,
    overdue,
    short,
)
from escalation.challenges.wording.names import due_words, full_day, number, said_at
from escalation.challenges.wording.offers import act, links
from escalation.challenges.wording.services import question_overtaken, recommendation_services, services
from escalation.challenges.workflow import Status
from escalation.policy.stages import Owner, Seniority
from escalation.policy.words import capital, join

AGREE_FIRST = "First agree by phone which child this is, and note it here. Then your answer counts."
COVER_AT = {
    Seniority.PRACTITIONER: "practitioner",
    Seniority.LEAD: "lead",
    Seniority.SENIOR_LEAD: "senior_lead",
    Seniority.PARTNER: "partner",
}


def mine(view: CaseView, readers: Sequence[Reader]) -> TurnCard | None:
    """The card of somebody whose turn it is: there is a step that they can take, and it is waited for."""
    makers = {
        Status.AWAITING_RESPONSE: (_question_for_me, _to_answer, _form_of_mine, _for_unit, _for_partner),
        Status.RESPONDED: (_is_it_safe, _form_of_mine, _for_unit),
        Status.ANSWERED: (_is_it_safe,),
        Status.SETTLED: (_confirm,),
        Status.RECOMMENDED: (_recommendation,),
        Status.CLOSED: (_how_treated,),
        Status.CLOSED_ACTIONS_OPEN: (_actions_of_mine, _how_treated),
        Status.WITHDRAWN: (_withdrawal_for_unit, _how_treated),
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
    mine = my_party(view)
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
        links=links(view, "allocate"),
        services=services(view, mine),
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
    entry, awaited = latest(view, "ask_question"), awaited_deadline(view)
    question = f"“{entry.words['what']}”" if entry and entry.words.get("what") else ""
    still = f"They still need to answer you by {short(view, awaited.due)}." if awaited else ""
    return TurnCard(
        state=State("turn", "Your turn"),
        heading="They have one question for you",
        before=f"{capital(join(asking))} asked you something first.",
        after=f"{question} {still}".strip(),
        tone="mine",
        clock=clock(view, awaited),
        button=act(view, "answer_question"),
        links=links(view, "withdraw"),
        services=services(view),
    )


def _form_of_mine(view: CaseView) -> TurnCard | None:
    owed = deadline_of(view, "complete_form")
    if owed is None or not view.offers("complete_form"):
        return None
    card = _own(
        view,
        "It is your turn to complete the full form",
        owed,
        before="This is a formal stage. Please complete it by",
    )
    return replace(
        card, button=act(view, "complete_form"), links=links(view, "add_note"), services=services(view)
    )


def _for_unit(view: CaseView) -> TurnCard | None:
    if "unit" not in view.parts:
        return None
    if view.offers("convene"):
        card = _own(
            view, "It is your turn to arrange the panel", view.turn_deadline, before="Please arrange it by"
        )
        return replace(card, button=act(view, "convene"), links=links(view, "recommend"))
    if view.offers("recommend"):
        card = _own(
            view, "The panel's recommendation is next", view.turn_deadline, before="Please record it by"
        )
        return replace(card, button=act(view, "recommend"))
    owed = deadline_of(view, "check_form")
    if owed is None or not view.offers("check_form"):
        return None
    card = _own(view, "It is your turn to check the full form", owed, before="Please check it by")
    after = "Sending it back says what is missing. It does not stop the clock."
    return replace(card, after=after, button=act(view, "check_form"), links=links(view, "send_form_back"))


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
    lead = "" if view.offers("settle") else "If it does, your lead can record that it is settled."
    after = f"{question_overtaken(view)} {lead}".strip()
    return replace(card, after=after, even=even, services=services(view))


def _what_came(view: CaseView) -> str:
    """What there is to weigh: the last answer, the recommendation, or the partners' decision."""
    if view.status == Status.ANSWERED:
        decided = latest(view, "decide")
        return (
            f"The lead safeguarding partners decided {said_at(decided.occurred_at, view.now)}."
            if decided
            else "The recommendation is answered."
        )
    entry = latest(view, "not_settled")
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
    entry = latest(view, "settle")
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
    return replace(card, button=act(view, "answer_recommendation"), services=recommendation_services(view))


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
        links=links(view, "reopen", "add_note"),
    )


def _how_treated(view: CaseView) -> TurnCard | None:
    """Three months after it ended, to the raiser alone."""
    if not view.offers("say_treated"):
        return None
    return TurnCard(
        state=State("turn", "A question for you"),
        heading="Were you treated any worse because you raised this?",
        before="It ended three months ago. Only you and the business unit can read your answer.",
        tone="mine",
        button=act(view, "say_treated"),
        links=links(view, "give_pulse", "add_note"),
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
    card = _own(view, heading, deadline_of(view, name), before="It was withdrawn. Please do this by")
    return replace(
        card,
        button=act(view, name),
        links=links(view, "acknowledge_withdrawal") if name == "offer_call" else (),
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
    cover = cover_words(view)
    if deadline is None:
        words = NO_TIME if before.endswith(" by") else before
        return TurnCard(
            state=State("turn", "Your turn"), heading=heading, before=f"{cover}{words}", tone="mine"
        )
    late = deadline.overdue_from < view.now
    when = due_words(deadline.due, at_once=is_at_once(deadline))
    lead_in = overdue_before if late else before
    return TurnCard(
        state=_own_state(view, deadline, late),
        heading=heading,
        clock=clock(view, deadline),
        before=f"{cover}{lead_in}",
        when=when,
        tone="late" if late else "mine",
    )


def _own_state(view: CaseView, deadline: Deadline, late: bool) -> State:
    if late:
        return overdue(view, deadline)
    if nearby_day(deadline.due, now=view.now) == "today" and not is_at_once(deadline):
        return State("due", f"Your turn, due today by {clock_time(deadline.due)}")
    return State("turn", "Your turn")


def cover_words(view: CaseView) -> str:
    """ "You are covering for Tom Whitfield, who is on leave until Sunday 3 January. " or ""."""
    cover, mine = view.covers, my_party(view)
    if mine is not None and mine.outside:
        return f"{capital(mine.short)} does not use the log: call them, and write down here what they say. "
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


def proposal(view: CaseView) -> TurnCard | None:
    """A pause or a return that waits for this reader's yes or no, which weigh the same."""
    name = next((n for n in ("agree_hold", "agree_return") if view.offers(n)), "")
    if not name:
        return None
    awaited = awaited_deadline(view)
    late = awaited is not None and awaited.overdue_from < view.now
    running = f" The answer is due by {short(view, awaited.due)}." if awaited else ""
    return TurnCard(
        state=overdue(view, awaited) if awaited and late else State("turn", "Your turn"),
        heading=_what_is_proposed(view, name),
        before=f"{cover_words(view)}{_why_proposed(view, name)}".strip(),
        after=f"The clock runs until everybody agrees.{running}",
        tone="late" if late and _owes_reply(view) else "mine",
        clock=clock(view, awaited),
        even=[act(view, name, "Yes, we agree"), act(view, "decline_proposal", "No, not now")],
        links=links(view, "reply", "match"),
        services=services(view),
    )


def _what_is_proposed(view: CaseView, name: str) -> str:
    if name == "agree_return":
        return f"It could go back to stage {view.pending_stage}. Do you agree?"
    until = f" until {short(view, view.pending_until)}" if view.pending_until else ""
    return f"A pause{until} is proposed. Do you agree?"


def _why_proposed(view: CaseView, name: str) -> str:
    proposed = latest(view, name.replace("agree", "propose"))
    words = proposed.words if proposed else {}
    why = f"“{words['what']}” " if words.get("what") else ""
    safe = words.get("safe_meanwhile", "")
    return f"{why}How the child is safe meanwhile: {safe}" if safe else why


def _owes_reply(view: CaseView) -> bool:
    mine = my_party(view)
    return mine is not None and mine.role == PartyRole.RESPONDING and mine.owes


def _my_name(view: CaseView) -> str:
    party = my_party(view)
    return party.setting if party else ""
