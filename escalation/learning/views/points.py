"""Learning points: written by leads and the business unit, approved by a second person of the unit."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.machine import Moved, NotPermitted, Refused
from core.web import late
from core.web.asking import form_page
from escalation.access.acting import Acting
from escalation.accounts.models import User
from escalation.forums.views.gate import acting
from escalation.learning.forms import PointForm, as_it_is
from escalation.learning.models import Point
from escalation.learning.queries import origins_of
from escalation.learning.services import approve, propose, rewrite, send_back, take_back, write
from escalation.learning.wording import learnt, point_rows
from escalation.retelling.models import TextState
from escalation.retelling.promising import organisations_led
from escalation.retelling.sources import finds_in, may_write, reference_of
from escalation.retelling.wording import marked
from escalation.rulebook.queries import current_policy

ASKED = ["GET", "HEAD", "POST"]
ACTS: Mapping[str, tuple[Callable[[Point, str, Acting], object], str]] = {
    "propose": (
        lambda point, words, by: propose(point, despite=words, by=by),
        "It waits for a colleague of the business unit to read it.",
    ),
    "approve": (lambda point, _, by: approve(point, by=by), "It is approved, and on the board."),
    "send back": (lambda point, words, by: send_back(point, why=words, by=by), "It is a draft again."),
    "take back": (
        lambda point, _, by: take_back(point, by=by),
        "It is taken back. It left the board.",
    ),
}
"""What the buttons of a point's page do, with the words beside them, and what is said then."""


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """One's own; for the unit all, first those that wait."""
    by = _writer(request)
    found = Point.objects.visible_to(by.standing).select_related("written_by")
    return render(request, "learning/points.html", {"rows": point_rows(found, reader=by.user)})


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Write one down. The next page says what the log asks about."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    by = _writer(request)
    reference = reference_of(request.GET.get("from", ""), by.standing, by.now)
    form = _form(request, by, {"key": drawn_id("form"), "seen": 0, "reference": reference})
    if request.method == "POST" and form.is_valid():
        return redirect(write(form.point, key=form.cleaned_data["key"], by=by))
    return form_page(request, "learning/write.html", {"form": form, "owner": late.seal(by.user.pk)})


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(ASKED)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say it anew; whoever changed it meanwhile is not overwritten."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    by = _writer(request)
    found = _point(by, uuid)
    form = _form(request, by, as_it_is(found))
    context = {"form": form, "point": found, "owner": late.seal(by.user.pk)}
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(rewrite(found, form.point, seen=form.cleaned_data["seen"], by=by))
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at it, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(found.version)
            return render(request, "learning/write.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(None, no.sentence)
    return form_page(request, "learning/write.html", context)


def _form(request: HttpRequest, by: Acting, initial: dict[str, object]) -> PointForm:
    """As it was sent; or as it was typed before the session ended; or as it is."""
    policy = current_policy(by.today).policy
    if request.method == "POST":
        return PointForm(request.POST, by=by, policy=policy, initial=initial)
    posted = late.take_back(request, by.user.pk)
    form = PointForm(posted, by=by, policy=policy, initial=initial)
    if posted is not None:
        form.show_as_typed()
        messages.info(request, late.SAID)
    return form


@require_http_methods(ASKED)
def point(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its text, what the log asks about, what was decided and is done, and what can be done with it."""
    by = _writer(request)
    found = _point(by, uuid)
    if request.method == "POST":
        return _acted(request, found, by)
    sources = origins_of(found, by.standing, by.now)
    finds = finds_in(found, sources) if found.may_change else []
    is_mine = found.written_by_id == by.user.pk
    is_told = found.state == TextState.APPROVED
    context = {
        "point": found,
        "shown": marked(found, finds),
        "finds": finds,
        "sources": sources,
        "is_mine": is_mine,
        "may_approve": by.standing.in_business_unit and not is_mine,
        "learnt": learnt(found, by.today, organisations_led(by.standing)) if is_told else None,
        "is_unit": by.standing.in_business_unit,
    }
    return render(request, "learning/point.html", context)


def _acted(request: HttpRequest, found: Point, by: Acting) -> HttpResponse:
    act, said = ACTS.get(request.POST.get("act", ""), (_nothing, ""))
    try:
        act(found, request.POST.get("words", "")[:2000], by)
    except NotPermitted as no:
        raise PermissionDenied from no
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect(found)


def _nothing(point: Point, words: str, by: Acting) -> None:
    raise Refused("Choose what to do with it.")


def _writer(request: HttpRequest) -> Acting:
    """403 for whoever writes none."""
    by = acting(request)
    if not may_write(by.standing):
        raise PermissionDenied
    return by


def _point(by: Acting, uuid: UUID) -> Point:
    found = Point.objects.visible_to(by.standing).select_related("written_by", "policy_version")
    return get_object_or_404(found.prefetch_related("decisions", "actions__organisation"), uuid=uuid)
