"""Topics for forums: written by leads and the business unit, approved by a second person of the unit."""

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
from escalation.forums.forms import TopicForm, TopicsForm
from escalation.forums.models import Vignette
from escalation.forums.services import approve, propose, put_on, rewrite, send_back, take_back, write
from escalation.forums.topics import sources_of
from escalation.forums.views.gate import acting, sitting_of, unit
from escalation.forums.wording import topic_rows
from escalation.retelling.models import TextState
from escalation.retelling.sources import finds_in, may_write, reference_of
from escalation.retelling.wording import marked

ASKED = ["GET", "HEAD", "POST"]
ACTS: Mapping[str, tuple[Callable[[Vignette, str, Acting], object], str]] = {
    "propose": (
        lambda vignette, words, by: propose(vignette, despite=words, by=by),
        "It waits for a colleague of the business unit to read it.",
    ),
    "approve": (
        lambda vignette, _, by: approve(vignette, by=by),
        "It is approved. Put it on a forum.",
    ),
    "send back": (lambda vignette, words, by: send_back(vignette, why=words, by=by), "It is a draft again."),
    "take back": (lambda vignette, _, by: take_back(vignette, by=by), "It is taken back. No forum shows it."),
}
"""What the buttons of a topic's page do, with the words beside them, and what is said then."""


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """One's own; for the unit all, first those that wait."""
    by = _writer(request)
    found = Vignette.objects.visible_to(by.standing).select_related("written_by")
    return render(request, "forums/topics.html", {"rows": topic_rows(found, reader=by.user)})


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Write one. The next page says what the log asks about."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    by = _writer(request)
    begun = {"key": drawn_id("form"), "seen": 0, "reference": _from_its_page(request, by)}
    form = _form(request, by, begun)
    if request.method == "POST" and form.is_valid():
        return redirect(write(form.vignette, key=form.cleaned_data["key"], by=by))
    return form_page(request, "forums/write.html", {"form": form, "owner": late.seal(by.user.pk)})


@login_not_required
@require_http_methods(ASKED)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change it; it is a draft again."""
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    by = _writer(request)
    vignette = _vignette(by, uuid)
    form = _form(request, by, _as_it_is(vignette))
    context = {"form": form, "topic": vignette, "owner": late.seal(by.user.pk)}
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(rewrite(vignette, form.vignette, seen=form.cleaned_data["seen"], by=by))
        except Moved as moved:
            form.add_error(None, f"{moved} Your words are here: look at the topic, then send them again.")
            form.data = request.POST.copy()
            form.data["seen"] = str(vignette.version)
            return render(request, "forums/write.html", context, status=HTTPStatus.CONFLICT)
        except Refused as no:
            form.add_error(None, no.sentence)
    return form_page(request, "forums/write.html", context)


def _from_its_page(request: HttpRequest, by: Acting) -> str:
    """The number of the closed challenge whose page led here, if they may read it."""
    return reference_of(request.GET.get("from", ""), by.standing, by.now)


def _form(request: HttpRequest, by: Acting, initial: dict[str, object]) -> TopicForm:
    """As it was sent; or as it was typed before the session ended; or as it is."""
    if request.method == "POST":
        return TopicForm(request.POST, by=by, initial=initial)
    posted = late.take_back(request, by.user.pk)
    form = TopicForm(posted, by=by, initial=initial)
    if posted is not None:
        form.show_as_typed()
        messages.info(request, late.SAID)
    return form


def _as_it_is(vignette: Vignette) -> dict[str, object]:
    names = ("title", "text", "question")
    return {"key": vignette.uuid, "seen": vignette.version} | {n: getattr(vignette, n) for n in names}


@require_http_methods(ASKED)
def topic(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its text, what the log asks about, and what can be done: ask, approve, send back, take back."""
    by = _writer(request)
    vignette = _vignette(by, uuid)
    if request.method == "POST":
        return _acted(request, vignette, by)
    sources = sources_of(vignette, by.standing, by.now)
    finds = [] if vignette.state in (TextState.APPROVED, TextState.WITHDRAWN) else finds_in(vignette, sources)
    is_mine = vignette.written_by_id == by.user.pk
    context = {
        "topic": vignette,
        "shown": marked(vignette, finds),
        "finds": finds,
        "sources": sources,
        "is_mine": is_mine,
        "may_approve": by.standing.in_business_unit and not is_mine,
    }
    return render(request, "forums/topic.html", context)


def _acted(request: HttpRequest, vignette: Vignette, by: Acting) -> HttpResponse:
    act, said = ACTS.get(request.POST.get("act", ""), (_nothing, ""))
    try:
        act(vignette, request.POST.get("words", "")[:2000], by)
    except NotPermitted as no:
        raise PermissionDenied from no
    except Refused as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect(vignette)


def _nothing(vignette: Vignette, words: str, by: Acting) -> None:
    raise Refused("Choose what to do with this topic.")


@require_http_methods(ASKED)
def choosing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Which approved topics are talked about at a sitting."""
    by = unit(request)
    sitting = sitting_of(by, uuid)
    chosen = [str(pk) for pk in sitting.topics.values_list("vignette", flat=True)]
    approved = Vignette.objects.filter(state=TextState.APPROVED)
    data = request.POST if request.method == "POST" else None
    form = TopicsForm(data, vignettes=approved, initial={"topics": chosen})
    if form.is_valid():
        try:
            put_on(sitting, form.chosen, by=by)
        except Refused as no:
            form.add_error(None, no.sentence)
        else:
            messages.success(request, "These are its topics now.")
            return redirect(sitting)
    return form_page(request, "forums/choose_topics.html", {"form": form, "sitting": sitting})


def _writer(request: HttpRequest) -> Acting:
    """403 for whoever writes no topics."""
    by = acting(request)
    if not may_write(by.standing):
        raise PermissionDenied
    return by


def _vignette(by: Acting, uuid: UUID) -> Vignette:
    return get_object_or_404(Vignette.objects.visible_to(by.standing).select_related("written_by"), uuid=uuid)
