"""One state a service where several are asked, and what stands in the way."""

from core.web.components import State
from escalation.challenges.queries import CaseView, PartyView
from escalation.challenges.wording.clock import deadline_of, short
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
    if view.facts.no_single_child or not view.parts & {"member", "raising_lead", "responding_lead"}:
        return []
    lead = bool(view.parts & {"raising_lead", "responding_lead"})
    owed = deadline_of(view, "match")
    missing = [p.short for p in view.responding if not p.matched_at]
    if owed is None or not missing or owed.overdue_from >= view.now:
        return []
    words = f"Not agreed yet which child this is: {view.raising.short} with {join(missing)}"
    return [State("late" if lead else "wait", f"{words}. It was due by {short(view, owed.due)}")]


def recommendation_services(view: CaseView) -> list[State]:
    states = []
    for party in (view.raising, *view.responding):
        if party.recommendation_answer:
            states.append(State("done", f"{capital(party.short)} answered"))
        elif party.owes:
            states.append(State("wait", party.setting))
    return states if len(states) > 1 else []
