"""A page for each piece of a draft: what is typed is kept, a fault is said at its box, and nobody overwrites
what somebody else has written meanwhile without reading it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.machine import Refused
from core.web import late
from core.web.asking import form_page
from escalation.access.acting import Acting
from escalation.accounts.models import User
from escalation.policy.changes import vocabulary_words
from escalation.rulemaking import documents
from escalation.rulemaking.documents import ABOUT_PATH, Path
from escalation.rulemaking.forms import (
    AboutForm,
    ClockForm,
    NewClockForm,
    NewStageForm,
    PieceForm,
    StageForm,
)
from escalation.rulemaking.models import PolicyDraft
from escalation.rulemaking.queries import checked
from escalation.rulemaking.rows_forms import NotesForm, WordsForm
from escalation.rulemaking.services import Overtaken, add, write
from escalation.rulemaking.views.gate import draft_of, unit
from escalation.rulemaking.wording import theirs

ASKED = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Asked:
    """One piece, and how it is asked for. `is_new`: one more in the list at `path`."""

    path: Path
    form: type[PieceForm]
    title: str
    is_new: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    template: str = "rulemaking/piece.html"


Describe = Callable[[PolicyDraft], Asked]


@login_not_required  # so that a post that comes after the session ended is kept; see core/web/late.py
@require_http_methods(ASKED)
def about(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its title, its first day, and the log's own times."""
    return _asked(request, uuid, lambda draft: Asked(ABOUT_PATH, AboutForm, "Title, start and limits"))


@login_not_required
@require_http_methods(ASKED)
def stage(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """One stage, without its times; 0: a new one."""
    if number == 0:
        return _asked(request, uuid, lambda _: Asked(("stages",), NewStageForm, "A new stage", is_new=True))
    return _asked(request, uuid, lambda _: Asked(("stages", number - 1), StageForm, f"Stage {number}"))


@login_not_required
@require_http_methods(ASKED)
def clock(request: HttpRequest, uuid: UUID, number: int, clock: int) -> HttpResponse:
    """One time of a stage, or beside any stage (0); 0: a new one."""
    where = f"Stage {number}" if number else "At any stage"
    path, more = documents.clocks_path(number), {"stage": number}
    if clock == 0:
        return _asked(request, uuid, lambda _: Asked(path, NewClockForm, f"{where}: a new time", True, more))
    return _asked(
        request, uuid, lambda _: Asked((*path, clock - 1), ClockForm, f"{where}: a time", more=more)
    )


@login_not_required
@require_http_methods(ASKED)
def words(request: HttpRequest, uuid: UUID, vocabulary: str) -> HttpResponse:
    """The words of one list."""
    title = f"Words to choose from: {vocabulary_words(vocabulary)}"
    more = {"vocabulary": vocabulary}
    path: Path = ("vocabularies", vocabulary)
    return _asked(
        request, uuid, lambda _: Asked(path, WordsForm, title, more=more, template="rulemaking/rows.html")
    )


@login_not_required
@require_http_methods(ASKED)
def notes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Legal and safety notes."""
    title = "Legal and safety notes"
    return _asked(
        request, uuid, lambda _: Asked(("notes",), NotesForm, title, template="rulemaking/rows.html")
    )


def _asked(request: HttpRequest, uuid: UUID, describe: Describe) -> HttpResponse:
    if not isinstance(request.user, User):
        return late.sign_in_first(request)
    by, draft = unit(request), draft_of(uuid)
    asked = describe(draft)
    if documents.piece(draft.document, asked.path) is None and request.method != "POST":
        raise Http404
    if not draft.may_change:
        messages.error(request, "It cannot be changed as it stands now.")
        return redirect(draft)
    form = _form(request, draft, asked, by)
    if request.method == "POST" and form.is_valid() and _fits(form, draft, asked, by):
        return _kept(request, draft, asked, form, by)
    return form_page(request, asked.template, _context(draft, asked, form, by))


def _context(draft: PolicyDraft, asked: Asked, form: PieceForm, by: Acting) -> dict[str, Any]:
    return {"draft": draft, "form": form, "title": asked.title, "owner": late.seal(by.user.pk)}


def _form(request: HttpRequest, draft: PolicyDraft, asked: Asked, by: Acting) -> PieceForm:
    """As it was sent; or as it was typed before the session ended; or as it is."""
    here = documents.piece(draft.document, asked.path)
    initial = {"seen": documents.mark(here)}
    if not asked.is_new and here is not None:
        initial |= asked.form.initial_of(here)
    given = {"document": draft.document, "path": asked.path, "initial": initial, **asked.more}
    if request.method == "POST":
        return asked.form(request.POST, **given)
    posted = late.take_back(request, by.user.pk)
    form = asked.form(posted, **given)
    if posted is not None:
        form.show_as_typed()
        messages.info(request, late.SAID)
    return form


def _fits(form: PieceForm, draft: PolicyDraft, asked: Asked, by: Acting) -> bool:
    """Whether the policy's rules find nothing wrong with this piece; else they say so at its boxes."""
    here = documents.piece(draft.document, asked.path)
    if here is None:
        return True  # whoever keeps it says that it is gone
    value, path = form.value, asked.path
    if asked.is_new:
        at = getattr(form, "at", len(here))
        value, path = documents.added(here, value, at=at), (*path, at)
    document = documents.numbered(documents.with_piece(draft.document, asked.path, value))
    for fault in checked(document, key=draft.key, today=by.today).faults:
        if (rest := _within(fault.path, path)) is not None:
            form.add_error(form.question_of(rest), fault.reason)
    return not form.errors


def _within(path: Path, piece: Path) -> Path | None:
    """The rest of a path that leads into a piece; None for one that leads elsewhere, or to its times."""
    if piece == ABOUT_PATH:
        return path if path[:1] in (("title",), ("start",), ("limits",), ("to_be_confirmed",)) else None
    if path[: len(piece)] != piece:
        return None
    rest = path[len(piece) :]
    return None if rest[:1] == ("milestones",) else rest


def _kept(
    request: HttpRequest, draft: PolicyDraft, asked: Asked, form: PieceForm, by: Acting
) -> HttpResponse:
    seen = form.cleaned_data["seen"]
    try:
        if asked.is_new:
            add(draft, asked.path, form.value, at=getattr(form, "at", None), seen=seen, by=by)
        else:
            write(draft, asked.path, form.value, seen=seen, by=by)
    except Overtaken as overtaken:
        return _told(request, overtaken.draft, asked, form, by)
    except Refused as no:
        form.add_error(None, no.sentence)
        return form_page(request, asked.template, _context(draft, asked, form, by))
    messages.success(request, "It is kept.")
    return redirect(draft)


def _told(request: HttpRequest, now: PolicyDraft, asked: Asked, form: PieceForm, by: Acting) -> HttpResponse:
    """Somebody was faster: what they wrote is said, and what was typed stands in its boxes."""
    here = documents.piece(now.document, asked.path)
    context = _context(now, asked, form, by)
    context["by"] = now.written_by
    if here is None:
        form.add_error(
            None, "This has been taken out, or moved. What you typed is here, so that you can copy it."
        )
    else:
        context["theirs"] = [] if asked.is_new else theirs(form, here)
        form.add_error(
            None, "Somebody else has changed this meanwhile. Read it below. Send yours again, and it counts."
        )
        form.data = request.POST.copy()
        form.data["seen"] = documents.mark(here)
    return render(request, asked.template, context, status=HTTPStatus.CONFLICT)
