"""The page of one referral."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.numbered import request_id
from escalation.access.standing import Standing
from escalation.lado import wording
from escalation.lado.case import seat_of
from escalation.lado.events import record_read
from escalation.lado.models import Referral
from escalation.lado.numbers import receipt_of, spoken, spoken_receipt
from escalation.lado.queries import View, find, view_referral
from escalation.lado.queries.reading import readers_of
from escalation.lado.queries.searching import Found, search
from escalation.lado.views.gate import team_only, who


@team_only
@require_safe
def referral(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One referral, as this person of the team may read it now; the reading is logged first."""
    view = opened(request, uuid)
    log_reading(request, view)
    return render(request, "lado/referral.html", shown(request, view))


def opened(request: HttpRequest, uuid: UUID) -> View:
    """What this person may read; 404 for what concerns them, as for what is not there."""
    _, standing = who(request)
    try:
        found = find(uuid, standing)
    except Referral.DoesNotExist:
        raise Http404 from None
    return view_referral(found, standing, now=timezone.now())


def log_reading(request: HttpRequest, view: View) -> None:
    """One line of the read log; before any page is made that shows something of the referral."""
    user, standing = who(request)
    seat, what = seat_of(standing), str(view.referral.uuid)
    record_read(by=user, seat=seat, act="read", at=view.now, what=what, request_id=request_id(request))


def heading(view: View) -> dict[str, Any]:
    """What every page of a referral says on top."""
    return {
        "view": view,
        "reference": spoken(view.referral.reference),
        "adult": wording.adult(view.referral),
        "post": wording.post(view.referral),
    }


def shown(request: HttpRequest, view: View) -> dict[str, Any]:
    """All that the page draws, worded."""
    case, policy = view.case, view.case.policy
    _, standing = who(request)
    return {
        **heading(view),
        "born": wording.born(view.referral.adult_born) if view.referral.adult_born else "",
        "children": [(child.name, wording.born(child.born) if child.born else "") for child in case.children],
        "where": wording.where(view.referral, view.case.strands),
        "turn": wording.turn(view),
        "blocked": wording.blocked(view),
        "told": wording.told(view),
        "told_words": wording.told_words(view),
        "limbs": [policy.label("limb", code) for code in view.referral.limbs],
        "allegations": [
            (wording.allegation(view, a), a.what if view.reads_words else "") for a in case.allegations
        ],
        "strands": [(wording.strand(view, s), s) for s in case.strands],
        "meetings": [(m, [a for a in case.attendees if a.meeting_id == m.pk]) for m in case.meetings],
        "letters": [(wording.letter(view, each), each) for each in case.letters],
        "clocks": wording.clocks(view),
        "targets": wording.targets(view),
        "followed": wording.followed(view),
        "entries": wording.chronology(view),
        "others": wording.others(view),
        "receipt": spoken_receipt(receipt_of(view.referral.key)),
        "source": policy.label("source", view.referral.source) if view.referral.source else "",
        "alike": _alike(view, standing),
        "readers": readers_of(view.referral) if "lado" in view.facts.parts else (),
        "neighbour": policy.neighbour if view.referral.about_lado else None,
    }


def _alike(view: View, standing: Standing) -> Found:
    """Other records with a name like this adult's."""
    name = view.referral.adult_name
    if not name:
        return Found()
    at_least = view.case.policy.limits["alike_percent"]
    return search(name, standing, at_least=at_least, kinds=("adult",), but=view.referral)
