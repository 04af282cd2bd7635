"""Who must not see a challenge and who is let in: to say so, and for the business unit to see and to end."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.machine import NotPermitted, Refused
from core.web import sure
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.access.models import ConflictReason, GrantKind
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import Setting, User
from escalation.challenges.case import Case, read_case
from escalation.challenges.forms.people import ConflictForm, LetInForm
from escalation.challenges.models import UNIT, Challenge, Conflict, Grant
from escalation.challenges.queries import find
from escalation.challenges.reference import spoken
from escalation.challenges.services import (
    NewGrant,
    can_be_named,
    end_grant,
    let_in,
    lift_conflict,
    name_conflict,
)
from escalation.challenges.views.raising import user_of


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say who must not see this challenge: oneself, or somebody of one's own side."""
    case, standing = _found(request, uuid)
    people = can_be_named(case, standing)
    form = ConflictForm(request.POST if request.method == "POST" else None, people=people)
    if request.method != "POST" or not form.is_valid() or sure.would_change(request):
        context = {**_heading(case), "form": form}
        return form_page(request, "challenges/conflict.html", context)
    me = user_of(request)
    named = me if form.is_me else User.objects.get(pk=form.cleaned_data["person"])
    if not sure.said_so(request):
        return _ask_if_sure(request, case, form, named)
    name_conflict(
        case.challenge,
        user=named,
        reason=form.cleaned_data["reason"],
        by=me,
        standing=standing,
        now=timezone.now(),
        request_id=request_id(request),
    )
    if named == me:
        messages.success(
            request, "You will not see this challenge any more, and you get no notices about it."
        )
        return redirect("challenges:list")
    messages.success(request, f"{named.full_name} does not see this challenge any more, and is not told.")
    return redirect(case.challenge)


HAPPENS_TO_ME = (
    "You stop seeing this challenge at once: on every page, list, search and count.",
    "You get no notices about it.",
    "Your deputy takes your place. If you have none, the business unit finds somebody.",
    "You can’t undo this yourself. Only the business unit can let you back in. It sees what you said here.",
)
HAPPENS_TO_ANOTHER = (
    "They stop seeing this challenge at once: on every page, list, search and count.",
    "They get no notices about it, and are not told.",
    "Their deputy takes their place. If they have none, the business unit finds somebody.",
    "You can’t undo this. Only the business unit can let them back in, and it sees that you said this.",
)


def _ask_if_sure(request: HttpRequest, case: Case, form: ConflictForm, named: User) -> HttpResponse:
    """What happens, before what they cannot undo themselves."""
    happens = HAPPENS_TO_ME if form.is_me else HAPPENS_TO_ANOTHER
    context = {
        **_heading(case),
        **sure.asked(request, happens, button="Yes, keep me out" if form.is_me else "Yes, keep them out"),
        "who": "You" if form.is_me else named.full_name,
        "why": ConflictReason(form.cleaned_data["reason"]).label,
    }
    return render(request, "challenges/conflict_sure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The business unit's page: who is kept out and who is let in, and letting somebody in."""
    case, standing = _for_the_unit(request, uuid)
    form = _let_in_form(case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _let_in(request, case, standing, form):
        return redirect("challenges:people", uuid=uuid)
    kept_out = Conflict.standing().filter(challenge=case.challenge).select_related("user", "named_by")
    granted = Grant.live(timezone.now()).filter(challenge=case.challenge)
    context = {
        **_heading(case),
        "kept_out": kept_out,
        "granted": granted.select_related("user", "setting", "instead_of"),
        "emergency": GrantKind.BREAK_GLASS,
        "form": form,
        # The unit does not know who raised it: here they are "the person who raised it" too.
        "raiser_id": case.challenge.raised_by_id,
    }
    return form_page(request, "challenges/people.html", context)


def _let_in_form(case: Case, data: QueryDict | None) -> LetInForm:
    services = [party.setting for party in [case.raising, *case.responding]]
    members = User.objects.filter(seats__setting__in=services).distinct()
    return LetInForm(data, people=with_seats(), members=members, services=services)


def with_seats() -> QuerySet[User]:
    """Everybody who works with the log, by name."""
    return User.objects.filter(is_active=True, seats__isnull=False).distinct()


def _let_in(request: HttpRequest, case: Case, standing: Standing, form: LetInForm) -> bool:
    """Whether it was done; else the form says why not."""
    said = form.cleaned_data
    cover = said["kind"] == GrantKind.COVER
    new = NewGrant(
        user=User.objects.get(pk=said["user"]),
        kind=said["kind"],
        setting=Setting.objects.get(pk=said["setting"]) if cover else None,
        seat=said["seat"] if cover else "",
        instead_of=User.objects.filter(pk=said["instead_of"] or 0).first() if cover else None,
    )
    try:
        let_in(
            case.challenge,
            new,
            by=user_of(request),
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
        return False
    messages.success(request, f"{new.user.full_name} is let in.")
    return True


@require_POST
def end(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """End what somebody was let in for."""
    case, standing = _for_the_unit(request, uuid)
    grant = get_object_or_404(Grant, challenge=case.challenge, pk=number)
    try:
        end_grant(
            grant,
            by=user_of(request),
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except NotPermitted:
        raise PermissionDenied from None
    messages.success(request, f"{grant.user.full_name} is not let in any more.")
    return redirect("challenges:people", uuid=uuid)


@require_POST
def lift(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Let somebody back in."""
    case, standing = _for_the_unit(request, uuid)
    kept_out = get_object_or_404(Conflict, challenge=case.challenge, pk=number)
    try:
        lift_conflict(
            kept_out,
            by=user_of(request),
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except NotPermitted:
        raise PermissionDenied from None
    messages.success(request, f"{kept_out.user.full_name} sees this challenge again, as their seat allows.")
    return redirect("challenges:people", uuid=uuid)


def _found(request: HttpRequest, uuid: UUID) -> tuple[Case, Standing]:
    """The case, and what this person is within it; 404 for what is out of sight."""
    standing = request_standing(request)
    try:
        case = read_case(find(uuid, standing))
    except Challenge.DoesNotExist:
        raise Http404 from None
    return case, standing.within(case.exceptions)


def _for_the_unit(request: HttpRequest, uuid: UUID) -> tuple[Case, Standing]:
    case, standing = _found(request, uuid)
    if UNIT not in standing.roles:
        raise PermissionDenied
    return case, standing


def _heading(case: Case) -> dict[str, object]:
    return {
        "case_uuid": case.challenge.uuid,
        "case_url": case.challenge.get_absolute_url(),
        "reference": spoken(case.challenge.reference),
    }
