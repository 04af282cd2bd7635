"""What happens next, once a challenge is sent: who will act, by when, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.dates import clock_time, nearby_day, short_day
from escalation.access.standing import request_standing
from escalation.challenges.counterparts import seats_at
from escalation.challenges.models import Challenge, PartyRole
from escalation.challenges.queries import CaseView, PartyView, find, view_case
from escalation.challenges.reference import spoken
from escalation.challenges.views.case import show_case
from escalation.challenges.views.start import phones
from escalation.challenges.wording.page import needed, nobody_acting
from escalation.directory.acting import STAGE_SEAT, Actor, who_acts
from escalation.policy.clock import LONDON, Reckoning, Unit
from escalation.policy.words import capital


@dataclass(frozen=True)
class Contact:
    """A service that was asked: who acts there, and the number to call now."""

    service: str
    actors: Sequence[Actor]
    number: str

    @property
    def ask_for(self) -> str:
        return self.actors[0].name if self.actors else ""


@dataclass(frozen=True)
class Next:
    """One line of what happens next: when, beside it the hour, and what."""

    when: str
    beside: str
    heading: str
    text: str


@require_safe
def sent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Sent. Now call them too: who acts, by when they answer, and why then."""
    standing, now = request_standing(request), timezone.now()
    try:
        challenge = find(uuid, standing)
    except Challenge.DoesNotExist:
        raise Http404 from None
    view = view_case(challenge, standing, now=now)
    if "raiser" not in view.parts:
        return redirect("challenges:case", uuid=uuid)
    contacts = _contacts(challenge, view)
    sent_on = (
        f"{short_day(view.opened_at)} {view.opened_at.astimezone(LONDON):%Y}, {clock_time(view.opened_at)}"
    )
    context = {
        "view": view,
        "reference": spoken(view.reference),
        "contacts": contacts,
        "several": len(contacts) > 1,
        "sent_words": f"Sent {sent_on}",
        "next": _what_happens_next(view),
        "note_step": "match" if view.offers("match") else "add_note",
        "phones": phones(),
        "nobody_acting": nobody_acting(view),
        "duty": phones(),
        "needed": needed(view),
    }
    return show_case(request, view, "challenges/sent.html", context)


def _contacts(challenge: Challenge, view: CaseView) -> list[Contact]:
    parties = challenge.parties.filter(role=PartyRole.RESPONDING).select_related("setting", "counterpart")
    asked = list(parties)
    kind, day = STAGE_SEAT[view.policy.stage(view.stage).seniority], view.now.astimezone(LONDON).date()
    seats = seats_at([party.setting for party in asked], today=day)
    contacts = []
    for party in asked:
        person = party.counterpart if view.stage == view.policy.first.number else None
        actors = who_acts(seats, party.setting, person=person, kind=kind, day=day)
        number = next((actor.phone for actor in actors if actor.phone), party.setting.phone)
        contacts.append(Contact(party.setting.name, actors, number))
    return contacts


def _what_happens_next(view: CaseView) -> list[Next]:
    match = next((d for d in view.deadlines if d.name == "match"), None)
    agree = []
    if match is not None:
        text = "By phone, using your number and theirs. Their answer counts once you have done this."
        agree = [
            Next(
                _day(match.due, view.now), f"by {clock_time(match.due)}", "You agree which child it is", text
            )
        ]
    answers = [_answer_by(party, view.now) for party in view.asked_now]
    move_on = "You don’t need a reason. Come back to your challenge then, and press the button."
    return [*agree, *answers, Next("If they don’t", "", "You can ask the next level to look", move_on)]


def _day(moment: datetime, now: datetime) -> str:
    return capital(nearby_day(moment, now=now)) or f"By {short_day(moment, now=now)}"


def _answer_by(party: PartyView, now: datetime) -> Next:
    heading = f"{capital(party.short)} should answer you"
    if party.due is None:
        return Next("Soon", "", heading, "The policy gives no time for this. Call them and agree one.")
    reckoning = Reckoning.from_basis(party.due.basis)
    beside = "" if reckoning.at_once else clock_time(reckoning.due)
    return Next(f"By {short_day(reckoning.due, now=now)}", beside, heading, _why_then(reckoning))


def _why_then(reckoning: Reckoning) -> str:
    """ "That is 2 working days. Christmas Day and the weekend don’t count.", from the rows' own reckoning."""
    if reckoning.by_needed_by:
        return reckoning.needed_by_sentence()
    weekends = "Weekends count." if reckoning.unit is Unit.ELAPSED_HOURS else reckoning.uncounted_sentence()
    return f"That is {reckoning.quantity_words()}. {weekends}".strip().replace("'", "’")
