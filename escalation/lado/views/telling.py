"""How anybody who is signed in tells the LADO: a referral, a sealed copy of a challenge, more to a receipt.

What these pages answer never depends on what the LADO has: only on what their reader sends, and on the
receipt number they hold.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web import late
from core.web.asking import form_page
from core.web.numbered import request_id
from escalation.access.standing import request_standing
from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from escalation.challenges.queries import CaseView, view_case
from escalation.challenges.queries import find as find_challenge
from escalation.challenges.views.start import numbers
from escalation.lado.forms.referring import WHY_LATE, AddForm, ReceiptForm, ReferralForm, SealForm
from escalation.lado.models import Referral, Unsent, fresh_key
from escalation.lado.numbers import receipt_of, spoken_receipt
from escalation.lado.queries import current_policy, of_receipt, unsent_of
from escalation.lado.services import (
    KEPT_DAYS,
    Contact,
    drop_unsent,
    keep_unsent,
    take_contact,
    take_step,
)
from escalation.lado.services.seating import has_neighbour
from escalation.lado.workflow import STEP
from escalation.policy.lado import LadoPolicy
from escalation.policy.words import london_date

METHODS = ["GET", "HEAD", "POST"]
KEEP, THROW_AWAY = "save", "drop"
"""The names of the buttons that keep what was typed without sending it, and that forget it."""


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(METHODS)
def refer(request: HttpRequest) -> HttpResponse:
    """The referral form; once sent, the receipt number."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    user, policy = request.user, current_policy(london_date(timezone.now()))
    if request.method != "POST":
        return _begin(request, user, policy)
    form = ReferralForm(policy, request.POST, neighbour=has_neighbour())
    if KEEP in request.POST:
        keep_unsent(owner=user, words=form.as_typed(), now=timezone.now())
        return redirect("lado:refer")
    if THROW_AWAY in request.POST:
        drop_unsent(owner=user)
        return redirect("lado:refer")
    if form.is_valid():
        sent = _send(request, user, form, form.contact(), form.form_key)
        if sent is not None:
            drop_unsent(owner=user)
            return sent
    return _refer_page(request, user, policy, form)


def _begin(request: HttpRequest, user: User, policy: LadoPolicy) -> HttpResponse:
    """An empty form; or what was written and not sent, as it was typed."""
    posted, kept = late.take_back(request, user.pk), unsent_of(user)
    if posted is None and kept is None:
        empty = ReferralForm(policy, initial=_about(user), neighbour=has_neighbour())
        return _refer_page(request, user, policy, empty)
    typed = posted if posted is not None else kept and kept.words
    form = ReferralForm(policy, typed, neighbour=has_neighbour())
    form.show_as_typed()
    if posted is not None:
        messages.info(request, late.SAID)
    return _refer_page(request, user, policy, form, kept=kept)


def _refer_page(
    request: HttpRequest, user: User, policy: LadoPolicy, form: ReferralForm, *, kept: Unsent | None = None
) -> HttpResponse:
    context = {
        "owner": late.seal(user.pk),
        "policy": policy,
        "kept": kept,
        "days": KEPT_DAYS,
        "phones": numbers(["lado"]),
    }
    return form_page(request, "lado/refer.html", {**context, "form": form})


