"""Evidence packs: the list, one of them, writing, offering, signing, and what scrutineers say."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.chance import drawn_id
from core.machine import Moved, NotPermitted, Refused
from core.web.asking import form_page, refusals_at
from core.web.forms import Form
from escalation.assurance.acting import Acting
from escalation.assurance.forms import BeginForm, CommentForm, WhyForm, WriteForm
from escalation.assurance.models import EvidencePack, reads_packs
from escalation.assurance.pack_wording import pack_rows, shown_pack
from escalation.assurance.queries import framework_now, past_quarters
from escalation.assurance.services import (
    begin_pack,
    comment,
    offer_pack,
    send_pack_back,
    sign_pack,
    write_pack,
)
from escalation.assurance.services.packing import SCRUTINEERS
from escalation.policy.quarters import Quarter

ASKED = ["GET", "HEAD", "POST"]


def reader(request: HttpRequest) -> Acting:
    """Who asks; 403 for whoever reads no packs."""
    return Acting.by(request, may=reads_packs)


def maker(request: HttpRequest) -> Acting:
    """403 for everybody but the business unit."""
    return reader(request).unit_alone()


def pack_of(by: Acting, uuid: UUID) -> EvidencePack:
    """One in their sight; else 404."""
    found = EvidencePack.objects.visible_to(by.standing)
    return get_object_or_404(found.with_releases().select_related("signed_by", "offered_by"), uuid=uuid)


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """Every pack in the reader's sight, the newest quarter first."""
    by = reader(request)
    found = EvidencePack.objects.visible_to(by.standing).with_releases()
    context = {"rows": pack_rows(found), "is_unit": by.standing.in_business_unit}
    return render(request, "assurance/packs.html", context)


@require_safe
def pack(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One pack: as it was signed, or as it would be signed now."""
    by = reader(request)
    found = pack_of(by, uuid)
    comments = bool(set(SCRUTINEERS) & by.standing.roles)
    context = {
        "pack": found,
        "shown": shown_pack(found),
        "is_unit": by.standing.in_business_unit,
        "can_sign": by.user.pk not in (found.offered_by_id, found.written_by_id),
        "comments": found.comments.all() if found.is_signed else (),
        "form": CommentForm() if comments and found.is_signed else None,
    }
    return render(request, "assurance/pack.html", context)


@require_http_methods(ASKED)
def begin(request: HttpRequest) -> HttpResponse:
    """Choose a quarter that is over, and a standard."""
    by = maker(request)
    framework = framework_now(by)
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        quarters=past_quarters(by.today),
        standards=framework.standards if framework else (),
        initial={"key": drawn_id("form")},
    )
    if form.is_valid():
        said = form.cleaned_data
        with refusals_at(form):
            made = begin_pack(Quarter.parse(said["quarter"]), said["standard"], key=said["key"], by=by)
            return redirect(made)
    return form_page(request, "assurance/pack_begin.html", {"form": form})


@require_http_methods(ASKED)
def write(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The words of a pack; what nobody published is said at once."""
    by = maker(request)
    found = pack_of(by, uuid)
    form = WriteForm(
        request.POST if request.method == "POST" else None,
        initial={"narrative": found.narrative, "gaps": found.gaps, "seen": found.version},
    )
    context = {"pack": found, "form": form}
    if form.is_valid():
        said = form.cleaned_data
        try:
            write_pack(found, narrative=said["narrative"], gaps=said["gaps"], seen=said["seen"], by=by)
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at the pack, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(found.version)
            return render(request, "assurance/pack_write.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(no.field, no.sentence)
        else:
            messages.success(request, "Your words are kept.")
            return redirect(found)
    return form_page(request, "assurance/pack_write.html", context)


@require_http_methods(["POST"])
def offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask a second person to sign."""
    by = maker(request)
    found = pack_of(by, uuid)
    return _done(
        request, found, lambda: offer_pack(found, by=by), "A colleague is asked to read it and sign."
    )


@require_http_methods(ASKED)
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The second person says what has to change."""
    by = maker(request)
    found = pack_of(by, uuid)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, found, lambda: send_pack_back(found, why=why, by=by), "It is sent back.")
    return form_page(request, "assurance/pack_back.html", {"pack": found, "form": form})


@require_http_methods(ASKED)
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Says what signing does, then signs: nothing of it changes afterwards."""
    by = maker(request)
    found = pack_of(by, uuid)
    if request.method == "POST":
        return _done(
            request, found, lambda: sign_pack(found, by=by), "It is signed. Nothing of it changes now."
        )
    return render(request, "assurance/pack_sign.html", {"pack": found, "shown": shown_pack(found)})


@require_http_methods(["POST"])
def say(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A scrutineer's comment."""
    by = reader(request)
    if not set(SCRUTINEERS) & by.standing.roles:
        raise PermissionDenied
    found = pack_of(by, uuid)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        return _done(request, found, lambda: comment(found, text=text, by=by), "Your comment stands below.")
    return _with_form(request, found, form)


def _with_form(request: HttpRequest, found: EvidencePack, form: Form) -> HttpResponse:
    context = {"pack": found, "shown": shown_pack(found), "comments": found.comments.all(), "form": form}
    return render(request, "assurance/pack.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _done(request: HttpRequest, found: EvidencePack, act: Callable[[], object], words: str) -> HttpResponse:
    """Back to the pack, with what was done or why not."""
    try:
        act()
    except Refused as no:
        messages.error(request, no.sentence)
    except NotPermitted as no:
        raise PermissionDenied from no
    else:
        messages.success(request, words)
    return redirect(found)
