"""A private word before it is sent: the writer's page, and that of the lead whom they asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.web.asking import form_page
from escalation.accounts.models import User
from escalation.challenges.counterparts import settings_of
from escalation.challenges.forms.showing import ShowForm, WordForm
from escalation.challenges.forms.warnings import patterns_for_page
from escalation.challenges.models import Draft
from escalation.challenges.services import (
    leads_to_ask,
    note_draft_read,
    say_of_draft,
    show_draft,
    shown_to,
    take_back_draft,
)
from escalation.challenges.views.raising import chosen_in, user_of, uuids_among
from escalation.policy import Policy
from escalation.policy.words import join
from escalation.rulebook.queries import current_policy

BOXES: Mapping[str, str] = {
    "decision": "Which decision or delay",
    "worry": "I am worried that",
    "heard": "Seen or heard",
    "voice": "What the child has said or shown",
    "want": "I would like",
    "want_by": "By when",
    "not_spoken": "Why they have not spoken yet",
    "needed_why": "What happens before then",
}
"""What a lead reads of a draft: the words, and not the child's number or how to call."""


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
def lead_of_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The writer chooses a lead, reads what they say, answers, and takes it back."""
    me = user_of(request)
    draft = Draft.objects.filter(uuid=uuid, owner=me).select_related("owner", "shown_to").first()
    if draft is None:
        raise Http404
    act = request.POST.get("act", "show")
    if request.method == "POST" and act == "back":
        take_back_draft(draft, now=timezone.now())
        messages.success(request, "It is yours alone again.")
        return redirect("challenges:lead_of_draft", uuid=uuid)
    if request.method == "POST" and act == "say":
        return _say(request, draft, me, to=_readers_page(draft), back="challenges:lead_of_draft")
    return _show(request, draft)


def _show(request: HttpRequest, draft: Draft) -> HttpResponse:
    asked = _asked(draft)
    form = ShowForm(
        request.POST if request.method == "POST" else None, leads=leads_to_ask(draft.owner, asked=asked)
    )
    if form.is_valid():
        to = User.objects.get(pk=form.cleaned_data["lead"])
        show_draft(draft, to, asked=asked, path=_readers_page(draft), now=timezone.now())
        messages.success(request, "They can read it now, until you take it back or send it.")
        return redirect("challenges:lead_of_draft", uuid=draft.uuid)
    return _writers_page(request, draft, form, WordForm())


@require_http_methods(["GET", "HEAD", "POST"])
def read_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The lead reads it and answers; nothing else. What was taken back, sent or thrown away is not there."""
    me = user_of(request)
    draft = shown_to(me).filter(uuid=uuid).first()
    if draft is None:
        raise Http404
    if request.method == "POST":
        writers = reverse("challenges:lead_of_draft", args=[draft.uuid])
        return _say(request, draft, me, to=writers, back="challenges:read_draft")
    return _readers(request, draft, WordForm())


def _say(request: HttpRequest, draft: Draft, me: User, *, to: str, back: str) -> HttpResponse:
    form = WordForm(request.POST)
    if form.is_valid():
        say_of_draft(draft, form.cleaned_data["words"], by=me, path=to, now=timezone.now())
        messages.success(request, "Your words are there for them to read.")
        return redirect(back, uuid=draft.uuid)
    if draft.owner_id == me.pk:
        leads = leads_to_ask(draft.owner, asked=_asked(draft))
        return _writers_page(request, draft, ShowForm(leads=leads), form)
    return _readers(request, draft, form)


def _writers_page(request: HttpRequest, draft: Draft, show: ShowForm, word: WordForm) -> HttpResponse:
    wrong = show if show.errors else word
    context = {
        "draft": draft,
        "show": show,
        "word": word,
        "form": wrong,
        "said": draft.said.select_related("by"),
        "patterns": patterns_for_page(_policy()),
    }
    return form_page(request, "challenges/draft_lead.html", context)


def _readers(request: HttpRequest, draft: Draft, form: WordForm) -> HttpResponse:
    note_draft_read(draft, by=user_of(request), now=timezone.now())
    context = {
        "draft": draft,
        "form": form,
        "lines": _lines(draft),
        "said": draft.said.select_related("by"),
        "patterns": patterns_for_page(_policy()),
    }
    return form_page(request, "challenges/draft_read.html", context)


def _readers_page(draft: Draft) -> str:
    return reverse("challenges:read_draft", args=[draft.uuid])


def _policy() -> Policy:
    return current_policy(timezone.localdate()).policy


def _lines(draft: Draft) -> list[Line]:
    """What was written so far; what is empty is left out."""
    words, policy = draft.words, _policy()
    about = next((t.label for t in policy.terms("about") if t.code == words.get("about")), "")
    services = join([str(setting) for setting in settings_of(_asked(draft))])
    first = [Line("Who is asked", services), Line("What it is about", about)]
    texts = [Line(label, words.get(box, "").strip()) for box, label in BOXES.items()]
    return [line for line in [*first, *texts] if line.text]


def _asked(draft: Draft) -> list[UUID]:
    """The services that a draft asks."""
    return uuids_among(chosen_in(draft.words))
