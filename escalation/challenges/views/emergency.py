"""Opening a challenge in an emergency, the business unit's review of it, and independent leads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.machine import NotPermitted, Refused
from core.web.asking import form_page, refusals_at
from core.web.numbered import request_id
from core.web.pagination import Rows, paginate
from escalation.access.standing import request_standing
from escalation.accounts.models import Setting, User
from escalation.accounts.proving import asks_again
from escalation.challenges.forms.people import BreakGlassForm, IndependentForm
from escalation.challenges.models import IndependentLead
from escalation.challenges.reference import spoken
from escalation.challenges.services import (
    REVIEWS,
    break_glass,
    break_glass_uses,
    may_break_glass,
    name_independent,
    review_break_glass,
)
from escalation.challenges.views.people import with_seats
from escalation.challenges.views.raising import user_of
from escalation.directory.queries import all_settings


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def emergency(request: HttpRequest) -> HttpResponse:
    """Open one challenge for an hour, to read."""
    standing = request_standing(request)
    if not may_break_glass(standing):
        raise PermissionDenied
    me = user_of(request)
    form = BreakGlassForm(request.POST if request.method == "POST" else None, user=me)
    if request.method == "POST" and form.is_valid():
        with refusals_at(form):
            grant = break_glass(
                reference=form.cleaned_data["reference"],
                reason=form.cleaned_data["reason"],
                by=me,
                standing=standing,
                now=timezone.now(),
                request_id=request_id(request),
            )
            messages.warning(request, "You can read this for an hour, and change nothing. Others are told.")
            return redirect(grant.challenge)
    return form_page(request, "challenges/emergency.html", {"form": form})


@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """Every use, what waits for review first: the business unit reviews, the auditor looks on."""
    standing = request_standing(request)
    if not (standing.in_business_unit or standing.is_auditor):
        raise PermissionDenied
    page, now, me = paginate(Rows(break_glass_uses(standing)), request.GET), timezone.now(), user_of(request)
    rows = [
        {
            "use": use,
            "reference": spoken(use.challenge.reference),
            "late": use.reviewed_at is None and use.review_due is not None and use.review_due < now,
            "found": REVIEWS.get(use.review, ""),
            "reason": use.reason if standing.in_business_unit else "",
            "mine_to_review": standing.in_business_unit and use.reviewed_at is None and use.user_id != me.pk,
        }
        for use in page.rows
    ]
    return render(
        request, "challenges/emergencies.html", {"rows": rows, "page": page, "reviews": REVIEWS.items()}
    )


@require_POST
def review(request: HttpRequest, number: int) -> HttpResponse:
    """What the business unit found."""
    standing = request_standing(request)
    use = get_object_or_404(break_glass_uses(standing), pk=number)
    try:
        review_break_glass(
            use,
            review=request.POST.get("review", ""),
            by=user_of(request),
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except NotPermitted:
        raise PermissionDenied from None
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "Your review is recorded.")
    return redirect("challenges:emergencies")


@require_http_methods(["GET", "HEAD", "POST"])
def independent(request: HttpRequest) -> HttpResponse:
    """Who acts for the asking service where both services have the same lead (rule 5)."""
    standing = request_standing(request)
    if not standing.in_business_unit:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = IndependentForm(data, people=with_seats(), services=all_settings())
    if request.method == "POST" and form.is_valid():
        with refusals_at(form):
            named = name_independent(
                asking=Setting.objects.get(pk=form.cleaned_data["asking"]),
                asked=Setting.objects.get(pk=form.cleaned_data["asked"]),
                user=User.objects.get(pk=form.cleaned_data["user"]),
                by=user_of(request),
                standing=standing,
                now=timezone.now(),
            )
            messages.success(
                request, f"{named.user.full_name} is the independent lead. They can send it now."
            )
            return redirect("challenges:independent")
    leads = IndependentLead.objects.select_related("asking", "asked", "user")
    return form_page(request, "challenges/independent.html", {"form": form, "leads": leads})
