"""The case page: whose turn, by when, who can see this; then everything else of one challenge."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.web.components import Act, TurnCard
from core.web.numbered import request_id
from escalation.access.fields import FieldGroup
from escalation.access.models import GrantKind
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.challenges.navigation import has_work_list
from escalation.challenges.queries import CaseView, Reader, find, open_case
from escalation.challenges.reference import spoken
from escalation.challenges.services import note_reading
from escalation.challenges.views.start import phones as numbers_to_call
from escalation.challenges.wording import page
from escalation.challenges.wording.names import SEATS, about, asked_line
from escalation.challenges.wording.turn import title, turn_card
from escalation.challenges.workflow import CLOSING
from escalation.directory.queries import keeps_any


@require_safe
def case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One challenge, as this person may read it now."""
    _, view, readers = opened(request, uuid)
    standing = request_standing(request)
    way_back = "Work list" if has_work_list(standing) else "My challenges"
    context = {**shown(view, readers), "way_back": way_back, "retell": may_retell(view, standing)}
    return show_case(request, view, "challenges/case.html", context)


def may_retell(view: CaseView, standing: Standing) -> bool:
    """Whether they can tell others of it, but not whose it is: leads and the unit, of what is closed."""
    return view.status in CLOSING and view.reads_words and keeps_any(standing)


@require_safe
def seen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who can see it, on a page of its own."""
    _, view, readers = opened(request, uuid)
    by_side = [
        (party.setting, [r for r in readers if r.party == party.id])
        for party in (view.raising, *view.responding)
    ]
    sampling = [each for each in readers if each.seat == GrantKind.SAMPLE]
    if sampling:
        by_side.append((SEATS[GrantKind.SAMPLE], sampling))
    context = {
        **heading(view),
        "who": page.who_sees(view, readers),
        "by_side": by_side if view.reads_words else [],
    }
    return show_case(request, view, "challenges/seen.html", context)


def show_case(
    request: HttpRequest,
    view: CaseView,
    template: str,
    context: Mapping[str, Any],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The one way in which a page shows a challenge: the read log's line comes before the page."""
    log_reading(request, view)
    return render(request, template, dict(context), status=status)


def log_reading(request: HttpRequest, view: CaseView) -> None:
    """For a page that says something of `view`; where it cannot be written, the page is not served."""
    if isinstance(request.user, User):
        note_reading(view, by=request.user, request_id=request_id(request))


def opened(request: HttpRequest, uuid: UUID) -> tuple[Challenge, CaseView, tuple[Reader, ...]]:
    """The challenge, what this person may read of it, and who else can; 404 for what is out of sight."""
    standing = request_standing(request)
    try:
        challenge = find(uuid, standing)
    except Challenge.DoesNotExist:
        raise Http404 from None
    view, readers = open_case(challenge, standing, now=timezone.now())
    return challenge, view, readers


def heading(view: CaseView) -> dict[str, Any]:
    """What every page of a challenge says on top."""
    return {"case": view, "reference": spoken(view.reference), "about": about(view)}


def shown(view: CaseView, readers: tuple[Reader, ...]) -> dict[str, Any]:
    """All that the case page draws, worded."""
    turn, child, alarm = turn_card(view, readers), page.child(view), page.nobody_acting(view)
    offered = [*acts_of(turn), *([child.remind] if child.remind else [])]
    return {
        **heading(view),
        "title": title(view),
        "asked": asked_line(view),
        "label": view.label,
        "nobody_acting": alarm,
        "duty": numbers_to_call() if alarm and "raiser" in view.parts else [],
        "needed": page.needed(view),
        "turn": turn,
        "stages": page.stages(view),
        "sides": page.sides(view),
        "panel_heading": page.panel_heading(view),
        "actions": page.actions(view),
        "entries": page.chronology(view),
        "child": child,
        "who": page.who_sees(view, readers),
        "phones": page.phones(view, readers),
        "callback": page.callback(view),
        "others": page.other_steps(view, [act.url for act in offered]),
        "is_open": page.is_open(view),
        "trail_url": reverse("challenges:trail", args=[view.uuid]) if FieldGroup.F5 in view.groups else "",
        "people": people_acts(view),
    }


def people_acts(view: CaseView) -> list[Act]:
    """Ways to say who must not see it: for all who see it; and for the unit, who that is."""
    acts = [Act("Say who must not see this", reverse("challenges:conflict", args=[view.uuid]))]
    if "unit" in view.parts:
        acts.append(Act("See who is kept out and let in", reverse("challenges:people", args=[view.uuid])))
    return acts


def acts_of(turn: TurnCard) -> list[Act]:
    """Everything that the turn card offers."""
    button = [turn.button] if turn.button else []
    return [*button, *turn.even, *turn.links]
