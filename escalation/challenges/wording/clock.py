"""The time on a card: which clock is waited for, how it is counted, and how late it is."""

from datetime import datetime

from core.web.components import Clock, Day, State
from core.web.dates import short_date
from escalation.challenges.models import Deadline, PartyRole
from escalation.challenges.queries import CaseView, EntryView, PartyView
from escalation.challenges.wording.names import since
from escalation.challenges.workflow import Status
from escalation.policy.clock import DayCell, Reckoning, Unit
from escalation.policy.stages import Owner
from escalation.policy.words import capital

NO_TIME = "There is no published time for this stage."


def awaited_deadline(view: CaseView) -> Deadline | None:
    """The clock of what is waited for; beside it others may run, such as that of a form to complete."""
    if view.status == Status.AWAITING_RESPONSE and view.facts.is_dialogue:
        asked = [p.due for p in view.owing if p.role == PartyRole.RESPONDING and p.due]
        if asked:
            return min(asked, key=lambda d: d.due)
        shared = view.turn_deadline
        return shared if shared and shared.owed_by in (Owner.BOTH, Owner.RESPONDING) else None
    return view.turn_deadline


def clock(view: CaseView, deadline: Deadline | None) -> Clock | None:
    """How the time is counted; none where nothing runs."""
    if deadline is None:
        return None
    reckoning = Reckoning.from_basis(deadline.basis)
    if reckoning.at_once:
        return Clock("At once", "It counts as overdue only after 5pm on that working day.")
    if reckoning.unit is not Unit.WORKING_DAYS:
        heading = "Fast track" if view.fast else reckoning.quantity_words()
        return Clock(
            heading, f"{capital(reckoning.words(view.now, who=_who(view), what=_needed_for(view)))}."
        )
    sent = (
        "sent"
        if deadline.stage == view.policy.first.number and deadline.started == view.opened_at
        else "start"
    )
    days = tuple(_day(cell) for cell in reckoning.days(view.now, sent=sent))
    who = _who(view)
    words = [
        reckoning.needed_by_sentence(who=who, what=_needed_for(view)) or reckoning.strip_sentence(view.now),
        reckoning.hold_sentence(view.now),
    ]
    return Clock(reckoning.heading(), " ".join(w for w in words if w), days)


def short(view: CaseView, moment: datetime) -> str:
    """ "Tue 29 Dec, 5pm", as seen now."""
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


def overdue(view: CaseView, deadline: Deadline) -> State:
    """ "Overdue since yesterday, 5pm"."""
    return State("late", f"Overdue since {since(deadline.overdue_from, view.now)}")


def is_at_once(deadline: Deadline) -> bool:
    """Due when it starts, and shown without a time."""
    return Reckoning.from_basis(deadline.basis).at_once


def deadline_of(view: CaseView, step: str) -> Deadline | None:
    """The running clock that a step would meet, whatever this policy calls it."""
    return next((d for d in view.deadlines if step in view.policy.milestone(d.stage, d.name).steps), None)


def latest(view: CaseView, step: str) -> EntryView | None:
    """The newest entry of a step that this reader may see."""
    return next((e for e in view.entries if e.step == step), None)


def my_party(view: CaseView) -> PartyView | None:
    """The service this reader acts for, if any."""
    return next((p for p in (view.raising, *view.responding) if p.is_mine), None)
