"""Dip samples: drawn by the log for the unit, read by two, and what was found, for those who read packs."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.chance import drawn_id
from core.machine import Moved, NotPermitted, Refused
from core.web.asking import form_page, refusals_at
from escalation.assurance.acting import Acting
from escalation.assurance.evidence import findings as all_findings
from escalation.assurance.forms import DrawForm, WhyForm
from escalation.assurance.models import CaseReading, DipSample, reads_packs
from escalation.assurance.queries import could_read, past_quarters, sight_of
from escalation.assurance.sample_wording import reading_rows, sample_rows, turn_of_sample
from escalation.assurance.services import (
    agree,
    answer_case,
    draw_sample,
    end_sample,
    propose_finding,
    send_finding_back,
)
from escalation.assurance.views.gate import acting, unit
from escalation.challenges.models import Challenge
from escalation.policy.quarters import Quarter
from escalation.retelling.finding import doubts_in, known_names
from escalation.retelling.forms import FindingForm, RecordForm

ASKED = ["GET", "HEAD", "POST"]


@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """All for the unit; for others those that they read now."""
    by = acting(request)
    found = DipSample.objects.visible_to(by.standing).prefetch_related("readers__organisation")
    context = {"rows": sample_rows(found), "is_unit": by.standing.in_business_unit}
    return render(request, "assurance/samples.html", context)


@require_http_methods(ASKED)
def draw(request: HttpRequest) -> HttpResponse:
    """Who reads, of which quarter; the log draws."""
    by = unit(request)
    form = DrawForm(
        request.POST if request.method == "POST" else None,
        quarters=past_quarters(by.today),
        seats=could_read(by.today),
        initial={"key": drawn_id("form")},
    )
    if form.is_valid():
        said = form.cleaned_data
        with refusals_at(form):
            made = draw_sample(Quarter.parse(said["quarter"]), form.readers, key=said["key"], by=by)
            messages.success(request, "It is drawn. Both readers get a mail.")
            return redirect(made)
    return form_page(request, "assurance/sample_draw.html", {"form": form})


@require_safe
def sample(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For its readers: what they read, and the finding. For the unit: how far it is, and no challenge."""
    by = acting(request)
    found = _found(by, uuid)
    sight = sight_of(found, by)
    is_reader = by.user.pk in [each.user_id for each in found.readers.all()]
    context = {
        "sample": found,
        "turn": turn_of_sample(found, sight, by, is_reader=is_reader),
        "rows": reading_rows(found, sight) if is_reader and found.is_open else (),
        "sight": sight,
        "is_reader": is_reader,
        "is_unit": by.standing.in_business_unit,
        "is_mine": found.written_by_id == by.user.pk,
    }
    return render(request, "assurance/sample.html", context)


@require_http_methods(ASKED)
def case(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """The questions about one challenge, for whoever reads it."""
    by = acting(request)
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
            answer_case(found, number, form.cleaned_data, by=by)
        except Challenge.DoesNotExist:
            raise Http404 from None
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, f"Your answers about challenge {number} are kept.")
            return redirect(found)
    context = {"sample": found, "reading": reading, "form": form}
    return form_page(request, "assurance/sample_case.html", context)


@require_http_methods(ASKED)
def finding(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One reader writes what both found."""
    by = acting(request)
    found = _reader_only(_found(by, uuid), by)
    form = FindingForm(
        request.POST if request.method == "POST" else None,
        initial={"finding": found.finding, "despite": found.despite, "seen": found.version},
    )
    context = {"sample": found, "form": form, "doubts": ()}
    if form.is_valid():
        said = form.cleaned_data
        context["doubts"] = doubts_in(said["finding"], known=known_names())
        try:
            propose_finding(found, finding=said["finding"], despite=said["despite"], seen=said["seen"], by=by)
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at the sample, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(found.version)
            return render(request, "assurance/sample_finding.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, "The other reader is asked to agree.")
            return redirect(found)
    return form_page(request, "assurance/sample_finding.html", context)


@require_http_methods(ASKED)
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What has to change before the second reader agrees."""
    by = acting(request)
    found = _reader_only(_found(by, uuid), by)
    form = WhyForm(request.POST if request.method == "POST" else None)
    form.fields["why"].label = "What has to change before you agree?"
    if form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, found, lambda: send_finding_back(found, why=why, by=by), "It is sent back.")
    return form_page(request, "assurance/sample_back.html", {"sample": found, "form": form})


@require_POST
def agreeing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The second reader stands for it too."""
    by = acting(request)
    found = _reader_only(_found(by, uuid), by)
    return _done(
        request,
        found,
        lambda: agree(found, by=by),
        "The finding is given. You read these challenges no more.",
        onward="dip-samples",
    )


@require_http_methods(ASKED)
def ending(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The unit ends a sample without a finding."""
    by = unit(request)
    found = _found(by, uuid)
    form = WhyForm(request.POST if request.method == "POST" else None)
    form.fields["why"].label = "Why does it end without a finding?"
    if form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, found, lambda: end_sample(found, why=why, by=by), "It is ended.")
    return form_page(request, "assurance/sample_end.html", {"sample": found, "form": form})


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What dip samples found: words alone, for those who read packs."""
    Acting.by(request, may=reads_packs)
    return render(request, "assurance/findings.html", {"findings": all_findings()})


def _found(by: Acting, uuid: UUID) -> DipSample:
    """One in their sight; else 404."""
    found = DipSample.objects.visible_to(by.standing).prefetch_related("readers__organisation")
    return get_object_or_404(found, uuid=uuid)


def _reader_only(found: DipSample, by: Acting) -> DipSample:
    """403 for whoever sees it and does not read it."""
    if by.user.pk not in [each.user_id for each in found.readers.all()]:
        raise PermissionDenied
    return found


def _reading(found: DipSample, number: int, by: Acting) -> CaseReading:
    """Their own reading of a challenge that they may see; else 404."""
    _reader_only(found, by)
    for each in sight_of(found, by).readings:
        if each.case.number == number:
            return each
    raise Http404


def _done(
    request: HttpRequest, found: DipSample, act: Callable[[], object], words: str, *, onward: str = ""
) -> HttpResponse:
    """Back to the sample, with what was done or why not."""
    try:
        act()
    except Refused as no:
        messages.error(request, no.sentence)
        return redirect(found)
    except NotPermitted as no:
        raise PermissionDenied from no
    messages.success(request, words)
    return redirect(onward) if onward else redirect(found)
