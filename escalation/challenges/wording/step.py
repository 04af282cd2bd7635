"""The words around a step's form: its button, what happens when it is sent, and who will read it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.machine import Step
from core.web.components import Part, State
from core.web.dates import long_date
from escalation.challenges.facts import Facts
from escalation.challenges.models import PartyRole
from escalation.challenges.queries import CaseView, EntryView, PartyView, Reader
from escalation.challenges.wording.clock import awaited_deadline, short
from escalation.challenges.wording.names import PARTNERS, SEATS, UNIT, about
from escalation.challenges.wording.page import what_happened
from escalation.challenges.workflow import Status
from escalation.policy.clock import Reckoning, reckon
from escalation.policy.milestones import starting
from escalation.policy.stages import Milestone, Owner, Seniority, When
from escalation.policy.words import capital, join

BUTTONS = {
    "reply": "Send answer",
    "ask_question": "Send question",
    "answer_question": "Send answer",
    "match": "Note it",
    "put_on_record": "Note the date",
    "correct": "Add the correction",
    "answer_recommendation": "Send answer",
    "propose_hold": "Propose the pause",
    "complete_form": "Complete the form",
    "complete_action": "It is done",
    "escalate": "Ask the next level",
    "ask_own_lead": "Ask our lead",
    "settle": "Record that it is settled",
    "confirm_settled": "Yes, it's settled",
    "not_settled": "Say it is not settled yet",
    "withdraw": "Withdraw it",
    "add_note": "Add it",
    "agree_hold": "Agree",
    "agree_return": "Agree",
    "allocate": "Give it to them",
    "void": "Mark it as void",
    "thank": "Thank them",
    "say_learning": "Note it",
    "suggest_learning": "Suggest it",
    "reopen": "Reopen it",
}
TITLES = {
    "say_treated": "Were you treated any worse?",
    "withdraw": "It's settled, or not needed after all",
    "confirm_settled": "Does this keep the child safe?",
}
UNIT_SEES = {
    "reply": "that you answered",
    "settle": "the outcome and what it changes",
    "say_learning": "what you chose",
    "suggest_learning": "what you chose",
}
"""Before the unit reads the words, by step: what it knows of it all the same."""
CALLED = {Owner.UNIT: UNIT, Owner.PARTNERS: PARTNERS, Owner.RAISER: "the person who raised it"}
OWED = {
    "raiser_answer": "to say if it is settled",
    "raiser_answer_again": "to say if it is settled, or ask the next level",
    "raiser_confirm": "to say if this keeps the child safe",
    "reply": "to answer",
}


def button(step: Step[Facts]) -> str:
    """The words of the one button."""
    return BUTTONS.get(step.name, "Send")


def heading(step: Step[Facts]) -> str:
    """The step as the page's heading."""
    return TITLES.get(step.name, step.label)


def caption(view: CaseView) -> str:
    """ "a plan is not moving", after the reference."""
    words = about(view)
    return words[:1].lower() + words[1:]


def worry(view: CaseView) -> list[Part]:
    """The worry beside the form: what they are worried about, would like, and what the child has shown."""
    words = view.words or {}
    mine = view.my_side == PartyRole.RAISING
    heads = (
        ("You are worried that" if mine else "They are worried that", words.get("worry", "")),
        ("You would like" if mine else "They would like", words.get("want", "")),
        ("The child has shown", words.get("voice", "")),
    )
    return [Part(lead, text) for lead, text in heads if text]


def when_you_send(
    step: Step[Facts], view: CaseView, readers: Sequence[Reader], closed: Mapping[date, str], me: str
) -> list[str]:
    """What sending does: who sees it at once, what is due next, and who can read it too."""
    if step.quiet:
        return ["When you send, only you and the business unit can read it."]
    if step.audience != "all_parties":
        return ["When you send, your own side and the business unit can read it. The other side cannot."]
    if step.name == "withdraw":
        return ["When you send, it is withdrawn at once."]
    said = [_sees_at_once(view), *(_next_due(step, view, closed))]
    return [" ".join(s for s in said if s), _others(step, view, readers, me)]


def same_again(step: Step[Facts], view: CaseView, readers: Sequence[Reader]) -> str:
    """Where nobody is named at stage 1 its leads answer there, and would at stage 2; with the way round."""
    following = view.facts.next_stage
    if step.name != "escalate" or following is None or following.seniority is not Seniority.LEAD:
        return ""
    if view.policy.stage(view.stage).seniority is not Seniority.PRACTITIONER:
        return ""
    again = {p.short: names for p in view.asked_now if (names := _leads_who_answer(p, readers))}
    if not again:
        return ""
    who = "person" if sum(len(names) for names in again.values()) == 1 else "people"
    listed = join([f"{join(names)} ({short})" for short, names in again.items()])
    return f"At stage {following.number} the same {who} would answer again: {listed}.{_way_round(view)}"


def _leads_who_answer(party: PartyView, readers: Sequence[Reader]) -> list[str]:
    seats = [r for r in readers if r.party == party.id]
    if party.person or any(r.seat == "counterpart" for r in seats):
        return []
    return list(dict.fromkeys(r.name for r in seats if r.seat == "lead" and r.name and not r.away))


