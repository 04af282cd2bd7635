"""Release plans, what is public elsewhere, and the internal exact view."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.machine import Refused
from core.web.asking import form_page, refusals_at
from core.web.numbered import request_id
from core.web.pagination import Rows, paginate
from escalation.disclosure.plan_files import shipped_plans
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.reporting.exact import exact_view
from escalation.reporting.forms.plans import FactForm, PlanForm, subject_of
from escalation.reporting.models import OutsideFact, ReleasePlan
from escalation.reporting.services import approve_plan, choose_plan, register_fact, strike_fact
from escalation.reporting.views.releases import finished_quarters, for_the_unit, sent
from escalation.reporting.wording import categories_of, period_of


@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """Which plan holds from when, and choosing the next one."""
    me, standing = for_the_unit(request)
    now = timezone.now()
    shipped = shipped_plans()
    form = PlanForm(sent(request), plans=shipped, today=now.astimezone(LONDON).date())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        plan = next(each for each in shipped if each.key == said["key"])
        with refusals_at(form):
            choose_plan(subject=subject_of(plan), by=me, standing=standing, now=now, **said)
            messages.success(
                request, "The plan is chosen. Somebody else approves it, before its year begins."
            )
            return redirect("reporting:plans")
    rows = ReleasePlan.objects.select_related("chosen_by", "approved_by")
    return form_page(request, "reporting/plans.html", {"form": form, "plans": rows, "me": me})


@require_POST
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A second person approves a plan."""
    me, standing = for_the_unit(request)
    chosen = get_object_or_404(ReleasePlan, uuid=uuid)
    try:
        approve_plan(chosen, by=me, standing=standing, now=timezone.now())
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "The plan is approved.")
    return redirect("reporting:plans")


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest) -> HttpResponse:
    """What is public elsewhere, and registering more."""
    me, standing = for_the_unit(request)
    now = timezone.now()
    form = FactForm(sent(request), plans=shipped_plans(), today=now.astimezone(LONDON).date())
    if request.method == "POST" and form.is_valid():
        register_fact(form.fact, by=me, standing=standing, now=now)
        messages.success(request, "It is registered. Every later release is checked given this.")
        return redirect("reporting:facts")
    page = paginate(Rows(OutsideFact.objects.select_related("registered_by", "struck_by")), request.GET)
    rows = [
        {"fact": each, "period": period_of(each), "kind": categories_of(each, form.kinds)}
        for each in page.rows
    ]
    context: dict[str, Any] = {"form": form, "rows": rows, "page": page, "me": me}
    return form_page(request, "reporting/facts.html", context)


@require_POST
def strike(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A second person strikes a fact."""
    me, standing = for_the_unit(request)
    fact = get_object_or_404(OutsideFact, uuid=uuid)
    try:
        strike_fact(fact, by=me, standing=standing, now=timezone.now())
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "It is struck: it counts no more, and stays in the list.")
    return redirect("reporting:facts")


@require_safe
def exact(request: HttpRequest) -> HttpResponse:
    """True counts of a quarter's challenges: not for release, and noted."""
    me, standing = for_the_unit(request)
    now = timezone.now()
    today = now.astimezone(LONDON).date()
    choices = [(str(Quarter.of(today)), f"{Quarter.of(today).label}, so far"), *finished_quarters(today)]
    wanted = request.GET.get("quarter", "")
    if wanted not in dict(choices):
        return render(request, "reporting/exact.html", {"choices": choices})
    found = exact_view(
        Quarter.parse(wanted),
        by=me,
        standing=standing,
        now=now,
        request_id=request_id(request),
    )
    return render(request, "reporting/exact.html", {"choices": choices, "found": found, "wanted": wanted})
