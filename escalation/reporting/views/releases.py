"""The business unit's pages of releases: which there are, where each stands, and what a person does to it.

Nothing here sees a true count: the second person looks at what would be published.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import NotPermitted, Refused
from core.web.asking import form_page
from core.web.numbered import request_id
from core.web.pagination import Rows, paginate
from escalation.access.standing import Standing, request_standing
from escalation.accounts.models import User
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.reporting.files import document_of
from escalation.reporting.forms.releases import ApproveForm, RefuseForm, StartForm, WithdrawForm
from escalation.reporting.models import WORKING, Release, State
from escalation.reporting.queries import standing_publications
from escalation.reporting.services import approve, refuse, start, withdraw
from escalation.reporting.wording import (
    Table,
    is_open,
    label_of,
    moment,
    next_of,
    parts_of,
    road_of,
    tables_of,
)

OFFERED = 8
"""Quarters that the form offers, the newest first."""


def for_the_unit(request: HttpRequest) -> tuple[User, Standing]:
    """Who asks; 403 for everybody but the business unit."""
    standing = request_standing(request)
    if not standing.in_business_unit or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user, standing


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All releases, the newest first."""
    for_the_unit(request)
    page = paginate(Rows(Release.objects.select_related("plan")), request.GET)
    rows = [
        {"release": each, "label": label_of(each), "publish": moment(each.publish_at.astimezone(LONDON))}
        for each in page.rows
    ]
    return render(request, "reporting/releases.html", {"rows": rows, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def start_page(request: HttpRequest) -> HttpResponse:
    """Begin a quarter's release."""
    me, standing = for_the_unit(request)
    today = timezone.localdate(timezone=LONDON)
    form = StartForm(sent(request), quarters=finished_quarters(today))

    def act() -> Release:
        said = form.cleaned_data
        quarter = Quarter.parse(said["quarter"])
        return start(
            quarter,
            said["subject"],
            by=me,
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )

    made = _done(request, form, act, "The release is started. The log counts it in a moment.")
    return redirect(made) if made else form_page(request, "reporting/start.html", {"form": form})


def finished_quarters(today: date) -> list[tuple[str, str]]:
    quarter, found = Quarter.of(today), []
    for _ in range(OFFERED):
        quarter = quarter.previous
        found.append((str(quarter), f"{quarter.label} ({quarter})"))
    return found


@require_safe
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where one release stands, and what it would publish, or has published."""
    me, _ = for_the_unit(request)
    found = _found(uuid)
    context: dict[str, Any] = {
        "release": found,
        "label": label_of(found),
        "road": road_of(found),
        "next": next_of(found),
        "publish": moment(found.publish_at.astimezone(LONDON)),
        "tables": _tables(found),
        "may_approve": found.state == State.READY and found.started_by_id != me.pk,
        "may_refuse": is_open(found) and found.state in (State.READY, State.APPROVED),
        "may_withdraw": found.state == State.PUBLISHED,
        "refresh": found.state in WORKING,
    }
    return render(request, "reporting/release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approve_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A second person lets it go, on its date."""
    me, standing = for_the_unit(request)
    found, form = _found(uuid), ApproveForm(sent(request))

    def act() -> Release:
        return approve(found, by=me, standing=standing, now=timezone.now(), request_id=request_id(request))

    made = _done(request, form, act, "You approved it. It is published on its date, by itself.")
    context = {"form": form, "release": found, "tables": _tables(found)}
    return redirect(made) if made else form_page(request, "reporting/approve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It is not released, ever."""
    me, standing = for_the_unit(request)
    found, form = _found(uuid), RefuseForm(sent(request))

    def act() -> Release:
        reason = form.cleaned_data["reason"]
        return refuse(
            found, reason=reason, by=me, standing=standing, now=timezone.now(), request_id=request_id(request)
        )

    made = _done(request, form, act, "It is not released. Readers see that no figures are available.")
    context = {"form": form, "release": found}
    return redirect(made) if made else form_page(request, "reporting/refuse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take published tables back."""
    me, standing = for_the_unit(request)
    found = _found(uuid)
    if found.state != State.PUBLISHED:
        raise Http404
    form = WithdrawForm(sent(request), parts=parts_of(found))

    def act() -> Release:
        reason = form.cleaned_data["reason"]
        return withdraw(
            found,
            form.chosen,
            reason=reason,
            by=me,
            standing=standing,
            now=timezone.now(),
            request_id=request_id(request),
        )

    made = _done(request, form, act, "They are withdrawn. In a moment every page and file says so.")
    context = {"form": form, "release": found}
    return redirect(made) if made else form_page(request, "reporting/withdraw.html", context)


def _found(uuid: UUID) -> Release:
    rows = Release.objects.select_related("plan", "figures", "started_by", "approved_by", "refused_by")
    return get_object_or_404(rows.prefetch_related("withdrawals"), uuid=uuid)


def _tables(release: Release) -> list[Table]:
    """What is, or would be, published; nothing before it is drawn."""
    if not hasattr(release, "figures"):
        return []
    told = document_of(release, standing_publications(release.subject, besides=release))
    return tables_of(told, release.plan.plan)


def sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _done(request: HttpRequest, form: Form, act: Callable[[], Release], words: str) -> Release | None:
    """What was done, with a word of it; None where the form, or the rules, say no."""
    if not (request.method == "POST" and form.is_valid()):
        return None
    try:
        made = act()
    except NotPermitted:
        raise PermissionDenied from None
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
        return None
    messages.success(request, words)
    return made