def _way_round(view: CaseView) -> str:
    """How to skip the stage with the same people, or what has to come first."""
    beyond = next((s for s in view.policy.stages if s.number > view.stage + 1), None)
    if beyond is None or beyond.only_after_not_accepted:
        return ""
    if beyond.formal and not (view.facts.form_complete or view.facts.child_cannot_wait):
        return f" Once the full form is complete, you can skip to stage {beyond.number}."
    terms = view.policy.vocabularies.get("skip_reason", ())
    reason = next((term.label for term in terms if term.code == "same_person"), "")
    return f" You can skip to stage {beyond.number}: choose it below, with the reason “{reason}”."


def _sees_at_once(view: CaseView) -> str:
    raiser = view.raiser.name if view.raiser else "the person who raised it"
    if view.my_side == PartyRole.RAISING:
        whom = join([p.short for p in view.responding])
        return f"When you send, {whom} can see it at once." if whom else ""
    return f"When you send, {raiser} sees it at once."


def _next_due(step: Step[Facts], view: CaseView, closed: Mapping[date, str]) -> list[str]:
    """The clocks that sending starts, worked out as if it were sent now."""
    sentences = []
    for milestone in _starts(step, view):
        clock = milestone.clock(fast=view.fast)
        if clock is None or clock[0] == 0:
            continue
        reckoning = reckon(view.now, *clock, closed=closed, needed_by=_needed_by(step, view))
        sentences.append(_owed(milestone, reckoning, view))
    return sentences[:1]


def _needed_by(step: Step[Facts], view: CaseView) -> datetime | None:
    return view.needed_by if step.name == "escalate" else None


def _starts(step: Step[Facts], view: CaseView) -> list[Milestone]:
    """The milestones that this step would start, those that everybody sees."""
    if step.name == "escalate":
        following = view.facts.next_stage
        return (
            [m for m in following.milestones if m.after == "stage_start" and m.has_time] if following else []
        )
    if step.name == "reply" and len(view.facts.unanswered) > 1:
        return []
    met = [m.name for m in view.policy.milestones_of(view.stage) if step.name in m.met_by]
    events = [f"step:{step.name}", *(f"met:{name}" for name in met)]
    found = [
        milestone
        for event in events
        for milestone in starting(
            view.policy, view.stage, event, formal_without_form=False, agreed=False, pressure=False
        )
    ]
    return [
        m for m in found if m.audience == "all_parties" and m.when is When.ALWAYS and step.name not in m.steps
    ]


def _owed(milestone: Milestone, reckoning: Reckoning, view: CaseView) -> str:
    who = CALLED.get(milestone.owed_by, "")
    if milestone.owed_by == Owner.RAISER:
        who = "you" if view.my_side == PartyRole.RAISING else "they"
    if milestone.owed_by == Owner.RESPONDING:
        who = "they"
    what = OWED.get(milestone.name, f"to {milestone.label[:1].lower()}{milestone.label[1:]}")
    has = "have" if who in ("you", "they", PARTNERS) or not who else "has"
    quantity = reckoning.quantity_words()
    return f"{capital(who or 'both sides')} then {has} {quantity} {what}: until {long_date(reckoning.due)}."


def _others(step: Step[Facts], view: CaseView, readers: Sequence[Reader], me: str) -> str:
    """Who else can read it: those not named already, the writer aside."""
    known = {me, view.raiser.name if view.raiser else ""}
    names = list(dict.fromkeys(r.name for r in readers if r.name and r.name not in known))
    did = UNIT_SEES.get(step.name, "that it happened")
    unit = "The business unit can read it." if view.unit_reads else f"The business unit sees only {did}."
    return f"{join(names)} can read it too. {unit}" if names else unit


def state(view: CaseView) -> State | None:
    """How the time stands, for the panel beside the form."""
    deadline = awaited_deadline(view)
    if deadline is None or view.status == Status.ON_HOLD:
        return None
    if deadline.overdue_from < view.now:
        return State("late", f"Overdue since {short(view, deadline.overdue_from)}")
    return State("wait", f"Due by {short(view, deadline.due)}")


def who_was_first(view: CaseView, version: int) -> tuple[str, str]:
    """The title and the sentence of the page that says somebody else was first (409)."""
    first = next((e for e in reversed(view.entries) if e.version > version), None)
    answered = first is not None and first.step == "reply"
    title = (
        "Someone answered first. Your words are safe"
        if answered
        else "Something changed first. Your words are safe"
    )
    return title, _happened(view, first) if first else "While you were writing, the challenge changed."


def _happened(view: CaseView, entry: EntryView) -> str:
    day = entry.recorded_at
    who = f"the {entry.who}" if entry.who else SEATS.get(entry.seat, "somebody").lower()
    at = long_date(day)
    if entry.step == "reply":
        return f"While you were writing, {who} sent an answer: {at}."
    what = what_happened(view, entry)
    return f"While you were writing, this happened: {what[:1].lower()}{what[1:]}, by {who}, {at}."
