"""The LADO's dip samples, behind the wall: drawn, read by two, and a finding that one of them gives out."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.machine import Moved, Refused
from core.web.asking import form_page, refusals_at
from core.web.numbered import request_id
from escalation.access.acting import Acting
from escalation.lado.forms.samples import DrawForm, FindingForm, WhyForm
from escalation.lado.models import DipSample, Referral, SampleReading, fresh_key
from escalation.lado.numbers import spoken
from escalation.lado.queries import current_policy, view_referral
from escalation.lado.sampling import could_read, may_draw, readings_in_sight, samples_of
from escalation.lado.services.sampling import (
    answer_record,
    draw_sample,
    end_sample,
    give_finding,
    names_here,
    propose_finding,
    send_finding_back,
)
from escalation.lado.views.gate import team_only, who
from escalation.lado.views.referral import log_reading, shown
from escalation.policy.quarters import Quarter
from escalation.retelling.finding import doubts_in
from escalation.retelling.forms import RecordForm

ASKED = ["GET", "HEAD", "POST"]
QUARTERS_TO_CHOOSE = 4


def _acting(request: HttpRequest) -> Acting:
    """Who asks; 403 for support, who reads no words."""
    user, standing = who(request)
    if user.pk not in [each.user.pk for each in could_read(timezone.localdate())]:
        raise PermissionDenied
    return Acting(user, standing, timezone.now(), request_id(request))


def _found(by: Acting, uuid: UUID) -> DipSample:
    """One that they read; else 404."""
    return get_object_or_404(samples_of(by.standing), uuid=uuid)


@team_only
@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """Those that the reader reads or has read."""
    by = _acting(request)
    context = {"samples": samples_of(by.standing), "may_draw": may_draw(by.standing)}
    return render(request, "lado/samples.html", context)


@team_only
@require_http_methods(ASKED)
def draw(request: HttpRequest) -> HttpResponse:
    """Which year and employers, and who reads beside oneself."""
    by = _acting(request)
    if not may_draw(by.standing):
        raise PermissionDenied
    form = DrawForm(
        request.POST if request.method == "POST" else None,
        quarters=_past_quarters(by),
        sectors=current_policy(by.today).vocabularies["sector"],
        others=[each for each in could_read(by.today) if each.user.pk != by.user.pk],
        initial={"key": fresh_key()} if request.method != "POST" else None,
    )
    if form.is_valid():
        said = form.cleaned_data
        other = form.people[said["other"]]
        with refusals_at(form):
            made = draw_sample(Quarter.parse(said["quarter"]), said["sector"], other, key=said["key"], by=by)
            messages.success(request, "It is drawn. You can both read it.")
            return redirect(made)
    return form_page(request, "lado/sample_draw.html", {"form": form})


def _past_quarters(by: Acting) -> list[Quarter]:
    found = [Quarter.of(by.today).previous]
    while len(found) < QUARTERS_TO_CHOOSE:
        found.append(found[-1].previous)
    return found


@team_only
@require_safe
def sample(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it is, what the reader reads, and the finding."""
    by = _acting(request)
    found = _found(by, uuid)
    mine = readings_in_sight(found, by.standing)
    context = {
        "sample": found,
        "rows": [(each, spoken(each.referral.reference)) for each in mine] if found.is_open else (),
        "left": sum(not each.answers for each in mine),
        "is_mine": found.written_by_id == by.user.pk,
        "readers": [each.user.full_name for each in found.readers.select_related("user")],
        "until": Quarter.parse(found.quarter).label,
    }
    return render(request, "lado/sample.html", context)


@team_only
@require_http_methods(ASKED)
def record(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """One record, to read and no more, and the questions about it. The reading is logged first."""
    by = _acting(request)
    found = _found(by, uuid)
    reading = _reading(found, number, by)
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        questions=found.questions,
        answers=found.answers,
        initial=reading.answers,
    )
    if form.is_valid():
        try:
            answer_record(found, number, form.cleaned_data, by=by)
        except Referral.DoesNotExist:
            raise Http404 from None
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, f"Your answers about record {number} are kept.")
            return redirect(found)
    return form_page(request, "lado/sample_record.html", _record(request, found, reading, form, by))


def _record(
    request: HttpRequest, found: DipSample, reading: SampleReading, form: RecordForm, by: Acting
) -> dict[str, Any]:
    """The record as its page has it, without a step to take."""
    view = replace(view_referral(reading.referral, by.standing, now=by.now), steps=())
    log_reading(request, view)
    return {**shown(request, view), "sample": found, "reading": reading, "form": form}


def _reading(found: DipSample, number: int, by: Acting) -> SampleReading:
    mine = readings_in_sight(found, by.standing) if found.is_open else []
    reading = next((each for each in mine if each.number == number), None)
    if reading is None:
        raise Http404
    return reading


@team_only
@require_http_methods(ASKED)
def finding(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One reader writes what both found."""
    by = _acting(request)
    found = _found(by, uuid)
    form = FindingForm(
        request.POST if request.method == "POST" else None,
        initial={"finding": found.finding, "despite": found.despite, "seen": found.version},
    )
    context: dict[str, Any] = {"sample": found, "form": form, "doubts": ()}
    if form.is_valid():
        said = form.cleaned_data
        context["doubts"] = doubts_in(said["finding"], known=names_here())
        try:
            propose_finding(found, finding=said["finding"], despite=said["despite"], seen=said["seen"], by=by)
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at the sample, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(found.version)
            return render(request, "lado/sample_finding.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, "The other reader is asked to give it.")
            return redirect(found)
    return form_page(request, "lado/sample_finding.html", context)


@team_only
@require_http_methods(ASKED)
def give(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asks, then lets the words leave the wall."""
    by = _acting(request)
    found = _found(by, uuid)
    if request.method == "POST":
        return _done(
            request, found, lambda: give_finding(found, by=by), "It is given. Others can read these words."
        )
    return render(
        request,
        "lado/sample_give.html",
        {"sample": found, "doubts": doubts_in(found.finding, known=names_here())},
    )


@team_only
@require_http_methods(ASKED)
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What has to change before it is given."""
    by = _acting(request)
    found = _found(by, uuid)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, found, lambda: send_finding_back(found, why=why, by=by), "It is sent back.")
    context = {"sample": found, "form": form, "what": "Send the finding back"}
    return form_page(request, "lado/sample_why.html", context)


@team_only
@require_http_methods(ASKED)
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It ends, and nothing of it leaves."""
    by = _acting(request)
    found = _found(by, uuid)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, found, lambda: end_sample(found, why=why, by=by), "It is ended.")
    context = {"sample": found, "form": form, "what": "End it without a finding"}
    return form_page(request, "lado/sample_why.html", context)


def _done(request: HttpRequest, found: DipSample, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, words)
    return redirect(found)