@login_not_required
@require_http_methods(METHODS)
def seal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A sealed copy of a challenge; the challenge itself is read, and nothing of it changes.

    404 where the challenge is out of sight, 403 where its words are.
    """
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    view = _readable(request, uuid)
    posted = _posted(request)
    policy = current_policy(london_date(timezone.now()))
    phone = {"key": fresh_key, "referrer_phone": request.user.phone}
    form = SealForm(policy, posted, initial=phone, neighbour=has_neighbour())
    if posted and request.method != "POST":
        form.show_as_typed()
        messages.info(request, late.SAID)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        contact = form.contact(by=request.user, challenge=uuid, copied=copied_words(view), now=now)
        sent = _send(request, request.user, form, contact, form.form_key)
        if sent is not None:
            return sent
    context = {"owner": late.seal(request.user.pk), "case": view, "policy": policy}
    return form_page(request, "lado/seal.html", {**context, "form": form})


@login_not_required
@require_http_methods(METHODS)
def receipt(request: HttpRequest) -> HttpResponse:
    """Whoever holds a receipt number answers and adds. The number is posted, never in an address."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    posted = _posted(request)
    if not posted:
        context = {"form": ReceiptForm(), "owner": late.seal(request.user.pk)}
        return render(request, "lado/receipt.html", context)
    asked = ReceiptForm(posted)
    referral = of_receipt(asked.cleaned_data["receipt"]) if asked.is_valid() else None
    if referral is None:
        if asked.is_valid():
            asked.add_error("receipt", "There is no receipt with this number. Check it, or call the LADO.")
        context = {"form": asked, "owner": late.seal(request.user.pk)}
        return render(request, "lado/receipt.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _held(request, request.user, referral, posted)


def _held(request: HttpRequest, user: User, referral: Referral, posted: QueryDict) -> HttpResponse:
    """The open questions, a box, and nothing else of the referral."""
    questions = list(referral.questions.filter(answered_at__isnull=True))
    policy = current_policy(london_date(timezone.now()))
    is_late = referral.late_unexplained
    context: dict[str, Any] = {
        "asked": bool(questions) or is_late,
        "owner": late.seal(user.pk),
        "policy": policy,
    }
    if "what" not in posted:
        form = AddForm(questions, late=is_late, initial={"receipt": posted["receipt"]})
        return render(request, "lado/receipt_held.html", {**context, "form": form})
    form = AddForm(questions, posted, late=is_late)
    if request.method != "POST":
        form.show_as_typed()
        messages.info(request, late.SAID)
    elif form.is_valid():
        step, answers = form.answer()
        try:
            take_step(
                referral,
                STEP[step],
                by=user,
                standing=None,
                expected=None,
                now=timezone.now(),
                answers=answers,
                request_id=request_id(request),
            )
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, no.sentence)
        else:
            return render(request, "lado/receipt_thanks.html", {"banner": STEP[step].banner})
    return form_page(request, "lado/receipt_held.html", {**context, "form": form})


def _posted(request: HttpRequest) -> QueryDict | None:
    if request.method == "POST":
        return request.POST
    return late.take_back(request, request.user.pk or 0)


def _about(user: User) -> dict[str, Any]:
    job = f", {user.job_title}" if user.job_title else ""
    return {"key": fresh_key, "referrer": f"{user.full_name}{job}", "referrer_phone": user.phone}


def _send(
    request: HttpRequest, user: User, form: ReferralForm | SealForm, contact: Contact, key: UUID
) -> HttpResponse | None:
    """Tell the LADO, and show the receipt number; None where it was refused, and the form says why."""
    try:
        taken = take_contact(
            contact,
            by=user,
            standing=request_standing(request),
            key=key,
            now=timezone.now(),
            request_id=request_id(request),
        )
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
        return None
    context = {
        "receipt": spoken_receipt(receipt_of(key)),
        "phones": () if form.is_about_lado else numbers(["lado"]),
        "neighbour": current_policy(london_date(timezone.now())).neighbour if form.is_about_lado else None,
        "why_late": WHY_LATE if taken.late_unexplained else "",
        "owner": late.seal(user.pk),
    }
    return render(request, "lado/told.html", context)


def _readable(request: HttpRequest, uuid: UUID) -> CaseView:
    standing = request_standing(request)
    try:
        challenge = find_challenge(uuid, standing)
    except Challenge.DoesNotExist:
        raise Http404 from None
    view = view_case(challenge, standing, now=timezone.now())
    if not view.reads_words:
        raise PermissionDenied
    return view


def copied_words(view: CaseView) -> dict[str, str]:
    """The challenge as its reader sees it now: what was raised, and every entry's words, oldest first."""
    raised = [f"{text}" for text in (view.words or {}).values()]
    said = ["\n".join(entry.words.values()) for entry in reversed(view.entries) if entry.words]
    return {"copy": "\n\n".join(dict.fromkeys([*raised, *said]))}
