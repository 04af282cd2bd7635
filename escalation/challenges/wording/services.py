"""One state a service where several are asked, and what stands in the way."""

from core.web.components import State
from escalation.challenges.clocks import MATCH
from escalation.challenges.models import PartyRole
from escalation.challenges.queries import CaseView, PartyView
from escalation.challenges.wording.clock import latest, short
from escalation.challenges.wording.names import since
from escalation.challenges.workflow import Status
from escalation.policy.words import capital, join


def services(view: CaseView, mine: PartyView | None = None) -> list[State]:
    """One state each where several were asked; and the child not yet agreed, red for both leads."""
    states = []
    if view.status == Status.AWAITING_RESPONSE and len(view.responding) > 1 and view.facts.is_dialogue:
        waiting_first = sorted(view.responding, key=lambda p: bool(p.answer) or p.agreed_earlier)
        states = [_service(view, p, mine) for p in waiting_first]
    return states + unmatched(view)


def _service(view: CaseView, party: PartyView, mine: PartyView | None) -> State:
    if party.agreed_earlier:
        return State("done", f"{capital(party.short)} agreed at an earlier stage")
    if party.answer and party.answered_at:
        return State("done", f"{capital(party.short)} answered on {short(view, party.answered_at)}")
    late = party.due is not None and party.due.overdue_from < view.now
    if late and party.due:
        return State("late", f"{party.setting}: overdue since {since(party.due.overdue_from, view.now)}")
    return State("turn" if mine and mine.id == party.id else "wait", party.setting)


def unmatched(view: CaseView) -> list[State]:
    """With whom it is not agreed yet which child it is, and by when it should be; late is red for leads."""
    if view.facts.no_single_child or not view.parts & {"member", "raising_lead", "responding_lead"}:
        return []
    lead = bool(view.parts & {"raising_lead", "responding_lead"})
    theirs = view.my_side == PartyRole.RESPONDING
    missing = {p.id: p.short for p in view.responding if not p.matched_at and (p.is_mine or not theirs)}
    owed = next((d for d in view.deadlines if d.name == MATCH and d.party_id in missing), None)
    if owed is None:
        return []
    late, when = owed.overdue_from < view.now, short(view, owed.due)
    if not late and view.offers("match"):
        whom = view.raising.short if theirs else join(list(missing.values()))
        return [State("wait", f"Agree which child this is, with {whom}, by {when}")]
    words = f"Not agreed yet which child this is: {view.raising.short} with {join(list(missing.values()))}"
    was = "was" if late else "is"
    return [State("late" if late and lead else "wait", f"{words}. It {was} due by {when}")]


def question_overtaken(view: CaseView) -> str:
    """For the side that asked: a question that was asked back, and then overtaken by the answer itself."""
    asked = latest(view, "ask_question")
    if asked is None or asked.stage != view.stage or view.my_side != PartyRole.RAISING:
        return ""
    told = latest(view, "answer_question")
    party = next((p for p in view.responding if p.id == asked.party), None)
    if party is None or not party.answer or (told and told.version > asked.version):
        return ""
    return f"{capital(party.short)} asked you a question, then answered. You need not answer it any more."


def recommendation_services(view: CaseView) -> list[State]:
    states = []
    for party in (view.raising, *view.responding):
        if party.recommendation_answer:
            states.append(State("done", f"{capital(party.short)} answered"))
        elif party.owes:
            states.append(State("wait", party.setting))
    return states if len(states) > 1 else []
